"""Deliveries as officers see them, and the moves that are theirs to make. Each is conditional on what they saw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, exists, func, select, tuple_, update

from service.domain.delivery import TERMINAL, Reason, State
from service.ports.orders import Item, Seen, Tried, Wanted
from service.store.tables import attempt, delivery, shredded, submission

_earlier = delivery.alias("standing_before")
_IN_ORDER = ("record", "retraction")
_BEHIND = (
    select(_earlier.c.reference)
    .where(
        delivery.c.kind.in_(_IN_ORDER),
        _earlier.c.authority == delivery.c.authority,
        _earlier.c.child_key == delivery.c.child_key,
        _earlier.c.kind.in_(_IN_ORDER),
        _earlier.c.seq < delivery.c.seq,
        _earlier.c.state.not_in([state.value for state in TERMINAL]),
        delivery.c.state.not_in([state.value for state in TERMINAL]),
    )
    .order_by(_earlier.c.seq)
    .limit(1)
    .scalar_subquery()
)
_SAME = (
    "id", "kind", "submission_id", "review_id", "retracts", "reference", "state", "reason", "note", "attempts",
    "failures", "lapses", "deaths", "absences", "may_have_arrived", "first_sent_at", "due_at", "connector",
    "connector_version", "profile_digest", "record_number", "document_number", "created_at", "state_since",
    "changed_at", "delivered_at", "changed_in",
)  # fmt: skip
_VIEW = select(
    *(delivery.c[name] for name in _SAME),
    submission.c.record_type,
    submission.c.withdrawn_by.is_not(None).label("withdrawn"),
    and_(submission.c.superseded_by.is_not(None), submission.c.withdrawn_by.is_(None)).label("corrected"),
    _BEHIND.label("behind"),
    func.now().label("now"),
    exists()
    .where(shredded.c.authority == delivery.c.authority, shredded.c.submission_id == delivery.c.submission_id)
    .label("shredded"),
).join(submission, submission.c.id == delivery.c.submission_id)
_PLACE = (delivery.c.changed_in, delivery.c.id)
_CLEAN: dict[str, Any] = {
    "note": "",
    "failures": 0,
    "lapses": 0,
    "deaths": 0,
    "lookups": 0,
    "absences": 0,
    "put_off_since": None,
}
_NO_NUMBERS: dict[str, Any] = {"record_number": None, "document_number": None}


class MoveRows:
    """`service.ports.orders.Items` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def get(self, reference: str, *, lock: bool = False) -> Item | None:
        """One delivery, whatever its state."""
        query = self._of(_VIEW.where(delivery.c.reference == reference), lock=lock)
        row = self._connection.execute(query).first()
        return _item(row) if row else None

    def page(self, wanted: Wanted, *, after: tuple[int, UUID] | None, limit: int) -> Sequence[Item]:
        """Whatever changed longest ago comes first."""
        query = _VIEW.where(*_fits(wanted))
        if after is not None:
            query = query.where(tuple_(*_PLACE) > after)
        return self._items(self._of(query).order_by(*_PLACE).limit(limit))

    def lock_all(self, wanted: Wanted, limit: int) -> Sequence[Item]:
        """As a page, held until the transaction ends."""
        return self._items(self._of(_VIEW.where(*_fits(wanted)), lock=True).order_by(*_PLACE).limit(limit))

    def count(self, wanted: Wanted, at_most: int) -> int:
        """Bounded, so that a filter that fits everything costs little."""
        some = select(delivery.c.id).where(delivery.c.authority == self._authority, *_fits(wanted)).limit(at_most)
        return int(self._connection.scalar(select(func.count()).select_from(some.subquery())) or 0)

    def attempts(self, delivery_id: UUID) -> Sequence[Tried]:
        """In their order."""
        mine = (attempt.c.authority == self._authority) & (attempt.c.delivery_id == delivery_id)
        found = self._connection.execute(select(attempt).where(mine).order_by(attempt.c.number))
        return [_tried(row) for row in found]

    def number_of(self, delivery_id: UUID) -> str | None:
        """Of what a retraction takes back."""
        mine = (delivery.c.authority == self._authority) & (delivery.c.id == delivery_id)
        return self._connection.scalar(select(delivery.c.record_number).where(mine))

    def is_of_another(self, item: Item, record_number: str) -> bool:
        """Versions of one young person's record may share a number; two young people's never do."""
        own = select(delivery.c.child_key).where(delivery.c.id == item.id).scalar_subquery()
        other = select(delivery.c.id).where(
            delivery.c.authority == self._authority,
            delivery.c.kind == "record",
            delivery.c.record_number == record_number,
            delivery.c.child_key != own,
        )
        return self._connection.execute(other.limit(1)).first() is not None

    def move(self, items: Sequence[Item], after: State, reason: Reason, *, arrived: bool | None = None) -> None:
        """Only from the state that was seen. A number that is doubted again is told no longer; the order keeps it."""
        values: dict[str, Any] = {"state": after.value, "reason": reason.value, "delivered_at": None}
        if arrived is not None:
            values["may_have_arrived"] = arrived
        if after in (State.READY, State.UNKNOWN):
            values |= _CLEAN | _NO_NUMBERS
        self._change(items, values)

    def mark_delivered(self, item: Item, seen: Seen, order: UUID) -> None:
        """The evidence says that it is a person's."""
        evidence = {"seen_by": seen.by, "seen_at": seen.at, "order": str(order)}
        self._change(
            [item],
            {
                "state": State.DELIVERED.value,
                "reason": Reason.WAITING.value,
                "may_have_arrived": True,
                "record_number": seen.record_number,
                "document_number": seen.document_number,
                "evidence": evidence,
                "delivered_at": func.now(),
                **_CLEAN,
            },
        )

    def _change(self, items: Sequence[Item], values: dict[str, Any]) -> None:
        seen = tuple_(delivery.c.id, delivery.c.state).in_([(each.id, each.state.value) for each in items])
        times = {"due_at": func.now(), "changed_at": func.now()}
        changed = update(delivery).where(delivery.c.authority == self._authority, seen).values(**values, **times)
        if self._connection.execute(changed).rowcount != len(items):
            raise LookupError("a delivery that was locked is not as it was seen")

    def _of(self, query: Select[Any], *, lock: bool = False) -> Select[Any]:
        mine = query.where(delivery.c.authority == self._authority)
        return mine.with_for_update(of=delivery) if lock else mine

    def _items(self, query: Select[Any]) -> list[Item]:
        return [_item(row) for row in self._connection.execute(query)]


def _fits(wanted: Wanted) -> list[Any]:
    found: list[Any] = [delivery.c.state.in_(sorted(state.value for state in wanted.states))]
    if wanted.reasons:
        found.append(delivery.c.reason.in_(sorted(reason.value for reason in wanted.reasons)))
    if wanted.references:
        found.append(delivery.c.reference.in_(sorted(wanted.references)))
    if wanted.older_than > timedelta(0):
        found.append(delivery.c.state_since <= func.now() - wanted.older_than)
    return found


def _item(row: Row[Any]) -> Item:
    values = dict(row._mapping)
    return Item(**values | {"state": State(row.state), "reason": Reason(row.reason)})


def _tried(row: Row[Any]) -> Tried:
    reason = Reason(row.reason) if row.reason else None
    return Tried(row.number, row.phase, row.outcome, reason, row.started_at, row.ended_at)
