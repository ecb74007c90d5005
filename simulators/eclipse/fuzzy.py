"""Fuzzy dates: a moment in milliseconds that stands for a day, a month or a year in England.

The moment is midnight in Europe/London, so in summer it lies an hour before midnight UTC: who reads it as UTC is a
day early from late March to late October.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from . import shape

LONDON = ZoneInfo("Europe/London")
_MASKS = {1: "YEAR", 2: "MONTH", 3: "DAY"}
_EARLIEST, _LATEST = -2_208_988_800_000, 4_102_444_800_000  # 1900 and 2100


@dataclass(frozen=True)
class FuzzyDate:
    """The first day that is possible, and how much of it is known."""

    first: date
    mask: str = "DAY"

    def wire(self) -> dict[str, Any]:
        """The date as the protocol writes it."""
        midnight = datetime(self.first.year, self.first.month, self.first.day, tzinfo=LONDON)
        moment = int(midnight.timestamp()) * 1000
        return {"_type": "FuzzyDate", "calculatedDate": moment, "fuzzyDateMask": self.mask}


def written(text: str) -> FuzzyDate:
    """`2010-05-02`, `2010-05` or `2010`. Raises ValueError for anything else."""
    parts = text.split("-")
    if len(parts) not in _MASKS or [len(part) for part in parts] != [4, 2, 2][: len(parts)]:
        raise ValueError("a day, month or year like 2010-05-02, 2010-05 or 2010")
    first = date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    return FuzzyDate(first, _MASKS[len(parts)])


def exact_day(sent: Any, field: str) -> date | None:
    """The day a request means, or None when it is no whole day in London. Raises a 400 for another shape."""
    body = shape.read(sent, "FuzzyDate", {"calculatedDate": shape.NUMBER, "fuzzyDateMask": shape.TEXT}, field)
    moment = body["calculatedDate"]
    if body["fuzzyDateMask"] != "DAY" or not _EARLIEST <= moment <= _LATEST or moment % 1000:
        return None
    local = datetime.fromtimestamp(moment // 1000, LONDON)
    return local.date() if (local.hour, local.minute, local.second) == (0, 0, 0) else None
