import numpy as np
import pytest

from service.central.protection import Problem, ProtectionDoubt, protect, solver
from service.central.protection.solver import Matrix, Solver

INF = float("inf")
SUM = Matrix.of([{0: 1, 1: -1, 2: -1}], [0.0], [0.0], 3)


def run(one: Solver, cost: list[float], lower: list[float], upper: list[float]) -> list[float]:
    return list(one.least(np.array(cost, float), np.array(lower, float), np.array(upper, float)))


def test_the_objective_and_the_bounds_change_from_run_to_run() -> None:
    one = Solver(SUM)
    assert run(one, [0, 1, 0], [10, 0, 0], [10, INF, 3]) == [10, 7, 3]
    assert run(one, [0, -1, 0], [10, 0, 2], [12, INF, 3]) == [12, 10, 2]


def test_what_is_asked_again_is_answered_again_also_after_another_question() -> None:
    one, asked = Solver(SUM), ([0.0, 1, 0], [10.0, 0, 0], [10.0, INF, 3])
    assert run(one, *asked) == run(one, *asked) == [10, 7, 3]
    assert run(one, [0, -1, 0], [10, 0, 2], [12, INF, 3]) == [12, 10, 2]
    assert run(one, *asked) == [10, 7, 3]


def test_bounds_that_nothing_fulfils_are_a_doubt() -> None:
    with pytest.raises(ProtectionDoubt, match="no proven optimum"):
        run(Solver(SUM), [0, 1, 0], [10, 0, 0], [10, 3, 3])


def test_an_objective_without_end_is_a_doubt() -> None:
    with pytest.raises(ProtectionDoubt, match="no proven optimum"):
        run(Solver(SUM), [-1, 0, 0], [0, 0, 0], [INF, INF, INF])


def test_a_run_that_reaches_its_limit_is_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(solver.OPTIONS, "simplex_iteration_limit", 0)
    monkeypatch.setitem(solver.OPTIONS, "presolve", "off")
    problem = Problem({"all": 73, "a": 42, "b": 22, "c": 9}, (("all", ("a", "b", "c")),))
    with pytest.raises(ProtectionDoubt):
        protect(problem)


def test_an_option_that_is_refused_is_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(solver.OPTIONS, "threads", -1)
    with pytest.raises(ProtectionDoubt, match="refused"):
        Solver(SUM)


def test_another_number_of_threads_is_a_doubt_and_not_an_old_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    run(Solver(SUM), [0, 1, 0], [10, 0, 0], [10, INF, 3])
    monkeypatch.setitem(solver.OPTIONS, "threads", 2)
    with pytest.raises(ProtectionDoubt):
        run(Solver(SUM), [0, 1, 0], [10, 0, 0], [10, INF, 3])


def test_a_table_is_checked_exactly() -> None:
    assert SUM.holds(np.array([10.0, 7.0, 3.0]))
    assert not SUM.holds(np.array([10.0, 7.0, 4.0]))


def test_whole_numbers_where_fractions_would_do_better() -> None:
    odd = Matrix.of([{0: 1, 1: 1}, {0: 1, 1: -1}], [3.0, 0.0], [3.0, 0.0], 2)
    assert run(Solver(odd), [1, 0], [0, 0], [9, 9]) == [1.5, 1.5]
    with pytest.raises(ProtectionDoubt):
        run(Solver(odd, is_integer=True), [1, 0], [0, 0], [9, 9])


def test_copies_of_the_columns_count_with_their_sign() -> None:
    wide = SUM.widened((1, 1, -1))
    assert wide.holds(np.array([10.0, 7, 4, 1, 0, 0, 0, 0, 0])) and wide.holds(np.array([10.0, 7, 4, 0, 0, 0, 0, 1, 0]))
    assert not wide.holds(np.array([10.0, 7, 4, 0, 1, 0, 0, 0, 0]))
