"""Fuzzy dates: a day, or no more than a month or a year, as London midnight in milliseconds since 1970 in UTC.

In summer that midnight is 23:00 of the day before in UTC: read there, every birthday would be a day early.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from service.adapters.shared.identity import Known
from service.adapters.shared.strict import UnreadableError, an_object, whole
from service.domain.london import LONDON

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONG_AGO = -(10**15)
DAY, ESTIMATES = "DAY", frozenset({"MONTH", "YEAR"})


def fuzzy(day: date) -> dict[str, object]:
    """A day we know, as it is sent."""
    midnight = datetime.combine(day, time(), LONDON).astimezone(UTC)
    milliseconds = (midnight - _EPOCH) // timedelta(milliseconds=1)
    return {"_type": "FuzzyDate", "calculatedDate": milliseconds, "fuzzyDateMask": DAY}


def read_day(value: object) -> date:
    """A day that is known."""
    day = _read(value)
    if day is None:
        raise UnreadableError
    return day


def read_birth(value: object, *, merged: bool, restricted: bool) -> Known:
    """What is known of a person by their date of birth; null says that nothing is."""
    day = None if value is None else _read(value)
    return Known(day, estimated=value is not None and day is None, merged=merged, restricted=restricted)


def _read(value: object) -> date | None:
    """The day, or None where only the month or the year is known."""
    given = an_object(value)
    day, mask = _midnight(given.get("calculatedDate")), given.get("fuzzyDateMask")
    if given.get("_type") != "FuzzyDate" or mask not in (DAY, *ESTIMATES):
        raise UnreadableError
    return day if mask == DAY else None


def _midnight(value: object) -> date:
    """Any other time of day says that the other side reckons days another way than we read them."""
    try:
        moment = (_EPOCH + timedelta(milliseconds=whole(value, least=_LONG_AGO))).astimezone(LONDON)
    except OverflowError:
        raise UnreadableError from None
    if moment.time() != time():
        raise UnreadableError
    return moment.date()
