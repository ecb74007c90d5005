"""Receive a record: one transaction that keeps it, queues it, moves its review clock and counts it. Then a wake-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from service.domain.fact import FactRefused
from service.domain.faults import Findings
from service.errors import Conflict
from service.ports import (
    AuditEntry,
    Casework,
    CaseworkTransaction,
    HoldView,
    NewDelivery,
    NewSubmission,
    Record,
    StoredSubmission,
    Vault,
    Wakeup,
)
from service.ports.intake import Intake, NewRecord
from service.usecases.counting import note_refused, recount, uncount
from service.usecases.incoming import Incoming, canonical, delivery_of, holds_of, review_of, submission_of
from service.usecases.versions import correct, named_by, withdraw


@dataclass(frozen=True)
class Received:
    """What the sender is told. `replayed` means it was here already and nothing changed.

    `sender_ref` is the sender's own id of the record, and `sealed_digest` that of the bytes in which it first came.
    """

    receipt_id: UUID
    received_at: datetime
    version: int
    warnings: tuple[Mapping[str, Any], ...]
    holds: tuple[HoldView, ...]
    replayed: bool
    sender_ref: str
    sealed_digest: bytes | None


@dataclass(frozen=True)
class Receiver:
    """Keeps accepted records, and notes refused ones."""

    casework: Casework
    vault: Vault
    wakeup: Wakeup

    def accept(self, incoming: Incoming) -> Received:
        """Durable once this returns. The same id with the same content is the same record; with other, a conflict.

        Raises `Conflict` also when the record that a correction or withdrawal names has changed meanwhile.
        """
        try:
            return self._accept(incoming)
        except FactRefused as refusal:  # by the central table: nothing was kept, and the record is what matters
            return self._accept(replace(incoming, fact_refused=refusal.fields))

    def _accept(self, incoming: Incoming) -> Received:
        prepared = self._prepared(incoming)
        if prepared and (received := self._kept_at_once(incoming, prepared)):
            return received
        child_key = self.vault.child_key(incoming.policy.authority, incoming.child_id)
        with self.casework.transaction(incoming.policy.authority) as tx:
            if earlier := tx.submissions.by_sender_ref(incoming.record["submission_id"]):
                return _replay(tx, earlier, self._digest(incoming))
            tx.submissions.alone_with(child_key)
            named = self._named(tx, incoming, child_key)
            new = prepared or submission_of(incoming, self.vault, named)
            if not tx.submissions.add(new):
                return _replay(tx, tx.submissions.by_sender_ref(new.sender_ref), new.content_digest)
            queued = self._take_in(tx, incoming, new, named)
            _count(tx, incoming, new, named)
            what = _what(new) | {"deliveries": len(queued)}
            tx.audit.add(_entry(incoming.client_id, "record_received", str(new.id), **what))
            received = _received(tx, tx.submissions.get(new.id), replayed=False)
        if queued:
            self.wakeup.look_now(incoming.policy.authority)
        return received

    def _take_in(
        self, tx: CaseworkTransaction, incoming: Incoming, new: NewSubmission, named: StoredSubmission | None
    ) -> list[NewDelivery]:
        """What is to be delivered for it."""
        if named and incoming.kind == "withdrawal":
            return withdraw(tx, new, named)
        if named:
            correct(tx, new, named)
        if not incoming.synthetic:
            self._move_clock(tx, incoming, new, named)
        for hold in holds_of(incoming, new):
            tx.holds.add(hold)
        delivery = delivery_of(incoming, new)
        tx.deliveries.add(delivery)
        return [delivery]

    def _move_clock(
        self, tx: CaseworkTransaction, incoming: Incoming, new: NewSubmission, named: StoredSubmission | None
    ) -> None:
        """It stops with the involvement, and starts anew with every record that corrects no other.

        A correction moves it in one case only: the record had ended the involvement by mistake, and so planned nothing.
        """
        if "involvement_ended_on" in incoming.record["young_person"]:
            tx.reviews.close(new.child_key, by=new.id)
            return
        if named is not None:
            versions = tx.submissions.versions(named.id)
            tx.reviews.run_on(versions)
            if any(tx.reviews.of_submission(each) for each in versions):
                return
        tx.reviews.open_next(review_of(incoming, new, self.vault))

    @cached_property
    def _intake(self) -> Intake | None:
        """The store, if it can keep a record in one go; any other is told step by step."""
        return self.casework if isinstance(self.casework, Intake) else None

    def _prepared(self, incoming: Incoming) -> NewSubmission | None:
        """The row of a record that can be kept in one go: it corrects no other, and nobody has to look at it first."""
        if incoming.kind not in ("new", "review") or incoming.findings.holds or incoming.synthetic:
            return None
        return None if self._intake is None else submission_of(incoming, self.vault, None)

    def _kept_at_once(self, incoming: Incoming, new: NewSubmission) -> Received | None:
        """A young person's first record.

        None, and nothing was done, for a later one, for one whose fact was refused, and one whose id is here already.
        """
        authority, intake = incoming.policy.authority, self._intake
        if intake is None or new.fact is None:
            return None
        delivery, ended = delivery_of(incoming, new), "involvement_ended_on" in incoming.record["young_person"]
        what = _what(new) | {"deliveries": 1}
        entry = _entry(incoming.client_id, "record_received", str(new.id), **what)
        review = None if ended else review_of(incoming, new, self.vault)
        received_at = intake.keep(authority, NewRecord(new, delivery, review, entry))
        if received_at is None:
            return None
        self.wakeup.look_now(authority)
        return Received(
            new.id,
            received_at,
            new.version,
            tuple(new.warnings),
            (),
            replayed=False,
            sender_ref=new.sender_ref,
            sealed_digest=new.sealed_digest,
        )

    def refuse(
        self, record: Record, findings: Findings, *, record_type: str, authority: str, client_id: str
    ) -> Received | None:
        """Notes a refusal, keeps nothing of the record. One accepted before, under older rules, is still a replay."""
        with self.casework.transaction(authority) as tx:
            if earlier := self._earlier(tx, record, authority):
                return _received(tx, earlier, replayed=True)
            codes = ",".join(sorted({fault.code for fault in findings.errors}))
            tx.audit.add(_entry(client_id, "record_refused", "-", record_type=record_type, rules=codes))
        return None

    def known(self, record: Record, authority: str) -> Received | None:
        """What was answered before for exactly this record. Keeps nothing and notes nothing."""
        with self.casework.transaction(authority) as tx:
            earlier = self._earlier(tx, record, authority)
            return _received(tx, earlier, replayed=True) if earlier else None

    def _earlier(self, tx: CaseworkTransaction, record: Record, authority: str) -> StoredSubmission | None:
        sender_ref = record.get("submission_id")
        earlier = tx.submissions.by_sender_ref(sender_ref) if isinstance(sender_ref, str) else None
        if earlier and earlier.content_digest == self.vault.content_digest(authority, canonical(record)):
            return earlier
        return None

    def _named(self, tx: CaseworkTransaction, incoming: Incoming, child_key: bytes) -> StoredSubmission | None:
        if incoming.kind not in ("correction", "withdrawal"):
            return None
        return named_by(tx, incoming.record["supersedes_submission_id"], child_key)

    def _digest(self, incoming: Incoming) -> bytes:
        return self.vault.content_digest(incoming.policy.authority, canonical(incoming.record))


def _count(tx: CaseworkTransaction, incoming: Incoming, new: NewSubmission, named: StoredSubmission | None) -> None:
    """After the clock has moved: whether the next review was in time is told by what this record planned."""
    if incoming.synthetic:
        return
    if refused := new.fact_refused or incoming.fact_refused:
        note_refused(tx, new.id, refused)
    if not incoming.fact_refused:
        if named:
            uncount(tx, named)
        recount(tx, new.child_key, new=new.id)


def _replay(tx: CaseworkTransaction, earlier: StoredSubmission | None, digest: bytes) -> Received:
    if earlier is None or earlier.content_digest != digest:
        raise Conflict("That submission id was used for different content. Send a correction under a new id.")
    return _received(tx, earlier, replayed=True)


def _received(tx: CaseworkTransaction, stored: StoredSubmission | None, *, replayed: bool) -> Received:
    if stored is None:
        raise LookupError("a submission just kept is not there")
    holds = tuple(tx.holds.of_submission(stored.id))
    return Received(
        stored.id,
        stored.received_at,
        stored.version,
        tuple(stored.warnings),
        holds,
        replayed,
        stored.sender_ref,
        stored.sealed_digest,
    )


def _what(new: NewSubmission) -> dict[str, Any]:
    return {"record_type": new.record_type, "kind": new.kind, "version": new.version}


def _entry(client_id: str, action: str, subject: str, **detail: Any) -> AuditEntry:
    return AuditEntry(
        actor=f"client:{client_id}", action=action, subject_type="submission", subject_id=subject, detail=detail
    )
