"""When a release is due, and which quarters it counts."""

from __future__ import annotations

import re
from datetime import date

from service.central.catalogue.model import Catalogue
from service.domain.london import quarter_of

_QUARTER = re.compile(r"([0-9]{4})Q([1-4])", re.ASCII)
_IN_A_PERIOD = 4


def period(quarter: str) -> tuple[str, ...]:
    """The four quarters that a release counts, oldest first: those that end with its own. ValueError if it is none."""
    year, number = _split(quarter)
    last = year * 4 + number - 1
    return tuple(_joined(each) for each in range(last - _IN_A_PERIOD + 1, last + 1))


def release_day(catalogue: Catalogue, quarter: str) -> date:
    """The day on which this quarter's release is due: fixed by the catalogue, in the quarter that follows."""
    year, number = _split(quarter)
    month, day = catalogue.release_days[number]
    return date(year + (number == 4), month, day)


def is_due(catalogue: Catalogue, quarter: str, today: date) -> bool:
    """Whether this quarter's release day has come. `today` is the day in London."""
    return today >= release_day(catalogue, quarter)


def follows(number: int, month: int, day: int) -> bool:
    """Whether a day of the year lies in the quarter after quarter `number` (1 to 4), in every year."""
    try:
        return quarter_of(date(2001, month, day)).endswith(f"Q{number % 4 + 1}")
    except ValueError:
        return False


def _split(quarter: str) -> tuple[int, int]:
    found = _QUARTER.fullmatch(quarter)
    if found is None or found[1] == "0000":
        raise ValueError("a quarter is written like 2026Q3")
    return int(found[1]), int(found[2])


def _joined(ordinal: int) -> str:
    return f"{ordinal // 4:04}Q{ordinal % 4 + 1}"
