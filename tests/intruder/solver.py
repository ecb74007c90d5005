"""Linear programs over counts, by HiGHS. A run that ends in any other way than an optimum is a doubt, never a value."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from tests.intruder.system import Structure

Numbers = NDArray[np.float64]
Row = tuple[Sequence[int], Sequence[float], float, float]
"""Columns, their factors, and what the sum is at least and at most."""
MOST = 20_000.0
"""More facts than any cohort has: an upper bound where nothing is known."""
NODES = 1_000
"""So many nodes may a search in whole numbers take."""


class Doubt(Exception):
    """The solver gave no optimum; the text is its status. `Infeasible` contradicts what was published."""


def rows_of(structure: Structure, offset: int = 0, *, of_changes: bool = False) -> list[Row]:
    """A structure as rows, its columns beginning at `offset`.

    `of_changes`: of facts that joined or left. A fact may come to stand for its young person, or cease to, without
    being new: there people are not bound by assessments.
    """
    rows: list[Row] = []
    for whole, parts in structure.sums:
        rows.append(([offset + whole, *(offset + part for part in parts)], [-1.0] + [1.0] * len(parts), 0.0, 0.0))
    for small, large in structure.at_most if of_changes else (*structure.at_most, *structure.people):
        rows.append(([offset + small, offset + large], [-1.0, 1.0], 0.0, MOST))
    return rows


class Solver:
    """Columns within bounds, and rows. Each `minimise` begins where the last one ended."""

    def __init__(self, low: Numbers, high: Numbers, rows: Sequence[Row]) -> None:
        self.columns = len(low)
        self._every = np.arange(self.columns, dtype=np.int32)
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call] # highspy types it in part
        for option, value in (("output_flag", False), ("threads", 1)):
            self._highs.setOptionValue(option, value)
        self.runs = 0
        if self._highs.passModel(_model(low, high, rows)) == highspy.HighsStatus.kError:
            raise Doubt("the model was not taken")

    def bounds(self, low: Numbers, high: Numbers) -> None:
        """Other bounds for the same counts."""
        self._highs.changeColsBounds(self.columns, self._every, low, high)

    def whole(self) -> None:
        """From now on counts are whole numbers. The limit is one by work: one seed is one result on any machine."""
        kinds = np.full(self.columns, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self._highs.changeColsIntegrality(self.columns, self._every, kinds)
        for option, value in (("mip_rel_gap", 0.0), ("mip_max_nodes", NODES)):
            self._highs.setOptionValue(option, value)

    def minimise(self, costs: Numbers) -> Numbers:
        """The columns of an optimum; `costs` has one for each. Raises `Doubt`."""
        self._highs.changeColsCost(self.columns, self._every, costs)
        self._highs.run()
        self.runs += 1
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise Doubt(self._highs.modelStatusToString(status))
        return np.array(self._highs.getSolution().col_value)


def _model(low: Numbers, high: Numbers, rows: Sequence[Row]) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(low), len(rows)
    model.col_cost_ = np.zeros(len(low))
    model.col_lower_, model.col_upper_ = low, high
    model.row_lower_ = np.array([row[2] for row in rows], dtype=np.float64)
    model.row_upper_ = np.array([row[3] for row in rows], dtype=np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row[0]) for row in rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([column for row in rows for column in row[0]], dtype=np.int32)
    model.a_matrix_.value_ = np.array([factor for row in rows for factor in row[1]], dtype=np.float64)
    return model
