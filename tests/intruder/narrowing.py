"""Bounds that follow from one row after another, without a solver: they tell where looking further is of no use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tests.intruder.solver import Numbers, Row

ROUNDS = 3


class Rows:
    """Rows in one piece, for all at once. Of each entry its row, column and factor."""

    def __init__(self, rows: Sequence[Row]) -> None:
        lengths = [len(row[0]) for row in rows]
        self._row: NDArray[np.int64] = np.repeat(np.arange(len(rows)), lengths)
        self._column = np.array([column for row in rows for column in row[0]], dtype=np.int64)
        self._factor = np.array([factor for row in rows for factor in row[1]], dtype=np.float64)
        self._least = np.array([row[2] for row in rows], dtype=np.float64)
        self._most = np.array([row[3] for row in rows], dtype=np.float64)

    def narrowed(self, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
        """Bounds within which every column lies, if it lies within the given ones and every row holds."""
        low, high = low.copy(), high.copy()
        for _ in range(ROUNDS):
            least, most = self._shares(low, high)
            above = self._most[self._row] - self._others(least)
            below = self._least[self._row] - self._others(most)
            is_up = self._factor > 0
            np.minimum.at(high, self._column, np.where(is_up, above, below) / self._factor)
            np.maximum.at(low, self._column, np.where(is_up, below, above) / self._factor)
        return low, high

    def _shares(self, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
        """What each entry brings to its row, at least and at most."""
        at_low, at_high = self._factor * low[self._column], self._factor * high[self._column]
        return np.minimum(at_low, at_high), np.maximum(at_low, at_high)

    def _others(self, shares: Numbers) -> Numbers:
        """For each entry what the others of its row bring."""
        together: Numbers = np.bincount(self._row, shares, len(self._least))[self._row] - shares
        return together
