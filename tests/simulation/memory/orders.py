"""Officers' orders in memory, kept as they were given; as `service/store/orders.py`, with the database's refusals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from service.domain.orders import OF_A_LANE, Action, Because
from service.ports import AuditEntry
from service.ports.orders import Grounds, NewOrder, Officer, Order
from tests.simulation.memory.others import MemoryAudit
from tests.simulation.memory.tables import Memory, Row, RuleBroken

_OPEN = dict.fromkeys(("approved_by", "approved_through", "approved_at", "done_at", "outcome"))


class MemoryOrders:
    """`service.ports.orders.Orders`."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def add(self, *new: NewOrder) -> None:
        for each in new:
            if (each.action in OF_A_LANE) != (each.delivery_id is None):
                raise RuleBroken("ck_officer_order_about")
            if each.action is Action.REOPEN and self.reopening([each.delivery_id]):
                raise RuleBroken("uq_officer_order_reopen")
            self._memory.put("officer_order", each.id, self._row(each))

    def done(self, orders: Collection[UUID], outcome: str) -> None:
        for row in self._still_open(orders):
            if row["action"] == "reopen" and outcome == "unknown" and row["approved_by"] is None:
                raise RuleBroken("ck_officer_order_reopened")
            self._memory.update("officer_order", row["id"], done_at=self._memory.clock(), outcome=outcome)

    def approve(self, orders: Collection[UUID], by: Officer) -> None:
        for row in self._still_open(orders):
            if row["by"].strip().lower() == by.by.strip().lower() or row["through"] == by.client:
                raise RuleBroken("ck_officer_order_two_people")
            if row["approved_at"] is not None:
                raise RuleBroken("an order does not change")
            said = {"approved_by": by.by, "approved_through": by.client, "approved_at": self._memory.clock()}
            self._memory.update("officer_order", row["id"], **said)

    def reopening(self, deliveries: Collection[UUID | None]) -> Mapping[UUID, Order]:
        found = self._found(lambda row: row["action"] == "reopen" and row["done_at"] is None)
        return {each.delivery_id: each for each in found if each.delivery_id in deliveries}

    def of_delivery(self, delivery_id: UUID) -> list[Order]:
        return self._found(lambda row: row["delivery_id"] == delivery_id)

    def find(self, order_or_batch: UUID) -> list[Order]:
        return self._found(lambda row: order_or_batch in (row["id"], row["batch"]))

    def open_of(self, order_or_batch: UUID) -> list[Order]:
        return [each for each in self.find(order_or_batch) if each.done_at is None]

    def page(self, *, only_open: bool, after: tuple[datetime, UUID] | None, limit: int) -> list[Order]:
        found = self._found(lambda row: not only_open or row["done_at"] is None)
        return [each for each in found if after is None or (each.asked_at, each.id) > after][:limit]

    def _still_open(self, orders: Collection[UUID]) -> list[Row]:
        rows = [self._memory.tables["officer_order"].get(each) for each in orders]
        mine = [row for row in rows if row and row["authority"] == self._authority and row["done_at"] is None]
        if len(mine) != len(orders):
            raise LookupError("an order that was open is open no longer")
        return mine

    def _row(self, new: NewOrder) -> dict[str, Any]:
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
            "asked_at": self._memory.clock(),
            **_OPEN,
        }

    def _found(self, fits: Callable[[Row], bool]) -> list[Order]:
        """Oldest first."""
        rows = [row for row in self._memory.rows("officer_order", self._authority) if fits(row)]
        return [self._view(row) for row in sorted(rows, key=lambda row: (row["asked_at"], row["id"]))]

    def _view(self, row: Row) -> Order:
        delivery = self._memory.get("delivery", row["delivery_id"])
        return Order(
            **{name: row[name] for name in ("id", "batch", "delivery_id", "detail", "asked_at", "approved_at")},
            action=Action(row["action"]),
            reference=delivery["reference"] if delivery else None,
            officer=Officer(row["by"], row["through"]),
            grounds=Grounds(Because(row["reason"]), row["ticket"]),
            approver=Officer(row["approved_by"], row["approved_through"]) if row["approved_by"] else None,
            done_at=row["done_at"],
            outcome=row["outcome"],
            age=self._memory.now - row["asked_at"],
        )


class MemoryTrail(MemoryAudit):
    """`service.ports.orders.Trail`."""

    def add_all(self, entries: Sequence[AuditEntry]) -> None:
        for each in entries:
            self.add(each)
