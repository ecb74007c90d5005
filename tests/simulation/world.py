"""One seed's world: who is there, how the case systems are, and what goes wrong; run to its end and looked at."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from service.domain import reviews
from service.domain.delivery.breaker import Hold
from service.errors import Unavailable
from service.usecases.deliver import Lane
from service.usecases.orders.desk import OrderDesk
from service.usecases.outcome import Pace
from service.usecases.package import Packer
from service.usecases.raise_reviews import ReviewRaiser
from service.usecases.receive import Receiver
from service.usecases.release_hold import HoldReleaser
from tests.simulation.baton import Baton, Killed, Process, Violation
from tests.simulation.calendar import Calendar
from tests.simulation.fortune import Fortune, Lanes
from tests.simulation.invariants import Invariants
from tests.simulation.memory import Change, MemoryCasework
from tests.simulation.memory.store import Moments
from tests.simulation.officers import Officers
from tests.simulation.places import KINDS, Place, SimulatedSystem, Surroundings
from tests.simulation.records import CODES, Writer
from tests.simulation.senders import Sender, Wakeups
from tests.simulation.surroundings import START, Log, Papers, PlainVault, moment, seeded
from tests.simulation.workers import housekeeper, worker

STORM = 1200.0
"""Seconds of trouble, before everything is made well."""
MATTERS = ("delivery", "submission", "review", "hold")
"""Tables whose changes are worth being killed at."""
STEPS_MAX = 15_000
DAYS = 86_400.0


@dataclass
class World:
    """Everything of one seed."""

    seed: int
    trace: bool = False
    fortune: Fortune = field(init=False)
    workers: list[Process] = field(default_factory=list)
    killed: int = 0
    frozen: int = 0
    chores_end: bool = False

    def __post_init__(self) -> None:
        self.rng = random.Random(f"world {self.seed}")
        self.fortune = fortune = Fortune.drawn(self.rng)
        self.baton = Baton(self.seed)
        self.baton.trace = self.trace
        self.log = Log()
        self.others = Process("others", mortal=False)
        self.casework = MemoryCasework(lambda: moment(self.baton.now))
        self.memory = self.casework.memory
        self.places: dict[str, Place] = {}
        self.check = Invariants(self.baton, self.memory, self.places, timedelta(seconds=fortune.quiet))
        self.places |= {code: self._place(code, kind) for code, kind in zip(CODES, KINDS, strict=True)}
        self.lanes = Lanes({code: self._lane(code) for code in CODES})
        self.check.in_flight_max |= {code: lane.in_flight_max for code, lane in self.lanes.items()}
        self.calendar = Calendar(self.baton, self.memory, self.lanes)
        self.papers = Papers(self.check.begun, self._stop_this_worker)
        self.vault = PlainVault()
        self.wakeups = Wakeups(self.baton, self.others, self.workers, fortune.wakeups_lost)
        self.sender = Sender(self.baton, Receiver(self.casework, self.vault, self.wakeups), self.check)
        self.packer = Packer(self.casework, self.vault, self.papers)
        desk, releaser = OrderDesk(self.casework, self.wakeups), HoldReleaser(self.casework, self.wakeups)
        self.officers = Officers(desk, releaser, self.check, self.rng)
        self._writers = [Writer(code, self.rng) for code in CODES]
        self._healed = False

    def _place(self, code: str, kind: Any) -> Place:
        fortune = self.fortune
        begins = self.rng.random() * STORM
        outages = [(begins, begins + self.rng.choice([0, 60, 900]))]
        place = Place(
            code, kind, self.rng, self._around(), self.check, fortune.lease, fortune.quiet, fortune.badness, outages
        )
        place.strangers = {"C1"} if self.rng.random() < 0.2 else set()
        return place

    def _around(self) -> Surroundings:
        return Surroundings(
            now=lambda: self.baton.now,
            step=self._step,
            later=self._later,
            latest=self._latest,
        )

    def _lane(self, code: str) -> Lane:
        system = SimulatedSystem(self.places[code])
        adapter: Any = SimpleNamespace(
            authority=code,
            profile_digest="simulated",
            case_system=system,
            documents=system,
            answers=lambda record, reference: (),
        )
        pace = Pace(quiet=int(self.fortune.quiet), poll=60, answer_within=1800)
        return Lane(adapter, f"Council {code}", pace, in_flight_max=self.rng.choice([1, 2, 4]))

    # What may happen at a step

    def _step(self, what: str, *, wait: float = 0.0) -> None:
        self._strike()
        self.baton.point(what, wait=wait)

    def _strike(self) -> None:
        """Kills or stops the process of whoever runs now, or of anybody."""
        current, fortune, chance = self.baton.current, self.fortune, self.baton.rng
        if current is None or current.doomed or self._healed:
            return
        if chance.random() < fortune.kill and self.workers:
            victim = chance.choice([current.process, current.process, chance.choice(self.workers)])
            if victim.mortal and victim.alive:
                self.kill(victim)
        elif chance.random() < fortune.freeze and current.process.mortal:
            self._freeze(current.process)

    def _freeze(self, process: Process) -> None:
        """For longer than a lease, sometimes; not so long that what it had begun arrives after the second look-up."""
        lease, quiet = self.fortune.lease, self.fortune.quiet
        if self.baton.now < process.stands.get("may_freeze_at", 0.0):
            return
        wait = self.baton.rng.random() * (0.4 * lease + 0.7 * quiet)
        process.frozen_until = self.baton.now + wait
        process.stands["may_freeze_at"] = self.baton.now + 3 * (lease + quiet)
        self.frozen += 1
        self.baton.say(f"** {process.name} stands still for {wait:.1f} s")

    def kill(self, process: Process) -> None:
        """SIGKILL. A worker is started again a while later, as another."""
        self.killed += 1
        self.baton.say(f"** {process.name} is killed")
        self.baton.kill(process)
        if process in self.workers:
            self.workers.remove(process)
            wait = self.baton.rng.random() * 30
            self.baton.spawn(self.others, "supervisor", self._start_worker, after=wait)

    def _stop_this_worker(self, reference: str) -> None:
        """The record does what an endless recursion would do, until a person has mended it."""
        current = self.baton.current
        if self._healed or reference in self.check.people.let_go:
            return
        self.check.stopped_a_worker(reference)
        if current is not None and current.process.mortal:
            self.kill(current.process)
            raise Killed

    def _before(self) -> None:
        self.baton.point("begins a transaction")
        self._away("The database cannot be reached.")

    def _committing(self) -> None:
        """Nobody else may go on here: a transaction is one step. But it may be the last of its process."""
        if not self.memory.touched(*MATTERS):
            return
        self._strike()
        self.baton.refuse_the_dead()
        self._away("The connection was lost before the commit.")

    def _away(self, words: str) -> None:
        if not self._healed and self.baton.current and self.baton.rng.random() < self.fortune.away:
            self.baton.say(f"** {words}")
            raise Unavailable(words)

    def _committed(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        current = self.baton.current
        for change in changes:
            if change.table == "attempt" and change.after["phase"] == "sending" and current is not None:
                current.stands["sending_at"] = self.memory.now
            if change.table == "delivery":
                was = change.before["state"] if change.before else "-"
                after = change.after
                self.baton.say(f"   {after['reference'][:10]} {was} -> {after['state']} {after['reason']}")
        self.calendar.changed(changes)
        self.check.committed(changes)
        if any(change.table in MATTERS for change in changes):
            self._strike()
            self.baton.point("committed")
            self._away("The connection was lost after the commit.")

    def _latest(self) -> float:
        """By when what is sent now has arrived: before the second look-up that anybody could make."""
        current = self.baton.current
        sent = current.stands.get("sending_at", self.memory.now) if current else self.memory.now
        return float((sent - START).total_seconds()) + self.fortune.lease + 0.8 * self.fortune.quiet

    def _later(self, wait: float, do: Callable[[], None]) -> None:
        self.baton.spawn(self.others, "on its way", do, after=wait)

    # Who is there

    def _start_worker(self) -> None:
        fortune, number = self.fortune, len(self.workers) + self.killed
        process, _ = worker(
            self.baton, f"worker {number}", self.casework, self.packer, self.lanes, is_due=self.calendar.is_due,
            lease=fortune.lease, threads=fortune.threads,
        )  # fmt: skip
        always = reviews.Calendar(bool, around_the_clock=True)
        raiser = ReviewRaiser(self.casework, self.wakeups, lambda: moment(self.baton.now), self.lanes, {}, always)
        housekeeper(self.baton, process, [lambda: None if self.chores_end else raiser.raise_due()])
        self.workers.append(process)

    def _people(self) -> None:
        """Officers, now and then; and profiles that go out of use and come back."""
        while not self._healed:
            self.baton.point("an officer comes", wait=self.baton.rng.random() * 120)
            if self._healed:
                return
            with suppress(Unavailable):
                self.officers.look_in()
            if self.baton.rng.random() < 0.1:
                self.lanes.out_of_use = {self.baton.rng.choice(CODES)} if self.baton.rng.random() < 0.5 else set()

    # The run

    def run(self) -> None:
        """Raises `Violation`, or whatever else went wrong."""
        with seeded(self.seed, self.baton, self.log):
            self._populate()
            self.baton.run()
            self.check.at_rest()

    def _populate(self) -> None:
        self.casework.moments = Moments(self._before, self._committing, self._committed)
        self.baton.on_step, self.baton.when_idle = self._look, self.calendar.next
        self.baton.skipped = self._skipped
        for _ in range(self.fortune.workers):
            self._start_worker()
        for _ in range(self.fortune.records):
            incoming = self.rng.choice(self._writers).next()
            wait = self.rng.choice([5.0, 300.0, STORM * 0.8]) * self.rng.random()
            self.baton.spawn(self.others, "sender", lambda given=incoming: self.sender.send(given), after=wait)
            if len(self.papers.poison) < self.fortune.poison:
                self.papers.poison.add(incoming.record["submission_id"])
        self.baton.spawn(self.others, "officer", self._people, after=60)
        self.baton.spawn(self.others, "healer", self._heal, after=STORM)

    def _heal(self) -> None:
        """Everything answers and stays; lanes go; a person deals with what waits, until nothing is left that moves."""
        self._healed = True
        self.lanes.out_of_use = set()
        for place in self.places.values():
            place.healed = True
            self.officers.switch(place.authority, Hold.NONE)
        for _ in range(4):
            self.baton.point("time runs on", wait=DAYS)
            for authority in self.places:
                for _ in range(2):
                    self.officers.settle_one(authority)
        self.chores_end = True
        self.baton.point("time runs on", wait=DAYS)
        self.baton.over = lambda: True

    def _look(self) -> None:
        self.check.step()
        if self.log.failures:
            self._look_at_failures()
        if self.baton.steps > STEPS_MAX:
            raise Violation(f"no rest after {STEPS_MAX} steps")

    def _look_at_failures(self) -> None:
        faults = [said for said in self.log.failures if said.get("error") != "Unavailable"]
        if faults:
            raise Violation(f"the dispatcher met a fault of ours: {faults[0]}")
        self.log.failures.clear()

    def _skipped(self, until: float) -> None:
        """Turns that find nothing are left out; what they would have noted is noted: that the workers are there."""
        for process in self.workers:
            dispatcher = process.stands["dispatcher"]
            row = self.memory.get("worker", process.stands["worker"])
            if row is not None and process.frozen_until <= self.baton.now:
                self.memory.tables["worker"][row["id"]] = {**row, "seen_at": moment(until)}
                dispatcher._steady += until > self.baton.now + 5
