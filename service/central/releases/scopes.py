"""Scopes: the sets of facts in which changes are counted before a figure may be made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from service.central.catalogue.model import Catalogue, Table, Unit
from service.central.counting import in_universe, stands
from service.central.published import TOTAL
from service.central.rounding import THRESHOLD
from service.domain.fact import FIELDS, Fact

SEEN = tuple(name for name in FIELDS if name != "succeeded_in")
"""What a figure can show of a fact. `succeeded_in` only says whether it is counted."""

Counted = Counter[tuple[str, ...]]
Universe = frozenset[tuple[str, frozenset[str]]]
"""For each narrowed field the values that belong to it."""


@dataclass(frozen=True)
class Scope:
    """A unit and a universe, of one authority or all, in one quarter or all four."""

    unit: Unit
    universe: Universe
    authority: str
    quarter: str

    def holds(self, other: Scope) -> bool:
        """Whether every fact of the other scope is in this one too, by what the two say."""
        narrowed = dict(other.universe)
        return (
            self.unit is other.unit
            and self.authority in (TOTAL, other.authority)
            and self.quarter in (TOTAL, other.quarter)
            and all(field in narrowed and narrowed[field] <= values for field, values in self.universe)
        )

    def around(self, universes: Iterable[Universe]) -> Iterator[Scope]:
        """Every scope of one of these universes that holds this one: of its authority or all, its quarter or all."""
        for universe, authority, quarter in product(
            {self.universe, *universes}, {self.authority, TOTAL}, {self.quarter, TOTAL}
        ):
            wider = Scope(self.unit, universe, authority, quarter)
            if wider.holds(self):
                yield wider


PINNED = ("authority", "quarter")
"""The fields of which a single value makes a scope of its own."""


def whole_of(catalogue: Catalogue, axes: Sequence[str], at: Sequence[str]) -> tuple[str, ...]:
    """Where in its table the count stands that is all of a cell's scope."""
    return tuple(code if catalogue.axes[axis].field in PINNED else TOTAL for axis, code in zip(axes, at, strict=True))


def scope_of(catalogue: Catalogue, table: Table, axes: Sequence[str], at: Sequence[str]) -> Scope:
    """The scope of one cell.

    A quarter is a scope of its own: when the year moves on by a quarter, the three that stay change by a late record or
    two, and a figure for one of them would show just those.
    """
    pinned = {catalogue.axes[axis].field: code for axis, code in zip(axes, at, strict=True)}
    where = catalogue.universes[table.universe].where
    universe = frozenset((field, frozenset(values)) for field, values in where.items())
    return Scope(table.unit, universe, pinned.get("authority", TOTAL), pinned.get("quarter", TOTAL))


def counted(scope: Scope, quarter: str, facts: Counter[Fact]) -> Counted:
    """The facts that a scope counts in the release of this quarter, by what a figure can show of them."""
    where = dict(scope.universe)
    found: Counted = Counter()
    for fact, number in facts.items():
        if scope.authority not in (TOTAL, fact.authority) or scope.quarter not in (TOTAL, fact.quarter):
            continue
        if stands(fact, scope.unit, quarter) and in_universe(fact, where):
            found[tuple(getattr(fact, name) for name in SEEN)] += number
    return found


def moved(before: Counted, after: Counted) -> tuple[int, int]:
    """How many joined, and how many left; a fact that changed did both."""
    return (after - before).total(), (before - after).total()


def is_too_little(changed: int) -> bool:
    """Whether so little changed that the new figures beside the old would tell what it was."""
    return changed < THRESHOLD
