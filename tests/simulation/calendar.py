"""When the database could next have something for a worker: turns before that find nothing, and may be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from tests.simulation.baton import Baton
from tests.simulation.fortune import Lanes
from tests.simulation.memory import Change, Memory, Row
from tests.simulation.memory.deliveries import MemoryDeliveries
from tests.simulation.memory.tables import CLAIMABLE
from tests.simulation.records import CODES
from tests.simulation.surroundings import START


@dataclass
class Calendar:
    """Kept for each authority until something of its changes."""

    baton: Baton
    memory: Memory
    lanes: Lanes
    _due_at: dict[str, float] = field(default_factory=dict)
    _first: float | None = None

    def changed(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if change.table in ("delivery", "lane"):
                self._due_at.pop(change.after["authority"], None)
                self._first = None

    def is_due(self, authority: str) -> bool:
        """Whether a claim might find something."""
        return self._due_in(authority) <= self.baton.now

    def next(self) -> float:
        """The simulation's second; now when something is due."""
        if self._first is None:
            self._first = min(map(self._due_in, CODES))
        return max(self.baton.now, self._first)

    def _due_in(self, authority: str) -> float:
        if authority not in self._due_at:
            rows = self.memory.rows("delivery", authority)
            full = sum(row["state"] == "in_flight" for row in rows) >= self.lanes[authority].in_flight_max
            self._due_at[authority] = min((self._due(row, full=full) for row in rows), default=inf)
        return self._due_at[authority]

    def _due(self, row: Row, *, full: bool) -> float:
        """When it could be claimed, unless something else happens first. A full lane has room when a lease ends."""
        lane: Any = self.memory.get("lane", row["authority"]) or {}
        under_way = row["state"] == "in_flight"
        held = lane.get("hold") == "stopped" or (lane.get("hold") == "paused" and not row["may_have_arrived"])
        waits = under_way or (row["state"] in CLAIMABLE and not full)
        if not waits or held or MemoryDeliveries(self.memory, row["authority"]).behind_earlier(row):
            return inf
        times = [row["lease_until"] or row["due_at"], lane.get("open_until"), lane.get("quiet_until")]
        return max((each - START).total_seconds() for each in times if each is not None)
