"""Counts by name alone: the facts as bits, so that any count can be had quickly, also one that no table shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from service.central.catalogue.model import Unit
from service.central.catalogue.naming import Name
from service.central.counting import stands
from service.domain.fact import Fact


class Tally:
    """The facts of a release, counted in whatever way a name says."""

    def __init__(self, quarter: str, facts: Counter[Fact]) -> None:
        self._facts = list(facts.elements())
        self._standing = {unit: self._bits(partial(stands, unit=unit, quarter=quarter)) for unit in Unit}
        self._known: dict[tuple[str, frozenset[str]], int] = {}

    def count(self, name: Name) -> int:
        """How many facts of the unit have, in each named field, one of the values."""
        unit, narrowed = name
        found = self._standing[unit]
        for constraint in narrowed:
            found &= self._having(constraint)
        return found.bit_count()

    def _having(self, constraint: tuple[str, frozenset[str]]) -> int:
        if constraint not in self._known:
            field, values = constraint
            self._known[constraint] = self._bits(lambda fact: getattr(fact, field) in values)
        return self._known[constraint]

    def _bits(self, holds: Callable[[Fact], bool]) -> int:
        return int("".join("01"[holds(fact)] for fact in self._facts) or "0", 2)
