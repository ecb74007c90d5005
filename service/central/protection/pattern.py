"""Which publishable counts are shown, and what each shown figure says."""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from service.central.protection.problem import Key, Problem
from service.central.protection.solver import Numbers
from service.central.protection.view import published
from service.central.rounding import THRESHOLD, rounded, told_by

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Pattern:
    """Columns as in a view. Figures bound their counts; hidden and settled ones are unbounded."""

    def __init__(self, problem: Problem, hidden: Container[Key]) -> None:
        self.keys = published(problem)
        self.counts: Numbers = np.array([problem.counts[key] for key in self.keys], float)
        self._figures: Numbers = np.array([problem.figures.get(key, 1) for key in self.keys], float)
        self.is_settled: Flags = np.array([key in problem.fixed for key in self.keys], bool)
        self.is_hidden: Flags = np.array([key in hidden for key in self.keys], bool)
        bounds = [told_by(rounded(count) if count >= THRESHOLD else 0) for count in map(int, self.counts)]
        self._low, self._high = np.array(bounds, float).reshape(-1, 2).T

    @property
    def says_nothing(self) -> Flags:
        """Where no figure bounds the present count."""
        return self.is_hidden | self.is_settled

    def bounds(self) -> tuple[Numbers, Numbers]:
        """Zero and without end where nothing is said."""
        return self.if_shown(~self.says_nothing)

    def if_shown(self, shown: Flags) -> tuple[Numbers, Numbers]:
        """The bounds if just these were shown: zero below and without end above for all others."""
        return np.where(shown, self._low, 0.0), np.where(shown, self._high, np.inf)

    @property
    def weight(self) -> Numbers:
        """What is lost with a count: for each figure of it more if it is larger, but less than in proportion."""
        return self._figures * np.sqrt(1.0 + self.counts)

    def all_agree(self, tables: Numbers) -> Flags:
        """Which whole tables, one a row, agree with every figure that is shown."""
        low, high = self.bounds()
        agree: Flags = np.all((tables >= low) & (tables <= high), axis=1)
        return agree

    def agrees(self, column: int, values: Numbers) -> Flags:
        """Which values the count could have if its figure were shown."""
        agrees: Flags = (values >= self._low[column]) & (values <= self._high[column])
        return agrees
