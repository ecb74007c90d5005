"""What else to hide, so that one count is safe: the cheapest way by which the table could be another."""

from __future__ import annotations

import numpy as np

from service.central.protection.alike import Alike
from service.central.protection.intruder import TOLERANCE, Gap, Intruder
from service.central.protection.pattern import Flags, Pattern
from service.central.protection.problem import ProtectionDoubt
from service.central.protection.solver import Impossible, Matrix, Numbers, Solver, Undecided

ROUNDS = 3
"""How often the way is sought anew, with what it used before made cheap: fewer figures, rather than small changes."""


class Detours:
    """For one intruder: every shown count may leave its figure's bounds, at a price for each step below or above."""

    def __init__(self, intruder: Intruder) -> None:
        self._intruder = intruder
        self._solvers: dict[bool, Solver] = {}

    def cheapest(self, gap: Gap, pattern: Pattern) -> list[int]:
        """The shown columns to hide. Raises `ProtectionDoubt` if the count would not even be safe with all of them.

        Where no way is found in the time there is, everything is hidden that the count is related to. For a group that
        is alike it is enough not to show the group.
        """
        if gap.of is not None:
            return self._unlike(gap, gap.of, pattern)
        for is_integer in (False, True):
            try:
                found = self._way(gap, pattern, is_integer=is_integer)
            except Undecided:
                break
            if found:
                return found
        may_hide = self._may_hide(pattern)
        beside = self._intruder.view.matrix.beside(gap.column)
        related = [each for each in beside if each < len(pattern.keys) and may_hide[each]]
        if not related:
            raise ProtectionDoubt("A small count cannot be protected.")
        return related

    def _unlike(self, gap: Gap, group: Alike, pattern: Pattern) -> list[int]:
        if not pattern.says_nothing[group.part]:
            return [group.part]
        try:
            found = self._way(gap, pattern, is_integer=False)
        except (Undecided, Impossible):
            found = []
        return found or [group.whole]

    def _way(self, gap: Gap, pattern: Pattern, *, is_integer: bool) -> list[int]:
        lower, upper = self._bounds(gap, pattern)
        width = self._intruder.view.matrix.width
        number = len(pattern.keys)
        price = pattern.weight
        for _ in range(ROUNDS):
            cost = np.zeros(3 * width)
            cost[width : width + number] = cost[2 * width : 2 * width + number] = price
            values = self._solver(is_integer=is_integer).least(cost, lower, upper)
            apart = values[width : 2 * width] + values[2 * width :]
            price = pattern.weight / (apart[:number] + 0.1)
        return [int(each) for each in np.flatnonzero(apart[:number] > TOLERANCE)]

    def _solver(self, *, is_integer: bool) -> Solver:
        if is_integer not in self._solvers:
            self._solvers[is_integer] = Solver(_tripled(self._intruder.view.matrix), is_integer=is_integer)
        return self._solvers[is_integer]

    def _bounds(self, gap: Gap, pattern: Pattern) -> tuple[Numbers, Numbers]:
        """Of the counts within their figures, then of the steps above, then of those below."""
        view, number = self._intruder.view, len(pattern.keys)
        lower, upper = self._intruder.bounds(pattern)
        lower[gap.column] = upper[gap.column] = gap.needed
        may_hide = self._may_hide(pattern)
        if gap.of is not None:
            lower[gap.of.whole] = upper[gap.of.whole] = pattern.counts[gap.of.whole]
            may_hide[gap.of.whole] = False
        above, below = np.zeros(view.matrix.width), np.zeros(view.matrix.width)
        above[:number] = np.where(may_hide, np.inf, 0)
        below[:number] = np.where(may_hide, lower[:number] - view.floor[:number], 0)
        none = np.zeros(2 * view.matrix.width)
        return np.concatenate((lower, none)), np.concatenate((upper, above, below))

    def _may_hide(self, pattern: Pattern) -> Flags:
        """What is shown, and not known to the intruder anyhow."""
        view, number = self._intruder.view, len(pattern.keys)
        may_hide: Flags = ~pattern.says_nothing & (view.floor[:number] < view.ceiling[:number])
        return may_hide


def _tripled(matrix: Matrix) -> Matrix:
    """The same rows over counts plus steps above minus steps below."""
    return matrix.widened((1, 1, -1))
