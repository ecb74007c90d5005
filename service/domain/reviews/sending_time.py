"""When a person may be reminded: on a working day, from nine in the morning, London time (model, traps 17 and 20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from service.domain.london import LONDON

FROM, UNTIL = time(9), time(17)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Working days are Monday to Friday, without the bank holidays of England.

    `around_the_clock` takes every moment for a working hour: for a rehearsal, which cannot wait for Monday.
    """

    is_working_day: Callable[[date], bool]
    around_the_clock: bool = False

    def may_send(self, now: datetime) -> bool:
        """Whether this moment is in the working hours of a working day. What is late waits for the next ones."""
        there = now.astimezone(LONDON)
        return self.around_the_clock or (FROM <= there.time() < UNTIL and self.is_working_day(there.date()))

    def working_day_by(self, day: date) -> date:
        """`day`, or the last working day before it: a reminder moves earlier, and the date it is about stays."""
        while not self._works(day):
            day -= _DAY
        return day

    def working_day_from(self, day: date) -> date:
        """`day`, or the first working day after it: for what would not be true any earlier."""
        while not self._works(day):
            day += _DAY
        return day

    def _works(self, day: date) -> bool:
        return self.around_the_clock or self.is_working_day(day)
