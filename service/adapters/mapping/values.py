"""How a value becomes words: pure functions that cut nothing, correct nothing and judge nothing.

A value that a function does not understand raises `TypeError`, `ValueError` or `KeyError`; it never becomes something
near. What each is for, and what it may take, is said in `service.adapters.mapping.renderings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

Table = Mapping[str, str]

PARAGRAPH = "\n\n"
"""Between two paragraphs: an empty line, so that a form which wraps its lines still shows where one ends."""

MARKS = ("“", "”")
SEPARATOR = "; "

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""Written out because `strftime` follows the machine's language, and a form does not."""

YES_NO_NOT_KNOWN: Table = {"yes": "Yes", "no": "No", "not_known": "Not known", "unknown": "Not known"}
"""Both of our lists with a third value call it one of the two; neither has both."""


def verbatim(value: Any, _: Table) -> str:
    """The text as it was written, character for character."""
    if not isinstance(value, str):
        raise TypeError
    return value


def quotation(value: Any, table: Table) -> str:
    """Somebody's own words, marked as such, so that nobody reads them as a professional's statement."""
    return verbatim(value, table).join(MARKS)


def paragraphs(value: Sequence[Any], table: Table) -> str | None:
    """A list of texts as one answer, a paragraph each."""
    return PARAGRAPH.join([verbatim(each, table) for each in value]) or None


def quotations(value: Sequence[Any], table: Table) -> str | None:
    """Several of somebody's own words as one answer: each marked by itself, a paragraph each."""
    return PARAGRAPH.join([quotation(each, table) for each in value]) or None


def words(value: Any, table: Table) -> str:
    """A code in plain words. A code the table lacks is not one of ours, or one that a person must decide about."""
    return table[value]


def words_joined(value: Sequence[Any], table: Table) -> str | None:
    """A list of codes as one answer, where rows of their own would lose which item they belong to."""
    return SEPARATOR.join([table[code] for code in value]) or None


def references_joined(value: Sequence[Any], table: Table) -> str | None:
    """A list of references as one answer. References have no spaces, so nothing runs together."""
    return SEPARATOR.join([verbatim(reference, table) for reference in value]) or None


def iso_date(value: Any, _: Table) -> str:
    """`2026-09-14`."""
    return date.fromisoformat(value).isoformat()


def british_date(value: Any, _: Table) -> str:
    """`14/09/2026`."""
    day = date.fromisoformat(value)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def long_date(value: Any, _: Table) -> str:
    """`14 September 2026`."""
    day = date.fromisoformat(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_of(value: Any, _: Table) -> str:
    """`14`; without a leading zero, as LCS shows it."""
    return str(date.fromisoformat(value).day)


def month_of(value: Any, _: Table) -> str:
    """`9`; without a leading zero, as the day."""
    return str(date.fromisoformat(value).month)


def month_name_of(value: Any, _: Table) -> str:
    """`September`."""
    return MONTHS[date.fromisoformat(value).month - 1]


def year_of(value: Any, _: Table) -> str:
    """`2026`."""
    return str(date.fromisoformat(value).year)


def yes_no(value: Any, _: Table) -> str:
    """A flag. Only true and false: "not known" is a code and never comes this way."""
    if not isinstance(value, bool):
        raise TypeError
    return "Yes" if value else "No"


def yes_no_not_known(value: Any, _: Table) -> str:
    """A code that is yes, no or not known, in these words. "Not known" is a word of its own and never "No"."""
    return YES_NO_NOT_KNOWN[value]


def number(value: Any, _: Table) -> str:
    """A whole number in digits."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return str(value)


def count(value: Sequence[Any], _: Table) -> str:
    """How many items a list has. Says nothing of what they are, so it sends none of them."""
    return str(len(value))
