"""What the figures of one release let anybody know: bounds of each count, and the rows between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.central.audit.relations import Counts
from service.central.audit.solver import Contradiction, Deadline, Row, Solver, Vector
from service.central.published import Figure, Status

SMALLEST_SHOWN = 10
SLACK = 2
"""A figure rounded to the nearest five is at most two away from its count."""
INFINITE = float("inf")


@dataclass(frozen=True)
class View:
    """Counts with their bounds and rows. `ceiling` stands for no upper bound; it is far above any count."""

    counts: Counts
    lower: Vector
    upper: Vector
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    ceiling: float

    def rows(self) -> list[Row]:
        """The sums first, then the counts that cannot exceed another."""
        sums: list[Row] = [
            (0.0, 0.0, (whole, *parts), (1.0, *(-1.0 for _ in parts))) for whole, parts in self.counts.sums
        ]
        pairs: list[Row] = [
            (-INFINITE, 0.0, (int(low), int(high)), (1.0, -1.0)) for low, high in zip(self.low, self.high, strict=True)
        ]
        return sums + pairs

    def solver(self, deadline: Deadline) -> Solver:
        """Raises `Contradiction` where a figure contradicts another of the same count."""
        refuse_crossed(self.lower, self.upper)
        return Solver(self.lower, self.upper, self.rows(), deadline)

    def fits(self, values: Vector) -> bool:
        """Whether these counts could be behind the figures."""
        sums = all(values[whole] == values[list(parts)].sum() for whole, parts in self.counts.sums)
        between = bool(np.all(values >= self.lower) and np.all(values <= self.upper))
        return sums and between and bool(np.all(values[self.low] <= values[self.high]))


def view_of(counts: Counts, quarter: str, ceiling: float) -> View:
    """What the figures made in the release of `quarter` say. Those repeated from an older one say nothing of this."""
    lower, upper = np.zeros(len(counts.names)), np.full(len(counts.names), ceiling)
    for count, cells in enumerate(counts.cells):
        if counts.is_impossible(count):
            upper[count] = 0
        for cell in cells:
            if cell.figure.as_of == quarter:
                low, high = told_by(cell.figure, ceiling)
                lower[count], upper[count] = max(lower[count], low), min(upper[count], high)
    pairs = np.array(counts.below, dtype=np.int32).reshape(-1, 2)
    return View(counts, lower, upper, pairs[:, 0], pairs[:, 1], ceiling)


def told_by(figure: Figure, ceiling: float) -> tuple[float, float]:
    """The bounds that a figure by itself gives to its count."""
    if figure.status != Status.ROUNDED or figure.value is None:
        return 0.0, ceiling
    least = SMALLEST_SHOWN if figure.value >= SMALLEST_SHOWN else 0
    return float(max(least, figure.value - SLACK)), float(figure.value + SLACK)


def refuse_crossed(lower: Vector, upper: Vector) -> None:
    """Raises `Contradiction` where a lower bound is above the upper."""
    if np.any(lower > upper):
        raise Contradiction("the figures contradict each other")
