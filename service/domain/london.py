"""Calendar arithmetic for dates that mean a day in London."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def add_months(anchor: date, months: int) -> date:
    """`months` calendar months after `anchor`, held to the last day of a shorter month (31 Aug + 3 = 30 Nov)."""
    years, month = divmod(anchor.month - 1 + months, 12)
    year, month = anchor.year + years, month + 1
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


def age_on(born: date, day: date) -> int:
    """Completed years of life on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def london_date(instant: datetime) -> date:
    """The London calendar date of a moment; 31 July 23:30 UTC is already 1 August there."""
    return instant.astimezone(LONDON).date()


def quarter_of(day: date) -> str:
    """The calendar quarter, as `2026Q3`."""
    return f"{day.year:04}Q{(day.month + 2) // 3}"


def in_words(day: date) -> str:
    """`14 September 2026`."""
    return f"{day.day} {day:%B} {day.year}"


def as_date(value: object) -> date | None:
    """A `YYYY-MM-DD` string as a date, else None."""
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
