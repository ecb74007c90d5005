"""An accepted record as the rows it becomes: sealed, sketched, and without what lies apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from service.domain.codes import LATEST
from service.domain.delivery import Reason
from service.domain.fact import FactRefused
from service.domain.faults import Findings
from service.domain.narratives import narratives
from service.domain.policy import Policy
from service.domain.projection import project, training_current
from service.domain.records import RECORDS
from service.domain.records.narrowed import is_withdrawal
from service.domain.reviews import next_due
from service.domain.subjects import person_of, sent_of, sketches_of
from service.domain.synthetic import SENDER
from service.domain.text.copies import packed, sketch
from service.domain.training.standing import Trained
from service.ports import NewDelivery, NewHold, NewReview, NewSubmission, Record, StoredSubmission, Vault
from service.usecases.references import reference_of

THIRD_PARTIES = "risk_subjects"
WHOLE_RECORD = ""
"""The JSON pointer under which all of a record's sketches are kept, in one piece and sealed."""

HELD_DELIVERY = {"T1": Reason.TRAINING_NOT_FOUND, "T3": Reason.TRAINING_ENDED}
"""Rules that hold the whole record. Every other hold is about passing copies on: the case file gets the record."""


@dataclass(frozen=True, repr=False)
class Incoming:
    """A record that was found valid, what was found besides, and whose it is; `sent` is the SHA-256 of its bytes."""

    record: Record
    findings: Findings
    record_type: str
    policy: Policy
    client_id: str
    sent: bytes | None = None
    sketches: Mapping[str, bytes] | None = None
    """Of its narratives, where judging it made them."""
    training: tuple[Trained, ...] | None = None
    """What the register has of the assessor, where it was asked."""
    fact_refused: tuple[str, ...] = ()
    """Fields for which its fact was refused before: it is taken in without one."""

    @property
    def kind(self) -> str:
        """New, review, correction or withdrawal."""
        return str(self.record["submission_kind"])

    @property
    def synthetic(self) -> bool:
        """Whether the bridge made it itself, to try the way: it is delivered, and counts for nothing."""
        return self.client_id == SENDER

    @property
    def child_id(self) -> str:
        """The authority's own reference of the young person."""
        return str(self.record["young_person"]["la_child_id"])


def completed_on(record: Record) -> date:
    """The day the assessment was made: for a RISE, the day of the meeting."""
    return date.fromisoformat(record.get("completed_on") or record["meeting_on"])


def canonical(record: Record) -> bytes:
    """Content apart from spelling. The sender's own clock is left out, or an honest resend would look like a change."""
    return _json({name: value for name, value in record.items() if name != "submitted_at"}, sort=True)


def submission_of(incoming: Incoming, vault: Vault, named: StoredSubmission | None) -> NewSubmission:
    """The row and its sealed parts. `named` is the record this one corrects or withdraws."""
    record, authority, submission_id = incoming.record, incoming.policy.authority, uuid4()
    body, apart = _parted(record, incoming.findings)
    new = NewSubmission(
        id=submission_id,
        sender_ref=record["submission_id"],
        client_id=incoming.client_id,
        record_type=incoming.record_type,
        kind=incoming.kind,
        schema_version=record.get("schema_version", LATEST.name),
        template_version=record.get("template_version") or (named.template_version if named else ""),
        content_digest=vault.content_digest(authority, canonical(record)),
        child_key=vault.child_key(authority, incoming.child_id),
        completed_on=named.completed_on if named and is_withdrawal(record) else completed_on(record),
        warnings=[fault.as_dict() for fault in incoming.findings.warnings],
        sealed=vault.seal(authority, str(submission_id), body),
        sealed_apart=vault.seal_apart(authority, str(submission_id), apart) if apart else None,
        version=named.version + 1 if named else 1,
        supersedes=named.id if named else None,
        sealed_digest=vault.seal(authority, sent_of(submission_id), incoming.sent) if incoming.sent else None,
    )
    if is_withdrawal(record) or incoming.synthetic:
        return replace(new, fact_refused=incoming.fact_refused)
    return _with_digests(new, incoming, vault, named)


