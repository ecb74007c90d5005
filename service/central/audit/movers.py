"""What figures before and after tell side by side: of all who joined or left, and of counts in other groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.central.audit.bounds import Interval, Search
from service.central.audit.cells import Cell, Name, Scope, names_of
from service.central.audit.relations import counts_of
from service.central.audit.solver import NEAR, Doubt, Row, Solver, Vector
from service.central.audit.subject import Edition, Subject
from service.central.audit.view import INFINITE, SMALLEST_SHOWN, refuse_crossed, view_of
from service.central.published import Status

KNOWN_ANYWAY = {"authority", "quarter"}
"""Who knows of somebody that they joined knows when and where; it is no attribute that a figure tells."""

Both = tuple[int, int]
"""A count's number in the older release, and in the candidate."""


def certain_of_all(subject: Subject, old: Edition, scope: Scope, moved: int) -> tuple[int, list[int]]:
    """How many counts were tried, and those in which all are for sure.

    `moved` is by how many the scope grew (or, if negative, shrank) when nobody went the other way; whoever looks is
    taken to know it. What is not so cannot be certain; hence only counts that truly moved by all of it are asked for.
    """
    new = subject.candidate
    both = _within(old, new, scope)
    asked = _asked(new, scope)
    targets = [
        (before, now)
        for name, (before, now) in both.items()
        if name in asked and new.true[now] - old.true[before] == moved
    ]
    if not targets:
        return len(asked), []
    if not old.view.fits(old.true):
        raise Doubt("an earlier release does not fit its own facts")
    solver = _side_by_side(subject, old, both, scope, moved)
    shift, sign = len(old.counts.names), 1.0 if moved > 0 else -1.0
    certain = [
        now for before, now in targets if solver.least({before: -sign, now + shift: sign})[0] > abs(moved) - 1 + NEAR
    ]
    return len(asked), certain


def _within(old: Edition, new: Edition, scope: Scope) -> dict[Name, Both]:
    unit, state = scope[0], new.state(scope[1])
    return {
        name: (before, new.counts.number[name])
        for name, before in old.counts.number.items()
        if name in new.counts.number and name[0] == unit and name[1] & ~state == 0 and name[1]
    }


def _asked(new: Edition, scope: Scope) -> set[Name]:
    return {cell.name for cell in new.cells if cell.scope == scope and _tells(cell)}


def _tells(cell: Cell) -> bool:
    return bool({field for field, _ in set(cell.raw) - set(cell.scope[1])} - KNOWN_ANYWAY)


def _side_by_side(subject: Subject, old: Edition, both: dict[Name, Both], scope: Scope, moved: int) -> Solver:
    shift = len(old.counts.names)
    rows = [*old.view.rows(), *_shifted(new_rows=subject.candidate.view.rows(), shift=shift)]
    whole = (scope[0], subject.candidate.state(scope[1]))
    least, most = min(0, moved), max(0, moved)
    for name, (before, now) in both.items():
        low = moved if name == whole else least
        high = moved if name == whole else most
        rows.append((float(low), float(high), (before, now + shift), (-1.0, 1.0)))
    lower = np.concatenate([old.view.lower, subject.candidate.view.lower])
    upper = np.concatenate([old.view.upper, subject.candidate.view.upper])
    return Solver(lower, upper, rows, subject.deadline)


def _shifted(new_rows: Sequence[Row], shift: int) -> Iterator[Row]:
    for low, high, counts, weights in new_rows:
        yield low, high, [each + shift for each in counts], weights


Changed = Callable[[Edition, Scope], tuple[int, int]]
"""How many joined a scope, and left it, since an edition."""


