"""Working days in England, by a library's bank holidays: also those that were moved, or made for one year."""

from __future__ import annotations

from datetime import date
from functools import cache

from holidays import country_holidays

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Monday to Friday and no bank holiday of England. One that was proclaimed since needs a newer library."""
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """A set of its own for each year: the library's own fills itself while others look, and may then say too little."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
