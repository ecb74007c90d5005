"""Officers: they pause, stop and let go on; they look at what waits for a person and do what the table allows.

They read a place as a person would, with their own eyes, and the table says what they may do with what they saw. Each
act is one transaction with its audit entry.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from service.domain.delivery import Event, Move, Reason, State, next_state
from service.domain.delivery.breaker import Hold
from service.ports import AuditEntry
from service.usecases.release_hold import HoldReleaser
from tests.simulation.memory import Memory, MemoryCasework, Row, RuleBroken
from tests.simulation.memory.trigger import kept_to_the_table
from tests.simulation.places import Place

OFFICER = "officer"


class Officer:
    """One person for all authorities. `said` is told of every reference they let go on."""

    def __init__(
        self,
        casework: MemoryCasework,
        places: dict[str, Place],
        rng: random.Random,
        releaser: HoldReleaser,
        said: Callable[[str], None],
    ) -> None:
        self._casework, self._places, self._rng, self._releaser, self._said = casework, places, rng, releaser, said
        self.acts = 0

    def look_in(self) -> None:
        """One look at one authority, and perhaps one act."""
        authority = self._rng.choice(sorted(self._places))
        drawn = self._rng.random()
        if drawn < 0.3:
            self.hold(self._busy() or authority, self._rng.choice([Hold.PAUSED, Hold.STOPPED]))
        elif drawn < 0.4:
            for each in self._places:
                self.hold(each, Hold.NONE)
        elif drawn < 0.5:
            self.put_by(authority)
        else:
            self.settle_one(authority)

    def _busy(self) -> str | None:
        """Where something is under way: a hold matters most there."""
        rows = self._casework.memory.tables["delivery"].values()
        return next((str(row["authority"]) for row in rows if row["state"] == "in_flight"), None)

    def hold(self, authority: str, hold: Hold) -> None:
        """Pauses, stops, lets go."""
        with self._casework.transaction(authority) as tx:
            if tx.lane.hold(hold, by=OFFICER, reason="simulation"):
                tx.audit.add(AuditEntry(OFFICER, "lane_held", "lane", authority))
        self.acts += 1

    def put_by(self, authority: str) -> None:
        """Asks for one that waits its turn to wait for a person instead."""
        rows = [row for row in self._rows(authority) if row["state"] in ("ready", "retry", "unknown")]
        if rows:
            self.act(authority, self._rng.choice(rows), Event.HELD, reason=Reason.HELD_BY_OFFICER.value)

    def settle_one(self, authority: str) -> None:
        """Deals with one item that waits for a person, by what stands in the case system."""
        self.let_go_on(authority)
        rows = [row for row in self._rows(authority) if row["state"] == "needs_human"]
        if not rows:
            return
        row = self._rng.choice(rows)
        place = self._places[authority]
        there = [entry for entry in place.filed[row["reference"]] if entry.done]
        if there and row["may_have_arrived"]:
            event = self._rng.choice([Event.EVIDENCED, Event.REPLAYED])
        elif place.filed[row["reference"]]:
            event = Event.REPLAYED
        else:
            event = self._rng.choice([Event.REPLAYED, Event.RELEASED, Event.CANCELLED])
        number = there[0].number if there and event is Event.EVIDENCED else None
        place.strangers.clear()
        self.act(authority, row, event, number=number)

    def let_go_on(self, authority: str) -> None:
        """Lets go what a rule of training holds."""
        with self._casework.transaction(authority) as tx:
            held = tx.holds.page(after=None, limit=5)
        for hold in held:
            self._releaser.release(authority, hold.id, by=OFFICER, actor=OFFICER)

    def act(
        self, authority: str, row: Row, event: Event, *, reason: str = Reason.WAITING.value, number: str | None = None
    ) -> None:
        """One move, if the table knows it from where the delivery stands by then."""
        with self._casework.transaction(authority) as tx:
            if self._moved(self._casework.memory, row["id"], event, reason, number):
                tx.audit.add(AuditEntry(OFFICER, f"delivery_{event.value}", "delivery", str(row["id"])))
        self.acts += 1

    def _moved(self, memory: Memory, key: Any, event: Event, reason: str, number: str | None) -> bool:
        row = memory.tables["delivery"][key]
        move = next_state(State(row["state"]), event)
        nothing_sent = event in (Event.RELEASED, Event.CANCELLED, Event.SUPERSEDED)
        if not isinstance(move, Move) or (nothing_sent and row["may_have_arrived"] and event is Event.RELEASED):
            return False
        values: dict[str, Any] = {"state": move.after.value, "reason": reason, "due_at": memory.now}
        if event is Event.REPLAYED:
            values |= {"may_have_arrived": True, "lapses": 0, "deaths": 0, "failures": 0, "absences": 0}
            values |= {"reason": Reason.NO_CLEAR_ANSWER.value}
        if event is Event.RELEASED:
            values |= {"lapses": 0, "deaths": 0, "failures": 0}
        if event is Event.EVIDENCED:
            values |= {"record_number": number, "evidence": {}, "delivered_at": memory.now}
        try:
            memory.put("delivery", key, kept_to_the_table(memory, row, {**row, **values}))
        except RuleBroken:
            return False
        if event in (Event.REPLAYED, Event.RELEASED):
            self._said(row["reference"])
        return True

    def _rows(self, authority: str) -> list[Row]:
        with self._casework.transaction(authority):
            return sorted(self._casework.memory.rows("delivery", authority), key=lambda row: row["seq"])
