"""What belongs to a suspicious word: surnames, initials, the street or the school it is part of."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.deidentify.context import (
    FAMILY,
    FUNCTION,
    GENERIC,
    KIN,
    ORGANISATION,
    SAYS,
    SIZES,
    STREET,
    TAIL,
    TITLE,
)
from service.domain.deidentify.finding import Kind
from service.domain.deidentify.row import Row
from service.domain.deidentify.vocabulary import ORDINARY, PASSED, PERSON, SAFE, TERM, TOWN, these

_WITHIN = these("of and upon le la st")
_PARTICLES = these("ni nic ui al el bin bint ben abu umm van von de da dos del di la le ap ab ferch mac st")
_INNER = these("y yr ar bin bint ibn de da dos del di la le van von der ap ab ferch ni mac")
"""What stands in small letters between two capitals of one name: "Maes y Gog", "Ali bin Omar"."""

_LONGEST = 7
_STREETS = these(
    "road rd street st lane avenue ave crescent grove terrace park gardens estate precinct lot crew mandem"
    " youngers gang"
)
"""What makes a place of an unknown word in small letters."""

_HOMES = these(
    "home homes house school college church shop park flat under car police fire bus boys girls junior community"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that belong together, first and last, and what they name."""

    kind: Kind
    first: int
    last: int


def spread(row: Row, found: set[int]) -> list[Stretch]:
    """The suspicious words with what belongs to them. Stretches may overlap: places come first."""
    _to_neighbours(row, found)
    places = [
        place
        for at, kinds in enumerate(row.kinds)
        if kinds & (STREET | ORGANISATION) and (place := _place(row, at, found))
    ]
    _to_whole_nicknames(row, found)
    _to_lists(row, found)
    _to_titles(row, found)
    inside = {at for place in places for at in range(place.first, place.last + 1)}
    rest = sorted(found - inside)
    stretches = places
    while rest:
        first = last = rest.pop(0)
        stretches.append(_with_tail(row, first, last))
    return stretches


def _to_neighbours(row: Row, found: set[int]) -> None:
    """Capitals beside a suspicious word are its first names and surnames; a letter after it is an initial."""
    for at in sorted(found):
        if not row.capital[at] and row.kinds[at]:
            continue
        _forwards(row, at, found)
        _backwards(row, at, found)


def _to_whole_nicknames(row: Row, found: set[int]) -> None:
    """What stands with a name between quotation marks, and "big" before it."""
    for at in sorted(found):
        if at == 0 or at - 1 in found or not row.joined(at - 1):
            continue
        quoted = row.capital[at - 1] and at > 1 and row.gap(at - 2).endswith('"') and row.gap(at)[:1] in {'"', "."}
        if quoted or (row.words[at - 1] in SIZES and row.capital[at - 1] == row.capital[at]):
            found.add(at - 1)


def _to_lists(row: Row, found: set[int]) -> None:
    """Everyday words with a capital that stand in a row with names: "Archie, Bones and Ghost"."""
    for at in range(len(row.words) - 1):
        if at in found and row.capital[at]:
            follows = at + 2 if row.words[at + 1] in {"and", "n", "or"} else at + 1
            gaps = {row.gap(each) for each in range(at, min(follows, len(row.words) - 1))}
            if (
                gaps <= _COMMAS
                and follows < len(row.words)
                and (follows > at + 1 or " " not in gaps)
                and _is_plain(row, follows)
            ):
                found.add(follows)


_COMMAS = frozenset((" ", ", ", " & ", "/", " / ", ", and "))


def _is_plain(row: Row, at: int) -> bool:
    """Whether a word has a capital and no reason for it but being somebody's."""
    reason = TERM | FUNCTION | PASSED | STREET | ORGANISATION | TITLE | KIN | GENERIC
    return row.capital[at] and not row.kinds[at] & reason and not row.begins(at) and not row.in_heading(at)


def _to_titles(row: Row, found: set[int]) -> None:
    """What a name is called by within a family is part of it: "Uncle Vikram"."""
    for at in sorted(found):
        letter = len(row.words[at]) == 1
        if (
            at
            and row.capital[at - 1]
            and row.capital[at]
            and row.before(at, FAMILY | (TITLE if letter else 0))
            and not row.shouts(at - 1)
        ):
            found.add(at - 1)


def _forwards(row: Row, at: int, found: set[int]) -> None:
    while row.joined(at) and at + 1 not in found:
        follows = at + 1
        if row.words[follows] in _INNER and row.joined(follows) and row.capital[at] and row.capital[follows + 1]:
            found.update((follows, follows + 1))
            at = follows + 1
            continue
        if len(row.words[follows]) == 1 and row.kinds[at] & (TERM | FUNCTION):
            return
        if len(row.words[follows]) == 1:
            if not _ends_as_initial(row, at) or row.dotted(follows) in row.known:
                return
        elif not (row.capital[at] and row.capital[follows]) or not _may_join(row, follows, at):
            return
        found.add(follows)
        at = follows


