"""What the record routes and the batch share: judging one record, and taking it in or saying what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import structlog
from flask import url_for

from service.api import limits
from service.api.guard import caller
from service.api.holds import hold_shown
from service.api.schemas.check import check_subject
from service.api.services import services
from service.domain.faults import Findings
from service.domain.policy import Policy
from service.domain.rules import Subject
from service.errors import Invalid, NotAllowed
from service.ports import Record
from service.usecases.incoming import Incoming
from service.usecases.receive import Received

_log = structlog.get_logger()

_NOT_IN_USE = (
    "{name} is not connected yet, so its records are not taken. Nothing was stored. "
    "You can check a record at the same address with /validate. "
    "When its connection is tried and agreed, 'in_use: true' goes into its profile."
)


@dataclass(frozen=True, repr=False)
class Judged:
    """A parsed record of the caller's authority, and everything there is to say about it."""

    subject: Subject
    findings: Findings

    @property
    def policy(self) -> Policy:
        """The caller's authority's."""
        return self.subject.policy


def judge(record: Record, record_type: str, *, thorough: bool = False) -> Judged:
    """By structure, rules, and what the bridge knows around it. Raises `NotAllowed` for another authority's record.

    `thorough` is for a look before saving, which takes its time over names in texts.
    """
    unknown = Subject(record, record_type, _policy(record), services().clock.today(), thorough=thorough)
    subject = replace(unknown, known=services().knower.about(unknown))
    return Judged(subject, check_subject(subject))


def accept(record: Record, record_type: str, raw: bytes) -> Received:
    """What becomes of one record. Raises as `judge` and `take` do; `TooManyRequests` for a new one of a busy client."""
    return _known(record) if limits.is_over() else take(judge(record, record_type), raw)


def _known(record: Record) -> Received:
    """Only what is here already: whoever asks too often may still ask for a receipt it has not heard of."""
    found = services().receiver.known(record, _policy(record).authority)
    return found or limits.refuse()


def take(judged: Judged, raw: bytes) -> Received:
    """Kept, or a replay of what was kept. Raises `Invalid` with every fault, `Conflict`, or `NotAllowed`.

    `raw` are the bytes that were sent; their digest is kept, for the receipt.
    """
    client_id, receiver = caller().client_id, services().receiver
    if judged.findings.valid and judged.policy.in_use:
        subject = judged.subject
        received = receiver.accept(
            Incoming(
                subject.record,
                judged.findings,
                subject.record_type,
                subject.policy,
                client_id,
                sent=sha256(raw).digest(),
                sketches=subject.sketches,
                training=subject.known.training,
            )
        )
        _alarm(received)
        return received
    earlier = receiver.refuse(
        judged.subject.record,
        judged.findings,
        record_type=judged.subject.record_type,
        authority=judged.policy.authority,
        client_id=client_id,
    )
    if earlier is None and not judged.policy.in_use:
        raise NotAllowed(_NOT_IN_USE.format(name=judged.policy.name))
    if earlier is None:
        raise Invalid(_summary(judged.findings), faults=judged.findings.errors)
    return earlier


def receipt(received: Received) -> dict[str, Any]:
    """What the sender keeps."""
    return {
        "receipt_id": str(received.receipt_id),
        "received_at": received.received_at.isoformat(),
        "status_url": url_for("submissions.get_submission", receipt_id=received.receipt_id),
        "version": received.version,
        "replayed": received.replayed,
        "holds": [hold_shown(hold) for hold in received.holds],
        "warnings": list(received.warnings),
        "receipt": services().receipts.sign(caller().authority, received),
    }


def _alarm(received: Received) -> None:
    """Says in the log that a person is needed, with the receipt and how many holds; `GET /v1/holds` says the rest."""
    still_open = [hold for hold in received.holds if hold.released_at is None]
    if still_open and not received.replayed:
        _log.warning("held", receipt_id=str(received.receipt_id), count=len(still_open))


def _policy(record: Record) -> Policy:
    """The caller's authority's policy. Another authority's record is refused without a hint of what it would meet."""
    authority = caller().authority
    policy = services().policies.get(authority)
    if policy is None or record.get("authority", authority) != authority:
        raise NotAllowed("This client may send records for its own authority only (rule S1).")
    return policy


def _summary(findings: Findings) -> str:
    count = len(findings.errors)
    return f"{count} {'thing needs' if count == 1 else 'things need'} correcting. Nothing was stored."
