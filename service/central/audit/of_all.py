"""What is certain of all who joined, of all who left, or of all of a quarter, to somebody who knows how many they are.

Where and when somebody was assessed is known to whoever knows of them, and which kinds of record an authority uses is
no secret; so they may know how many joined and how many left in each authority and quarter. What else a figure can tell
of them they are not to learn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product

import numpy as np

from service.central.audit.beside import Beside, Changed
from service.central.audit.cells import Cell, Scope, both_of
from service.central.audit.relations import Counts, counts_of
from service.central.audit.solver import NEAR, Doubt, Solver, Vector
from service.central.audit.space import Space, period
from service.central.audit.subject import Edition, Subject
from service.central.audit.truth import Truth
from service.central.audit.view import view_of

PLACE = {"authority", "quarter"}
KIND = "record_type"


class OfMovers:
    """An edition and the candidate side by side, and how many joined and left in each place between them."""

    def __init__(self, subject: Subject, old: Edition, changed: Changed) -> None:
        self._subject, self._old, self._new = subject, old, subject.candidate
        self._cells = [*self._new.cells, *old.cells]
        self._anyway = _Anyway(subject.space, (old, subject.candidate))
        self._places = _places(subject, self._cells, (*period(old.quarter), *period(self._new.quarter)))
        self._beside = Beside(subject, old, changed, self._places)

    def certain(self) -> tuple[int, list[Cell]]:
        """How many counts were tried, and figures of those that are certain of all who joined or left.

        What is not so cannot be certain; hence only counts of which it is true are asked for. Of a universe, in the
        region or one authority, somebody may know as well how many joined and left it: each is tried by itself.
        """
        narrower = sorted(self._beside.scopes.keys() - set(self._places))
        tried, found = 0, list[Cell]()
        for scopes in (self._places, *([each] for each in narrower)):
            asked = [(scope, cell) for scope in scopes for cell in self._asked(scope)]
            likely = [each for scope, cell in asked for each in self._likely(scope, cell)]
            tried += len(asked)
            if likely:
                if not self._old.view.fits(self._old.true):
                    raise Doubt("an earlier release does not fit its own facts")
                known = list(dict.fromkeys((*self._places, *scopes)))
                found += self._certain(self._beside.solver(known, exactly=True), likely)
        return tried, _once(found)

    def _asked(self, scope: Scope) -> Iterable[Cell]:
        return _once(cell for cell in self._cells if _tells_of(cell, scope) and not self._anyway.follows(cell, scope))

    def _likely(self, scope: Scope, cell: Cell) -> Iterator[tuple[Cell, int, bool]]:
        """Whether all who joined, or all who left, are truly in a count: the count, how many, and which it is."""
        number = self._beside.counts.number[cell.name]
        for has_joined, everybody in zip((True, False), self._beside.scopes[scope], strict=True):
            if everybody and self._moved[has_joined][number] == everybody:
                yield cell, everybody, has_joined

    def _certain(self, solver: Solver, likely: Iterable[tuple[Cell, int, bool]]) -> Iterator[Cell]:
        size = self._beside.size
        for cell, everybody, has_joined in likely:
            was = self._beside.counts.number[cell.name]
            came = {was + 2 * size: 1.0}
            cost = came if has_joined else {was: 1.0, was + size: -1.0, **came}
            if solver.least(cost)[0] > everybody - 1 + NEAR:
                yield cell

    @cached_property
    def _moved(self) -> dict[bool, Vector]:
        """How many of each count joined, and how many left."""
        return {True: self._more(self._new, self._old), False: self._more(self._old, self._new)}

    def _more(self, one: Edition, other: Edition) -> Vector:
        """How many facts of each count one has that the other has not."""
        counts = self._beside.counts
        found = np.zeros(len(counts.names))
        for unit in {unit for unit, _ in counts.names}:
            facts = one.truth.told(unit) - other.truth.told(unit)
            mine = np.array([each == unit for each, _ in counts.names])
            found[mine] = Truth(self._subject.space, one.quarter, facts).of(counts)[mine]
        return found


def certain_of_a_quarter(subject: Subject) -> tuple[int, list[Cell]]:
    """How many counts were tried, and figures of those that all of a quarter are in for sure.

    A quarter leaves the year as a whole: how many were in it is how many left, and so may be known.
    """
    new, space = subject.candidate, subject.space
    known = [scope for scope in _places(subject, new.cells, period(new.quarter)) if "quarter" in dict(scope[1])]
    counts, anyway = counts_of(new.cells, space, new.alive, known), _Anyway(space, (new,))
    true = new.truth.of(counts)
    whole = {scope: counts.number[scope[0], space.narrowed(scope[1])] for scope in known}
    asked = [
        (whole[scope], cell)
        for scope in known
        for cell in _once(each for each in new.cells if _tells_of(each, scope) and not anyway.follows(each, scope))
    ]
    likely = [cell for number, cell in asked if 0 < true[number] == true[counts.number[cell.name]]]
    if not likely:
        return len(asked), []
    solver = _knowing(subject, counts, [*whole.values()], true)
    numbers = {cell.name: counts.number[cell.name] for cell in likely}
    certain = [
        cell for cell in likely if solver.least({numbers[cell.name]: 1.0})[0] > true[numbers[cell.name]] - 1 + NEAR
    ]
    return len(asked), certain


def _knowing(subject: Subject, counts: Counts, known: list[int], true: Vector) -> Solver:
    view = view_of(counts, subject.candidate.quarter, subject.candidate.ceiling)
    view.lower[known] = view.upper[known] = true[known]
    return view.solver(subject.deadline)


def _places(subject: Subject, cells: Iterable[Cell], quarters: Iterable[str]) -> list[Scope]:
    """Everywhere, each authority, each quarter, and each of both, of each unit that is counted."""
    space, units = subject.space, {cell.name[0] for cell in cells}
    authorities = [(), *((("authority", space.bits("authority", [each])),) for each in subject.catalogue.authorities)]
    times = [(), *((("quarter", space.bits("quarter", [each])),) for each in sorted(set(quarters)))]
    return [(unit, (*where, *when)) for unit, where, when in product(sorted(units), authorities, times)]


class _Anyway:
    """What follows from which kinds of record an authority used."""

    def __init__(self, space: Space, editions: Sequence[Edition]) -> None:
        self._space = space
        facts = {(fact.authority, fact.record_type) for each in editions for fact in each.truth.facts}
        self._used = [(space.bits("authority", [authority]), space.bits(KIND, [kind])) for authority, kind in facts]

    def follows(self, cell: Cell, scope: Scope) -> bool:
        """Whether everybody in the scope is in the count, since nobody in its authorities used another kind."""
        where = dict(scope[1])
        authorities = where.get("authority", -1)
        kinds = _either(kind for authority, kind in self._used if authority & authorities)
        used, narrowed = ((KIND, kinds),), self._space.narrowed
        return kinds != 0 and narrowed(both_of(dict(cell.raw), used)) == narrowed(both_of(where, used))


def _either(bits: Iterable[int]) -> int:
    return sum(set(bits))


def _tells_of(cell: Cell, scope: Scope) -> bool:
    """Whether it counts a part of the scope, in the same place."""
    rest = {field for field, _ in set(cell.raw) - set(scope[1])}
    return cell.name[0] == scope[0] and set(scope[1]) <= set(cell.raw) and bool(rest) and not rest & PLACE


def _once(cells: Iterable[Cell]) -> list[Cell]:
    """One figure of each count."""
    return [*{cell.name: cell for cell in cells}.values()]