def _ends_as_initial(row: Row, at: int) -> bool:
    letter, gap = row.text[row.start[at + 1]], row.gap(at + 1)
    if letter.isupper():
        return letter not in "I" or gap[:1] == "."
    return (
        not row.capital[at]
        and letter not in "aiuxy"
        and (gap[:1] in {"", ",", ".", ")", "\n"} or row.words[at + 1] not in "mnkrcb" or row.after(at + 1, SAYS))
    )


def _backwards(row: Row, at: int, found: set[int]) -> None:
    while (
        at
        and at - 1 not in found
        and row.joined(at - 1)
        and row.capital[at]
        and row.capital[at - 1]
        and not row.owns(at - 1)
    ):
        before = at - 1
        ordinary = not row.kinds[before] & PERSON and row.gap(before) != "-"
        if not _may_join(row, before, at) or (ordinary and row.begins(before)):
            return
        found.add(before)
        at = before


def _may_join(row: Row, at: int, other: int) -> bool:
    """Whether a word with a capital may be part of the name beside it: no role, no country, no "He"."""
    if row.words[at] in _PARTICLES and at < other and not row.shouts(at):
        return True
    if row.kinds[at] & (FUNCTION | TITLE | KIN) or row.shouts(at) > row.shouts(other) or row.gap(at)[:1] == ":":
        return False
    if row.shouts(at) and row.in_heading(at) and not row.kinds[at] & (PERSON | TOWN):
        return False
    return not row.kinds[at] & (TERM | PASSED) or bool(row.kinds[at] & PERSON) or row.gap(min(at, other)) == "-"


def _place(row: Row, at: int, found: set[int]) -> Stretch | None:
    """The street, the house or the school that ends with the word, and what follows of its name."""
    if not row.capital[at] and not (at and at - 1 in found and row.capital[at - 1] and not row.owns(at - 1)):
        return None
    first = _first_of_place(row, at)
    names = [each for each in range(first, at) if _names(row, each, found)]
    after = at + 1 in found and row.joined(at) and row.capital[at] and row.kinds[at] & ORGANISATION
    if after:
        return Stretch(Kind.SCHOOL, first, _tail(row, at + 1))
    if not names or (row.shouts(at) and not any(each in found or row.kinds[each] & TOWN for each in names)):
        return None
    if not row.capital[at] and row.words[at] in _HOMES and not row.kinds[at - 1] & TOWN:
        return None
    last = _tail(row, at)
    kind = Kind.SCHOOL if (row.kinds[at] | row.kinds[last]) & ORGANISATION else Kind.PLACE
    return Stretch(kind, first, last)


def _first_of_place(row: Row, at: int) -> int:
    """The first word of the name of which a word is the last: capitals, and "of the" between them."""
    first = at
    for each in range(at - 1, max(at - _LONGEST, 0) - 1, -1):
        if row.gap(each) not in _LINKED:
            break
        hyphened = each > 0 and row.gap(each - 1) == "-"
        if (row.capital[each] or hyphened) and not row.kinds[each] & FUNCTION:
            first = each
        elif row.words[each] not in _WITHIN and not (row.words[each] == "the" and each and row.words[each - 1] == "of"):
            break
    if first + 1 < at and row.begins(first) and row.kinds[first] == ORDINARY and row.kinds[first + 1] != ORDINARY:
        first += 1
    while first < at and (row.kinds[first] & FUNCTION or row.words[first] in _WITHIN - {"st", "le", "la"}):
        first += 1
    return first


_LINKED = frozenset((" ", "-", " & ", ". ", "' "))


def _names(row: Row, at: int, found: set[int]) -> bool:
    """Whether a word gives a street or a school its name: no kind of school, no "the"."""
    kinds = row.kinds[at]
    if at in found or kinds & TOWN:
        return True
    if not row.capital[at] or kinds & (FUNCTION | GENERIC | TERM) or (kinds & PASSED and not kinds & PERSON):
        return False
    return bool(kinds & SAFE) and not (row.begins(at) and row.in_heading(at)) and not row.in_heading(at)


def _tail(row: Row, at: int) -> int:
    """The last word of "Beech Lodge children's home" when "Lodge" is given."""
    last = at
    while row.joined(last) and last - at < 4 and row.kinds[last + 1] & TAIL and not row.owns(last):
        last += 1
    if row.words[last + 1 : last + 3] == ["under", "s"]:
        return last + 2
    if (
        last + 1 < len(row.words)
        and row.joined(last)
        and row.capital[last]
        and row.capital[last + 1]
        and row.kinds[last + 1] & (STREET | ORGANISATION)
    ):
        return last + 1
    return last


def _with_tail(row: Row, first: int, last: int) -> Stretch:
    """A single word: a town, the name of a place by what follows it, or else a person's."""
    tail = _tail(row, last) if row.capital[last] and not row.owns(last) else last
    if not row.capital[last] and row.after(last, STREET) and row.words[last + 1] in _STREETS:
        tail = last + 1
    if tail - last == 1 and (row.words[tail] in _HOMES) and not row.kinds[last] & TOWN:
        tail = last
    if tail > last:
        return Stretch(Kind.SCHOOL if row.kinds[tail] & ORGANISATION else Kind.PLACE, first, tail)
    return Stretch(Kind.PLACE if row.kinds[last] & TOWN else Kind.PERSON, first, last)
