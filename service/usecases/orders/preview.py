"""A dry run: what would be sent now, against what the mapping of the last attempt made, and what the table says.

The record is opened for it, in memory, and that somebody looked stands in the trail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.delivery import Move, Reason
from service.domain.delivery.machine import Refusal
from service.domain.orders import Action, judge
from service.domain.people import actor_of
from service.errors import NeedsHuman
from service.ports import AuditEntry, Record, Vault
from service.ports.orders import Item, Mapped, Mappings, Officer, OrderTransaction
from service.usecases.opening import opened
from service.usecases.orders.desk import OrderDesk, circumstances, found

Place = tuple[str, int | None]


class Change(StrEnum):
    """How one answer differs."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    GONE = "gone"


class Before(StrEnum):
    """Whether it can be said what would have been sent."""

    NEVER_SENT = "never_sent"
    KNOWN = "known"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, repr=False)
class Difference:
    """One question of the form. The words are somebody's: only shown to whoever may open records."""

    code: str
    row: int | None
    change: Change | None
    now: str | None
    then: str | None


@dataclass(frozen=True)
class Preview:
    """`problem` is why nothing could be made of it with the mapping that holds now."""

    item: Item
    would: Move | Refusal
    now_digest: str | None
    then_digest: str | None
    before: Before
    problem: Reason | None
    differences: Sequence[Difference]


@dataclass(frozen=True, repr=False)
class _Sealed:
    """What a preview is made of; a task or a withdrawal has no body of its own that a mapping could change."""

    body: bytes | None
    apart: bytes | None


@dataclass(frozen=True)
class Previewer:
    """Maps without a case system, without its credentials, and without a document."""

    desk: OrderDesk
    vault: Vault
    mappings: Mappings

    def __call__(self, authority: str, reference: str, officer: Officer, *, words: bool) -> Preview:
        """`words` says that the answers will be shown, and is noted. Raises `NotThere`."""
        with self.desk.store.transaction(authority) as tx:
            item = found(tx, reference)
            would = judge(_action(item), circumstances(tx, item))
            tx.audit.add(_entry(item, officer, words=words))
            sealed = _sealed(tx, item)
        now = self.mappings.now(authority)
        then = self.mappings.then(authority, item.profile_digest) if item.profile_digest else None
        before = Before.NEVER_SENT if item.profile_digest is None else Before.KNOWN if then else Before.NOT_KEPT
        record, unreadable = self._opened(authority, item, sealed)
        ours, unmapped = _made(now, record, item.reference)
        theirs, _ = _made(then, record, item.reference)
        return Preview(
            item=item,
            would=would,
            now_digest=now.profile_digest if now else None,
            then_digest=item.profile_digest,
            before=before,
            problem=unreadable or unmapped,
            differences=list(_compared(ours, theirs, comparable=before is not Before.NOT_KEPT)),
        )

    def _opened(self, authority: str, item: Item, sealed: _Sealed) -> tuple[Record | None, Reason | None]:
        if sealed.body is None:
            return None, None
        try:
            return opened(self.vault, authority, item.submission_id, sealed.body, sealed.apart), None
        except NeedsHuman as problem:
            return None, problem.reason


def _action(item: Item) -> Action:
    return Action.REOPEN if item.delivered_at else Action.REPLAY


def _sealed(tx: OrderTransaction, item: Item) -> _Sealed:
    if item.kind != "record":
        return _Sealed(None, None)
    kept = tx.submissions.kept(item.submission_id)
    return _Sealed(kept.sealed, kept.sealed_apart)


def _made(mapped: Mapped | None, record: Record | None, reference: str) -> tuple[Mapping[Place, str], Reason | None]:
    if mapped is None or record is None:
        return {}, None
    try:
        return {(each.code, each.row): each.value for each in mapped.answers(record, reference)}, None
    except NeedsHuman as problem:
        return {}, problem.reason


def _compared(now: Mapping[Place, str], then: Mapping[Place, str], *, comparable: bool) -> Iterator[Difference]:
    """In the order of the form now; what is gone comes after it."""
    for place in [*now, *(each for each in then if each not in now)]:
        ours, theirs = now.get(place), then.get(place)
        yield Difference(*place, _change(ours, theirs) if comparable else None, ours, theirs)


def _change(now: str | None, then: str | None) -> Change:
    if now == then:
        return Change.SAME
    if then is None:
        return Change.ADDED
    return Change.GONE if now is None else Change.CHANGED


def _entry(item: Item, officer: Officer, *, words: bool) -> AuditEntry:
    actor, said = actor_of(officer.client), {"reference": item.reference, "by": officer.by}
    return AuditEntry(actor, "delivery_previewed", "delivery", str(item.id), {**said, "words": words})
