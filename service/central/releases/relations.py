"""The problem of protecting a release: all its counts at once, and everything that ties them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from service.central.catalogue.naming import Name
from service.central.counting import is_regional, of_authority
from service.central.protection.problem import Key, Problem
from service.central.published import TOTAL
from service.central.releases.hanging import Meaning, Sum, below, sums_of
from service.central.releases.layout import Ground, Laid, by_at
from service.central.rounding import told_by

Pair = tuple[Name, Name]


def problem_of(
    ground: Ground,
    laid: Sequence[Laid],
    count: Callable[[Name], int],
    settled: Mapping[Name, int | None],
    still_told: Mapping[Name, int],
) -> Problem:
    """What an intruder would see of these tables together, and how it hangs together, in the catalogue's order.

    Every regional count is also the sum of the authorities' own, which an insider knows one of. `settled` are the
    counts whose figure is repeated, or withheld; `still_told` the older figures of what has not changed since.
    """
    shown = dict.fromkeys(cell.name for each in laid for cell in each.cells if not cell.is_missing)
    meaning = Meaning(ground.quarter, ground.present)
    sums = _once([*(each for table in laid for each in _margins(table)), *sums_of(shown, meaning)])
    related = shown | dict.fromkeys(part for _, each in sums for part in each)
    parts = {name: tuple(of_authority(name, each) for each in ground.present) for name in related if is_regional(name)}
    named = related | dict.fromkeys(part for each in parts.values() for part in each)
    counts: dict[Key, int] = {name: count(name) for name in named}
    edges = {name: _edges(name, figure) for name, figure in still_told.items() if name in named}
    ends = {end: number for each in edges.values() for end, number in each.items()}
    return Problem(
        counts=counts | ends,
        sums=_once([*sums, *parts.items(), *_within(ground, sums, shown)]),
        at_most=(*_pairs(ground, tuple(related), meaning, sums), *_between(edges)),
        shares={name: tuple(counts[part] for part in each) for name, each in parts.items() if name in shown},
        certain=_once(each for table in laid for each in _breakdowns(ground, table)),
        fixed={name: figure for name, figure in settled.items() if name in shown},
        unpublished=frozenset({*(named.keys() - shown.keys()), *ends}),
        figures=Counter(cell.name for each in laid for cell in each.cells if not cell.is_missing),
        known=(*_insiders(ground, named), *([frozenset(ends)] if ends else ())),
    )


def _edges(name: Name, figure: int) -> dict[Key, int]:
    """The least and the most that a figure lets a count be, as counts of their own.

    Somebody may know that nothing has changed since the figure was made. They are one more insider, who knows these.
    """
    least, most = told_by(figure)
    return {("least", name): least, ("most", name): most}


def _between(edges: Mapping[Name, Mapping[Key, int]]) -> Iterator[tuple[Key, Key]]:
    """Each count between its edges."""
    for name, (least, most) in edges.items():
        yield from ((least, name), (name, most))


def _margins(laid: Laid) -> Iterator[Sum]:
    """Each total of a table with the cells it is the sum of. A missing authority's are in no total."""
    for position in range(len(laid.axes)):
        yield from _along(laid, position)


def _along(laid: Laid, position: int) -> Iterator[Sum]:
    every = by_at(laid)
    for total in (cell for cell in laid.cells if cell.at[position] == TOTAL and not cell.is_missing):
        codes = dict.fromkeys(cell.at[position] for cell in laid.cells if cell.at[position] != TOTAL)
        cells = [every[(*total.at[:position], code, *total.at[position + 1 :])] for code in codes]
        parts = tuple(cell.name for cell in cells if not cell.is_missing)
        if total.name not in parts:
            yield total.name, parts


def _within(ground: Ground, sums: Iterable[Sum], shown: Collection[Name]) -> Iterator[Sum]:
    """The same sums of one authority's own counts, where a table shows one of them."""
    for whole, parts in sums:
        for authority in ground.present if is_regional(whole) and all(map(is_regional, parts)) else ():
            own = of_authority(whole, authority), tuple(of_authority(part, authority) for part in parts)
            if own[0] in shown or any(part in shown for part in own[1]):
                yield own


def _breakdowns(ground: Ground, laid: Laid) -> Iterator[Sum]:
    """Each group of a table that a sensitive axis divides, with the parts."""
    for position, axis in enumerate(laid.axes):
        if ground.catalogue.axes[axis].is_sensitive:
            yield from _along(laid, position)


def _pairs(ground: Ground, related: Sequence[Name], meaning: Meaning, sums: Iterable[Sum]) -> tuple[Pair, ...]:
    """What cannot exceed what, in the region and so in each authority; without what a sum says already."""
    said = {(part, whole) for whole, parts in sums for part in parts}
    found: dict[Pair, None] = {}
    for pair in (each for each in below(related, meaning) if each not in said):
        found[pair] = None
        if all(map(is_regional, pair)):
            own = ((of_authority(pair[0], each), of_authority(pair[1], each)) for each in ground.present)
            found |= dict.fromkeys(own)
    return tuple(found)


def _insiders(ground: Ground, named: Collection[Name]) -> tuple[frozenset[Name], ...]:
    """What each authority knows wholly, and each two together."""
    own = {each: frozenset(name for name in named if _is_of(name, each)) for each in ground.present}
    return (*own.values(), *(own[one] | own[other] for one, other in combinations(own, 2)))


def _is_of(name: Name, authority: str) -> bool:
    return ("authority", frozenset({authority})) in name[1]


def _once(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    """Each sum once, in whatever order its parts are named."""
    return tuple({(whole, frozenset(parts)): (whole, parts) for whole, parts in sums}.values())
