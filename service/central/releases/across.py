"""Releases by another catalogue, which breaks the same young people down in other groups or universes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from service.central.catalogue.fields import GIVEN_FIELDS, UNIVERSE_FIELDS
from service.central.catalogue.naming import Name, cells, count_name
from service.central.releases.past import Past, told
from service.central.releases.scopes import Scope, scope_of

Narrowed = frozenset[tuple[str, frozenset[str]]]
"""Fields, each with the values it may have."""


class Other:
    """A release by another catalogue, and what it told of counts that the catalogue now in force cuts otherwise."""

    def __init__(self, number: int, past: Past) -> None:
        self._number, quarter = number, past.release.quarter
        of = past.catalogue
        self._knows = {
            count_name(of, table, axes, at, quarter)
            for table in of.tables
            for axes in table.forms
            for at in cells(of, table, axes, quarter)
        }
        self._told: defaultdict[Scope, set[Narrowed]] = defaultdict(set)
        for table, shown, figure in told(past):
            if figure.as_of == quarter:
                narrowed = _broken_down(count_name(of, table, shown.axes, figure.at, quarter))
                self._told[scope_of(of, table, shown.axes, figure.at)].add(narrowed)

    def cut_by(self, name: Name, scope: Scope) -> Iterator[tuple[int, Scope]]:
        """The scopes, each with this release's number, in which ten must have joined and ten have left.

        A count that the other catalogue has in any form is none of them: it is what it was, and its own history counts.
        """
        if name in self._knows:
            return
        narrowed = _broken_down(name)
        for other, each in self._told.items():
            common = _common(scope, other)
            is_other = other.universe != scope.universe
            if common is not None and any(_cuts(narrowed, those, in_another_universe=is_other) for those in each):
                yield self._number, common


def _broken_down(name: Name) -> Narrowed:
    """The fields by which a count is broken down; those that make universes are told by themselves."""
    return frozenset(each for each in name[1] if each[0] not in (*UNIVERSE_FIELDS, *GIVEN_FIELDS))


def _common(scope: Scope, other: Scope) -> Scope | None:
    """The facts that are in both scopes; None where they are of other units, authorities or quarters, or none are."""
    if (scope.unit, scope.authority, scope.quarter) != (other.unit, other.authority, other.quarter):
        return None
    where = dict(scope.universe)
    for field, values in other.universe:
        where[field] = where.get(field, values) & values
    return replace(scope, universe=frozenset(where.items())) if all(where.values()) else None


def _cuts(one: Narrowed, other: Narrowed, *, in_another_universe: bool) -> bool:
    """Whether one could be taken from the other: they break down a field in other groups, or in another universe."""
    values, others = dict(one), dict(other)
    shared = values.keys() & others.keys()
    if not all(values[field] & others[field] for field in shared):
        return False
    return any(in_another_universe or values[field] != others[field] for field in shared)
