"""The linear programs. A result counts only if the solver says that it is the best there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

import highspy
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
NEAR = 1e-6
"""How far a solver's number may be off."""


class Doubt(Exception):
    """Something could not be shown to be safe. Says why, without any figure."""


class Contradiction(Doubt):
    """No counts at all fit what is published."""


Clock = Callable[[], float]


@dataclass(frozen=True)
class Deadline:
    """The moment, in seconds of `clock`, at which the audit gives up."""

    at: float
    clock: Clock = monotonic

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """So many seconds from now."""
        return cls(monotonic() + seconds)

    def left(self) -> float:
        """Seconds; raises `Doubt` when there are none."""
        left = self.at - self.clock()
        if left <= 0:
            raise Doubt("the time allowed was over before everything had been tried")
        return left


Row = tuple[float, float, Sequence[int], Sequence[float]]
"""Lowest and highest value of a weighted sum of counts: the counts, and their weights."""


class Solver:
    """Counts between bounds, under rows. Bounds may change between runs; each run starts where the last ended."""

    def __init__(self, lower: Vector, upper: Vector, rows: Sequence[Row], deadline: Deadline) -> None:
        self._deadline = deadline
        self._size = len(lower)
        self._columns = np.arange(self._size, dtype=np.int32)
        self._cost = np.zeros(self._size)
        self._is_whole = False
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("time_limit", deadline.left())):
            _accepted(self._highs.setOptionValue(option, value))
        _accepted(self._highs.passModel(_model(lower, upper, rows)))

    def set_bounds(self, lower: Vector, upper: Vector) -> None:
        """Other bounds of all counts."""
        _accepted(self._highs.changeColsBounds(self._size, self._columns, lower, upper))

    def set_rows(self, rows: NDArray[np.int32], lower: Vector, upper: Vector) -> None:
        """Other bounds of these rows."""
        for row, low, high in zip(rows, lower, upper, strict=True):
            _accepted(self._highs.changeRowBounds(int(row), float(low), float(high)))

    def whole_numbers(self) -> None:
        """From now on counts are whole numbers. It is much slower."""
        self._is_whole = True
        integer = np.full(self._size, highspy.HighsVarType.kInteger)
        _accepted(self._highs.changeColsIntegrality(self._size, self._columns, integer))

    def least(self, weights: dict[int, float]) -> tuple[float, Vector]:
        """The least the weighted sum can be, and counts that make it so. Raises `Doubt` or `Contradiction`."""
        self._deadline.left()
        self._cost[:] = 0
        for count, weight in weights.items():
            self._cost[count] = weight
        _accepted(self._highs.changeColsCost(self._size, self._columns, self._cost))
        status = self._run()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Contradiction("the figures contradict each other")
        if status != highspy.HighsModelStatus.kOptimal:
            raise Doubt(f"the solver came to no result: {self._highs.modelStatusToString(status)}")
        values = np.array(self._highs.getSolution().col_value)
        return float(values @ self._cost), values

    def _run(self) -> highspy.HighsModelStatus:
        """HiGHS 1.15.1: the presolve of whole numbers has called impossible what was there; it is asked without."""
        _accepted(self._highs.run())
        status = self._highs.getModelStatus()
        if self._is_whole and status == highspy.HighsModelStatus.kInfeasible:
            _accepted(self._highs.setOptionValue("presolve", "off"))
            _accepted(self._highs.run())
            status = self._highs.getModelStatus()
            _accepted(self._highs.setOptionValue("presolve", "choose"))
        return status

    def bounds(self, count: int) -> tuple[float, float]:
        """The least and the most that one count can be."""
        return self.least({count: 1.0})[0], -self.least({count: -1.0})[0]


def _accepted(status: highspy.HighsStatus) -> None:
    if status != highspy.HighsStatus.kOk:
        raise Doubt("the solver did not take what it was given, or warned")


def _model(lower: Vector, upper: Vector, rows: Sequence[Row]) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(lower), len(rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(len(lower)), lower, upper
    model.row_lower_ = np.array([row[0] for row in rows], dtype=np.float64)
    model.row_upper_ = np.array([row[1] for row in rows], dtype=np.float64)
    lengths = [len(row[2]) for row in rows]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = len(lower), len(rows)
    model.a_matrix_.start_ = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    model.a_matrix_.index_ = np.array([count for row in rows for count in row[2]], dtype=np.int32)
    model.a_matrix_.value_ = np.array([weight for row in rows for weight in row[3]], dtype=np.float64)
    return model
