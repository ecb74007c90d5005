"""Linear relations between counts, made as few as an intruder's knowledge allows before any solver sees them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from service.central.protection.problem import Key, Problem


@dataclass
class Relation:
    """`lower <= sum of coefficient * count <= upper`; the coefficients are 1 and -1."""

    terms: dict[Key, int]
    lower: float
    upper: float


def relations_of(problem: Problem) -> list[Relation]:
    """The sums and the upper bounds, with every key as an unknown."""
    sums = [Relation({whole: 1, **dict.fromkeys(parts, -1)}, 0, 0) for whole, parts in problem.sums]
    return [*sums, *(Relation({less: 1, most: -1}, -math.inf, 0) for less, most in problem.at_most)]


def everything_known(problem: Problem, known: Set[Key]) -> frozenset[Key]:
    """What follows from the known counts by adding up, and by taking all other parts from a sum."""
    found = set(known)
    before = -1
    while before != len(found):
        before = len(found)
        for whole, parts in problem.sums:
            missing = [key for key in (whole, *parts) if key not in found]
            found.update(missing if len(missing) == 1 else ())
    return frozenset(found)


def without_known(relations: list[Relation], known: Mapping[Key, int]) -> list[Relation]:
    """The known counts taken out of the relations."""
    return [_settle(each, known) for each in relations]


def _settle(relation: Relation, known: Mapping[Key, int]) -> Relation:
    terms = {key: sign for key, sign in relation.terms.items() if key not in known}
    sure = sum(sign * known[key] for key, sign in relation.terms.items() if key in known)
    return Relation(terms, relation.lower - sure, relation.upper - sure)


def without_slack(relations: list[Relation], free: Set[Key]) -> list[Relation]:
    """Without the free counts that stand in one relation only: such a one merely turns an equation into a bound."""
    relations = [Relation(dict(each.terms), each.lower, each.upper) for each in relations]
    places: dict[Key, set[int]] = defaultdict(set)
    for place, relation in enumerate(relations):
        for key in relation.terms:
            places[key].add(place)
    waiting = [key for key in places if key in free]
    while waiting:
        key = waiting.pop()
        if len(places[key]) == 1:
            waiting += _loosen(relations, places, key, free)
    return [each for each in relations if each.terms]


def _loosen(relations: list[Relation], places: dict[Key, set[int]], key: Key, free: Set[Key]) -> list[Key]:
    """Takes the count out of its one relation; a relation that bounds nothing any more goes. The keys to see to."""
    place = places.pop(key).pop()
    relation = relations[place]
    if relation.terms.pop(key) > 0:
        relation.lower = -math.inf
    else:
        relation.upper = math.inf
    if not math.isinf(relation.lower) or not math.isinf(relation.upper):
        return []
    gone, relation.terms = relation.terms, {}
    for other in gone:
        places[other].discard(place)
    return [other for other in gone if other in free and len(places[other]) == 1]


def bounds_of(relations: list[Relation]) -> tuple[list[Relation], dict[Key, tuple[float, float]]]:
    """The relations of two counts and more, each once, and the bounds that those of a single count are."""
    bounds: dict[Key, tuple[float, float]] = {}
    kept: dict[object, Relation] = {}
    for each in relations:
        if len(each.terms) == 1:
            ((key, sign),) = each.terms.items()
            low, high = sorted((sign * each.lower, sign * each.upper))
            old = bounds.get(key, (0.0, math.inf))
            bounds[key] = (max(old[0], low), min(old[1], high))
        else:
            kept[frozenset(each.terms.items()), each.lower, each.upper] = each
    return list(kept.values()), bounds
