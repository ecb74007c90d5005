"""What the intruder knows of how counts hang together: sums of parts, parts within wholes, people in assessments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from tests.intruder.names import Book, Name
from tests.intruder.reading import SeenTable

PEOPLE, ASSESSMENTS = "young_people", "assessments"
CUBE_MAX = 400
"""So many cells may a cube of three fields have that is thought of beside its three published sides."""


@dataclass(frozen=True)
class Structure:
    """Counts as columns. `sums`: a column is the sum of others. `at_most`: the first is not more than the second.

    `people`: the same of young people and assessments.
    """

    index: Mapping[Name, int]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    at_most: tuple[tuple[int, int], ...]
    people: tuple[tuple[int, int], ...]


def names_of(book: Book, tables: Iterable[SeenTable]) -> frozenset[Name]:
    """The counts of all cells, and those of cubes whose three sides are published."""
    tables = list(tables)
    names = {(each.unit, book.mask(each.cell_where(cell.at))) for each in tables for cell in each.cells}
    return frozenset(names | set(_cubes(book, tables)))


@lru_cache(maxsize=256)
def structure(book: Book, names: frozenset[Name]) -> Structure:
    """The same for every cohort that shows the same tables; so it is kept."""
    canonical = {(unit, book.closed(mask)) for unit, mask in names if book.closed(mask)}
    index: dict[Name, int] = {name: place for place, name in enumerate(sorted(canonical))}
    sums = set(_sums(book, names, index))
    people = tuple(
        (index[PEOPLE, m], index[ASSESSMENTS, m]) for u, m in canonical if u == PEOPLE and (ASSESSMENTS, m) in index
    )
    return Structure(index, tuple(sorted(sums)), tuple(_at_most(sorted(canonical), index, sums)), people)


def _sums(book: Book, names: frozenset[Name], index: dict[Name, int]) -> Iterable[tuple[int, tuple[int, ...]]]:
    """Each set of values is the sum of the smallest parts that all sets over its field have in common."""
    known = frozenset(index)
    for (unit, rest, field), sets in _families(book, names).items():
        bits = book.fields[field]
        if (unit, book.closed(rest)) in known:
            sets.add(bits)
        parts = _refined(book, sets)
        for whole in sets:
            within = [part for part in parts if part & whole]
            found = [book.closed(rest & ~bits | part) for part in within]
            columns = tuple(sorted({index.setdefault((unit, each), len(index)) for each in found if each}))
            closed = book.closed(rest & ~bits | whole)
            if closed and columns != (index.setdefault((unit, closed), len(index)),):
                yield index[unit, closed], columns


def _families(book: Book, names: Iterable[Name]) -> dict[tuple[str, int, str], set[int]]:
    families: dict[tuple[str, int, str], set[int]] = defaultdict(set)
    for unit, mask in names:
        for field, bits in book.fields.items():
            if mask & bits != bits:
                families[unit, mask | bits, field].add(mask & bits)
    return families


def _refined(book: Book, sets: set[int]) -> list[int]:
    """The smallest parts: values that are in the same sets stay together."""
    ordered = sorted(sets)
    together: dict[tuple[bool, ...], int] = defaultdict(int)
    for bit in {bit for each in ordered for bit in book.bits_of(each)}:
        together[tuple(bool(bit & each) for each in ordered)] |= bit
    return list(together.values())


def _at_most(
    names: Sequence[Name], index: Mapping[Name, int], sums: Iterable[tuple[int, tuple[int, ...]]]
) -> Iterable[tuple[int, int]]:
    """A count within the next larger ones that hold it, where no sum says so already."""
    direct = {(part, whole) for whole, parts in sums for part in parts}
    for unit in (PEOPLE, ASSESSMENTS):
        masks = sorted((mask for kind, mask in names if kind == unit), key=int.bit_count)
        for place, mask in enumerate(masks):
            nearest: list[int] = []
            for larger in masks[place + 1 :]:
                if mask & ~larger == 0 and not any(each & ~larger == 0 for each in nearest):
                    nearest.append(larger)
            pairs = ((index[unit, mask], index[unit, each]) for each in nearest)
            yield from (pair for pair in pairs if pair not in direct)


def _cubes(book: Book, tables: Sequence[SeenTable]) -> Iterable[Name]:
    """Three published sides of a cube bind each other through the cells inside, which nobody publishes."""
    sides: dict[tuple[str, int], dict[frozenset[str], SeenTable]] = defaultdict(dict)
    for each in tables:
        if len(each.axes) == 2:
            fields = frozenset(axis.field for axis in each.axes)
            sides[each.unit, book.mask(each.where)].setdefault(fields, each)
    for (unit, base), found in sides.items():
        for three in combinations(sorted({field for pair in found for field in pair}), 3):
            if all(frozenset(pair) in found for pair in combinations(three, 2)):
                yield from _cells(book, unit, base, [_groups(found.values(), field) for field in three])


def _groups(tables: Iterable[SeenTable], field: str) -> list[tuple[str, frozenset[str]]]:
    axis = next(axis for each in tables for axis in each.axes if axis.field == field)
    return [(field, values) for values in axis.groups.values()]


def _cells(book: Book, unit: str, base: int, groups: Sequence[Sequence[tuple[str, frozenset[str]]]]) -> Iterable[Name]:
    cells = list(product(*groups))
    if len(cells) <= CUBE_MAX:
        yield from ((unit, base & book.mask(dict(cell))) for cell in cells)
