"""Asks a solver only what it must: every optimum is also a witness for all other counts of how far they can go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.intruder.solver import Numbers, Solver

WIDTH = 5.0
"""A small count must be open by at least so much."""
EXISTS = 1.0
"""From here on it would be certain that there is somebody."""
NEAR_WIDTH, NEAR_LOW = 7.0, 0.3
"""So near to the demands that the bounds are worked out, and in whole numbers too."""
SURE = 1e-6
DIRECTIONS = 3


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

    @property
    def is_tight(self) -> bool:
        """Whether it says too much about a small count."""
        return self.width < WIDTH - SURE or self.low >= EXISTS - SURE


class Prober:
    """One attack. What earlier answers have shown is remembered until the bounds change."""

    def __init__(self, solver: Solver) -> None:
        self._solver = solver
        first = solver.minimise({})
        self.least, self.most = first.copy(), first.copy()

    def intervals(self, targets: Sequence[int], *, near: bool = False) -> dict[int, Interval]:
        """An interval for each column; worked out exactly where it is not plainly wide enough. Raises `Doubt`."""
        width, low = (NEAR_WIDTH, NEAR_LOW) if near else (WIDTH, EXISTS - 2 * SURE)
        self._sweep(targets)
        found: dict[int, Interval] = {}
        for target in targets:
            is_wide = self._is_wide(target, width, low)
            for sign in (1.0, -1.0):
                if not is_wide:
                    self._asked({target: sign})
                    is_wide = sign > 0 and self._is_wide(target, width, low)
            found[target] = Interval(float(self.least[target]), float(self.most[target]), not is_wide)
        return found

    def impossible(self, forms: Sequence[tuple[Mapping[int, float], float]]) -> list[int]:
        """The places of those forms that cannot reach their number, whatever the counts are. Raises `Doubt`."""
        if not forms:
            return []
        together: dict[int, float] = {}
        for form, _ in forms:
            for column, factor in form.items():
                together[column] = together.get(column, 0.0) - factor
        witnesses = [self._asked(together)]
        never = []
        for place, (form, needed) in enumerate(forms):
            if not any(_value(form, each) >= needed - SURE for each in witnesses):
                witnesses.append(self._asked({column: -factor for column, factor in form.items()}))
                if _value(form, witnesses[-1]) < needed - SURE:
                    never.append(place)
        return never

    def _sweep(self, targets: Iterable[int]) -> None:
        """All down, all up, and a few mixed directions: that settles most of them."""
        columns, random = list(targets), np.random.default_rng(len(self.least))
        self._asked(dict.fromkeys(columns, 1.0))
        self._asked(dict.fromkeys(columns, -1.0))
        for _ in range(DIRECTIONS):
            signs = random.choice((-1.0, 1.0), len(columns))
            self._asked(dict(zip(columns, signs.tolist(), strict=True)))

    def _asked(self, costs: Mapping[int, float]) -> Numbers:
        found = self._solver.minimise(costs)
        np.minimum(self.least, found, out=self.least)
        np.maximum(self.most, found, out=self.most)
        return found

    def _is_wide(self, target: int, width: float, low: float) -> bool:
        least = self.least[target]
        return bool(least <= low and self.most[target] - least >= width - SURE)


def _value(form: Mapping[int, float], at: Numbers) -> float:
    return float(sum(factor * at[column] for column, factor in form.items()))
