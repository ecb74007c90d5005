"""An attack on every small count that is hidden, and on every shown group whose members are alike.

Safe is what whole tables prove, not what a solver says. For a count two tables that both agree with all that the
intruder sees, one with none in the place and one with five or more: after that, neither whether there is anybody nor
how many there are can follow. For a group one table in which its members differ. Each is checked exactly before it
counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from service.central.protection.alike import Alike
from service.central.protection.pattern import Flags, Pattern
from service.central.protection.solver import Numbers, Solver, Undecided
from service.central.protection.view import View

WIDTH = 5
"""The least width of the interval in which a small count must be possible."""
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Gap:
    """A hidden small count of which too much can be told: it cannot be as small, or as large, as is needed."""

    column: int
    needed: float
    is_low: bool
    of: Alike | None = None
    """The group that could be told to be alike, of which the count is a part."""


class Intruder:
    """One view with the tables found so far that agree with it. Every run of the solver adds to them."""

    def __init__(self, view: View, pattern: Pattern) -> None:
        self.view = view
        self.tables = pattern.counts[np.newaxis, :]
        self.runs = 0
        self.found: list[Gap] = []
        """Where too much could be told at some time: where to look first when a figure is to be shown again."""
        self.less_informed: list[Intruder] = []
        """Those who know only what this one knows too: a table that deceives this one deceives them."""

    @property
    def tables(self) -> Numbers:
        """Those found so far, one a row."""
        return self._kept[: self._number]

    @tables.setter
    def tables(self, tables: Numbers) -> None:
        self._kept, self._number = tables, len(tables)
        self._least, self._most = tables.min(axis=0), tables.max(axis=0)
        """How far each count goes in them: it is asked far more often than a table is found."""
        self._doubted = {each for each in self.view.alike if each.doubt(tables).max() > 0}

    @cached_property
    def solver(self) -> Solver:
        """Made when it is first asked: what deceives the better informed leaves many of the others nothing to ask."""
        return Solver(self.view.matrix)

    @cached_property
    def whole(self) -> Solver:
        """The same relations over whole numbers, for where fractions would do and whole numbers might not."""
        return Solver(self.view.matrix, is_integer=True)

    @cached_property
    def _other_ways(self) -> Numbers:
        """Costs that lead to other corners: where one is not whole, another may be, and far sooner than by a search."""
        return np.random.default_rng(0).random((2, self.view.matrix.width))

    def bounds(self, pattern: Pattern) -> tuple[Numbers, Numbers]:
        """What is known of every column, with the figures that are shown."""
        lower, upper = self.view.floor.copy(), self.view.ceiling.copy()
        low, high = pattern.bounds()
        np.maximum(lower[: len(low)], low, out=lower[: len(low)])
        np.minimum(upper[: len(high)], high, out=upper[: len(high)])
        return lower, upper

    def least(self, solver: Solver, cost: Numbers, lower: Numbers, upper: Numbers) -> Numbers:
        """One run of a solver, counted."""
        self.runs += 1
        return solver.least(cost, lower, upper)

    def first_gap(self, pattern: Pattern) -> Gap | None:
        """A count that is not safe, or None if every one is proven safe."""
        return next(self.gaps(pattern), None)

    def gaps(self, pattern: Pattern) -> Iterator[Gap]:
        """Every count that is not safe, one after another; none if every one is proven safe."""
        for is_low in (True, False):
            self._sweep(pattern, is_low=is_low)
            for column in self._open_targets(pattern, is_low=is_low):
                gap = self.gap(pattern, column, is_low=is_low)
                if gap is not None:
                    self.found.append(gap)
                    yield gap
        says_nothing = pattern.says_nothing
        for group in self.view.alike:
            if not says_nothing[group.whole] and (gap := self.alike(pattern, group)) is not None:
                self.found.append(gap)
                yield gap

    def has_known_gap(self, pattern: Pattern) -> bool:
        """Whether one that was found before is open. False proves nothing: `first_gap` looks everywhere."""
        return any(self._is_open(each, pattern) for each in dict.fromkeys(self.found))

    def _is_open(self, found: Gap, pattern: Pattern) -> bool:
        if found.of is not None:
            return not pattern.says_nothing[found.of.whole] and self.alike(pattern, found.of) is not None
        is_target = self.targets(pattern)[found.column]
        return bool(is_target) and self.gap(pattern, found.column, is_low=found.is_low) is not None

    def alike(self, pattern: Pattern, group: Alike) -> Gap | None:
        """Looks for a table in which the others of a shown group are not alike; None if there is one."""
        if self._is_doubted(group):
            return None
        lower, upper = self.bounds(pattern)
        try:
            values = self.least(self.solver, group.costs(self.view.matrix.width), lower, upper)
            is_doubted = group.doubt(values) > TOLERANCE
            if is_doubted and self.learn(values, lower, upper) and self._is_doubted(group):
                return None
            lower[group.whole] = np.floor(values[group.whole] + TOLERANCE)
            upper[group.part] = min(upper[group.part], group.needed(lower[group.whole]))
            if is_doubted and lower[group.part] <= upper[group.part] and self._is_met_by_whole(lower, upper):
                return None
        except Undecided:
            pass  # what is not proven safe is not safe
        return Gap(group.part, group.needed(pattern.counts[group.whole]), is_low=True, of=group)

    def _is_doubted(self, group: Alike) -> bool:
        return group in self._doubted

    def gap(self, pattern: Pattern, column: int, *, is_low: bool) -> Gap | None:
        """Looks for the table that makes one count safe; None if there is one."""
        needed = float(self.view.own[column]) + (0 if is_low else WIDTH)
        if self._is_met(column, needed, is_low=is_low):
            return None
        cost, (lower, upper) = np.zeros(self.view.matrix.width), self.bounds(pattern)
        cost[column] = 1 if is_low else -1
        upper[column] = min(upper[column], max(needed, float(pattern.counts[column])))
        try:
            values = self.least(self.solver, cost, lower, upper)
            is_met = values[column] <= needed + TOLERANCE if is_low else values[column] >= needed - TOLERANCE
            if is_met and self.learn(values, lower, upper):
                return None
            lower[column] = upper[column] = needed
            if is_met and self._is_met_by_whole(lower, upper):
                return None
        except Undecided:
            pass  # what is not proven safe is not safe
        return Gap(column, needed, is_low)

    def _is_met_by_whole(self, lower: Numbers, upper: Numbers) -> bool:
        """Fractions would do: whether whole numbers do. Any table within these bounds is enough.

        False also where such a table was not found: what is not proven safe is not safe.
        """
        for cost in (*self._other_ways, None):
            self.runs += 1
            solver = self.whole if cost is None else self.solver
            values = solver.any(lower, upper, cost)
            if values is None:
                return False
            if self.learn(values, lower, upper):
                return True
        return False

    def learn(self, values: Numbers, lower: Numbers, upper: Numbers) -> bool:
        """Keeps a table for all whom it deceives, if it is whole, within the bounds, and true to every relation."""
        table = np.rint(values)
        if np.abs(table - values).max(initial=0) > TOLERANCE or np.any(table < lower) or np.any(table > upper):
            return False
        if not self.view.matrix.holds(table):
            return False
        for each in (self, *self.less_informed):
            each.keep(table[: each.tables.shape[1]])
        return True

    def keep(self, table: Numbers) -> None:
        """Adds a table, unless the ones that are there reach as far everywhere."""
        news = {each for each in self.view.alike if each not in self._doubted and each.doubt(table) > 0}
        if news or (table < self._least).any() or (table > self._most).any():
            self._append(table)
            self._least, self._most = np.minimum(self._least, table), np.maximum(self._most, table)
            self._doubted |= news

    def _append(self, table: Numbers) -> None:
        """With room for as many again, so that not all of them are copied for each."""
        if self._number == len(self._kept):
            self._kept = np.concatenate((self._kept, np.empty_like(self._kept)))
        self._kept[self._number] = table
        self._number += 1

    def targets(self, pattern: Pattern) -> Flags:
        """The columns that must be safe from this intruder."""
        return self.view.small & pattern.says_nothing

    def _open_targets(self, pattern: Pattern, *, is_low: bool) -> list[int]:
        """Those for which a table is still wanted, the largest counts first."""
        own = self.view.own
        met = self._least <= own if is_low else self._most >= own + WIDTH
        columns = (self.targets(pattern) & ~met).nonzero()[0]
        if not columns.size:
            return []
        return [int(each) for each in columns[np.argsort(-pattern.counts[columns], kind="stable")]]

    def _is_met(self, column: int, needed: float, *, is_low: bool) -> bool:
        return bool(self._least[column] <= needed if is_low else self._most[column] >= needed)

    def _sweep(self, pattern: Pattern, *, is_low: bool) -> None:
        """Moves all that are still wanted at once, again and again while that helps: a few runs instead of hundreds."""
        columns = self._open_targets(pattern, is_low=is_low)
        before = len(columns) + 1
        while columns and len(columns) < before:
            before = len(columns)
            cost, (lower, upper) = np.zeros(self.view.matrix.width), self.bounds(pattern)
            cost[columns] = 1 if is_low else -1
            if not is_low:
                enough = np.maximum(self.view.own[columns] + WIDTH, pattern.counts[columns])
                upper[columns] = np.minimum(upper[columns], enough)
            self.learn(self.least(self.solver, cost, lower, upper), lower, upper)
            columns = self._open_targets(pattern, is_low=is_low)
