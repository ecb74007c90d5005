"""Receive a record: one transaction that keeps it, queues it, starts its review clock and counts it. Then a wake-up."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from service.domain.faults import Findings
from service.domain.policy import Policy
from service.domain.projection import project
from service.domain.reviews import next_due
from service.errors import Conflict
from service.ports import (
    AuditEntry,
    Casework,
    CaseworkTransaction,
    NewDelivery,
    NewReview,
    NewSubmission,
    Record,
    StoredSubmission,
    Vault,
    Wakeup,
)


@dataclass(frozen=True)
class Received:
    """What the sender is told. `replayed` means it was here already and nothing changed."""

    receipt_id: UUID
    received_at: datetime
    warnings: tuple[Mapping[str, str], ...]
    replayed: bool


@dataclass(frozen=True)
class Receiver:
    """Keeps accepted records, and notes refused ones."""

    casework: Casework
    vault: Vault
    wakeup: Wakeup

    def accept(
        self, record: Record, raw: bytes, findings: Findings, *, record_type: str, policy: Policy, client_id: str
    ) -> Received:
        """Durable once this returns. The same id with the same content is the same record; with other, a conflict."""
        new = self._new(record, raw, findings, record_type=record_type, policy=policy, client_id=client_id)
        delivery = _delivery(new)
        with self.casework.transaction(policy.authority) as tx:
            if not tx.submissions.add(new):
                return _replay(tx.submissions.by_sender_ref(new.sender_ref), new.content_digest)
            tx.deliveries.add(delivery)
            if "involvement_ended_on" in record["young_person"]:
                tx.reviews.close(new.child_key)
            else:
                tx.reviews.open_next(_review(record, new, policy))
            tx.facts.hand_over(
                project(record, authority=policy.authority, record_type=record_type, completed_on=new.completed_on)
            )
            tx.audit.add(_entry(client_id, "record_received", str(new.id), record_type=record_type, kind=new.kind))
            stored = tx.submissions.get(new.id)
        self.wakeup.look_now(str(delivery.id))
        return _received(stored, replayed=False)

    def refuse(
        self, record: Record, findings: Findings, *, record_type: str, authority: str, client_id: str
    ) -> Received | None:
        """Notes a refusal, keeps nothing of the record. One accepted before, under older rules, is still a replay."""
        with self.casework.transaction(authority) as tx:
            if earlier := self._earlier(tx, record, authority):
                return _received(earlier, replayed=True)
            codes = ",".join(sorted({fault.code for fault in findings.errors}))
            tx.audit.add(_entry(client_id, "record_refused", "-", record_type=record_type, rules=codes))
        return None

    def _earlier(self, tx: CaseworkTransaction, record: Record, authority: str) -> StoredSubmission | None:
        sender_ref = record.get("submission_id")
        earlier = tx.submissions.by_sender_ref(sender_ref) if isinstance(sender_ref, str) else None
        if earlier and earlier.content_digest == self.vault.content_digest(authority, _canonical(record)):
            return earlier
        return None

    def _new(
        self, record: Record, raw: bytes, findings: Findings, *, record_type: str, policy: Policy, client_id: str
    ) -> NewSubmission:
        submission_id, authority = uuid4(), policy.authority
        return NewSubmission(
            id=submission_id,
            sender_ref=record["submission_id"],
            client_id=client_id,
            record_type=record_type,
            kind=record["submission_kind"],
            schema_version=record["schema_version"],
            template_version=record["template_version"],
            content_digest=self.vault.content_digest(authority, _canonical(record)),
            child_key=self.vault.child_key(authority, record["young_person"]["la_child_id"]),
            completed_on=completed_on(record),
            warnings=[fault.as_dict() for fault in findings.warnings],
            sealed=self.vault.seal(authority, str(submission_id), raw),
        )


def completed_on(record: Record) -> date:
    """The day the assessment was made: for a RISE, the day of the meeting."""
    return date.fromisoformat(record.get("completed_on") or record["meeting_on"])


def new_reference() -> str:
    """A reference for case systems: random, so that it says nothing, and short enough to read out."""
    return "WB-" + base64.b32encode(os.urandom(15)).decode()


def _canonical(record: Record) -> bytes:
    """Content apart from spelling. The sender's own clock is left out, or an honest resend would look like a change."""
    content = {name: value for name, value in record.items() if name != "submitted_at"}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _replay(earlier: StoredSubmission | None, digest: bytes) -> Received:
    if earlier is None or earlier.content_digest != digest:
        raise Conflict("That submission id was used for different content. Send a correction under a new id.")
    return _received(earlier, replayed=True)


def _received(stored: StoredSubmission | None, *, replayed: bool) -> Received:
    if stored is None:
        raise LookupError("a submission just kept is not there")
    return Received(stored.id, stored.received_at, tuple(stored.warnings), replayed)


def _delivery(new: NewSubmission) -> NewDelivery:
    return NewDelivery(
        id=uuid4(), kind="record", submission_id=new.id, reference=new_reference(), child_key=new.child_key
    )


def _review(record: Record, new: NewSubmission, policy: Policy) -> NewReview:
    """The next review, for as long as the service is involved."""
    asked = record.get("review") or {}
    wanted = asked.get("due_on")
    return NewReview(
        id=uuid4(),
        child_key=new.child_key,
        submission_id=new.id,
        record_type=new.record_type,
        anchor_on=new.completed_on,
        due_on=next_due(
            new.completed_on,
            months=policy.review_months,
            asked_for=date.fromisoformat(wanted) if wanted else None,
        ),
        window_days=asked.get("window_days", policy.review_window_days),
        basis=asked.get("basis", "three_monthly"),
    )


def _entry(client_id: str, action: str, subject: str, **detail: Any) -> AuditEntry:
    return AuditEntry(
        actor=f"client:{client_id}", action=action, subject_type="submission", subject_id=subject, detail=detail
    )
