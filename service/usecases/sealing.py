"""Seals the trail: every committed entry gets its link within seconds, and never twice.

An entry's number is given before its transaction commits, so that a lower one can come to light after a higher one. A
look therefore begins below what is sealed: where the highest number was some time ago, which is longer than any
transaction lasts; and now and then at the very beginning.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from service.ports.trail import Chain
from service.usecases.each import each_by_itself

BATCH = 500
ROUNDS = 20
"""So many batches for one authority before the next has its turn."""
BACK_SECONDS = 600.0
FROM_THE_BEGINNING_SECONDS = 3600.0


@dataclass
class Floor:
    """Below which number an authority's entries need not be looked at. `now`: seconds, by a clock that never turns."""

    began_at: float
    above: int = 0
    known: deque[tuple[float, int]] = field(default_factory=deque)

    def note(self, now: float, highest: int) -> None:
        """`highest`: the highest number that is sealed, when a look has found nothing more."""
        self.known.append((now, highest))
        while self.known and now - self.known[0][0] >= BACK_SECONDS:
            self.above = max(self.above, self.known.popleft()[1])

    def begins_anew(self, now: float) -> bool:
        """Whether it is time to look from the very beginning."""
        return now - self.began_at >= FROM_THE_BEGINNING_SECONDS


@dataclass
class Sealer:
    """`authorities` are asked for each time: there may be more of them."""

    chain: Chain
    authorities: Callable[[], Iterable[str]]
    now: Callable[[], float] = time.monotonic
    _floors: dict[str, Floor] = field(default_factory=dict)

    def look(self) -> int:
        """How many entries were sealed. Raises `SomeFailedError` once every authority has had its turn."""
        return each_by_itself(self.authorities(), self._seal)

    def _seal(self, authority: str) -> int:
        floor, done = self._floor(authority), 0
        for _ in range(ROUNDS):
            sealed = self.chain.seal(authority, floor.above, BATCH)
            done += sealed.count
            if sealed.count < BATCH:
                floor.note(self.now(), sealed.highest)
                break
        return done

    def _floor(self, authority: str) -> Floor:
        known = self._floors.get(authority)
        if known is None or known.begins_anew(self.now()):
            known = self._floors[authority] = Floor(self.now())
        return known