class Beside:
    """All counts of an edition and of the candidate at once, whatever groups and universes each shows them in.

    Of each count there is what it was, what it is, and how many of it joined; who left is the rest.
    """

    def __init__(self, subject: Subject, old: Edition, changed: Changed) -> None:
        self._subject, self._old, self._new = subject, old, subject.candidate
        cells = [*old.cells, *self._new.cells]
        self.counts = counts_of(cells, subject.space, old.alive | self._new.alive)
        self.size = len(self.counts.names)
        ceiling = max(old.ceiling, self._new.ceiling)
        self._views = [view_of(self.counts, each.quarter, ceiling) for each in (old, self._new)]
        self.scopes = {scope: changed(old, scope) for scope in sorted({cell.scope for cell in cells})}
        self.true = old.truth.of(self.counts), self._new.truth.of(self.counts)

    def solver(self, known: Collection[Scope], *, exactly: bool = False, without_new: bool = False) -> Solver:
        """First what each count was, then what it is, then who of it joined. Raises `Doubt` or `Contradiction`.

        Of these scopes whoever looks knows how many joined and how many left, or (not `exactly`) that no more did.
        `without_new` leaves out the candidate's figures of counts that the older catalogue has in no form.
        """
        for view in self._views:
            refuse_crossed(view.lower, view.upper)
        zero, top = np.zeros(self.size), np.full(self.size, self._views[0].ceiling)
        now = self._views[1].lower, self._views[1].upper
        if without_new:
            now = np.where(self._is_new, zero, now[0]), np.where(self._is_new, top, now[1])
        lower = np.concatenate([self._views[0].lower, now[0], zero])
        gone = [self._possible(each) for each in (self._old, self._new)]
        upper = np.concatenate([self._views[0].upper, now[1], top]) * np.concatenate([*gone, gone[1]])
        rows = [*self._kept(), *self._moved(), *self._known(known, exactly=exactly)]
        return Solver(lower, upper, rows, self._subject.deadline)

    @cached_property
    def _is_new(self) -> NDArray[np.bool_]:
        before = names_of(self._old.catalogue, self._subject.space, self._new.quarter)
        return np.array([name not in before for name in self.counts.names])

    def _possible(self, edition: Edition) -> Vector:
        space = self._subject.space
        return np.array([0.0 if space.is_empty(state, edition.alive) else 1.0 for _, state in self.counts.names])

    def _kept(self) -> Iterator[Row]:
        """What holds in each of the two by itself, and of those who joined: sums, and what is within another."""
        rows = self._views[0].rows()
        sums = rows[: len(self.counts.sums)]
        for times in (0, 1):
            yield from _shifted(rows, times * self.size)
        yield from _shifted(sums, 2 * self.size)

    def _moved(self) -> Iterator[Row]:
        """None fewer than none left; nobody joined who is not there; and those of a part moved within the whole."""
        was, now, came = 0, self.size, 2 * self.size
        for each in range(self.size):
            yield 0.0, INFINITE, (each + was, each + now, each + came), (1.0, -1.0, 1.0)
            yield 0.0, INFINITE, (each + now, each + came), (1.0, -1.0)
        for part, whole in self.counts.below:
            if self.counts.names[part][0] == self.counts.names[whole][0]:
                yield 0.0, INFINITE, (whole + came, part + came), (1.0, -1.0)
                places = [each + shift for each in (whole, part) for shift in (was, now, came)]
                yield 0.0, INFINITE, places, (1.0, -1.0, 1.0, -1.0, 1.0, -1.0)

    def _known(self, known: Collection[Scope], *, exactly: bool) -> Iterator[Row]:
        for scope in known:
            joined, left = self.scopes[scope]
            whole = self.counts.number.get((scope[0], self._new.state(scope[1])))
            if whole is not None:
                least = (joined, left) if exactly else (0, 0)
                came = whole + 2 * self.size
                yield least[0], joined, (came,), (1.0,)
                yield least[1], left, (whole, whole + self.size, came), (1.0, -1.0, 1.0)

    def told(self) -> dict[int, Interval]:
        """The places of `small` that can be told by the counts that are new in this catalogue, and how closely.

        Whoever looks knows in which scopes nothing changed, and that no more joined or left the region than truly did.
        That alone may tell something, whatever is released: what could be told without the new counts is left out.
        """
        known = [scope for scope, moved in self.scopes.items() if not any(moved) or "authority" not in dict(scope[1])]
        found = self._unsafe(self.solver(known), list(self.small()))
        anyway = self._unsafe(self.solver(known, without_new=True), list(found)) if found else {}
        return {place: interval for place, interval in found.items() if place not in anyway}

    def _unsafe(self, solver: Solver, places: list[int]) -> dict[int, Interval]:
        found = Search(solver, np.zeros(3 * self.size), [], []).intervals(places)
        return {place: each for place, each in found.items() if not each.is_safe}

    def small(self) -> dict[int, Cell]:
        """The small counts that their own release does not show: the solver's column, and a figure that tells of each.

        Left out are those that only one of the two can count: of a new quarter, who joined is all there are.
        """
        possible = self._possible(self._old) * self._possible(self._new)
        parts = self._parts()
        found = {}
        for times, edition in enumerate((self._old, self._new)):
            hidden = {self.counts.number[name]: cell for name, cell in _hidden(edition).items()}
            for number, cell in (parts | hidden).items():
                if possible[number] and self.true[times][number] < SMALLEST_SHOWN:
                    found[number + times * self.size] = cell
        return found

    def _parts(self) -> dict[int, Cell]:
        """What neither tells by itself: where groups or universes cut each other, a part that no table was checked for.

        Each with a figure of what it is a part of.
        """
        alone = self._old.counts.number.keys() | self._new.counts.number.keys()
        return {
            part: self.counts.cells[whole][0]
            for whole, parts in self.counts.sums
            for part in parts
            if self.counts.cells[whole] and self.counts.names[part] not in alone
        }

    def certain_of_all(self) -> tuple[int, list[Cell]]:
        """How many counts were tried, and figures of those in which all are for sure who joined or left a scope.

        Only scopes are looked at in which nobody went the other way. How many moved in others is not known: of a kind
        of records alone it would be what is asked.
        """
        tried, certain = 0, list[Cell]()
        for scope, (joined, left) in self.scopes.items():
            if bool(joined) != bool(left):
                asked = {
                    cell.name: cell for each in (self._new, self._old) for cell in each.cells if _is_of(cell, scope)
                }
                tried += len(asked)
                certain += self._certain_in(scope, joined - left, list(asked.values()))
        return tried, certain

    def _certain_in(self, scope: Scope, moved: int, asked: Sequence[Cell]) -> Iterator[Cell]:
        """What is not so cannot be certain; hence only counts that truly moved by all of it are asked for."""
        was, now = self.true
        numbers = [(self.counts.number[cell.name], cell) for cell in asked]
        likely = [(number, cell) for number, cell in numbers if now[number] - was[number] == moved]
        solver = self.solver([scope], exactly=True) if likely else None
        sign = 1.0 if moved > 0 else -1.0
        for number, cell in likely:
            if solver and solver.least({number: -sign, number + self.size: sign})[0] > abs(moved) - 1 + NEAR:
                yield cell


def _hidden(edition: Edition) -> dict[Name, Cell]:
    """The counts that have a figure there, but none that is made anew and shown."""
    open_cells = [cell for cell in edition.cells if cell.figure.status != Status.MISSING]
    shown = {cell.name for cell in open_cells if _is_shown(cell, edition)}
    return {cell.name: cell for cell in open_cells if cell.name not in shown}


def _is_shown(cell: Cell, edition: Edition) -> bool:
    return cell.figure.status == Status.ROUNDED and cell.figure.as_of == edition.quarter


def _is_of(cell: Cell, scope: Scope) -> bool:
    return cell.scope == scope and _tells(cell)
