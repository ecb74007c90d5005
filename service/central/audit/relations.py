"""How the counts of one release hang together, whatever they are: sums, and counts that cannot exceed another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.central.audit.cells import Cell, Name, Raw, Scope
from service.central.audit.space import Space, table_of_bits
from service.central.catalogue.model import Unit

Family = tuple[Unit, Raw, str]
"""Counts that differ in one field only: the unit, the other constraints, and the field."""


@dataclass
class Counts:
    """Numbered counts. `sums`: the first is the sum of the others. `below`: the first cannot exceed the second.

    A count without cells is a part that no table shows; it is there so that sums can be said.
    """

    space: Space
    alive: int
    names: list[Name] = field(default_factory=list)
    number: dict[Name, int] = field(default_factory=dict)
    cells: list[list[Cell]] = field(default_factory=list)
    sums: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    below: list[tuple[int, int]] = field(default_factory=list)

    def of(self, name: Name) -> int:
        """The number of a count; a new one if it has none."""
        if name not in self.number:
            self.number[name] = len(self.names)
            self.names.append(name)
            self.cells.append([])
        return self.number[name]

    def is_impossible(self, count: int) -> bool:
        """Whether it is none by meaning; everybody knows that, so that it tells nothing."""
        state = self.names[count][1]
        return state == 0 or self.space.is_empty(state, self.alive)

    def authorities(self, count: int) -> int:
        """The bits of the authorities that can be in it."""
        return self.names[count][1] & self.alive & self.space.mask["authority"]


def counts_of(cells: Sequence[Cell], space: Space, alive: int, also: Sequence[Scope] = ()) -> Counts:
    """The counts of a release, those of scopes that are named besides, and their relations."""
    counts = Counts(space, alive)
    for cell in cells:
        counts.cells[counts.of(cell.name)].append(cell)
    for unit, raw in also:
        counts.of((unit, space.narrowed(raw)))
    raws = {*((cell.name[0], cell.raw) for cell in cells), *also}
    for family, sets in sorted(_families(raws).items()):
        _add_sums(counts, family, sorted(sets), has_whole=family[:2] in raws)
    counts.sums = sorted(set(counts.sums))
    counts.below = _direct(counts)
    return counts


def _families(raws: set[tuple[Unit, Raw]]) -> dict[Family, set[int]]:
    found: dict[Family, set[int]] = defaultdict(set)
    for unit, raw in raws:
        for own, bits in raw:
            found[unit, tuple(each for each in raw if each[0] != own), own].add(bits)
    return found


def _add_sums(counts: Counts, family: Family, sets: list[int], *, has_whole: bool) -> None:
    unit, others, own = family
    space = counts.space
    state = space.narrowed(others)
    whole = state & counts.alive & space.mask[own]

    def number(bits: int) -> int:
        return counts.of((unit, state if bits == whole else space.narrowed((*others, (own, bits)))))

    if has_whole:
        for each in sets:  # one authority alone may be all there is
            if each & whole == whole and space.narrowed((*others, (own, each))) != state:
                counts.sums.append((number(whole), (counts.of((unit, space.narrowed((*others, (own, each))))),)))
    parts = sorted({each & whole for each in sets} - {0, whole})
    if parts and (has_whole or len(parts) > 1):
        wanted = (*parts, whole) if has_whole else parts
        atoms = [(atom, number(atom)) for atom in space.atoms(whole, parts) if any(atom & each for each in wanted)]
        for each in wanted:
            inside = tuple(count for atom, count in atoms if atom & each)
            if inside != (number(each),):
                counts.sums.append((number(each), inside))


def _direct(counts: Counts) -> list[tuple[int, int]]:
    """The pairs of which one lies wholly within the other, those left out that follow from others or from a sum."""
    inside = _inside(counts)
    step = inside.astype(np.float32)
    inside &= ~(step @ step > 0)
    for whole, parts in counts.sums:
        inside[list(parts), whole] = False
    return [(int(low), int(high)) for low, high in np.argwhere(inside)]


def _inside(counts: Counts) -> NDArray[np.bool_]:
    bits = table_of_bits((state for _, state in counts.names), counts.space.size)
    within: NDArray[np.bool_] = bits @ (1 - bits).T == 0
    young: NDArray[np.bool_] = np.array([unit == Unit.YOUNG_PEOPLE for unit, _ in counts.names])
    allowed = (young[:, None] == young[None, :]) | (young[:, None] & ~young[None, :])
    possible = np.array([not counts.is_impossible(each) for each in range(len(counts.names))])
    within &= allowed & possible[:, None] & possible[None, :]
    np.fill_diagonal(within, val=False)
    return within
