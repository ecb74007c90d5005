"""What the counts truly are. Only the judge looks here; the attack is given what it is allowed to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from service.central.audit.cells import Scope
from service.central.audit.relations import Counts
from service.central.audit.space import Space, table_of_bits
from service.central.catalogue.model import Unit
from service.domain.fact import Fact

Vector = NDArray[np.float64]
"""A number for each count, in their order."""

NOT_YET = "not_yet"


class Truth:
    """The facts of one release's period.

    Raises KeyError for a value that is no code, or an authority or a quarter that the space does not know.
    """

    def __init__(self, space: Space, quarter: str, facts: Counter[Fact]) -> None:
        self._space, self._quarter = space, quarter
        self.facts = facts
        self._states = [space.of_fact(fact) for fact in facts]
        self._bits = table_of_bits(self._states, space.size)
        self._weights = {
            Unit.ASSESSMENTS: np.array([float(weight) for weight in facts.values()]),
            Unit.YOUNG_PEOPLE: np.array(
                [float(weight) if stands(fact, quarter) else 0.0 for fact, weight in facts.items()]
            ),
        }

    def faults(self, alive: int) -> list[str]:
        """What is wrong with the facts themselves, in words without any value."""
        found = []
        if any(weight < 1 for weight in self.facts.values()):
            found.append("a fact is there less than once")
        if any(self._space.is_empty(state, alive) for state in self._states):
            found.append("a fact is outside the period, or of an authority that is missing")
        if any(not self._fits_itself(state) for state in self._states):
            found.append("the codes of a fact do not go together")
        if any(fact.succeeded_in != NOT_YET and fact.succeeded_in < fact.quarter for fact in self.facts):
            found.append("a fact was succeeded before it was")
        return found

    def _fits_itself(self, state: int) -> bool:
        constraints = [(field, state & mask) for field, mask in self._space.mask.items()]
        return self._space.narrowed(constraints) == state

    def of(self, counts: Counts) -> Vector:
        """Every count."""
        return self._counted(counts, np.ones(len(self.facts)))

    def by_authority(self, counts: Counts, authorities: Sequence[str]) -> dict[str, Vector]:
        """Every count's part by authority; those left out that have no fact."""
        found = {}
        for authority in authorities:
            own = np.array([float(fact.authority == authority) for fact in self.facts])
            if own.any():
                found[authority] = self._counted(counts, own)
        return found

    def _counted(self, counts: Counts, only: Vector) -> Vector:
        if not self.facts:
            return np.zeros(len(counts.names))
        outside = 1 - table_of_bits((state for _, state in counts.names), self._space.size)
        within = (outside @ self._bits.T == 0).astype(np.float64)
        values = {unit: within @ (weights * only) for unit, weights in self._weights.items()}
        found: Vector = np.array([values[unit][place] for place, (unit, _) in enumerate(counts.names)])
        return found

    def in_scope(self, scope: Scope) -> Counter[tuple[str, ...]]:
        """The facts a figure of this scope may count, as what tables can tell of them: all but `succeeded_in`."""
        unit, raw = scope
        state = self._space.narrowed(raw)
        found: Counter[tuple[str, ...]] = Counter()
        for (fact, number), own in zip(self.facts.items(), self._states, strict=True):
            if own & ~state == 0 and (unit == Unit.ASSESSMENTS or stands(fact, self._quarter)):
                found[_told(fact)] += number
        return found

    def told(self, unit: Unit) -> Counter[Fact]:
        """The facts that a unit counts, all of them as if they still stood: no table tells when one was succeeded."""
        found: Counter[Fact] = Counter()
        for fact, number in self.facts.items():
            if unit == Unit.ASSESSMENTS or stands(fact, self._quarter):
                found[replace(fact, succeeded_in=NOT_YET)] += number
        return found


def stands(fact: Fact, quarter: str) -> bool:
    """Whether it stands for its young person at the end of `quarter`."""
    return fact.succeeded_in == NOT_YET or fact.succeeded_in > quarter


def _told(fact: Fact) -> tuple[str, ...]:
    return tuple(value for field, value in vars(fact).items() if field != "succeeded_in")
