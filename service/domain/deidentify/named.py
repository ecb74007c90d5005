"""Words that are names as well: hope and Hope, may and May, the sale and Sale."""

from __future__ import annotations

import re

from service.domain.deidentify.called import is_quoted
from service.domain.deidentify.context import (
    AT,
    CALLED,
    DOES,
    FUNCTION,
    GENERIC,
    KIN,
    MISTER,
    SAYS,
    SIZES,
    TITLE,
    TOWARDS,
)
from service.domain.deidentify.row import Row
from service.domain.deidentify.vocabulary import ORDINARY, PASSED, PERSON, SAFE, TERM, THING, VERB, these

_LISTED = re.compile(r",| \(| - |:|/")
_IDEAS = these(
    "trust love pride honour beauty happiness memory knowledge confidence success prayer wisdom chance rush light dream"
)
"""What "is needed" oftener than it is a person at the beginning of a sentence."""

_PEOPLE = these(
    "girl boy child person lad teenager twin eldest youngest pupil student missing adopted lads male female"
)
_OWNERS = these("her his their")
_IS = these("is was has isn wasn hasn")
_LINKS = these(
    "and but when if that because cos then so with at from to like where while after before said says by visited saw"
    " trust of for about near via"
)
_THAT = these("whether that if because")
_NOT_DOERS = these(
    "hope love long pride happy able glad free ever early right true best chance light gift talent privilege pleasure"
    " honour need time china"
)
"""What "to" may follow without its being somebody who is to do a thing: "hope to see", "able to talk"."""

_SPOKEN_TO = these("told asked texted rang")


def is_named(row: Row, at: int) -> bool:
    """Whether the word, which has a capital, is a name here."""
    kinds = row.kinds[at]
    if row.before(at, TITLE | CALLED) or (row.before(at, KIN) and not row.capital[at - 1]):
        return not row.in_heading(at) or row.before(at, MISTER)
    if row.shouts(at) and row.in_heading(at):
        return False
    if not kinds & PERSON:
        return row.before(at, AT) if kinds & SAFE else not row.in_heading(at)
    if kinds & PASSED:
        return _is_weakly_named(row, at)
    return _begins_with_name(row, at) if row.begins(at) else _is_named_within(row, at)


def _is_named_within(row: Row, at: int) -> bool:
    """Within a sentence a capital says enough, but for "Early Help"."""
    if row.owns(at) or row.after(at, SAYS | DOES):
        return True
    part = row.after(at, TERM) and row.capital[at + 1] and not row.kinds[at + 1] & (PERSON | KIN)
    return not part and not row.in_heading(at)


def _is_weakly_named(row: Row, at: int) -> bool:
    """A month, a country or a brand that is a name too: only if it does what people do."""
    if row.owns(at):
        return row.after(at, KIN)
    if (row.kinds[at] & THING and _is_bare(row, at)) or _is_described(row, at):
        return True
    if row.word(at + 1) == "and" and row.word(at + 2) in _OWNERS:
        return row.after(at + 2, KIN)
    if row.after(at, DOES) and at and row.words[at - 1] in _THAT:
        return True
    return row.after(at, SAYS) or (row.before(at, TOWARDS) and not row.before(at, AT) and not row.begins(at))


def _is_described(row: Row, at: int) -> bool:
    """Whether "is a quiet girl" or the like follows."""
    described = row.word(at + 1) in {"is", "was"} and row.joined(at)
    return described and not _PEOPLE.isdisjoint(row.words[at + 2 : at + 8])


def _begins_with_name(row: Row, at: int) -> bool:
    """The first word of a sentence has its capital anyway."""
    word = row.words[at]
    if row.owns(at) or row.after(at, SAYS) or _does_something(row, at) or row.gap(at).startswith(" ("):
        return True
    if is_quoted(row, at):
        return True
    if row.after(at, DOES):
        return word not in _IDEAS and row.words[at + 1] in _IS
    if row.word(at + 1) == "and" and row.word(at + 2) in _OWNERS and row.after(at + 2, KIN):
        return True
    if row.kinds[at] & VERB or word in _IDEAS:
        return _has_a_task(row, at)
    listed = bool(_LISTED.match(row.gap(at))) or row.stands_alone(at) or _has_a_task(row, at)
    return listed or (row.word(at + 1) in {"and", "or", "n"} and _is_another(row, at + 2))


def _has_a_task(row: Row, at: int) -> bool:
    """Whether it stands as in minutes: "Sue to chase the hospital"."""
    if row.words[at] in _NOT_DOERS | _IDEAS or row.word(at + 1) != "to" or not row.joined(at):
        return False
    return at + 2 < len(row.words) and not row.capital[at + 2]


def _does_something(row: Row, at: int) -> bool:
    """Whether a past tense follows a word that is none itself: "Ruby smiled"."""
    past = row.after(at, ORDINARY) and row.words[at + 1].endswith("ed") and not row.capital[at + 1]
    return past and not row.kinds[at] & VERB


def _is_another(row: Row, at: int) -> bool:
    """Whether the word after "Ruby and" tells that Ruby is somebody: "Jazz", "her twin"."""
    if at >= len(row.words):
        return False
    if row.words[at] in _OWNERS:
        return row.after(at, KIN)
    return row.capital[at] and not row.kinds[at] & (TERM | FUNCTION)


def is_small_name(row: Row, at: int) -> bool:
    """Whether the word, in small letters, is a name here: after a relation, or saying something."""
    kinds, says = row.kinds[at], row.after(at, SAYS)
    if kinds & VERB:
        return row.before(at, KIN | CALLED) and says and not row.before(at, FUNCTION)
    if kinds & PASSED and not kinds & THING and not row.before(at, KIN):
        return False
    if row.before(at, KIN | TITLE) and not row.after(at, KIN):
        return True
    if at == 0 or row.begins(at):
        return says or row.owns(at)
    called = row.before(at, CALLED) and row.words[at - 1] not in SIZES
    return called or (kinds & THING and _is_bare(row, at)) or _is_spoken_of(row, at, says=says)


def _is_spoken_of(row: Row, at: int, *, says: bool) -> bool:
    before = row.words[at - 1]
    if says:
        return not row.before(at, GENERIC) and (before in _LINKS or not row.before(at, FUNCTION))
    return before in _SPOKEN_TO or (row.owns(at) and before in _LINKS and row.after(at, KIN))


def _is_bare(row: Row, at: int) -> bool:
    """Whether a thing stands without an article, an adjective or a noun beside it."""
    if at == 0 or not row.joined(at - 1):
        return False
    if not row.kinds[at - 1] & (SAYS | TOWARDS) and row.words[at - 1] not in _LINKS:
        return False
    return row.gap(at)[:1] in {",", ".", ";", ")", "\n", ""} or row.after(at, FUNCTION | SAYS | DOES)
