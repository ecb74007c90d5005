"""Scopes: the sets of facts in which changes are counted before a figure may be made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.central.catalogue.model import Catalogue, Table, Unit
from service.central.counting import in_universe, stands
from service.central.published import TOTAL
from service.central.rounding import THRESHOLD
from service.domain.fact import FIELDS, Fact

SEEN = tuple(name for name in FIELDS if name != "succeeded_in")
"""What a figure can show of a fact. `succeeded_in` only says whether it is counted."""

Counted = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Scope:
    """A unit and a universe, of one authority or all, in one quarter or all four."""

    unit: Unit
    universe: frozenset[tuple[str, frozenset[str]]]
    authority: str
    quarter: str


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


def changes(before: Counted, after: Counted) -> int:
    """How many joined and left; a fact that changed did both."""
    return (after - before).total() + (before - after).total()


def is_too_little(before: Counted, after: Counted) -> bool:
    """Whether so little changed that the new figures beside the old would tell what it was."""
    return changes(before, after) < THRESHOLD
