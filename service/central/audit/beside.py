"""Two releases side by side: each count as it was, as it is, and how many of it joined."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.central.audit.bounds import Interval, Search
from service.central.audit.cells import Cell, Name, Scope, names_of
from service.central.audit.relations import counts_of
from service.central.audit.solver import Row, Solver, Vector
from service.central.audit.subject import Edition, Subject
from service.central.audit.view import INFINITE, SMALLEST_SHOWN, refuse_crossed, view_of
from service.central.published import Status


def _shifted(rows: Sequence[Row], shift: int) -> Iterator[Row]:
    for low, high, counts, weights in rows:
        yield low, high, [each + shift for each in counts], weights


Changed = Callable[[Edition, Scope], tuple[int, int]]
"""How many joined a scope, and left it, since an edition."""


class Beside:
    """All counts of an edition and of the candidate at once, whatever groups and universes each shows them in.

    Of each count there is what it was, what it is, and how many of it joined; who left is the rest.
    """

    def __init__(self, subject: Subject, old: Edition, changed: Changed, also: Sequence[Scope] = ()) -> None:
        """`also` are scopes of which no figure tells, and somebody may know how many joined and left."""
        self._subject, self._old, self._new = subject, old, subject.candidate
        cells = [*old.cells, *self._new.cells]
        self.counts = counts_of(cells, subject.space, old.alive | self._new.alive, also)
        self.size = len(self.counts.names)
        ceiling = max(old.ceiling, self._new.ceiling)
        self._views = [view_of(self.counts, each.quarter, ceiling) for each in (old, self._new)]
        self.scopes = {scope: changed(old, scope) for scope in sorted({*also, *(cell.scope for cell in cells)})}
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


def _hidden(edition: Edition) -> dict[Name, Cell]:
    """The counts that have a figure there, but none that is made anew and shown."""
    open_cells = [cell for cell in edition.cells if cell.figure.status != Status.MISSING]
    shown = {cell.name for cell in open_cells if _is_shown(cell, edition)}
    return {cell.name: cell for cell in open_cells if cell.name not in shown}


def _is_shown(cell: Cell, edition: Edition) -> bool:
    return cell.figure.status == Status.ROUNDED and cell.figure.as_of == edition.quarter
