"""The cheapest choice of hidden figures that fulfils every cut so far. No safe choice is cheaper."""

from __future__ import annotations

import numpy as np

from service.central.protection.cuts import Cut
from service.central.protection.pattern import Flags
from service.central.protection.solver import Impossible, Matrix, Numbers, Solver, Undecided


class Master:
    """A column for each figure that may be hidden: one if it is hidden, else none."""

    def __init__(self, weight: Numbers, may_hide: Flags) -> None:
        self._number = len(weight)
        self._columns = np.flatnonzero(may_hide)
        self._weight = weight[self._columns]
        self._rows: list[dict[int, float]] = []
        self._lower: list[float] = []

    def add(self, cut: Cut) -> None:
        """From now on every choice fulfils it."""
        parts = cut.parts[self._columns]
        row = {int(place): float(parts[place]) for place in np.flatnonzero(parts)}
        if cut.only_if is not None:
            row[int(np.searchsorted(self._columns, cut.only_if))] = -1.0
        self._rows.append(row)
        self._lower.append(1.0 if cut.only_if is None else 0.0)

    def cheapest(self) -> Flags | None:
        """What it hides. None if no choice fulfils all cuts, or if it was not found within the solver's limits."""
        hidden, width = np.zeros(self._number, bool), len(self._columns)
        if not self._rows or not width:
            return None if self._rows else hidden
        matrix = Matrix.of(self._rows, self._lower, [np.inf] * len(self._rows), width)
        try:
            values = Solver(matrix, is_integer=True).least(self._weight, np.zeros(width), np.ones(width))
        except (Undecided, Impossible):
            return None
        hidden[self._columns[values > 0.5]] = True
        return hidden
