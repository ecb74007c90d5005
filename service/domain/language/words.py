"""A text as words that can be compared, each with its place in the text as it was given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from service.domain.language.quotes import quotations

_MARKS = "\u0300-\u036f\u00ad\u200c\u200d\u2060\ufeff"
"""Accents written as characters of their own, and what word processors leave inside words unseen."""

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*(?:['’][^\W_](?:[^\W_]|[{_MARKS}])*)*")
_UNSEEN = re.compile("[\u00ad\u200c\u200d\u2060\ufeff]")
_ENDS = frozenset(".!?;:•·…")


class Word(NamedTuple):
    """One word: as compared, its place in code points, and whether a new sentence or stretch begins with it."""

    folded: str
    start: int
    end: int
    begins: bool


def words(text: str) -> Iterator[Word]:
    """The words outside quotations, in order. A hyphen parts words, an apostrophe does not."""
    spans = iter([*quotations(text), (len(text), len(text))])
    opens, closes = next(spans)
    last = 0
    for found in _WORD.finditer(text):
        start, end = found.span()
        while closes <= start and opens < len(text):
            opens, closes = next(spans)
        if opens > start:
            between = text[last:start]
            yield Word(_folded(found[0]), start, end, between != " " and _breaks(between))
            last = end


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", word)).casefold().replace("’", "'")


def _breaks(between: str) -> bool:
    """Whether a sentence, a list item or a quotation ends between two words. One line break is only a wrapped line."""
    lines = between.count("\n")
    listed = lines == 1 and not between.isspace()
    return lines > 1 or listed or any(mark in _ENDS or mark.isalnum() for mark in between)
