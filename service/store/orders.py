"""Orders, and the transaction in which officers look and order. The database keeps an order as it was given."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, tuple_, update

from service.domain.orders import Action, Because
from service.ports import AuditEntry
from service.ports.orders import Grounds, NewOrder, Officer, Order, OrderTransaction
from service.store.audit_trail import AuditTrail
from service.store.casework import database_errors
from service.store.holds import HoldRows
from service.store.lanes import LaneRows
from service.store.moves import MoveRows
from service.store.submissions import SubmissionRows
from service.store.tables import audit, delivery, officer_order
from service.store.tenant import act_for

_ORDER = officer_order.c
_VIEW = select(officer_order, delivery.c.reference, (func.now() - _ORDER.asked_at).label("age")).outerjoin(
    delivery, delivery.c.id == _ORDER.delivery_id
)
_OLDEST_FIRST = (_ORDER.asked_at, _ORDER.id)


class OrderRows:
    """`service.ports.orders.Orders` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def add(self, *new: NewOrder) -> None:
        """Open until `done`."""
        if new:
            self._connection.execute(insert(officer_order), [self._values(each) for each in new])

    def done(self, orders: Collection[UUID], outcome: str) -> None:
        """Once."""
        self._change(orders, done_at=func.clock_timestamp(), outcome=outcome)

    def approve(self, orders: Collection[UUID], by: Officer) -> None:
        """Once, and by somebody else: the database looks, too."""
        self._change(orders, approved_by=by.by, approved_through=by.client, approved_at=func.clock_timestamp())

    def reopening(self, deliveries: Collection[UUID]) -> Mapping[UUID, Order]:
        """At most one each: the database sees to it."""
        open_ones = (_ORDER.action == Action.REOPEN.value) & _ORDER.done_at.is_(None)
        found = self._found(_VIEW.where(open_ones, _ORDER.delivery_id.in_(deliveries)))
        return {each.delivery_id: each for each in found if each.delivery_id}

    def of_delivery(self, delivery_id: UUID) -> Sequence[Order]:
        """Oldest first."""
        return self._found(_VIEW.where(_ORDER.delivery_id == delivery_id).order_by(*_OLDEST_FIRST))

    def find(self, order_or_batch: UUID) -> Sequence[Order]:
        """One, or a batch."""
        return self._found(_VIEW.where(_named(order_or_batch)).order_by(*_OLDEST_FIRST))

    def open_of(self, order_or_batch: UUID) -> Sequence[Order]:
        """Locked, so that two approvals at once wait for each other."""
        query = _VIEW.where(_named(order_or_batch), _ORDER.done_at.is_(None)).order_by(*_OLDEST_FIRST)
        return self._found(query.with_for_update(of=officer_order))

    def page(self, *, only_open: bool, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Order]:
        """From a cursor on."""
        query = _VIEW.where(_ORDER.done_at.is_(None)) if only_open else _VIEW
        if after is not None:
            query = query.where(tuple_(*_OLDEST_FIRST) > after)
        return self._found(query.order_by(*_OLDEST_FIRST).limit(limit))

    def _found(self, query: Select[Any]) -> list[Order]:
        return [_order(row) for row in self._connection.execute(query.where(_ORDER.authority == self._authority))]

    def _change(self, orders: Collection[UUID], **values: Any) -> None:
        if not orders:
            return
        mine = (_ORDER.authority == self._authority) & _ORDER.id.in_(orders) & _ORDER.done_at.is_(None)
        if self._connection.execute(update(officer_order).where(mine).values(values)).rowcount != len(orders):
            raise LookupError("an order that was open is open no longer")

    def _values(self, new: NewOrder) -> dict[str, Any]:
        return {
            "id": new.id,
            "authority": self._authority,
            "batch": new.batch,
            "action": new.action.value,
            "delivery_id": new.delivery_id,
            "by": new.officer.by,
            "through": new.officer.client,
            "reason": new.grounds.because.value,
            "ticket": new.grounds.ticket,
            "detail": dict(new.detail),
        }


class _Trail(AuditTrail):
    """Many lines in one statement."""

    def add_all(self, entries: Sequence[AuditEntry]) -> None:
        """In their order."""
        lines = [vars(each) | {"authority": self._authority, "detail": dict(each.detail)} for each in entries]
        if lines:
            self._connection.execute(insert(audit).inline(), lines)


class _Transaction:
    """What officers look at and change."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self.items = MoveRows(connection, authority)
        self.orders = OrderRows(connection, authority)
        self.lane = LaneRows(connection, authority)
        self.submissions = SubmissionRows(connection, authority)
        self.holds = HoldRows(connection, authority)
        self.audit = _Trail(connection, authority)


class OfficerOrderStore:
    """`service.ports.orders.OrderStore` on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def transaction(self, authority: str) -> Iterator[OrderTransaction]:
        """Begins for one authority; commits on leaving."""
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            yield _Transaction(connection, authority)


def _named(order_or_batch: UUID) -> Any:
    return (_ORDER.id == order_or_batch) | (_ORDER.batch == order_or_batch)


def _order(row: Row[Any]) -> Order:
    approver = Officer(row.approved_by, row.approved_through) if row.approved_by else None
    return Order(
        id=row.id,
        batch=row.batch,
        action=Action(row.action),
        delivery_id=row.delivery_id,
        reference=row.reference,
        officer=Officer(row.by, row.through),
        grounds=Grounds(Because(row.reason), row.ticket),
        detail=row.detail,
        asked_at=row.asked_at,
        approver=approver,
        approved_at=row.approved_at,
        done_at=row.done_at,
        outcome=row.outcome,
        age=row.age,
    )
