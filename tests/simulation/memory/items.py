"""Deliveries as officers see and move them, in memory; each method is one statement of `service/store/moves.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from service.domain.delivery import Reason, State
from service.ports.orders import Item, Seen, Wanted
from tests.simulation.memory.tables import IN_ORDER, TERMINAL, Memory, Row
from tests.simulation.memory.trigger import kept_to_the_table

_SAME = (
    "id", "kind", "submission_id", "review_id", "retracts", "reference", "note", "attempts", "failures", "lapses",
    "deaths", "absences", "may_have_arrived", "first_sent_at", "due_at", "connector", "connector_version",
    "profile_digest", "record_number", "document_number", "created_at", "state_since", "changed_at", "delivered_at",
    "changed_in",
)  # fmt: skip
_CLEAN = {"note": "", "failures": 0, "lapses": 0, "deaths": 0, "lookups": 0, "absences": 0, "put_off_since": None}


class MemoryItems:
    """`service.ports.orders.Items`, without the attempts, which nobody here looks at."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def get(self, reference: str, *, lock: bool = False) -> Item | None:
        return next((self._item(row) for row in self._mine() if row["reference"] == reference), None)

    def page(self, wanted: Wanted, *, after: tuple[int, UUID] | None, limit: int) -> list[Item]:
        fitting = sorted(filter(self._fits(wanted), self._mine()), key=_place)
        return [self._item(row) for row in fitting if after is None or _place(row) > after][:limit]

    def lock_all(self, wanted: Wanted, limit: int) -> list[Item]:
        return self.page(wanted, after=None, limit=limit)

    def count(self, wanted: Wanted, at_most: int) -> int:
        return min(sum(map(self._fits(wanted), self._mine())), at_most)

    def number_of(self, delivery_id: UUID) -> str | None:
        return next((row["record_number"] for row in self._mine() if row["id"] == delivery_id), None)

    def is_of_another(self, item: Item, record_number: str) -> bool:
        own = self._memory.tables["delivery"][item.id]["child_key"]
        return any(
            row["kind"] == "record" and row["record_number"] == record_number and row["child_key"] != own
            for row in self._mine()
        )

    def move(self, items: Sequence[Item], after: State, reason: Reason, *, arrived: bool | None = None) -> None:
        values: dict[str, Any] = {"state": after.value, "reason": reason.value, "delivered_at": None}
        if arrived is not None:
            values["may_have_arrived"] = arrived
        if after in (State.READY, State.UNKNOWN):
            values |= _CLEAN | {"record_number": None, "document_number": None}
        for item in items:
            self._change(item, values)

    def mark_delivered(self, item: Item, seen: Seen, order: UUID) -> None:
        values = {
            "state": State.DELIVERED.value,
            "reason": Reason.WAITING.value,
            "may_have_arrived": True,
            "record_number": seen.record_number,
            "document_number": seen.document_number,
            "evidence": {"seen_by": seen.by, "seen_at": seen.at, "order": str(order)},
            "delivered_at": self._memory.now,
            **_CLEAN,
        }
        self._change(item, values)

    def _change(self, item: Item, values: dict[str, Any]) -> None:
        row, now = self._memory.tables["delivery"][item.id], self._memory.now
        if row["state"] != item.state.value:
            raise LookupError("a delivery that was locked is not as it was seen")
        changed = {**row, **values, "due_at": now, "changed_at": now}
        self._memory.put("delivery", item.id, kept_to_the_table(self._memory, row, changed))

    def _fits(self, wanted: Wanted) -> Any:
        """Whether a row fits everything that is given."""
        before = self._memory.now - wanted.older_than

        def fits(row: Row) -> bool:
            return (
                row["state"] in wanted.states
                and (not wanted.reasons or row["reason"] in wanted.reasons)
                and (not wanted.references or row["reference"] in wanted.references)
                and (wanted.older_than <= timedelta(0) or row["state_since"] <= before)
            )

        return fits

    def _item(self, row: Row) -> Item:
        record = self._memory.tables["submission"][row["submission_id"]]
        withdrawn = record["withdrawn_by"] is not None
        return Item(
            **{name: row[name] for name in _SAME},
            state=State(row["state"]),
            reason=Reason(row["reason"]),
            record_type=record["record_type"],
            withdrawn=withdrawn,
            corrected=record["superseded_by"] is not None and not withdrawn,
            behind=self._behind(row),
            now=self._memory.now,
        )

    def _behind(self, row: Row) -> str | None:
        if row["kind"] not in IN_ORDER or row["state"] in TERMINAL:
            return None
        earlier = [
            other
            for other in self._mine()
            if other["child_key"] == row["child_key"]
            and other["kind"] in IN_ORDER
            and other["seq"] < row["seq"]
            and other["state"] not in TERMINAL
        ]
        return min(earlier, key=lambda other: other["seq"])["reference"] if earlier else None

    def _mine(self) -> list[Row]:
        return list(self._memory.rows("delivery", self._authority))


def _place(row: Row) -> tuple[int, UUID]:
    return row["changed_in"], row["id"]
