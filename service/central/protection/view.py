"""What one intruder knows before seeing a release: the relations, and for an insider some of the counts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from service.central.protection.alike import Alike, alike
from service.central.protection.problem import Key, Problem
from service.central.protection.relations import bounds_of, everything_known, relations_of, without_known, without_slack
from service.central.protection.solver import Matrix, Numbers
from service.central.rounding import THRESHOLD


@dataclass(frozen=True)
class View:
    """Columns are counts: first all that can be published, in the same order for every intruder, then the rest.

    `floor` and `ceiling` are what the intruder knows of each without the release, `own` the intruder's own part of it,
    `small` whether what is left without that part is to be protected, and `alike` the groups whose rest is alike.
    """

    known: frozenset[Key]
    matrix: Matrix
    floor: Numbers
    ceiling: Numbers
    own: Numbers
    small: np.ndarray[tuple[int], np.dtype[np.bool_]]
    alike: tuple[Alike, ...]


def published(problem: Problem) -> tuple[Key, ...]:
    """The keys that a table could show, in the order of the counts."""
    return tuple(key for key in problem.counts if key not in problem.unpublished)


def view(problem: Problem, insider: Set[Key]) -> View:
    """The view of somebody who knows these counts exactly; of the public, if there are none."""
    known = everything_known(problem, insider)
    counts = {key: problem.counts[key] for key in problem.counts if key in known}
    settled = without_known(relations_of(problem), counts)
    relations, bounds = bounds_of(without_slack(settled, problem.unpublished - known))
    keys = published(problem)
    rest = dict.fromkeys(key for each in relations for key in each.terms if key in problem.unpublished)
    place = {key: number for number, key in enumerate((*keys, *rest))}
    rows = [{place[key]: sign for key, sign in each.terms.items()} for each in relations]
    matrix = Matrix(rows, [each.lower for each in relations], [each.upper for each in relations], len(place))
    edges = {**bounds, **{key: (count, count) for key, count in counts.items()}}
    low, high = zip(*(edges.get(key, (0.0, math.inf)) for key in place), strict=True) if place else ((), ())
    own, small = _targets(problem, keys, counts)
    groups = tuple(alike(problem, keys, {key: int(number) for key, number in zip(keys, own, strict=True)}, counts))
    return View(known, matrix, np.array(low, float), np.array(high, float), own, small, groups)


def _targets(
    problem: Problem, keys: tuple[Key, ...], known: Mapping[Key, int]
) -> tuple[Numbers, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """For each publishable count the part that the intruder knows, and whether the rest is to be protected.

    A rest of one to nine is. A rest of none is, where no part of the count is the intruder's; otherwise that there is
    nothing left says nothing of any young person.
    """
    own = dict.fromkeys(keys, 0)
    has_part: set[Key] = set()
    for whole, parts in problem.sums:
        mine = [known[part] for part in parts if part in known]
        if mine and whole in own:
            own[whole] = max(own[whole], sum(mine))
            has_part.add(whole)
    small = [
        key not in known and (1 if key in has_part else 0) <= problem.counts[key] - own[key] < THRESHOLD for key in keys
    ]
    return np.array([own[key] for key in keys], float), np.array(small, bool)
