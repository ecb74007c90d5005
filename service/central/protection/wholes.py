"""Whether all of a whole can be told to be in one part of it, by somebody who knows exactly how many they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from service.central.protection.intruder import TOLERANCE, Intruder
from service.central.protection.pattern import Pattern
from service.central.protection.problem import Key, Problem
from service.central.protection.solver import Undecided
from service.central.protection.view import view


def told_of_wholes(
    problem: Problem, hidden: Collection[Key], parts: Iterable[tuple[Key, Key]], wholes: Collection[Key]
) -> Iterator[Key]:
    """Of pairs of a whole and a part, the parts that are certain to be all of it once `wholes` are known exactly.

    What is not so cannot be certain; hence only parts that truly are all of it are tried. One of which it is not
    proven that there may be others counts as told.
    """
    likely = dict.fromkeys(part for whole, part in parts if 0 < problem.counts[whole] == problem.counts[part])
    if not likely:
        return
    pattern = Pattern(problem, hidden)
    column = {key: number for number, key in enumerate(pattern.keys)}
    insider = Intruder(view(problem, frozenset(wholes)), pattern)
    lower, upper = insider.bounds(pattern)
    for part in likely:
        cost = np.zeros(insider.view.matrix.width)
        cost[column[part]] = 1.0
        try:
            least = insider.least(insider.solver, cost, lower, upper)[column[part]]
        except Undecided:
            least = np.inf
        if least > problem.counts[part] - 1 + TOLERANCE:
            yield part
