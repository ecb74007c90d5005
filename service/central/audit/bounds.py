"""How closely counts can be told. A way to be safe is enough; only where none is at hand is the exact bound sought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from service.central.audit.solver import NEAR, Solver, Vector

WIDTH = 5
"""A small count must be able to be five more than the least it can be."""


@dataclass(frozen=True, order=True)
class Interval:
    """What a count can be, in whole numbers. `width` first, so that the narrowest sorts first."""

    width: int
    lower: int
    upper: int

    @classmethod
    def between(cls, lower: float, upper: float) -> Interval:
        """The whole numbers between two bounds that may be a little off."""
        low, high = ceil(lower - NEAR), floor(upper + NEAR)
        return cls(high - low, low, high)

    @property
    def is_wide(self) -> bool:
        """Whether it is too wide to tell the count."""
        return self.width >= WIDTH

    @property
    def is_safe(self) -> bool:
        """Whether neither the count nor that there is anybody can be told."""
        return self.lower < 1 and self.is_wide


class Search:
    """Looks for counts that fit, in which the targets are none, and in which they are many.

    `known` is the part of each count that the intruder knows; the rest is what is looked at. `start` are counts that
    fit: the true ones, for the judge may use them to know that something is possible. All that fitted are appended to
    `points`.
    """

    def __init__(self, solver: Solver, known: Vector, start: Iterable[Vector], points: list[Vector]) -> None:
        self._solver, self._known = solver, known
        self._points = points
        self._low = np.full(len(known), np.inf)
        self._high = np.full(len(known), -np.inf)
        for point in start:
            self._note(point)

    def intervals(self, targets: Sequence[int]) -> dict[int, Interval]:
        """For each target an interval that is possible: wide enough to be safe, or else exact."""
        self._seek(targets, 1.0)
        self._seek([each for each in targets if self._is_low(each)], -1.0)
        return {each: Interval.between(self._low[each], self._high[each]) for each in targets}

    def exact(self, targets: Iterable[int]) -> dict[int, Interval]:
        """For each target the exact interval."""
        return {each: self._exact(each) for each in targets}

    def _exact(self, target: int) -> Interval:
        for sign in (1.0, -1.0):
            self._run([target], sign)
        return Interval.between(self._low[target], self._high[target])

    def _seek(self, targets: Sequence[int], sign: float) -> None:
        """All that are open at once; one by one when that no longer helps."""
        done = self._is_low if sign > 0 else self._is_high
        waiting = [each for each in targets if not done(each)]
        while waiting:
            self._run(waiting, sign)
            left = [each for each in waiting if not done(each)]
            if len(left) == len(waiting):
                break
            waiting = left
        for each in waiting:
            if not done(each):
                self._exact(each)

    def _is_low(self, target: int) -> bool:
        return bool(self._low[target] <= NEAR)

    def _is_high(self, target: int) -> bool:
        return Interval.between(self._low[target], self._high[target]).is_wide

    def _run(self, targets: Sequence[int], sign: float) -> None:
        _, point = self._solver.least(dict.fromkeys(targets, sign))
        self._points.append(point)
        self._note(point)

    def _note(self, point: Vector) -> None:
        rest = point - self._known
        self._low = np.minimum(self._low, rest)
        self._high = np.maximum(self._high, rest)
