"""Tables made for the tests: by hand as lists of rows, or drawn with a seed from people who do not exist."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, product

from service.central.protection import Key, Problem

TOTAL = "total"


def table(rows: list[list[int]]) -> Problem:
    """One table with all its margins; the cell of row 0 and column 1 has the key (0, 1)."""
    height, width = len(rows), len(rows[0])
    counts: dict[Key, int] = {(r, c): rows[r][c] for r in range(height) for c in range(width)}
    counts |= {(r, TOTAL): sum(rows[r]) for r in range(height)}
    counts |= {(TOTAL, c): sum(row[c] for row in rows) for c in range(width)}
    counts[TOTAL, TOTAL] = sum(map(sum, rows))
    sums: list[tuple[Key, tuple[Key, ...]]] = []
    sums += [((r, TOTAL), tuple((r, c) for c in range(width))) for r in range(height)]
    sums += [((TOTAL, c), tuple((r, c) for r in range(height))) for c in (*range(width), TOTAL)]
    sums += [((TOTAL, TOTAL), tuple((TOTAL, c) for c in range(width)))]
    return Problem(counts, tuple(sums))


AXES = {"statement": 3, "age": 3, "sex": 2}
PAIRS = (("statement", "age"), ("statement", "sex"), ("age", "sex"))


def linked(seed: int, people: int, authorities: int, *, alike: float = 0) -> Problem:
    """Three tables that share their margins, each count spread over the authorities, and every insider and pair.

    The first authority's statements differ; of the others' people so many have the same one besides, by chance.
    """
    dice = random.Random(seed)
    drawn = [_person(dice, authorities, alike) for _ in range(people)]
    names = dict.fromkeys(frozenset(cell.items()) for cell in _cells())
    counts: dict[Key, int] = {}
    sums = [_spread(name, axis, size) for name in names for axis, size in AXES.items() if _goes_on(names, name, axis)]
    sums += [_spread(name, "authority", authorities) for name in names]
    for name in (each for whole, parts in sums for each in (whole, *parts)):
        counts[name] = sum(name <= person for person in drawn)
    shares = {name: tuple(counts[part] for part in _spread(name, "authority", authorities)[1]) for name in names}
    alone = [_knows(counts, number) for number in range(authorities)]
    known = (*alone, *(one | other for one, other in combinations(alone, 2)))
    groups = tuple(each for each in sums if any(axis == "statement" for axis, _ in each[1][0] - each[0]))
    unpublished = frozenset(set(counts) - set(names))
    return Problem(counts, tuple(sums), shares=shares, certain=groups, unpublished=unpublished, known=known)


def _knows(counts: dict[Key, int], authority: int) -> frozenset[Key]:
    return frozenset(name for name in counts if isinstance(name, frozenset) and ("authority", authority) in name)


def _person(dice: random.Random, authorities: int, alike: float) -> frozenset[tuple[str, int]]:
    values = {axis: min(dice.randrange(size), dice.randrange(size)) for axis, size in AXES.items()}
    authority = dice.randrange(authorities)
    if authority and dice.random() < alike:
        values["statement"] = 0
    return frozenset({**values, "authority": authority}.items())


def _cells() -> Iterator[dict[str, int]]:
    yield {}
    for first, second in PAIRS:
        for one, other in product(range(AXES[first]), range(AXES[second])):
            yield from ({first: one}, {second: other}, {first: one, second: other})


def _goes_on(names: dict[frozenset[tuple[str, int]], None], name: frozenset[tuple[str, int]], axis: str) -> bool:
    return axis not in dict(name) and name | {(axis, 0)} in names


def _spread(
    name: frozenset[tuple[str, int]], axis: str, size: int
) -> tuple[frozenset[tuple[str, int]], tuple[frozenset[tuple[str, int]], ...]]:
    return name, tuple(name | {(axis, value)} for value in range(size))
