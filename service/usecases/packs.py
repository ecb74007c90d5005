"""Packs for people: look through the inbox, read a sheet, take it, and say what became of it.

Nothing is copied anywhere: a sheet and its document are made from the sealed record each time, and that they were made
stands in the audit trail. Once somebody has answered, a pack can no longer be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from service.domain.delivery import Reason, words_for
from service.domain.faults import Fault
from service.errors import Conflict, DeliveryProblem, Gone, Invalid, NotThere, Unavailable
from service.ports import Adapter, AuditEntry, Claim, Wakeup
from service.ports.manual import Fields, Pack, PackState, PackStore, PackTransaction
from service.usecases.package import Package, Packer
from service.usecases.sheet import Sheet, sheet_of

NO_PACK = "There is no such pack."
Opens = Callable[[str, Pack], Package]
"""(authority, pack) to what it holds, from the sealed record."""


@dataclass(frozen=True)
class PackOpener:
    """Opens the sealed record of a pack and makes of it what is to be typed, with the authority's own mapping."""

    packer: Packer
    adapters: Mapping[str, Adapter]
    names: Mapping[str, str]

    def __call__(self, authority: str, pack: Pack) -> Package:
        """Raises `NotThere` where nothing is typed in by hand any more, or `Unavailable` for what cannot be opened."""
        adapter = self.adapters.get(authority)
        if adapter is None:
            raise NotThere("This authority's records are no longer typed in by hand.")
        try:
            return self.packer.pack(_as_claim(authority, pack), adapter, authority_name=self.names[authority])
        except DeliveryProblem as problem:
            if problem.reason is Reason.BODY_SHREDDED:
                raise Gone(words_for(problem.reason)) from problem
            raise Unavailable(f"The pack cannot be made: {words_for(problem.reason)}", retry_after=3600) from problem


@dataclass(frozen=True)
class PackDesk:
    """Where those who type work through an inbox, one authority at a time. `actor` is the client, `by` the person."""

    store: PackStore
    opens: Opens
    fields: Mapping[str, Mapping[str, Fields]]
    wakeup: Wakeup

    def page(
        self, authority: str, state: PackState, *, inbox: str | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Pack]:
        """What was handed over, oldest first. No word of a record."""
        with self.store.transaction(authority) as tx:
            return tx.packs.page(state, inbox=inbox, after=after, limit=limit)

    def get(self, authority: str, reference: str) -> Pack:
        """One pack, without its words. Raises `NotThere`."""
        with self.store.transaction(authority) as tx:
            return _found(tx, reference)

    def sheet(self, authority: str, reference: str, *, actor: str) -> Sheet:
        """What to type. Raises `NotThere`, or `Gone` when it was answered or its record withdrawn."""
        pack, package = self._read(authority, reference, actor, "sheet")
        return sheet_of(pack, package, self.fields.get(authority, {}).get(pack.record_type, {}))

    def document(self, authority: str, reference: str, *, actor: str) -> bytes:
        """The PDF to attach. Raises as `sheet` does; `NotThere` for a pack that has none."""
        _, package = self._read(authority, reference, actor, "document")
        if package.filing is None:
            raise NotThere("Only a record has a document.")
        if not package.filing.document.content:
            raise NotThere("This authority keeps no documents: its profile says so.")
        return package.filing.document.content

    def take(self, authority: str, reference: str, *, by: str, actor: str) -> Pack:
        """So that no two type the same. Raises `NotThere`, or `Conflict` when somebody else has it."""
        with self.store.transaction(authority) as tx:
            pack = _open(tx, reference)
            if pack.taken_by not in (None, by):
                raise Conflict("Somebody else has taken this pack. Ask them, or leave it to them.")
            if pack.taken_by is None:
                tx.packs.take(reference, by)
                tx.audit.add(_entry(actor, "pack_taken", pack, by=by))
            return _found(tx, reference)

    def confirm(
        self, authority: str, reference: str, *, record_number: str, document_number: str | None, by: str, actor: str
    ) -> Pack:
        """It is there, under these numbers. Said again, nothing changes.

        Raises `NotThere`, `Conflict` when something else was answered before, or `Invalid` for a number that cannot be
        the one of this record.
        """
        with self.store.transaction(authority) as tx:
            pack = _locked(tx, reference)
            given = pack.handed.confirmation
            if given and (given.record_number, given.document_number) == (record_number, document_number):
                return pack
            _require_open(pack)
            _require_fitting(tx, pack, record_number)
            tx.packs.confirm(reference, record_number, document_number, by)
            tx.audit.add(_entry(actor, "pack_confirmed", pack, by=by, record_number=record_number))
            confirmed = _found(tx, reference)
        self.wakeup.look_now(authority)
        return confirmed

    def refuse(self, authority: str, reference: str, *, reason: Reason, by: str, actor: str) -> Pack:
        """It was not typed in, for this reason. Raises as `confirm` does."""
        with self.store.transaction(authority) as tx:
            pack = _locked(tx, reference)
            if pack.handed.refused is reason:
                return pack
            _require_open(pack)
            tx.packs.refuse(reference, reason, by)
            tx.audit.add(_entry(actor, "pack_refused", pack, by=by, reason=reason.value))
            refused = _found(tx, reference)
        self.wakeup.look_now(authority)
        return refused

    def _read(self, authority: str, reference: str, actor: str, what: str) -> tuple[Pack, Package]:
        """Whoever looks is noted before they see anything."""
        with self.store.transaction(authority) as tx:
            pack = _found(tx, reference)
            _require_readable(pack)
            tx.audit.add(_entry(actor, "pack_read", pack, what=what))
        return pack, self.opens(authority, pack)