def _with_digests(
    new: NewSubmission, incoming: Incoming, vault: Vault, named: StoredSubmission | None
) -> NewSubmission:
    record, authority = incoming.record, incoming.policy.authority
    sketches = _sketches(incoming) if incoming.sketches is None else incoming.sketches
    return replace(
        _with_fact(new, incoming, named),
        sketches={WHOLE_RECORD: vault.seal(authority, sketches_of(new.child_key), packed(sketches))},
        meeting_key=meeting_key(record, authority, vault),
    )


def _with_fact(new: NewSubmission, incoming: Incoming, named: StoredSubmission | None) -> NewSubmission:
    """A fact that is refused never delays the record: it is kept without one, and somebody is told.

    A correction whose fact the central table refuses keeps what crossed for the record it corrects: that is still
    counted, and so it can be taken back by whatever comes next.
    """
    policy, record_type = incoming.policy, incoming.record_type
    if incoming.fact_refused:
        return replace(new, fact=named.fact if named else None, fact_refused=incoming.fact_refused)
    trained = training_current(
        incoming.training,
        record_type=record_type,
        completed_on=new.completed_on,
        same_day_counts=policy.training_same_day,
    )
    try:
        fact = project(
            incoming.record,
            authority=policy.authority,
            record_type=record_type,
            completed_on=new.completed_on,
            training_current=trained,
        )
    except FactRefused as refusal:
        return replace(new, fact_refused=refusal.fields)
    return replace(new, fact=asdict(fact))


def _sketches(incoming: Incoming) -> dict[str, bytes]:
    return {place: sketch(text) for place, text in narratives(incoming.record, RECORDS[incoming.record_type])}


def meeting_key(record: Mapping[str, Any], authority: str, vault: Vault) -> bytes | None:
    """Tells the same process again (rule M7); None where the record names none."""
    attached = record.get("attached_to")
    process = attached.get("process_ref") if isinstance(attached, dict) else None
    return vault.content_digest(authority, b"meeting\x00" + process.encode()) if isinstance(process, str) else None


def delivery_of(incoming: Incoming, new: NewSubmission) -> NewDelivery:
    """The record's own delivery; held from the start where a rule says so."""
    held = [HELD_DELIVERY[fault.code] for fault in incoming.findings.holds if fault.code in HELD_DELIVERY]
    return NewDelivery(
        id=uuid4(),
        kind="record",
        submission_id=new.id,
        reference=reference_of(new.child_key, "record", new.sender_ref),
        child_key=new.child_key,
        held=held[0] if held else None,
    )


def holds_of(incoming: Incoming, new: NewSubmission) -> list[NewHold]:
    """What waits for a person: the whole record, or a part of it that is not passed on beyond the case file."""
    return [NewHold(uuid4(), new.id, fault.code, fault.pointer) for fault in incoming.findings.holds]


def review_of(incoming: Incoming, new: NewSubmission, vault: Vault) -> NewReview:
    """The next review, for as long as the service is involved. It holds what says whom it is about, sealed."""
    asked, review_id = incoming.record.get("review") or {}, uuid4()
    wanted = asked.get("due_on")
    person = _json({"la_child_id": incoming.child_id})
    return NewReview(
        id=review_id,
        child_key=new.child_key,
        submission_id=new.id,
        record_type=new.record_type,
        anchor_on=new.completed_on,
        due_on=next_due(
            new.completed_on,
            months=incoming.policy.review_months,
            asked_for=date.fromisoformat(wanted) if wanted else None,
        ),
        window_days=asked.get("window_days", incoming.policy.review_window_days),
        basis=asked.get("basis", "three_monthly"),
        sealed_person=vault.seal(incoming.policy.authority, person_of(review_id), person),
    )


def _parted(record: Record, findings: Findings) -> tuple[bytes, bytes | None]:
    """The body as it is kept, and what lies apart. A number that was found wrong, and may be left out, is left out."""
    body = {name: value for name, value in record.items() if name != THIRD_PARTIES}
    if any(fault.code == "Y1" for fault in findings.warnings):
        person = {name: value for name, value in record["young_person"].items() if name != "nhs_number"}
        body["young_person"] = person
    apart = record.get(THIRD_PARTIES)
    return _json(body), _json(apart) if apart else None


def _json(value: Any, *, sort: bool = False) -> bytes:
    return json.dumps(value, sort_keys=sort, separators=(",", ":"), ensure_ascii=False).encode()
