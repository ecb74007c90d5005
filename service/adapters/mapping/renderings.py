"""How a value becomes the words of an answer: a closed list of pure functions, each with the kinds it may take.

None of them cuts, corrects or judges. A value a rendering does not understand raises; it never becomes something near.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.fields import Code, Date, Field, Flag, Many, Text, Token, Whole

Table = Mapping[str, str]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""Written out because `strftime` follows the machine's language, and LCS does not."""

WHOLE_VALUE = frozenset({"whole"})
DATE_IN_PARTS = frozenset({"day", "month", "year"})


def verbatim(value: Any, _: Table) -> str:
    """The text as it was written, character for character."""
    if not isinstance(value, str):
        raise TypeError
    return value


def quotation(value: Any, table: Table) -> str:
    """Somebody's own words, marked as such, so that nobody reads them as a professional's statement."""
    return f"“{verbatim(value, table)}”"


def words(value: Any, table: Table) -> str:
    """A code in plain words. The table was completed at load, so a code it lacks is not one of ours."""
    return table[value]


def words_joined(value: Sequence[Any], table: Table) -> str | None:
    """A list of codes as one answer, where rows of their own would lose which item they belong to."""
    return _joined([table[code] for code in value])


def references_joined(value: Sequence[Any], table: Table) -> str | None:
    """A list of references as one answer. References have no spaces, so nothing runs together."""
    return _joined([verbatim(reference, table) for reference in value])


def _joined(parts: list[str]) -> str | None:
    return "; ".join(parts) or None


def iso_date(value: Any, _: Table) -> str:
    """`2026-09-14`."""
    return date.fromisoformat(value).isoformat()


def day_of(value: Any, _: Table) -> str:
    """`14`; without a leading zero, as LCS shows it."""
    return str(date.fromisoformat(value).day)


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


def number(value: Any, _: Table) -> str:
    """A whole number in digits."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return str(value)


def count(value: Sequence[Any], _: Table) -> str:
    """How many items a list has. Says nothing of what they are, so it sends none of them."""
    return str(len(value))


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """A named rendering.

    `takes` decides by field kind; `kinds` says the same to a person. `carries` is how much of the value arrives: a
    date's day alone is not the date. `folds` renderings get the innermost list whole. `coded` ones need a table.
    """

    render: Callable[[Any, Table], str | None]
    takes: Callable[[Field], bool]
    kinds: str
    carries: frozenset[str] = WHOLE_VALUE
    folds: bool = False
    coded: bool = False


def _is(*kinds: type[Field]) -> Callable[[Field], bool]:
    return lambda field: isinstance(field, kinds)


def _own_words(field: Field) -> bool:
    """Quotation marks round a worker's sentence would say that somebody else had said it."""
    return isinstance(field, Text) and field.words


def _date_part(render: Callable[[Any, Table], str], part: str) -> Rendering:
    return Rendering(render=render, takes=_is(Date), kinds="dates", carries=frozenset({part}))


RENDERINGS: Mapping[str, Rendering] = {
    "text": Rendering(render=verbatim, takes=_is(Text), kinds="text"),
    "quotation": Rendering(render=quotation, takes=_own_words, kinds="somebody's own words"),
    "words": Rendering(render=words, takes=_is(Code), kinds="codes", coded=True),
    "words_joined": Rendering(render=words_joined, takes=_is(Code), kinds="lists of codes", folds=True, coded=True),
    "code": Rendering(render=verbatim, takes=_is(Code), kinds="codes"),
    "date": Rendering(render=iso_date, takes=_is(Date), kinds="dates"),
    "date_day": _date_part(day_of, "day"),
    "date_month_name": _date_part(month_name_of, "month"),
    "date_year": _date_part(year_of, "year"),
    "yes_no": Rendering(render=yes_no, takes=_is(Flag), kinds="flags"),
    "number": Rendering(render=number, takes=_is(Whole), kinds="whole numbers"),
    "reference": Rendering(render=verbatim, takes=_is(Token), kinds="references"),
    "references_joined": Rendering(
        render=references_joined, takes=_is(Token), kinds="lists of references", folds=True
    ),
    "count": Rendering(render=count, takes=_is(Many), kinds="lists", carries=frozenset(), folds=True),
}  # fmt: skip


def carried(renderings: Sequence[str]) -> bool:
    """Whether these renderings of one value, taken together, say all of it."""
    parts = frozenset[str]().union(*(RENDERINGS[name].carries for name in renderings))
    return parts >= WHOLE_VALUE or parts >= DATE_IN_PARTS
