"""Everyday words with a capital: a surname after a title, a nickname after "called", a place after "at the"."""

from __future__ import annotations

from service.domain.deidentify.context import (
    AT,
    CALLED,
    FUNCTION,
    GENERIC,
    KIN,
    MISTER,
    ORGANISATION,
    SAYS,
    SIZES,
    STREET,
    TITLE,
    TOWARDS,
)
from service.domain.deidentify.row import Row
from service.domain.deidentify.vocabulary import ORDINARY, PASSED, PERSON, TERM, these

_KNOWN_AS = these("known goes saved")
_BEFORE_PLACES = these("the attends attended called outside behind by runs joined visits")
_AT_THE = these("at in from outside near")
_QUOTED = ('"', '."', ',"')
_SHORTEST_FAMILY = 5


def is_called(row: Row, at: int) -> bool:
    """Whether the word stands for somebody, or is part of what a place is called."""
    kinds = row.kinds[at]
    if kinds & FUNCTION or at == 0 or (row.shouts(at) and not row.before(at, TITLE)):
        return False
    if row.before(at, MISTER):
        return True
    return not kinds & (TERM | PASSED) and (_is_introduced(row, at) or _does_as_people_do(row, at))


def _is_introduced(row: Row, at: int) -> bool:
    if row.before(at, TITLE | CALLED) and (row.capital[at - 1] or row.lonely(at)):
        return not row.in_heading(at)
    if row.words[at - 1] in SIZES and row.capital[at - 1] and row.joined(at - 1):
        return not row.in_heading(at)
    return row.words[at - 1] == "as" and row.word(at - 2) in _KNOWN_AS


def _does_as_people_do(row: Row, at: int) -> bool:
    if row.begins(at):
        return is_quoted(row, at)
    if not row.lonely(at):
        return _is_named_place(row, at)
    beside = row.before(at, KIN | TOWARDS) or row.after(at, SAYS) or (row.owns(at) and row.after(at, KIN))
    return beside or _is_family(row, at) or _is_named_place(row, at)


def _is_family(row: Row, at: int) -> bool:
    """A plural of an everyday word that has a capital for no other reason: "the Wards"."""
    word = row.words[at]
    return (
        row.words[at - 1] == "the" and len(word) >= _SHORTEST_FAMILY and word.endswith("s") and word[:-1] in row.known
    )


def _is_named_place(row: Row, at: int) -> bool:
    """One of two everyday words with capitals, or the one after "at the": a club, a shop, a house with a name."""
    if row.kinds[at] & (STREET | ORGANISATION | GENERIC) or row.in_heading(at) or row.shouts(at):
        return False
    if row.words[at - 1] == "the" and row.lonely(at):
        return row.word(at - 2) in _AT_THE and row.joined(at - 1)
    pair = at + 1 if row.after(at, ORDINARY) and row.capital[at + 1] else at - 1
    first = min(at, pair)
    if not row.joined(first) or not row.capital[pair] or row.begins(first) or first == 0:
        return False
    if row.kinds[pair] & (TERM | FUNCTION | PASSED | GENERIC | PERSON):
        return False
    return row.words[first - 1] in _BEFORE_PLACES or bool(row.kinds[first - 1] & AT)


def is_quoted(row: Row, at: int) -> bool:
    """One word with a capital in quotation marks within a sentence: a nickname."""
    closed = row.gap(at).startswith(_QUOTED)
    return closed and at > 0 and row.gap(at - 1) == ' "' and not row.before(at, SAYS)
