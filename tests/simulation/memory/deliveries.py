"""Deliveries in memory: what is due, and what a sender may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from service.domain.delivery import Reason, State
from service.ports import DeliveryView, NewDelivery
from tests.simulation.memory.claims import MemoryClaims
from tests.simulation.memory.tables import CLAIMABLE, Row
from tests.simulation.memory.trigger import checked, doubted_if_restored

_VIEW = (
    "id", "kind", "submission_id", "reference", "attempts", "may_have_arrived", "record_number", "document_number",
    "created_at", "changed_at", "delivered_at",
)  # fmt: skip
_NONE = (
    "first_sent_at", "lease_until", "held_by", "put_off_since", "connector", "connector_version", "profile_digest",
    "record_number", "document_number", "evidence", "delivered_at",
)  # fmt: skip
_ZERO = ("fence", "attempts", "failures", "lapses", "lookups", "absences", "deaths")


class MemoryDeliveries(MemoryClaims):
    """`service.ports.casework.Deliveries`."""

    def add(self, new: NewDelivery) -> None:
        now = self._memory.now
        same = ("id", "kind", "submission_id", "review_id", "retracts", "reference", "child_key")
        row: dict[str, Any] = {name: getattr(new, name) for name in same}
        row |= dict.fromkeys(_NONE) | dict.fromkeys(_ZERO, 0)
        row |= dict.fromkeys(("due_at", "created_at", "changed_at", "state_since"), now)
        row |= {"authority": self._authority, "seq": self._memory.next(), "note": "", "may_have_arrived": False}
        row["asked_again"] = False
        row |= {"state": "needs_human" if new.held else "ready", "reason": (new.held or Reason.WAITING).value}
        row["changed_in"] = self._memory.transactions
        self._memory.put("delivery", new.id, checked(self._memory, doubted_if_restored(self._memory, row)))

    def set_aside(self, delivery_id: UUID, state: State) -> bool:
        return self._moved(delivery_id, ("ready", "retry", "needs_human"), state)

    def release(self, delivery_id: UUID) -> bool:
        return self._moved(delivery_id, ("needs_human",), State.READY)

    def held_for(self, reasons: Collection[Reason], limit: int) -> list[tuple[UUID, UUID]]:
        held = [
            row
            for row in self._in_order()
            if row["state"] == "needs_human" and row["reason"] in set(reasons) and not row["may_have_arrived"]
        ]
        return [(row["id"], row["submission_id"]) for row in held[:limit]]

    def get(self, delivery_id: UUID) -> DeliveryView | None:
        row = self._memory.get("delivery", delivery_id)
        return self._view(row) if row is not None and row["authority"] == self._authority else None

    def filed_as(self, submissions: Collection[UUID]) -> str | None:
        filed = [
            row["record_number"]
            for row in self._in_order()
            if row["submission_id"] in submissions and row["kind"] == "record" and row["state"] == "delivered"
        ]
        return filed[-1] if filed else None

    def next_due(self) -> timedelta | None:
        now = self._memory.now
        moments = [
            row["lease_until"] if row["state"] == "in_flight" else row["due_at"]
            for row in self._mine()
            if row["state"] in CLAIMABLE | {"in_flight"} and not self.behind_earlier(row)
        ]
        return max(min(moments) - now, timedelta(0)) if moments else None

    def of_submission(self, submission_id: UUID) -> list[DeliveryView]:
        return [self._view(row) for row in self._in_order() if row["submission_id"] == submission_id]

    def page(self, states: Collection[State], *, after: tuple[datetime, UUID] | None, limit: int) -> list[DeliveryView]:
        views = [self._view(row) for row in self._mine() if row["state"] in set(states)]
        views.sort(key=lambda each: (each.created_at, each.id))
        return [each for each in views if after is None or (each.created_at, each.id) > after][:limit]

    def _moved(self, delivery_id: UUID, before: Collection[str], after: State) -> bool:
        row = self._memory.get("delivery", delivery_id)
        if row is None or row["authority"] != self._authority:
            return False
        if row["state"] not in before or row["may_have_arrived"]:
            return False
        self._change(row, state=after.value, reason=Reason.WAITING.value, changed_at=self._memory.now)
        return True

    def _in_order(self) -> list[Row]:
        return sorted(self._mine(), key=lambda row: row["seq"])

    def _view(self, row: Row) -> DeliveryView:
        return DeliveryView(
            **{name: row[name] for name in _VIEW},
            state=State(row["state"]),
            reason=Reason(row["reason"]),
            behind_earlier=self.behind_earlier(row),
        )
