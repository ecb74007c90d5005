"""The second tier: words that are in no vocabulary, and words that may be names where they stand like one."""

from __future__ import annotations

import re

from service.domain.deidentify.called import is_called
from service.domain.deidentify.context import BODY, DOES, FUNCTION, KIN, LETTERED, MISTER, SAYS, TITLE, TOWARDS
from service.domain.deidentify.misspelt import is_misspelt
from service.domain.deidentify.named import is_named, is_small_name
from service.domain.deidentify.row import Row
from service.domain.deidentify.vocabulary import PASSED, PERSON, TERM, TOWN, Vocabulary

_LONG_DRAWN = re.compile(r"(.)\1{2,}")
_LAUGHTER = re.compile(r"(?:ha){2,}h?|(?:he){2,}|(?:x|xo){2,}|m+|z+|a+h+|o+h+|u+g*h+|e+r+m*|h+m+|lo+l")
_LONGEST_LAUGH = 40
_AGED = re.compile(r" ?\((?:aged )?[0-9]|, (?:aged )?[0-9]{1,2}\b")


def suspicious(row: Row, vocabulary: Vocabulary) -> set[int]:
    """The words that may be part of a name of whatever kind, before their neighbours are looked at."""
    _pass_over(row, vocabulary)
    found = set()
    for at, kinds in enumerate(row.kinds):
        if not kinds or len(row.words[at]) == 1:
            named = _is_strange(row, at)
        elif row.capital[at]:
            named = is_named(row, at) if kinds & (PERSON | TOWN) else _is_aged(row, at) or is_called(row, at)
        elif kinds & PERSON:
            named = is_small_name(row, at) or _follows_mister(row, at)
        else:
            named = bool(at and row.kinds[at - 1] & MISTER) and _follows_mister(row, at)
        if named:
            found.add(at)
    _name_again(row, found)
    _whole_hyphened(row, found)
    return found


def _follows_mister(row: Row, at: int) -> bool:
    """Whether "mr" stands before an everyday word in small letters. "miss" is a verb there."""
    return bool(
        at and row.kinds[at - 1] & MISTER and row.words[at - 1] != "miss" and not row.kinds[at] & FUNCTION
    ) and row.joined(at - 1)


def _name_again(row: Row, found: set[int]) -> None:
    """Who is named once is named wherever the word stands so again, at the beginning of a sentence too."""
    capitals = (at for at in found if row.capital[at])
    named = {row.words[at] for at in capitals if row.kinds[at] & PERSON and not row.kinds[at] & FUNCTION}
    for at, word in enumerate(row.words) if named else ():
        if word not in named or row.in_heading(at):
            continue
        if _stands_like_a_name(row, at) if row.capital[at] else _acts_like_a_name(row, at):
            found.add(at)


def _acts_like_a_name(row: Row, at: int) -> bool:
    """A name in small letters where another sentence begins, of somebody whom the text names with a capital."""
    return row.begins(at) and (row.after(at, SAYS | DOES) or row.word(at + 1) in {"and", "n"})


def _whole_hyphened(row: Row, found: set[int]) -> None:
    """What a hyphen ties to a name in the same letters is part of it, an everyday word too: "demi-leigh"."""
    for at in sorted(found):
        for other in (at - 1, at + 1):
            first = min(at, other)
            tied = 0 <= other < len(row.words) and row.gap(first) == "-" and row.capital[at] == row.capital[other]
            if tied and not row.kinds[other] & (FUNCTION | TITLE):
                found.add(other)


def _stands_like_a_name(row: Row, at: int) -> bool:
    if not (row.begins(at) or row.kinds[at] & PASSED):
        return True
    return row.after(at, SAYS | DOES) or row.gap(at)[:1] in {",", "'"} or row.word(at + 1) == "and"


def _pass_over(row: Row, vocabulary: Vocabulary) -> None:
    """Public bodies are everybody's: their words count as passed over."""
    for at in [at for at, kinds in enumerate(row.kinds) if kinds & BODY]:
        for name in vocabulary.bodies[row.words[at]]:
            stretch = range(at, at + len(name))
            if tuple(row.words[at : at + len(name)]) == name and all(row.joined(each) for each in stretch[:-1]):
                row.kinds[at : at + len(name)] = [TERM | PASSED] * len(name)


def _is_strange(row: Row, at: int) -> bool:
    """A word that nobody knows, or an initial."""
    word = row.words[at]
    if len(word) == 1:
        return _is_initial(row, at) if row.capital[at] else _is_small_initial(row, at)
    if not row.capital[at] and (
        (len(word) < _LONGEST_LAUGH and _LAUGHTER.fullmatch(word)) or is_misspelt(word, row.known)
    ):
        return False
    drawn = _LONG_DRAWN.sub(r"\1", word)
    return drawn == word or not (drawn in row.known or _LONG_DRAWN.sub(r"\1\1", word) in row.known)


def _is_small_initial(row: Row, at: int) -> bool:
    """One letter that speaks or is spoken to; those that young people write for words are none."""
    said = row.after(at, SAYS) or row.before(at, TOWARDS | KIN)
    return row.words[at] not in "aiuyrnxkbcoew" and said and not row.before(at, LETTERED)


def _is_initial(row: Row, at: int) -> bool:
    """A capital by itself that is no "I", no "A" and no "Year B", or letters with full stops that are no short form."""
    letter, gap = row.words[at], row.gap(at)
    aged = _AGED.match(gap) is not None
    if (letter in "ixy" and not aged) or row.before(at, LETTERED) or row.dotted(at) in row.known:
        return False
    if gap == "/" and row.kind(at + 1) & TITLE:
        return False
    return letter != "a" or aged or row.owns(at) or gap[:1] in {".", ")", ","} or row.before(at, TITLE | KIN)


def _is_aged(row: Row, at: int) -> bool:
    """Two capitals with an age after them are somebody's, even if they are a short form as well."""
    return len(row.words[at]) == 2 and row.shouts(at) and bool(_AGED.match(row.gap(at)))
