"""The words that every file says alike: units, symbols, reasons and periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from service.central.catalogue.dates import period
from service.central.catalogue.model import Unit
from service.central.published import SYMBOLS, Status
from service.domain.london import add_months

TOTAL_LABEL = "Total"
TOGETHER = "All authorities together"

INDICATORS: Mapping[Unit, str] = {Unit.YOUNG_PEOPLE: "young_people_count", Unit.ASSESSMENTS: "assessments_count"}
INDICATOR_LABELS: Mapping[Unit, str] = {
    Unit.YOUNG_PEOPLE: "Number of young people",
    Unit.ASSESSMENTS: "Number of assessments",
}
UNITS: Mapping[Unit, str] = {
    Unit.YOUNG_PEOPLE: (
        "Young people. Each is counted once within an authority, by the last assessment of the period. Whoever was "
        "assessed by two authorities is counted by both."
    ),
    Unit.ASSESSMENTS: "Assessments. One young person may have several.",
}
STATUSES: Mapping[Status, str] = {
    Status.ROUNDED: (
        "Ten or more, rounded to the nearest five. Totals are rounded by themselves, so parts may not add up."
    ),
    Status.SUPPRESSED: (
        "Hidden: fewer than ten, none included, or a larger figure that would tell a small one. It is not none."
    ),
    Status.MISSING: "The authority's records had not come when the release was made. It is not none.",
    Status.WITHHELD: "This part of the table is not shown for anybody, because it could not be made safe.",
}
REASONS: Mapping[str, str] = {
    "collapsed": "Groups were put together, because the finer ones could not be shown safely.",
    "total_only": "Only totals are shown, because the groups could not be shown safely.",
    "withheld": "Nothing of this table is shown, because no form of it is safe in this release.",
    "repeated": (
        "Some figures are those of an earlier release, named beside them: new ones would tell who came or went since."
    ),
}
_ANY_REASON = "The table was changed to protect the young people in it."


def symbol_of(status: Status) -> str:
    """What stands where there is no figure; nothing for a figure."""
    return SYMBOLS.get(status.value, "")


def symbols() -> dict[str, str]:
    """Each symbol with its meaning."""
    return {symbol_of(status): said for status, said in STATUSES.items() if symbol_of(status)}


def reason_words(code: str) -> str:
    """A reason in a sentence; for one that has no sentence yet, what is true of all."""
    return REASONS.get(code, _ANY_REASON)


def first_day(quarter: str) -> date:
    """The first day of a quarter such as 2026Q3."""
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def period_words(release: str) -> str:
    """`October 2025 to September 2026`."""
    begins = first_day(period(release)[0])
    return f"{begins:%B %Y} to {add_months(begins, 11):%B %Y}"
