"""The closed list of renderings: what each is called in a mapping, what it takes, and what it can come out as.

What it can come out as is known before the first record: the longest it can be, and all it can say where that is a
closed list. So a form that has no room for it is told at start-up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.adapters.mapping import values as say
from service.adapters.mapping.values import Table
from service.domain.fields import Code, Date, Field, Flag, Many, Text, Token, Whole

WHOLE_VALUE = frozenset({"whole"})
DATE_IN_PARTS = frozenset({"day", "month", "year"})

REFERENCE_MAX = 40
"""Characters in a delivery's reference: what the narrowest of the case systems takes (docs/protocols)."""


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """A named rendering.

    `takes` decides by field kind; `kinds` and `example` say the same to a person. `carries` is how much of the value
    arrives: a date's day alone is not the date. `folds` renderings get the innermost list whole, with `gap` between its
    items; those that `gather` also take one named text out of each item. `coded` ones need a table. `prose` can go on
    in another answer, `marks` stand round each piece of it. `longest` is the most characters of one value; `closed` is
    all it can ever say. `digits` come out as a number.
    """

    render: Callable[[Any, Table], str | None]
    takes: Callable[[Field], bool]
    kinds: str
    example: str
    longest: Callable[[Field | None], int] = lambda _: 0
    closed: Callable[[Field | None, Table], Collection[str]] | None = None
    carries: frozenset[str] = WHOLE_VALUE
    folds: bool = False
    gathers: bool = False
    coded: bool = False
    prose: bool = False
    digits: bool = False
    gap: str = ""
    marks: tuple[str, str] = ("", "")


def _is(*kinds: type[Field]) -> Callable[[Field], bool]:
    return lambda field: isinstance(field, kinds)


def _own_words(field: Field) -> bool:
    """Quotation marks round a worker's sentence would say that somebody else had said it."""
    return isinstance(field, Text) and field.words


def _yes_no_not_known(field: Field) -> bool:
    return isinstance(field, Code) and {"yes", "no"} <= set(field.codes) <= say.YES_NO_NOT_KNOWN.keys()


def _max(field: Field | None) -> int:
    return field.max if isinstance(field, Text | Token) else 0


def _digits(field: Field | None) -> int:
    return max(len(str(bound)) for bound in (field.min, field.max)) if isinstance(field, Whole | Many) else 0


def _codes(field: Field | None, _: Table) -> Collection[str]:
    return field.codes if isinstance(field, Code) else ()


def _table(_: Field | None, table: Table) -> Collection[str]:
    return table.values()


def _always(*said: str) -> Callable[[Field | None, Table], Collection[str]]:
    return lambda *_: said


def _numbers_to(last: int) -> Callable[[Field | None, Table], Collection[str]]:
    return _always(*(str(number) for number in range(1, last + 1)))


def _known(field: Field | None, _: Table) -> Collection[str]:
    return {say.YES_NO_NOT_KNOWN[code] for code in field.codes} if isinstance(field, Code) else ()


def _whole_date(render: Callable[[Any, Table], str], longest: str) -> Rendering:
    return Rendering(
        render=render, takes=_is(Date), kinds="dates", example=longest, longest=lambda _: len(longest)
    )  # fmt: skip


_DATE_PART: dict[str, Any] = {"takes": _is(Date), "kinds": "dates"}

RENDERINGS: Mapping[str, Rendering] = {
    "text": Rendering(render=say.verbatim, takes=_is(Text), kinds="text", longest=_max, prose=True,
                      example="the text as it is"),
    "paragraphs": Rendering(render=say.paragraphs, takes=_is(Text), kinds="lists of text", longest=_max, prose=True,
                            folds=True, gathers=True, gap=say.PARAGRAPH, example="one text a paragraph"),
    "quotation": Rendering(render=say.quotation, takes=_own_words, kinds="somebody's own words", longest=_max,
                           prose=True, marks=say.MARKS, example="“their words”"),
    "quotations": Rendering(render=say.quotations, takes=_own_words, kinds="lists of somebody's own words",
                            longest=_max, prose=True, folds=True, gathers=True, gap=say.PARAGRAPH, marks=say.MARKS,
                            example="“their words”, one a paragraph"),
    "words": Rendering(render=say.words, takes=_is(Code), kinds="codes", coded=True, closed=_table,
                       example="Not known"),
    "words_joined": Rendering(render=say.words_joined, takes=_is(Code), kinds="lists of codes", folds=True,
                              coded=True, closed=_table, gap=say.SEPARATOR, example="Family; Friends"),
    "code": Rendering(render=say.verbatim, takes=_is(Code), kinds="codes", closed=_codes, example="not_known"),
    "date": _whole_date(say.iso_date, "2026-09-14"),
    "date_british": _whole_date(say.british_date, "14/09/2026"),
    "date_long": _whole_date(say.long_date, "14 September 2026"),
    "date_day": Rendering(render=say.day_of, carries=frozenset({"day"}), closed=_numbers_to(31), digits=True,
                          example="14", **_DATE_PART),
    "date_month": Rendering(render=say.month_of, carries=frozenset({"month"}), closed=_numbers_to(12), digits=True,
                            example="9", **_DATE_PART),
    "date_month_name": Rendering(render=say.month_name_of, carries=frozenset({"month"}), closed=_always(*say.MONTHS),
                                 example="September", **_DATE_PART),
    "date_year": Rendering(render=say.year_of, carries=frozenset({"year"}), longest=lambda _: 4, digits=True,
                           example="2026", **_DATE_PART),
    "yes_no": Rendering(render=say.yes_no, takes=_is(Flag), kinds="flags", closed=_always("Yes", "No"),
                        example="Yes"),
    "yes_no_not_known": Rendering(render=say.yes_no_not_known, takes=_yes_no_not_known, closed=_known,
                                  kinds="codes that are yes, no or not known", example="Not known"),
    "number": Rendering(render=say.number, takes=_is(Whole), kinds="whole numbers", longest=_digits, digits=True,
                        example="4"),
    "reference": Rendering(render=say.verbatim, takes=_is(Token), kinds="references", longest=_max,
                           example="stk-sw-21"),
    "references_joined": Rendering(render=say.references_joined, takes=_is(Token), kinds="lists of references",
                                   longest=_max, folds=True, gap=say.SEPARATOR, example="stk-sw-21; stk-sw-22"),
    "count": Rendering(render=say.count, takes=_is(Many), kinds="lists", longest=_digits, carries=frozenset(),
                       folds=True, digits=True, example="2"),
    "document": Rendering(render=say.verbatim, takes=lambda _: False, kinds="nothing of the record",
                          longest=lambda _: REFERENCE_MAX, carries=frozenset(), example="the document's reference"),
}  # fmt: skip

DOCUMENT = "document"
"""The one rendering without a `from`: it says which document belongs to the form."""


def carried(renderings: Sequence[str]) -> bool:
    """Whether these renderings of one value, taken together, say all of it."""
    parts = frozenset[str]().union(*(RENDERINGS[name].carries for name in renderings))
    return parts >= WHOLE_VALUE or parts >= DATE_IN_PARTS


def longest(rendering: Rendering, field: Field | None, table: Table, items: int) -> int:
    """The most characters an answer can have; `items` is how many a folded list can hold."""
    one = max(map(len, rendering.closed(field, table)), default=0) if rendering.closed else rendering.longest(field)
    one += sum(map(len, rendering.marks))
    return one * items + len(rendering.gap) * (items - 1) if rendering.gap else one
