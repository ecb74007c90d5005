"""Officers, through the use cases of their orders: they pause, stop and let go on; they deal with what waits for them.

They read a place as a person would, with their own eyes, and say what they saw. What they may do is the service's to
decide: they also ask for what it must refuse. Where the database was away, they ask once more for the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from service.domain.delivery import State
from service.domain.delivery.breaker import Hold
from service.domain.orders import OF_A_LANE, Because
from service.errors import NotPossible, Unavailable
from service.ports.orders import Grounds, Officer, Seen, Wanted
from service.usecases.orders.approve import decide
from service.usecases.orders.cancel import cancel
from service.usecases.orders.desk import OrderDesk
from service.usecases.orders.evidence import mark_delivered
from service.usecases.orders.hold import hold
from service.usecases.orders.reopen import ask_to_reopen
from service.usecases.orders.replay import replay
from service.usecases.orders.replay_many import list_many, replay_many
from service.usecases.orders.supersede import supersede
from service.usecases.orders.switch_lane import switch_lane
from service.usecases.release_hold import HoldReleaser
from tests.simulation.invariants import Invariants
from tests.simulation.memory import Row
from tests.simulation.places import Entry, Place

ANN, BEN = Officer("ann-officer", "ann's desk"), Officer("ben-officer", "ben's desk")
SWITCHES = {hold: action for action, hold in OF_A_LANE.items()}
SETTLED, PUT_RIGHT = Grounds(Because.SETTLED), Grounds(Because.PUT_RIGHT, "SD-1")
LOST = Grounds(Because.RESTORED_THERE)
MANY = 4


class Officers:
    """Two people for all authorities: one orders, the other approves. `refused` counts what was not possible."""

    def __init__(self, desk: OrderDesk, releaser: HoldReleaser, check: Invariants, rng: random.Random) -> None:
        self._desk, self._releaser, self._check, self._rng = desk, releaser, check, rng
        self._memory, self._places = check.memory, check.places
        self.refused = 0

    def look_in(self) -> None:
        """One look at one authority, and perhaps one act."""
        authority = self._rng.choice(sorted(self._places))
        drawn = self._rng.random()
        if drawn < 0.25:
            self.switch(self._busy() or authority, self._rng.choice([Hold.PAUSED, Hold.STOPPED]))
        elif drawn < 0.35:
            for each in self._places:
                self.switch(each, Hold.NONE)
        elif drawn < 0.42:
            self.put_by(authority)
        elif drawn < 0.65:
            self.reopen(authority)
        elif drawn < 0.7:
            self.replay_all(authority)
        else:
            self.settle_one(authority)

    def switch(self, authority: str, wanted: Hold) -> None:
        """Pauses, stops, lets go."""
        self._ordered(switch_lane, authority, SWITCHES[wanted], ANN, Grounds(Because.MAINTENANCE))

    def put_by(self, authority: str) -> None:
        """Asks for one to wait for a person; mostly one that waits its turn."""
        rows = self._rows(authority, "ready", "retry", "unknown") or self._rows(authority)
        if rows:
            self._ordered(hold, authority, self._rng.choice(rows)["reference"], ANN, Grounds(Because.LOOKS_WRONG))

    def settle_one(self, authority: str) -> None:
        """Deals with one item that waits for a person, by what stands in the case system."""
        self._let_go_on(authority)
        if rows := self._rows(authority, "needs_human"):
            self._settle(self._places[authority], self._rng.choice(rows))
            self._places[authority].strangers.clear()

    def _settle(self, place: Place, row: Row) -> None:
        reference, there = row["reference"], place.filed[row["reference"]]
        finished = next((entry for entry in there if entry.done), None)
        if finished is not None and self._rng.random() < 0.5:
            self._say_that_it_is_there(place, row, finished)
        elif there or self._rng.random() < 0.4:
            self._let_go(place.authority, reference)
        else:
            self._say_that_it_is_not_there(place, reference)

    def _say_that_it_is_there(self, place: Place, row: Row, entry: Entry) -> None:
        """Of a withdrawal, the number is that of the record which was taken back."""
        taken_back = [number for number, by in place.withdrawn.items() if row["reference"] in by]
        number = taken_back[0] if taken_back else entry.number
        seen = Seen(number, None, ANN.by, "2026-11-22T12:00:00+00:00")
        grounds = Grounds(Because.SEEN_THERE)
        self._ordered(mark_delivered, place.authority, row["reference"], ANN, grounds, seen=seen)

    def _let_go(self, authority: str, reference: str) -> None:
        """Without having looked: whatever may have arrived has to be looked up."""
        self._ordered(replay, authority, reference, ANN, PUT_RIGHT, about=[reference])

    def _say_that_it_is_not_there(self, place: Place, reference: str) -> None:
        """Who looks has waited until what was on its way must have arrived, as the service does; else says less."""
        looked = self._check.has_settled(place, reference)
        do: Callable[..., Any] = self._rng.choice([replay, replay, cancel, supersede])
        because = {cancel: Because.NOT_NEEDED, supersede: Because.CORRECTED}.get(do, Because.NOT_FOUND_THERE)
        grounds = Grounds(because)
        self._ordered(do, place.authority, reference, ANN, grounds, about=[reference], looked=looked, not_there=looked)

    def reopen(self, authority: str) -> None:
        """Of what was delivered, one is gone there, or only thought to be; another person agrees or does not."""
        rows = self._rows(authority, "delivered")
        if not rows:
            return
        row = self._rng.choice(rows)
        asked = self._ordered(ask_to_reopen, authority, row["reference"], ANN, LOST)
        if asked is not None:
            self._ordered(decide, authority, asked.id, ANN, approve=True)  # nobody approves their own
            agrees = self._rng.random() < 0.7
            with self._restored_there(authority, row, asked.id):
                self._ordered(decide, authority, asked.id, BEN, about=[row["reference"]] * agrees, approve=agrees)

    @contextmanager
    def _restored_there(self, authority: str, row: Row, order: UUID) -> Iterator[None]:
        """The case system has lost it, sometimes; never without the two who say so, or a loss would be nobody's."""
        filed, reference = self._places[authority].filed, row["reference"]
        before = filed[reference]
        filed[reference] = [] if self._rng.random() < 0.5 else before
        try:
            yield
        finally:
            if self._memory.tables["officer_order"][order]["outcome"] != "unknown":
                filed[reference] = before

    def replay_all(self, authority: str) -> None:
        """As they were listed; what fits no more by then is a reason to look again."""
        wanted = Wanted([State.NEEDS_HUMAN])
        found = self._ordered(list_many, authority, wanted, MANY)
        if found is not None and found.listed:
            about = [each.reference for each in found.listed if each.leads_to]
            bounds = {"limit": MANY, "expect": found.digest}
            self._ordered(replay_many, authority, wanted, ANN, SETTLED, about=about, **bounds)

    def _let_go_on(self, authority: str) -> None:
        """Lets go what a rule of training holds."""
        with self._desk.store.transaction(authority) as tx:
            held = tx.holds.page(after=None, limit=5)
        for each in held:
            self._releaser.release(authority, each.id, by=ANN.by, actor=ANN.by)

    def _ordered(
        self, do: Callable[..., Any], *given: Any, about: Sequence[str] = (), looked: bool = False, **more: Any
    ) -> Any:
        """What came of it; None where it is not possible, or the database stays away."""
        try:
            with self._check.people.say(about, looked=looked):
                return self._asked(do, *given, **more)
        except NotPossible:
            self.refused += 1
        except Unavailable:
            """They come again some other time."""
        return None

    def _asked(self, do: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """Once more for the same, when no answer came: it may have been done."""
        try:
            return do(self._desk, *given, **more)
        except Unavailable:
            return do(self._desk, *given, **more)

    def _busy(self) -> str | None:
        """Where something is under way: a hold matters most there."""
        rows = self._memory.tables["delivery"].values()
        return next((str(row["authority"]) for row in rows if row["state"] == "in_flight"), None)

    def _rows(self, authority: str, *states: str) -> list[Row]:
        with self._desk.store.transaction(authority):
            rows = self._memory.rows("delivery", authority)
            return sorted((row for row in rows if not states or row["state"] in states), key=lambda row: row["seq"])
