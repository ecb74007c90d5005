"""What is hidden for its own sake, before anybody works anything out."""

from __future__ import annotations

from collections.abc import Iterable

from service.central.protection.problem import Key, Problem, Reason
from service.central.rounding import THRESHOLD

ALMOST_ALL = 0.9
"""The part of a group from which on its members can be taken to have the value."""


def primary(problem: Problem) -> dict[Key, Reason]:
    """Every key that is hidden whatever else is shown, with the first reason that holds."""
    hidden: dict[Key, Reason] = dict.fromkeys(sorted_keys(problem.unpublished, problem), Reason.UNPUBLISHED)
    for step in (small, settled, one_authority):
        hidden = {**step(problem), **hidden}
    return {**certain(problem, hidden), **hidden}


def small(problem: Problem) -> dict[Key, Reason]:
    """Counts under ten, zero included: no zero, no small one, and no telling one from the other."""
    keys = [key for key, count in problem.counts.items() if count < THRESHOLD and key not in problem.fixed]
    return dict.fromkeys(keys, Reason.UNDER_TEN)


def settled(problem: Problem) -> dict[Key, Reason]:
    """What an older release hid and this one repeats."""
    keys = [key for key, figure in problem.fixed.items() if figure is None]
    return {key: Reason.UNDER_TEN if problem.counts[key] < THRESHOLD else Reason.PROTECTS_ANOTHER for key in keys}


def one_authority(problem: Problem) -> dict[Key, Reason]:
    """Counts that come from one authority but for fewer than ten: it would see the others' small rest."""
    rest = {key: sum(shares) - max(shares, default=0) for key, shares in problem.shares.items()}
    keys = [key for key, left in rest.items() if left < THRESHOLD and key not in problem.fixed]
    return {key: Reason.ONE_AUTHORITY for key in keys if problem.counts[key] >= THRESHOLD}


def certain(problem: Problem, hidden: dict[Key, Reason]) -> dict[Key, Reason]:
    """All parts of a shown group in which nearly everybody has one value: of each member one would know it."""
    dominated = [parts for whole, parts in problem.certain if whole not in hidden and _dominated(problem, whole, parts)]
    return {part: Reason.CERTAIN for parts in dominated for part in parts if part not in problem.fixed}


def sorted_keys(keys: Iterable[Key], problem: Problem) -> list[Key]:
    """In the order of the counts, so that the same problem gives the same answer."""
    wanted = frozenset(keys)
    return [key for key in problem.counts if key in wanted]


def _dominated(problem: Problem, whole: Key, parts: tuple[Key, ...]) -> bool:
    largest = max((problem.counts[part] for part in parts), default=0)
    return largest >= ALMOST_ALL * problem.counts[whole]
