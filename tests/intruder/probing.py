"""Asks a solver only what it must: every optimum is also a witness for all other counts of how far they can go.

A witness is a whole set of counts that agrees with all that somebody sees and knows. With the facts that somebody else
does not know added again, it deceives that one too. So what two insiders cannot tell, neither of them can alone, nor
anybody outside: they begin with what was found for the two. And a count that a witness has seen at the very bound that
follows from the rows one by one goes no further.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.intruder.solver import Numbers, Solver

WIDTH = 5.0
"""A small count must be open by at least so much."""
EXISTS = 1.0
"""From here on it would be certain that there is somebody."""
NEAR_WIDTH, NEAR_LOW = 7.0, 0.3
"""So near to the demands that the bounds are worked out, and in whole numbers too."""
SURE = 1e-6

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """Bounds of a count. Not `is_proved`: it is at least as wide as this, which is wide enough."""

    low: float
    high: float
    is_proved: bool

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low


@dataclass(frozen=True)
class Forms:
    """Sums of two counts, each with a factor, and how large each must be able to be. Shapes (n, 2), (n, 2), (n,)."""

    columns: Places
    factors: Numbers
    needed: Numbers

    def values(self, at: Numbers) -> Numbers:
        """Of each form."""
        found: Numbers = (self.factors * at[self.columns]).sum(axis=1)
        return found


NO_FORMS = Forms(np.zeros((0, 2), dtype=np.int64), np.zeros((0, 2)), np.zeros(0))


class Prober:
    """One attack: how far each count and each form has been seen to go, within the solver's bounds, which must stay.

    `outer`: bounds that no count can pass, for whatever reason.
    """

    def __init__(self, solver: Solver, outer: tuple[Numbers, Numbers], forms: Forms = NO_FORMS) -> None:
        self._solver, self._forms, self._outer = solver, forms, outer
        self.least, self.most = np.full(solver.columns, np.inf), np.full(solver.columns, -np.inf)
        self.reach = np.full(len(forms.needed), -np.inf)

    def inherit(self, other: Prober, own: Numbers) -> None:
        """What was found for somebody who knows more: the counts `own`, besides all that is known here."""
        np.minimum(self.least, other.least + own, out=self.least)
        np.maximum(self.most, other.most + own, out=self.most)
        np.maximum(self.reach, other.reach + self._forms.values(own), out=self.reach)

    def must_be_possible(self) -> None:
        """Raises `Doubt` where no counts agree with what is known."""
        if np.isinf(self.least).any():
            self._asked(np.zeros(len(self.least)))

    def intervals(self, targets: Places, *, near: bool = False) -> dict[int, Interval]:
        """An interval for each column; worked out exactly where it is not plainly wide enough. Raises `Doubt`."""
        width, low = (NEAR_WIDTH, NEAR_LOW) if near else (WIDTH, EXISTS - 2 * SURE)
        self._sweep(targets, width, low)
        for target in self._narrow(targets, width, low):
            for sign in (1.0, -1.0):
                if (open_one := self._open(np.array([target]), width, low, sign)).size:
                    self._asked(self._cost(open_one, sign))
        self.must_be_possible()
        proved = set(self._narrow(targets, width, low).tolist())
        return {t: Interval(float(self.least[t]), float(self.most[t]), t in proved) for t in targets.tolist()}

    def impossible(self, asked: Places) -> list[int]:
        """The places of those forms that cannot reach their number, whatever the counts are. Raises `Doubt`."""
        wanted, before = self._unreached(asked), len(asked) + 1
        while 0 < len(wanted) < before:
            before = len(wanted)
            self._asked(self._form_cost(wanted))
            wanted = self._unreached(asked)
        for place in wanted.tolist():
            if self._unreached(np.array([place])).size:
                self._asked(self._form_cost(np.array([place])))
        return [int(place) for place in self._unreached(asked)]

    def _sweep(self, targets: Places, width: float, low: float) -> None:
        """All that are open down at once, and up at once, again and again while that helps: it settles most of them."""
        before = 2 * len(targets) + 1
        while 0 < (number := sum(self._open(targets, width, low, sign).size for sign in (1.0, -1.0))) < before:
            before = number
            for sign in (1.0, -1.0):
                if (wanted := self._open(targets, width, low, sign)).size:
                    self._asked(self._cost(wanted, sign))

    def _narrow(self, targets: Places, width: float, low: float) -> Places:
        """Those that no witness shows to be wide enough."""
        least, most = self.least[targets], self.most[targets]
        found: Places = targets[~((least <= low) & (most - least >= width - SURE))]
        return found

    def _open(self, targets: Places, width: float, low: float, sign: float) -> Places:
        """The narrow ones that might go further down (`sign` 1) or up (-1)."""
        narrow = self._narrow(targets, width, low)
        if sign > 0:
            return narrow[self.least[narrow] > self._outer[0][narrow] + SURE]
        return narrow[self.most[narrow] < self._outer[1][narrow] - SURE]

    def _unreached(self, asked: Places) -> Places:
        found: Places = asked[self.reach[asked] < self._forms.needed[asked] - SURE]
        return found

    def _cost(self, columns: Places, sign: float) -> Numbers:
        cost = np.zeros(len(self.least))
        cost[columns] = sign
        return cost

    def _form_cost(self, places: Places) -> Numbers:
        cost = np.zeros(len(self.least))
        np.subtract.at(cost, self._forms.columns[places], self._forms.factors[places])
        return cost

    def _asked(self, costs: Numbers) -> None:
        found = self._solver.minimise(costs)
        np.minimum(self.least, found, out=self.least)
        np.maximum(self.most, found, out=self.most)
        np.maximum(self.reach, self._forms.values(found), out=self.reach)
