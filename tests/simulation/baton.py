"""One thing at a time: actors are threads, and only the one with the baton runs. A seed says who is given it next.

Real use cases are plain functions, so each actor has a thread; it hands the baton on wherever it calls a port, and
nowhere else. A process that is killed never runs again from where it stood: no `except` or `finally` of the service
has an effect, because every port refuses the dead. Time is the simulation's own, and jumps when nobody can go on.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any

from tests.simulation.hands import Hand, Turn

TICK = 0.02
"""Seconds that a step takes at most, where it does not wait."""
TOLD = 60
"""So many of the last steps are printed with a failure."""


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the service may handle it."""


class Violation(BaseException):
    """Something that must always hold does not. Not an `Exception`, so that no part of the service handles it."""


@dataclass(eq=False)
class Process:
    """What is killed and stands still together."""

    name: str
    mortal: bool = True
    alive: bool = True
    frozen_until: float = 0.0
    actors: list[Actor] = field(default_factory=list)
    stands: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Actor:
    """One thread of a process.

    `idle` says that it waits for its next turn only because turns come round; `sweeps`, that it does nothing in a turn
    but look for what is due, so that turns with nothing due may be left out.
    """

    name: str
    process: Process
    do: Callable[[], None]
    turn: Turn | None = None
    wakes_at: float = 0.0
    idle: bool = False
    sweeps: bool = False
    doomed: bool = False
    reaped: bool = False
    done: bool = False
    stands: dict[str, Any] = field(default_factory=dict)

    @property
    def ready_at(self) -> float:
        wakes_at, thaws_at = self.wakes_at, self.process.frozen_until
        return wakes_at if wakes_at > thaws_at else thaws_at


class Uninterrupted:
    """While it lasts, nobody else goes on."""

    __slots__ = ("_baton", "_before")

    def __init__(self, baton: Baton) -> None:
        self._baton, self._before = baton, baton.uninterrupted

    def __enter__(self) -> None:
        self._baton.uninterrupted = True

    def __exit__(self, *_: object) -> None:
        self._baton.uninterrupted = self._before


