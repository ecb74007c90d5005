"""An attack of its own on what is shown: value by value, whole tables only. It shares no code with the service."""

from __future__ import annotations

import math
from collections.abc import Container, Hashable, Iterator, Mapping

import highspy

from service.central.protection import Problem

ENOUGH = 6
"""So many values, none among them, must be possible for a small count."""
HIGHEST = 40

Leak = tuple[int, Hashable, tuple[int, ...]]
"""Who finds it (0: the public, then the insiders), where, and the values that are left."""


def leaks(problem: Problem, hidden: Container[Hashable]) -> list[Leak]:
    """Every small count of which somebody learns too much."""
    return list(_leaks(problem, hidden))


def alike(problem: Problem, hidden: Container[Hashable]) -> list[tuple[int, Hashable]]:
    """Each shown group and who can tell of all in it, but their own, that nine tenths or more have one value."""
    return list(_alike(problem, hidden))


def is_safe(problem: Problem, hidden: Container[Hashable]) -> bool:
    """Whether everybody must think none and five possible, and no group alike; what lies between is not looked at.

    The first leak is enough, and is sought with those who know most.
    """
    for known in (*problem.known[::-1], frozenset[Hashable]()):
        tables = Tables(problem, hidden, known)
        if not all(tables.has_room(key, own) for key, own in _targets(problem, hidden, known)):
            return False
    return not any(_alike(problem, hidden))


def _leaks(problem: Problem, hidden: Container[Hashable]) -> Iterator[Leak]:
    for number, known in enumerate((frozenset[Hashable](), *problem.known)):
        tables = Tables(problem, hidden, known)
        for key, own in _targets(problem, hidden, known):
            left = tables.possible(key, own)
            if 0 not in left or len(left) < ENOUGH:
                yield number, key, left


def _alike(problem: Problem, hidden: Container[Hashable]) -> Iterator[tuple[int, Hashable]]:
    for number, known in enumerate((frozenset[Hashable](), *problem.known)):
        tables = Tables(problem, hidden, known)
        for whole, parts in problem.certain:
            own = {key: _own(problem, key, known) for key in (whole, *parts)}
            is_group = _is_shown(problem, hidden, whole) and whole not in known and problem.counts[whole] > own[whole]
            for part in parts if is_group else ():
                if part not in known and tables.are_alike({whole: 9, part: -10}, 9 * own[whole] - 10 * own[part]):
                    yield number, part


def _is_shown(problem: Problem, hidden: Container[Hashable], key: Hashable) -> bool:
    return key not in hidden and key not in problem.fixed and key not in problem.unpublished


def _own(problem: Problem, key: Hashable, known: frozenset[Hashable]) -> int:
    return max((_part(problem, parts, known) for whole, parts in problem.sums if whole == key), default=0)


def _targets(
    problem: Problem, hidden: Container[Hashable], known: frozenset[Hashable]
) -> Iterator[tuple[Hashable, int]]:
    """Hidden counts, or for insiders what is left of them without their own part, if that is one to nine."""
    for key in problem.counts:
        if key in problem.unpublished or key in known or (key not in hidden and key not in problem.fixed):
            continue
        mine = [_part(problem, parts, known) for whole, parts in problem.sums if whole == key and known & set(parts)]
        if (1 if mine else 0) <= problem.counts[key] - max(mine, default=0) < 10:
            yield key, max(mine, default=0)


def _part(problem: Problem, parts: tuple[Hashable, ...], known: frozenset[Hashable]) -> int:
    return sum(problem.counts[part] for part in parts if part in known)


class Tables:
    """All tables of whole numbers that agree with what is shown and what is known."""

    def __init__(self, problem: Problem, hidden: Container[Hashable], known: frozenset[Hashable]) -> None:
        self._highs = highs = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1)):
            assert highs.setOptionValue(option, value) == highspy.HighsStatus.kOk
        self._bounds = {
            key: (count, count) if key in known else _figure(problem, hidden, key)
            for key, count in problem.counts.items()
        }
        self._unknown = unknown = {key: highs.addIntegral(*bounds) for key, bounds in self._bounds.items()}
        for whole, parts in problem.sums:
            highs.addConstr(unknown[whole] == highs.qsum([unknown[part] for part in parts]))
        for less, most in problem.at_most:
            highs.addConstr(unknown[less] <= unknown[most])

    def possible(self, key: Hashable, own: int) -> tuple[int, ...]:
        """Which values the count less the own part can have; the first six of them."""
        found: list[int] = []
        for value in range(HIGHEST):
            if len(found) < ENOUGH and self._is_possible(key, value + own):
                found.append(value)
        return tuple(found)

    def has_room(self, key: Hashable, own: int) -> bool:
        """Whether the count less the own part can be none, and can be five or more."""
        return self._is_possible(key, own) and self._is_possible(key, own + ENOUGH - 1, math.inf)

    def are_alike(self, weights: Mapping[Hashable, int], own: int) -> bool:
        """Whether in no table the weighted counts exceed those of one's own."""
        for key, weight in weights.items():
            assert self._highs.changeColCost(self._unknown[key].index, -weight) == highspy.HighsStatus.kOk
        assert self._highs.run() == highspy.HighsStatus.kOk
        assert self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        most = -self._highs.getInfo().objective_function_value
        for key in weights:
            assert self._highs.changeColCost(self._unknown[key].index, 0) == highspy.HighsStatus.kOk
        return bool(most <= own + 1e-6)

    def _is_possible(self, key: Hashable, value: int, most: float | None = None) -> bool:
        """Whether the count can be this, or between this and the most."""
        low, high = self._bounds[key]
        least, most = max(low, value), min(high, value if most is None else most)
        if least > most:
            return False
        column = self._unknown[key].index
        assert self._highs.changeColBounds(column, least, most) == highspy.HighsStatus.kOk
        assert self._highs.run() == highspy.HighsStatus.kOk
        status = self._highs.getModelStatus()
        assert self._highs.changeColBounds(column, low, high) == highspy.HighsStatus.kOk
        assert status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        return bool(status == highspy.HighsModelStatus.kOptimal)


def _figure(problem: Problem, hidden: Container[Hashable], key: Hashable) -> tuple[float, float]:
    if key in hidden or key in problem.fixed or key in problem.unpublished:
        return 0, math.inf
    figure = 5 * math.floor(problem.counts[key] / 5 + 0.5)
    return max(10, figure - 2), figure + 2
