"""How counts hang together by what their names say, whichever tables they stand in.

Two bandings of one axis, or a universe and the kinds of records in it, tell about each other. What tables tell only
together must be protected together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from service.central.catalogue.dates import period
from service.central.catalogue.meaning import possible
from service.central.catalogue.model import Unit
from service.central.catalogue.naming import Name

Values = frozenset[str]
Narrowed = frozenset[tuple[str, Values]]
Sum = tuple[Name, tuple[Name, ...]]


class Meaning:
    """What values a field can have in a release of this quarter, with these authorities present."""

    def __init__(self, quarter: str, present: Collection[str]) -> None:
        self._given = {"authority": frozenset(present), "quarter": frozenset(period(quarter))}
        self._known: dict[tuple[str, Narrowed], Values] = {}

    def of(self, field: str, narrowed: Narrowed) -> Values:
        """The values that the field can have among what is so narrowed."""
        key = field, narrowed
        if key not in self._known:
            where = dict(narrowed)
            every = self._given[field] if field in self._given else possible(field, _without(where, field))
            self._known[key] = every & where.get(field, every)
        return self._known[key]


def _without(where: Mapping[str, Values], field: str) -> dict[str, Values]:
    return {name: values for name, values in where.items() if name not in (field, "authority", "quarter")}


def sums_of(names: Collection[Name], meaning: Meaning) -> Iterator[Sum]:
    """Counts that differ in one field only, each as the sum of the smallest pieces that they cut one another into.

    A piece that no table shows has a name all the same.
    """
    families: defaultdict[tuple[Unit, Narrowed, str], list[Name]] = defaultdict(list)
    for unit, narrowed in names:
        for field, values in narrowed:
            families[unit, narrowed - {(field, values)}, field].append((unit, narrowed))
    for (unit, others, field), members in families.items():
        whole = [(unit, others)] if (unit, others) in names else []
        yield from _cut([*members, *whole], unit, others, field, meaning)


def _cut(members: Sequence[Name], unit: Unit, others: Narrowed, field: str, meaning: Meaning) -> Iterator[Sum]:
    values = {name: meaning.of(field, name[1]) for name in members}
    pieces: defaultdict[tuple[Name, ...], set[str]] = defaultdict(set)
    for value in sorted(frozenset[str]().union(*values.values())):
        pieces[tuple(name for name in members if value in values[name])].add(value)
    named = {held: name for name, held in reversed(values.items())}
    parts = {frozenset(piece): inside for inside, piece in pieces.items()}
    for name in members:
        inside = tuple(
            named.get(piece, (unit, others | {(field, piece)})) for piece, within in parts.items() if name in within
        )
        if inside and inside != (name,):
            yield name, inside


def below(names: Sequence[Name], meaning: Meaning) -> Iterator[tuple[Name, Name]]:
    """Each count with those that it cannot exceed, since it is wholly within them; the nearest ones only.

    Sets of counts are whole numbers here, a bit for each: there are hundreds of thousands of pairs.
    """
    above = list(_above(names, meaning))
    for number, larger in enumerate(above):
        farther, same = 0, 0
        for other in _places(larger):
            if above[other] >> number & 1:
                same |= 1 << other
            else:
                farther |= above[other]
        yield from ((names[number], names[other]) for other in _places(larger & ~(farther & ~same)))


def _above(names: Sequence[Name], meaning: Meaning) -> Iterator[int]:
    """For each count the others that it is wholly within, as bits."""
    every = (1 << len(names)) - 1
    assessments = sum(1 << number for number, name in enumerate(names) if name[0] is Unit.ASSESSMENTS)
    narrowed: defaultdict[str, defaultdict[Values, int]] = defaultdict(lambda: defaultdict(int))
    for number, name in enumerate(names):
        for field, values in name[1]:
            narrowed[field][values] |= 1 << number
    for number, name in enumerate(names):
        outside = (1 << number) | (every & ~assessments if name[0] is Unit.ASSESSMENTS else 0)
        for field, by_values in narrowed.items():
            held = meaning.of(field, name[1])
            for values, having in by_values.items():
                if not held <= values:
                    outside |= having
        yield every & ~outside


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, in order."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