class Baton:
    """The scheduler. `on_step` is called before every choice; `when_idle` says until when nothing can be due."""

    def __init__(self, seed: object) -> None:
        self.rng = random.Random(f"schedule {seed}")
        self.now = 0.0
        self.steps = 0
        self.actors: list[Actor] = []
        self.current: Actor | None = None
        self.failure: BaseException | None = None
        self._last: deque[tuple[int, float, str, str]] = deque(maxlen=TOLD)
        self.trace = False
        self.uninterrupted = False
        self.on_step: Callable[[], None] = lambda: None
        self.when_idle: Callable[[], float] = lambda: inf
        self.skipped: Callable[[float], None] = lambda _until: None
        self.over: Callable[[], bool] = lambda: False
        self._main, self._gone = Turn(), Turn()

    def spawn(self, process: Process, name: str, do: Callable[[], None], *, after: float = 0.0) -> Actor:
        """A new actor, which gets its first turn after so many seconds."""
        actor = Actor(name, process, do, wakes_at=self.now + after)
        process.actors.append(actor)
        self.actors.append(actor)
        return actor

    def run(self) -> None:
        """Until `over`, or until nobody has anything left to do. Raises what went wrong."""
        if (first := self._choose()) is not None:
            self._give(first)
            self._main.wait()
        for process in {actor.process for actor in self.actors}:
            self.kill(process)
        if self.failure is not None:
            raise self.failure

    def point(self, what: str, *, wait: float = 0.0, idle: bool = False) -> None:
        """Somebody else may go on from here, and this one later; or never."""
        me = self.current
        if me is None or self.uninterrupted:
            return
        self._refuse_the_dead(me)
        self.say(what)
        me.wakes_at, me.idle = self.now + wait, idle
        following = self._choose()
        if following is not me:
            self._give(following)
            assert me.turn is not None
            me.turn.wait()
        self._refuse_the_dead(me)
        me.idle = False

    def in_one_step(self) -> Uninterrupted:
        """Nobody else goes on within it."""
        return Uninterrupted(self)

    def say(self, what: str) -> None:
        """A line of the trace."""
        step = (self.steps, self.now, self.current.name if self.current else "-", what)
        self._last.append(step)
        if self.trace:
            print(_line(*step))  # noqa: T201 - what --trace is for

    @property
    def last(self) -> tuple[str, ...]:
        """The end of the trace, written out only when somebody asks."""
        return tuple(_line(*step) for step in self._last)

    def kill(self, process: Process) -> None:
        """All its actors end where they stand; the one that runs now, at its next step."""
        process.alive = False
        running = self.current
        for actor in list(process.actors):
            actor.doomed = True
            if actor is not running:
                self._reap(actor)
        self.current = running

    def _reap(self, actor: Actor) -> None:
        actor.reaped = True
        self.current = actor
        if actor.turn is None:
            self._remove(actor)
        else:
            actor.turn.give()
            self._gone.wait()

    def refuse_the_dead(self) -> None:
        """Where nobody else may go on, but a process may have ended."""
        if self.current is not None:
            self._refuse_the_dead(self.current)

    def _refuse_the_dead(self, me: Actor) -> None:
        if me.doomed:
            raise Killed

    def _live(self, actor: Actor) -> None:
        try:
            actor.do()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, the run ends with it
            self.failure = self.failure or error
        self._remove(actor)
        if actor.reaped:
            self._gone.give()
        else:
            self._leave()

    def _remove(self, actor: Actor) -> None:
        actor.done = True
        actor.process.actors.remove(actor)
        self.actors.remove(actor)

    def _leave(self) -> None:
        following = None
        if self.failure is None:
            try:
                following = self._choose()
            except BaseException as error:  # noqa: BLE001 - as above
                self.failure = error
        self._give(following)

    def _give(self, following: Actor | None) -> None:
        self.current = following
        if following is None:
            self._main.give()
        elif following.turn is None:
            following.turn = Turn()
            Hand.free().play(lambda: self._live(following))
        else:
            following.turn.give()

    def _choose(self) -> Actor | None:
        self.steps += 1
        self.on_step()
        if self.failure is not None or self.over():
            return None
        self.now += self.rng.random() * TICK
        ready = self._ready()
        if not ready and self._jump():
            ready = self._ready()
        return self.rng.choice(ready) if ready else None

    def _ready(self) -> list[Actor]:
        now = self.now
        return [
            actor
            for actor in self.actors
            if actor.wakes_at <= now and actor.process.frozen_until <= now and not actor.doomed
        ]

    def _jump(self) -> bool:
        """To the next moment at which somebody goes on. Turns at which nothing can be found are left out."""
        busy, turn = self._soonest()
        target = min(busy, max(turn, self.when_idle()))
        if target == inf:
            return False
        self.skipped(target)
        self.now = max(self.now, target)
        if self.when_idle() > self.now:
            self._leave_out_turns()
        return True

    def _soonest(self) -> tuple[float, float]:
        """When somebody goes on: of those who have something to do, and of those whose turn only comes round."""
        busy = turn = inf
        for actor in self.actors:
            if actor.doomed:
                continue
            ready_at = actor.ready_at
            if actor.idle:
                turn = ready_at if ready_at < turn else turn
            elif ready_at < busy:
                busy = ready_at
        return busy, turn

    def _leave_out_turns(self) -> None:
        for actor in self.actors:
            if actor.sweeps and actor.idle and actor.ready_at <= self.now:
                actor.wakes_at = self.now + self.rng.random() * 5


def _line(step: int, now: float, who: str, what: str) -> str:
    return f"{step:>6} {now:>12.2f}s  {who:<22} {what}"
