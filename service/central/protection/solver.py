"""HiGHS, with its status looked at after every call: a wrong answer would look like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from service.central.protection.problem import ProtectionDoubt

Numbers = NDArray[np.float64]
Places = NDArray[np.int32]
Flags = NDArray[np.bool_]

OPTIONS = {
    "output_flag": False,
    "threads": 1,  # the first instance fixes it for the process; another number later would be an error
    "mip_rel_gap": 0.0,
    "mip_max_nodes": 1_000,  # limits by work, not by time: the same problem gives the same answer on any machine
    "simplex_iteration_limit": 1_000_000,
}
"""A run that reaches a limit is undecided, and gives no poorer answer."""

PRIMAL = 4
"""From one run to the next mostly the costs change, so that the last answer is a place to start from."""

LIMITS = frozenset({highspy.HighsModelStatus.kSolutionLimit, highspy.HighsModelStatus.kIterationLimit})
"""How HiGHS says that a limit was reached; the nodes of a search count as solutions."""


class Undecided(ProtectionDoubt):
    """The solver reached its limit of work: what was asked is neither proven nor refuted."""


class Impossible(ProtectionDoubt):
    """No values keep to the bounds and the relations."""


class Solver:
    """One set of relations; objective and bounds change from run to run, and each run starts where the last ended."""

    def __init__(self, matrix: Matrix, *, is_integer: bool = False) -> None:
        self._columns = np.arange(matrix.width, dtype=np.int32)
        self._given = (np.zeros(matrix.width), np.zeros(matrix.width), np.full(matrix.width, np.inf))
        self._is_integer = is_integer
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in OPTIONS.items():
            _demand(self._highs.setOptionValue(option, value))
        if not is_integer:
            _demand(self._highs.setOptionValue("simplex_strategy", PRIMAL))
        _demand(self._highs.passModel(_model(matrix, is_integer=is_integer)))

    def _run(self) -> highspy.HighsModelStatus:
        _demand(self._highs.run())
        status = self._highs.getModelStatus()
        if self._is_integer and status == highspy.HighsModelStatus.kInfeasible:
            # HiGHS 1.15.1: the presolve of a search has called a problem infeasible that it then solved without.
            _demand(self._highs.setOptionValue("presolve", "off"))
            _demand(self._highs.run())
            status = self._highs.getModelStatus()
            _demand(self._highs.setOptionValue("presolve", "choose"))
        return status

    def any(self, lower: Numbers, upper: Numbers, cost: Numbers | None = None) -> Numbers | None:
        """Values within the bounds, by default the first that are found; None if there are none.

        Raises as `least` does.
        """
        try:
            return self.least(np.zeros(len(self._columns)) if cost is None else cost, lower, upper)
        except Impossible:
            return None

    def least(self, cost: Numbers, lower: Numbers, upper: Numbers) -> Numbers:
        """Values within the bounds for which the cost is least.

        Raises `Undecided` at a limit of work, `Impossible` if there are none, and `ProtectionDoubt` for whatever else
        is no proven optimum.
        """
        self._give(cost, lower, upper)
        status = self._run()
        if status in LIMITS:
            raise Undecided("The solver reached its limit.")
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Impossible("The solver found no proven optimum: there is none within the bounds.")
        if status != highspy.HighsModelStatus.kOptimal:
            raise ProtectionDoubt("The solver found no proven optimum.")
        return np.array(self._highs.getSolution().col_value)

    def _give(self, cost: Numbers, lower: Numbers, upper: Numbers) -> None:
        """Only what is other than in the last run: that is little, and HiGHS puts all that it is given in order.

        A search in whole numbers is given everything. It would begin with the last answer if nothing was said anew.
        """
        old_cost, old_lower, old_upper = self._given
        priced, bound = self._columns, self._columns
        if not self._is_integer:
            priced, bound = priced[cost != old_cost], bound[(lower != old_lower) | (upper != old_upper)]
        if priced.size or not bound.size:
            _demand(self._highs.changeColsCost(priced.size, priced, cost[priced]))
        if bound.size:
            _demand(self._highs.changeColsBounds(bound.size, bound, lower[bound], upper[bound]))
        self._given = cost.copy(), lower.copy(), upper.copy()

    def prices(self) -> Numbers:
        """What each row adds to the least cost that was found last. Only where fractions will do."""
        return np.array(self._highs.getSolution().row_dual)


class Matrix:
    """Rows in one piece: `starts[i]:starts[i + 1]` are row i's columns and signs. `bounds`: the least and the most."""

    def __init__(
        self, lengths: Places, columns: Places, signs: Numbers, bounds: tuple[Numbers, Numbers], width: int
    ) -> None:
        self.width = width
        self.starts: Places = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        self.columns, self.signs = columns, signs
        self.lower, self.upper = bounds
        self._row = np.repeat(np.arange(len(lengths)), lengths)

    @classmethod
    def of(cls, rows: Sequence[Mapping[int, float]], lower: list[float], upper: list[float], width: int) -> Matrix:
        """From each row's coefficients by column."""
        lengths: Places = np.array([len(row) for row in rows], np.int32)
        columns: Places = np.array([column for row in rows for column in row], np.int32)
        signs: Numbers = np.array([sign for row in rows for sign in row.values()], float)
        return cls(lengths, columns, signs, (np.array(lower, float), np.array(upper, float)), width)

    def holds(self, values: Numbers) -> bool:
        """Whether whole numbers fulfil every row. Exact: they are far below 2 to the 53rd."""
        sums = np.bincount(self._row, self.signs * values[self.columns], len(self.lower))
        return bool(np.all(sums >= self.lower) and np.all(sums <= self.upper))

    def priced(self, prices: Numbers) -> Numbers:
        """What each column costs if each row has its price."""
        return np.bincount(self.columns, self.signs * prices[self._row], self.width).astype(np.float64)

    def beside(self, column: int) -> list[int]:
        """The other columns of the rows that a column is in, in order."""
        rows = self._row[self.columns == column]
        found = set(self.columns[np.isin(self._row, rows)].tolist()) - {column}
        return sorted(found)

    def widened(self, signs: tuple[int, ...]) -> Matrix:
        """The same rows over several copies of the columns, each copy taken with its sign."""
        widened = copy(self)
        widened.width = self.width * len(signs)
        order = np.argsort(np.tile(self._row, len(signs)), kind="stable")
        widened.columns = np.concatenate([self.columns + self.width * at for at in range(len(signs))])[order]
        widened.columns = widened.columns.astype(np.int32)
        widened.signs = np.concatenate([self.signs * sign for sign in signs])[order]
        widened._row = np.tile(self._row, len(signs))[order]
        widened.starts = self.starts * np.int32(len(signs))
        return widened


def _model(matrix: Matrix, *, is_integer: bool) -> highspy.HighsLp:
    model: Any = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.width, len(matrix.lower)
    model.col_cost_ = model.col_lower_ = np.zeros(matrix.width)
    model.col_upper_ = np.full(matrix.width, np.inf)
    model.row_lower_, model.row_upper_ = matrix.lower, matrix.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.starts, matrix.columns
    model.a_matrix_.value_ = matrix.signs
    if is_integer:
        model.integrality_ = [highspy.HighsVarType.kInteger] * matrix.width
    return model  # type: ignore[no-any-return]


def _demand(status: highspy.HighsStatus) -> None:
    if status != highspy.HighsStatus.kOk:
        raise ProtectionDoubt("The solver refused what it was given.")
