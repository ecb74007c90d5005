"""A lane's breaker: when an authority's system is not asked at all, by whom it is tried again, and how it is let go on.

Open after five failures in a row, or ten of the last twenty; at once for what closes a lane. It is then tried every
two seconds for half a minute, later after twice as long each time, up to ten minutes, so that a short outage is hardly
longer for us than it was. What closes a lane is mended by a person: that begins with thirty seconds, for a wrong
password tried often locks an account. When its time is over the lane is half open: one delivery may try, and its
outcome decides. After that 1, 2, 4 … may be under way, up to the authority's own limit. One that was told what is there
and then met silence has reached somebody: it counts, and the lane goes on with one at a time, for a system that keeps
what it is given and loses its answers is asked through to the end, not more and more seldom. Pure: the store keeps it,
on the database's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from service.domain.delivery.failures import Weight

IN_A_ROW = 5
WINDOW = 20
IN_WINDOW = 10
FIRST_SECONDS = 2
AT_FIRST = 15
"""So many tries come one such time apart."""
CLOSED_SECONDS = 30
"""The first time after something that waiting does not mend."""
LONGEST_SECONDS = 600


class Hold(StrEnum):
    """What a person has said about a lane."""

    NONE = ""
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Breaker:
    """What a lane has been through. `recent` is its last outcomes, oldest first: `.` answered, `x` counted against it.

    `open_for` is how many seconds it was last opened for, 0 while it is closed; `ramp` how many may be under way while
    it is let go on, None when that is over.
    """

    in_a_row: int = 0
    recent: str = ""
    open_for: int = 0
    openings: int = 0
    ramp: int | None = None

    @property
    def is_open(self) -> bool:
        """Nothing goes until its time is over; then one."""
        return self.open_for > 0

    @property
    def is_well(self) -> bool:
        """Neither open nor only let go on."""
        return not self.is_open and self.ramp is None

    @property
    def is_pristine(self) -> bool:
        """An answer would change nothing."""
        return self == Breaker()


def slots(breaker: Breaker, *, cooled: bool, in_flight: int, limit: int) -> int:
    """How many more may be claimed now. `cooled` says that the time for which it was opened is over."""
    if breaker.is_open:
        return 1 if cooled and in_flight == 0 else 0
    return max(0, min(limit, breaker.ramp or limit) - in_flight)


def after(breaker: Breaker, weight: Weight, *, cooled: bool, limit: int) -> Breaker:
    """The breaker after one more outcome. While it is open, only the one that was let try counts, not stragglers."""
    if breaker.is_open and not cooled:
        return breaker
    match weight:
        case Weight.NOTHING:
            return breaker
        case Weight.ANSWERED:
            return _answered(breaker, limit)
        case Weight.SLOW_DOWN:
            return replace(breaker, ramp=max(1, min(breaker.ramp or limit, limit) // 2))
        case Weight.CLOSES:
            return _opened(breaker, _longer(CLOSED_SECONDS, breaker.openings))
        case Weight.FALTERS if breaker.is_open:
            breaker = _reached(limit)
    return _counted(breaker)


def _answered(breaker: Breaker, limit: int) -> Breaker:
    recent = (breaker.recent + ".")[-WINDOW:] if "x" in breaker.recent else ""
    if breaker.is_open:
        return replace(_reached(limit), openings=breaker.openings)
    ramp = breaker.ramp * 2 if breaker.ramp else None
    if ramp is None or ramp >= limit:
        return Breaker(recent=recent if "x" in recent else "")
    return Breaker(recent=recent, ramp=ramp, openings=breaker.openings)


def _reached(limit: int) -> Breaker:
    """One that was let try met a case system that is there: one at a time may go on."""
    return Breaker(ramp=1 if limit > 1 else None)


def _counted(breaker: Breaker) -> Breaker:
    counted = replace(breaker, in_a_row=breaker.in_a_row + 1, recent=(breaker.recent + "x")[-WINDOW:])
    too_many = counted.in_a_row >= IN_A_ROW or counted.recent.count("x") >= IN_WINDOW
    if not (breaker.is_open or too_many):
        return counted
    return _opened(breaker, _longer(FIRST_SECONDS, breaker.openings - AT_FIRST + 1))


def _longer(first: int, times: int) -> int:
    return min(LONGEST_SECONDS, first << min(max(times, 0), 10))


def _opened(breaker: Breaker, seconds: int) -> Breaker:
    """Counted, for it is longer each time that it does not recover in between."""
    return Breaker(open_for=seconds, openings=breaker.openings + 1)