def _found(tx: PackTransaction, reference: str, *, lock: bool = False) -> Pack:
    pack = tx.packs.get(reference, lock=lock)
    if pack is None:
        raise NotThere(NO_PACK)
    return pack


def _locked(tx: PackTransaction, reference: str) -> Pack:
    """Two answers at once wait for each other, and the second sees the first."""
    return _found(tx, reference, lock=True)


def _open(tx: PackTransaction, reference: str) -> Pack:
    pack = _locked(tx, reference)
    _require_open(pack)
    return pack


def _require_open(pack: Pack) -> None:
    if pack.state is not PackState.OPEN:
        raise Conflict(f"This pack was {pack.state} before. If that was a mistake, tell the integration officer.")


def _require_readable(pack: Pack) -> None:
    if pack.state is not PackState.OPEN:
        raise Gone(f"This pack was {pack.state}; it can no longer be read here. The case system has the record.")
    if pack.withdrawn and pack.handed.pack.kind == "record":
        raise Gone(
            "This record was withdrawn. If it was typed in already, confirm its number, and its withdrawal follows; "
            "if not, refuse with already_withdrawn."
        )


def _require_fitting(tx: PackTransaction, pack: Pack, record_number: str) -> None:
    """A withdrawal is confirmed with the record's own number; two records never have the same one."""
    handed = pack.handed.pack
    if handed.kind == "retraction" and record_number != handed.about_number:
        raise _wrong_number("This is not the number of the record to withdraw.", "Check that the right one was opened.")
    if handed.kind == "record" and record_number != handed.about_number and tx.packs.has_number(record_number):
        raise _wrong_number("Another record was confirmed under this number.", "Read the number off the record again.")


def _wrong_number(detail: str, fix: str) -> Invalid:
    return Invalid("Nothing was confirmed.", faults=[Fault("/record_number", "MP-1", detail, fix)])


def _entry(actor: str, action: str, pack: Pack, **detail: str) -> AuditEntry:
    return AuditEntry(actor, action, "delivery", str(pack.delivery_id), {"reference": pack.reference, **detail})


def _as_claim(authority: str, pack: Pack) -> Claim:
    """What the packer asks of a claim. Nothing is claimed: the delivery itself is left as it is."""
    return Claim(
        id=pack.delivery_id,
        authority=authority,
        kind=pack.handed.pack.kind,
        submission_id=pack.submission_id,
        review_id=pack.review_id,
        retracts=pack.retracts,
        reference=pack.reference,
        fence=0,
        attempt=0,
        failures=0,
        lapses=0,
        lookups=0,
        absences=0,
        may_have_arrived=True,
        since_first_sent=timedelta(0),
    )
