"""Where a text repeats what somebody said. It is somebody's own words, so no advice is ever given on it.

Where the marks leave it open how far a quotation goes, the wider reading is taken: to miss a piece of advice is a small
harm, to judge a young person's words is not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby

_DOUBLE = re.compile('[“”„«»"]')
_SINGLE = re.compile("[‘’']")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_ELISION = re.compile(r"(?:cause|cos|coz|cuz|til|till|tis|twas|em|bout|round|n|\d+s?)\b", re.IGNORECASE)
"""Words that begin with an apostrophe, such as 'cause: it opens nothing."""

Span = tuple[int, int]


def quotations(text: str) -> list[Span]:
    """The quoted stretches of a text, marks included, as (start, end) in code points, by where they start.

    One may stand within another, such as “no” in ‘I told him “no” twice’; none overlap otherwise.
    """
    double = list(_double(text))
    return sorted([*double, *_single(text, double)])


def _double(text: str) -> Iterator[Span]:
    """From an opening mark to the next closing one; where none follows, to the end of its paragraph."""
    start = -1
    for mark in _DOUBLE.finditer(text):
        at = mark.start()
        if start < 0 and _opens_double(text, at):
            start = at
        elif start >= 0 and _closes_double(text, at):
            yield start, at + 1
            start = -1
    if start >= 0:
        end = _PARAGRAPH.search(text, start)
        yield start, end.start() if end else len(text)


def _opens_double(text: str, at: int) -> bool:
    before, mark, after = _around(text, at)
    return mark in "“„«" or (mark == '"' and not before.isalnum() and (before.isspace() or not after.isspace()))


def _closes_double(text: str, at: int) -> bool:
    _, mark, after = _around(text, at)
    return mark in "”»" or (mark == '"' and not after.isalnum())


def _single(text: str, double: list[Span]) -> Iterator[Span]:
    """Single quotation marks, which are apostrophes, too: one that never closes within its paragraph opened nothing.

    What is within double marks is no part of this; a single quotation may run on behind it.
    """
    ends = [*(found.start() for found in _PARAGRAPH.finditer(text)), len(text)]
    marks = _outside((mark.start() for mark in _SINGLE.finditer(text)), double)
    for _, paragraph in groupby(marks, key=lambda at: bisect_left(ends, at)):
        yield from _single_in_paragraph(text, paragraph)


def _outside(marks: Iterator[int], spans: list[Span]) -> Iterator[int]:
    starts = [start for start, _ in spans]
    for at in marks:
        before = bisect_left(starts, at) - 1
        if before < 0 or spans[before][1] <= at:
            yield at


def _single_in_paragraph(text: str, marks: Iterator[int]) -> Iterator[Span]:
    opened, perhaps = -1, -1
    for at in marks:
        if opened >= 0 and _closes_single(text, at):
            perhaps = at
            if not _may_be_possessive(text, at):
                yield opened, at + 1
                opened = perhaps = -1
        elif _opens_single(text, at) and (opened < 0 or perhaps >= 0):
            if perhaps >= 0:
                yield opened, perhaps + 1
            opened, perhaps = at, -1
    if opened >= 0 and perhaps >= 0:
        yield opened, perhaps + 1


def _opens_single(text: str, at: int) -> bool:
    before, _, after = _around(text, at)
    return not before.isalnum() and not after.isspace() and not _ELISION.match(text, at + 1)


def _closes_single(text: str, at: int) -> bool:
    before, mark, after = _around(text, at)
    return mark != "‘" and not before.isspace() and not after.isalnum()


def _may_be_possessive(text: str, at: int) -> bool:
    """Whether this may be the apostrophe of "parents' house" rather than the end of what was said."""
    return text[at - 1] in "sS" and text[at + 1 : at + 2] == " " and text[at + 2 : at + 3].isalpha()


def _around(text: str, at: int) -> tuple[str, str, str]:
    """The character before, the mark, and the character after; beyond the text there is space."""
    return text[at - 1] if at else " ", text[at], text[at + 1] if at + 1 < len(text) else " "
