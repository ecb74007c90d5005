"""Lanes and workers in memory. The breaker's arithmetic is the domain's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from service.domain.delivery import Reason
from service.domain.delivery.breaker import Breaker, Hold, after, slots
from service.domain.delivery.failures import Weight
from service.ports import LaneView
from tests.simulation.memory.tables import Memory, Row

SILENT = timedelta(seconds=15)
_STOPPED, _PAUSED = Hold.STOPPED.value, Hold.PAUSED.value
_NEW = {
    "hold": "", "hold_by": None, "hold_reason": None, "hold_at": None, "breaker": Breaker(), "open_reason": None,
    "opened_at": None, "open_until": None, "quiet_until": None, "swept_at": None,
}  # fmt: skip


@dataclass(frozen=True)
class Room:
    """How many may be claimed now."""

    slots: int
    probing: bool = False
    only_to_look_up: bool = False
    wary: bool = False


class MemoryLane:
    """`service.ports.casework.Lanes`."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def room(self, in_flight_max: int) -> Room:
        lane, now = self.row(), self._memory.now
        quiet = lane["quiet_until"] is not None and lane["quiet_until"] > now
        if self._memory.mode == "reconcile_first" or lane["hold"] == _STOPPED or quiet:
            return Room(0)
        breaker = lane["breaker"]
        free = slots(breaker, cooled=self._cooled(lane), in_flight=self._in_flight(), limit=in_flight_max)
        paused = lane["hold"] == _PAUSED
        return Room(free, probing=breaker.is_open, only_to_look_up=paused, wary=not breaker.is_well)

    def tell(self, weight: Weight, reason: Reason, waits: timedelta, *, in_flight_max: int) -> None:
        lane = self._memory.get("lane", self._authority)
        if weight is Weight.NOTHING or lane is None or (weight is Weight.ANSWERED and lane["breaker"].is_pristine):
            return
        before = lane["breaker"]
        told = after(before, weight, cooled=self._cooled(lane), limit=in_flight_max)
        if told != before or waits:
            self._change(**self._told(before, told, reason, waits))

    def _told(self, before: Breaker, told: Breaker, reason: Reason, waits: timedelta) -> dict[str, Any]:
        now = self._memory.now
        values: dict[str, Any] = {"breaker": told}
        if told.is_open and told != before:
            lasting = max(timedelta(seconds=told.open_for), waits)
            values |= {"open_reason": reason.value, "open_until": now + lasting}
            values |= {} if before.is_open else {"opened_at": now}
        elif not told.is_open:
            values |= {"open_reason": None, "open_until": None, "opened_at": None}
            values |= {"quiet_until": now + waits} if waits else {}
        return values

    def lets_nothing_out(self, *, probing: bool) -> bool:
        """Stopped by a person; or closed by its breaker, which holds all but the one that is let try."""
        lane = self._memory.get("lane", self._authority)
        if lane is None:
            return False
        return lane["hold"] == _STOPPED or (lane["breaker"].is_open and not probing)

    def view(self) -> LaneView:
        lane = self.row()
        reason = lane["open_reason"]
        return LaneView(
            hold=Hold(lane["hold"]),
            **{name: lane[name] for name in ("hold_by", "hold_reason", "hold_at", "breaker", "opened_at")},
            **{name: lane[name] for name in ("open_until", "quiet_until", "swept_at")},
            open_reason=Reason(reason) if reason else None,
            in_flight=self._in_flight(),
            now=self._memory.now,
        )

    def hold(self, hold: Hold, *, by: str, reason: str) -> bool:
        if self.row()["hold"] == hold.value:
            return False
        self._change(hold=hold.value, hold_by=by, hold_reason=reason, hold_at=self._memory.now)
        return True

    def swept(self) -> None:
        self.row()
        self._change(swept_at=self._memory.now)

    def _cooled(self, lane: Row) -> bool:
        return lane["open_until"] is None or bool(lane["open_until"] <= self._memory.now)

    def _in_flight(self) -> int:
        rows = self._memory.rows("delivery", self._authority)
        return sum(row["state"] == "in_flight" and row["lease_until"] >= self._memory.now for row in rows)

    def row(self) -> Row:
        """Made when somebody first asks."""
        found = self._memory.get("lane", self._authority)
        return found if found is not None else self._made()

    def _made(self) -> Row:
        row = {"authority": self._authority, **_NEW}
        self._memory.put("lane", self._authority, row)
        return row

    def _change(self, **values: Any) -> None:
        self._memory.update("lane", self._authority, **values)


class MemoryWorkers:
    """Of no authority: a worker serves all of them."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def seen(self, worker: UUID) -> None:
        if self._memory.get("worker", worker) is None:
            self._memory.put("worker", worker, {"id": worker, "started_at": self._memory.now})
        self._memory.update("worker", worker, seen_at=self._memory.now, ended_at=None)

    def ended(self, worker: UUID) -> None:
        if self._memory.get("worker", worker) is not None:
            self._memory.update("worker", worker, ended_at=self._memory.now)

    def is_gone(self, worker: UUID | None) -> bool:
        row = self._memory.get("worker", worker) if worker else None
        return row is not None and row["ended_at"] is None and row["seen_at"] < self._memory.now - SILENT

    def may_be_gone(self, worker: UUID | None, lease_until: datetime, *, judging: bool) -> bool:
        """Not seen since its lease ended, and nobody can be sure yet."""
        row = self._memory.get("worker", worker) if worker else None
        if row is None or row["ended_at"] is not None or row["seen_at"] >= lease_until:
            return False
        return not (judging and self.is_gone(worker))
