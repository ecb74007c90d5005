"""Worker processes: the real dispatcher over simulated threads, its chores, and what becomes of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from service.ports import Casework, Claim, Claimer
from service.tasks.dispatcher import Dispatcher
from service.usecases.deliver import Deliverer
from service.usecases.package import Packer
from tests.simulation.baton import Actor, Baton, Process

SOMETIMES = 0.1


class _Pool:
    """`ThreadPoolExecutor`, each piece of work an actor of the process."""

    def __init__(self, baton: Baton, process: Process) -> None:
        self._baton, self._process, self._begun = baton, process, 0

    def submit(self, do: Callable[..., Any], claim: Claim) -> None:
        self._begun += 1
        name = f"{self._process.name}/{self._begun}"
        actor = self._baton.spawn(self._process, name, lambda: do(claim))
        actor.stands["claim"] = claim

    def shutdown(self, **_: Any) -> None:
        """Nothing waits."""


class _NobodyElse:
    """Stands for the dispatcher's lock and its bell: one runs at a time here, and is woken by the simulation."""

    def __enter__(self) -> None:
        """Nobody to wait for."""

    def __exit__(self, *_: object) -> None:
        """Nobody waits."""

    def notify_all(self) -> None:
        """Nobody waits."""


class SimulatedDispatcher(Dispatcher):
    """The real one, whose only thread is an actor and whose waiting is the simulation's."""

    def __init__(
        self, baton: Baton, process: Process, deliverer: Deliverer, is_due: Callable[[str], bool], **given: Any
    ) -> None:
        super().__init__(deliverer, deliverer.casework, **given)
        self._baton, self._is_due = baton, is_due
        self._state: Any = _NobodyElse()
        self._pool: Any = _Pool(baton, process)
        self.actor: Actor = baton.spawn(process, f"{process.name}/dispatcher", self._run)
        self._ended: Any = self
        pulse = baton.spawn(process, f"{process.name}/pulse", self._say_so_again)
        self.actor.sweeps = pulse.sweeps = True

    def wait(self, seconds: float) -> bool:
        """What the pulse waits for: its turn, or the end."""
        self._baton.point("pulse", wait=seconds, idle=True)
        return self._stopping

    def _say_that_we_are_here(self) -> None:
        with self._baton.in_one_step():
            super()._say_that_we_are_here()

    def look_now(self, authority: str) -> None:
        super().look_now(authority)
        self.actor.wakes_at = min(self.actor.wakes_at, self._baton.now)

    def _sweep(self) -> None:
        """What it notes of itself is one step: no other reads it but to see who is there."""
        self._baton.point("sweeps")
        with self._baton.in_one_step():
            super()._sweep()

    def _note_swept(self, authority: str) -> None:
        """Nobody here reads when a lane was swept, so now and then is often enough."""
        if self._baton.rng.random() < SOMETIMES:
            super()._note_swept(authority)

    def _claim(self, authority: str, share: int, *, alone: bool = False) -> list[Claim]:
        """Asking a lane in which nothing is due must change nothing. It is asked now and then, to see that."""
        if self._is_due(authority):
            return super()._claim(authority, share, alone=alone)
        if self._baton.rng.random() >= SOMETIMES:
            return []
        with self._baton.in_one_step():
            return super()._claim(authority, share, alone=alone)

    def _work_alone(self, *given: Any) -> None:
        self._baton.uninterrupted = False
        super()._work_alone(*given)

    def _worked(self, claim: Claim) -> None:
        """The actor that works on a claim is known by it: the dispatcher's own too, when it works alone."""
        if self._baton.current is not None:
            self._baton.current.stands["claim"] = claim
        super()._worked(claim)

    def _wait(self) -> None:
        if self._sweep_asked or (self._awake and self._free() > 0):
            self._baton.point("turns to the next lane")
            return
        left = max(self._swept_at + self._seconds - self._baton.now, 0.0)
        self._baton.point("waits for its sweep", wait=left, idle=True)

    def end(self) -> None:
        """Told to stop: takes nothing more, and says that it ended when nothing is under way."""
        self._stopping = True
        while self._under_way():
            self._baton.point("finishes what is under way", wait=1.0)
        self._casework.worker_ended(self._deliverer.claimer.worker)


def worker(
    baton: Baton,
    name: str,
    casework: Casework,
    packer: Packer,
    lanes: Any,
    *,
    is_due: Callable[[str], bool],
    lease: float,
    threads: int,
) -> tuple[Process, SimulatedDispatcher]:
    """One process, with a worker's id of its own as `service.wiring` gives it."""
    process = Process(name)
    claimer = Claimer(uuid4(), timedelta(seconds=lease))
    spread = baton.rng.random
    deliverer = Deliverer(casework, packer, lanes, claimer, spread, monotonic=lambda: baton.now)
    dispatcher = SimulatedDispatcher(baton, process, deliverer, is_due, authorities=lanes, seconds=5.0, threads=threads)
    process.stands |= {"dispatcher": dispatcher, "worker": claimer.worker}
    return process, dispatcher


def housekeeper(baton: Baton, process: Process, chores: Iterable[Callable[[], Any]]) -> None:
    """Chores at any moment, as often as it happens: each is safe to do twice, and none may fail a worker."""
    todo = tuple(chores)

    def keep() -> None:
        while True:
            baton.point("keeps house", wait=300 + baton.rng.random() * 1200, idle=True)
            for chore in todo:
                process.stands["dispatcher"]._guarded("chore", chore)

    baton.spawn(process, f"{process.name}/house", keep)
