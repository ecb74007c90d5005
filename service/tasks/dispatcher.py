"""Drains the lanes: takes what is due from each authority in turn, and lets threads work on it.

A message "look now", or the process's own sweep every few seconds, brings a lane to its attention; the database says
what is due. So the broker may lose, double or hold back every message, or be away, and the same code does the work.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import UUID

import structlog

from service.domain.delivery.breaker import FIRST_SECONDS
from service.domain.delivery.failures import Weight
from service.ports import Casework, Claim
from service.tasks.chore import Chore
from service.tasks.failures import say_failed
from service.usecases.deliver import Deliverer

P = ParamSpec("P")
R = TypeVar("R")
_log = structlog.get_logger()
SHARE = 8
"""The most that one lane is given before the next has its turn."""
FEW = SHARE // 2
"""A lane that still has more than these under way is not looked at for each that ends, but for some together."""
BREATH = 0.005
"""Seconds in which finished work gathers before the lanes are asked again."""
CHORE_SECONDS = 5
"""For so long a chore that is under way may go on when the process stops; all of them are safe to break off."""
STEADY_SWEEPS = 3
"""So many sweeps in a row must have reached the database before another worker's silence is taken for its end."""


class Dispatcher:
    """One per process. `authorities` may change while it runs; `threads` is how many may be worked on at once."""

    def __init__(
        self,
        deliverer: Deliverer,
        casework: Casework,
        authorities: Iterable[str],
        *,
        chores: Iterable[Chore] = (),
        seconds: float,
        threads: int,
    ) -> None:
        self._deliverer, self._casework, self._authorities = deliverer, casework, authorities
        self._chores = dict.fromkeys(chores, 0.0)
        self._seconds, self._threads = seconds, threads
        self._pool = ThreadPoolExecutor(threads + 1, thread_name_prefix="delivery")  # one is kept for a suspect
        self._state = threading.Condition()
        self._awake: deque[str] = deque()
        self._later: dict[str, float] = {}
        self._busy: Counter[str] = Counter()
        self._stopping = False
        self._goes_round = False
        self._steady = 0
        self._swept_at = float("-inf")
        self._sweep_asked = False
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._housekeeper = threading.Thread(target=self._keep_house, name="housekeeper", daemon=True)
        self._pulse = threading.Thread(target=self._say_so_again, name="pulse", daemon=True)
        self._ended = threading.Event()
        self._alone_at: dict[str, float] = {}
        self._suspect: UUID | None = None

    def start(self) -> None:
        """Begins with a sweep: whatever waited while nobody was here."""
        for each in (self._thread, self._housekeeper, self._pulse):
            each.start()

    def stop(self, seconds: float = 30) -> None:
        """Claims no more, and waits for what is under way. What is not done by then, its lease brings back."""
        with self._state:
            self._stopping = True
            self._state.notify_all()
        self._thread.join(seconds)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._ended.set()
        self._pulse.join(CHORE_SECONDS)
        self._housekeeper.join(CHORE_SECONDS)
        if not self._under_way():
            self._guarded("worker_ended", self._casework.worker_ended, self._deliverer.claimer.worker)

    def look_now(self, authority: str) -> None:
        """A lane may have something to do."""
        with self._state:
            if authority not in self._awake:
                self._awake.append(authority)
            self._state.notify_all()

    def look_everywhere(self) -> None:
        """As if it were time for the sweep."""
        with self._state:
            self._sweep_asked = True
            self._state.notify_all()

    def _run(self) -> None:
        self._goes_round = True
        try:
            self._say_that_we_are_here()
            while not self._stopping:
                self._guarded("round", self._go_round)
                self._wait()
            while self._under_way():
                time.sleep(BREATH)
        finally:
            self._goes_round = False

    def _go_round(self) -> None:
        """Whatever goes wrong in one, there is a next: who the authorities are is asked of the database, too."""
        if self._sweep_is_due():
            self._sweep()
        self._look_where_it_was_put_off()
        self._take_turns()

    def _wait(self) -> None:
        """Until something finishes, is said, or it is time to sweep; then a breath, in which more may come together."""
        with self._state:
            left = min([self._swept_at + self._seconds, *self._later.values()]) - time.monotonic()
            if not (self._stopping or self._sweep_asked or (self._awake and self._free() > 0)):
                self._state.wait(max(left, 0))
        time.sleep(BREATH)

    def _sweep_is_due(self) -> bool:
        with self._state:
            asked, self._sweep_asked = self._sweep_asked, False
        return asked or time.monotonic() >= self._swept_at + self._seconds

    def _look_where_it_was_put_off(self) -> None:
        with self._state:
            due = [each for each, at in self._later.items() if time.monotonic() >= at]
            for each in due:
                del self._later[each]
        for each in due:
            self.look_now(each)

    def _look_later(self, authority: str) -> None:
        """When its breaker, if it is open, may let one try again: the sweep would come later than that."""
        with self._state:
            self._later[authority] = time.monotonic() + FIRST_SECONDS  # after the last: that one may have opened it
            self._state.notify_all()

    def _sweep(self) -> None:
        """Every lane, whatever was or was not said about it."""
        self._swept_at = time.monotonic()
        for authority in list(self._authorities):
            self._guarded("sweep", self._note_swept, authority)
            self.look_now(authority)
        if self._is_judging():
            self._look_for_suspects()

    def _say_so_again(self) -> None:
        """Beside the lanes, in the sweep's rhythm: who waits for a slow case system is not gone."""
        while not self._ended.wait(self._seconds):
            if self._goes_round:
                self._say_that_we_are_here()

    def _say_that_we_are_here(self) -> None:
        self._steady = self._steady + 1 if self._guarded("seen", self._seen, self._deliverer.claimer.worker) else 0

    def _seen(self, worker: UUID) -> bool:
        self._casework.worker_seen(worker)
        return True

    def _note_swept(self, authority: str) -> None:
        with self._casework.transaction(authority) as tx:
            tx.lane.swept()

    def _take_turns(self) -> None:
        """Once round the lanes that are awake. One that gave all it was asked for stays awake."""
        for _ in range(len(self._awake)):
            free = self._free()
            if free < 1 or self._stopping:
                return
            with self._state:
                authority = self._awake.popleft()
            share = min(free, SHARE)
            claims = self._claim(authority, share)
            for claim in claims:
                self._begin(claim)
            if len(claims) == share:
                self.look_now(authority)

    def _claim(self, authority: str, share: int, *, alone: bool = False) -> list[Claim]:
        claim = partial(self._deliverer.claim, judging=self._is_judging(), alone=alone)
        return self._guarded("claim", claim, authority, share) or []

    def _begin(self, claim: Claim) -> None:
        with self._state:
            self._busy[claim.authority] += 1
        self._pool.submit(self._work, claim)

    def _work(self, claim: Claim) -> None:
        self._guarded("work", self._worked, claim)
        with self._state:
            self._busy[claim.authority] -= 1
            left = self._busy[claim.authority]
            self._suspect = None if self._suspect == claim.id else self._suspect
        if left <= FEW:
            self.look_now(claim.authority)  # there is room in its lane again, or a younger record has come first

    def _worked(self, claim: Claim) -> None:
        settlement = self._deliverer.work(claim)
        if settlement is None:
            return
        _log.info("delivery", delivery_id=str(claim.id), state=settlement.state.value, reason=settlement.reason.value)
        if settlement.weight in (Weight.COUNTS, Weight.FALTERS):
            self._look_later(claim.authority)

    def _look_for_suspects(self) -> None:
        """What a worker that is gone had in its hands is worked on one at a time, and with nothing beside it.

        For no longer than from one sweep to the next: then the others have their turn, also beside one that hangs.
        """
        if self._suspect is not None:
            return
        until = time.monotonic() + self._seconds
        for authority in sorted(self._authorities, key=lambda each: self._alone_at.get(each, 0.0)):
            if self._stopping or time.monotonic() >= until:
                return
            self._alone_at[authority] = time.monotonic()
            if self._guarded("suspects", self._any_suspect, authority):
                self._work_alone(authority, until)

    def _any_suspect(self, authority: str) -> bool:
        with self._casework.transaction(authority) as tx:
            return tx.deliveries.any_to_be_claimed_alone(self._deliverer.claimer)

    def _work_alone(self, authority: str, until: float) -> None:
        self._wait_for_quiet(until)
        while not self._stopping:
            claims = self._claim(authority, 1, alone=True)
            for claim in claims:
                self._suspect = claim.id
                self._begin(claim)
            self._wait_for_quiet(until)
            if not claims or self._suspect is not None or time.monotonic() >= until:
                return

    def _wait_for_quiet(self, until: float) -> None:
        """Until nothing is under way; not for ever, for a case system that hangs must hold up no other lane."""
        while self._under_way() and not self._stopping and time.monotonic() < until:
            time.sleep(BREATH)

    def _keep_house(self) -> None:
        """Chores beside the lanes, so that neither waits for the other."""
        while not self._stopping:
            for chore, at in list(self._chores.items()):
                if time.monotonic() >= at:
                    self._chores[chore] = time.monotonic() + chore.every
                    self._guarded(chore.name, chore.done)
            time.sleep(min(self._seconds, 0.5))

    def _is_judging(self) -> bool:
        return self._steady > STEADY_SWEEPS

    def _free(self) -> int:
        return self._threads - self._under_way()

    def _under_way(self) -> int:
        return self._busy.total()

    def _guarded(self, what: str, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """A failure is logged as class and places, and nothing stops: the row keeps what is owed."""
        try:
            return do(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - an exception's own words may hold part of a record
            say_failed(what, error)
            return None
