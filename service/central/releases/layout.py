"""The cells of all tables in the forms that are tried now, and which of them repeat an earlier figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.central.catalogue.model import Catalogue, Table
from service.central.catalogue.naming import Name, cells, count_name
from service.central.releases.history import History
from service.central.releases.scopes import Scope, scope_of
from service.domain.fact import Fact


@dataclass(frozen=True)
class Cell:
    """One cell of a table. Of a missing authority nothing is counted."""

    at: tuple[str, ...]
    name: Name
    scope: Scope
    is_missing: bool


@dataclass(frozen=True)
class Laid:
    """A table in one of its forms."""

    table: Table
    axes: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Ground:
    """What a release is made from. `present` are the authorities whose records had come."""

    catalogue: Catalogue
    quarter: str
    facts: Counter[Fact]
    missing: tuple[str, ...]
    history: History

    @property
    def present(self) -> tuple[str, ...]:
        """The authorities that are counted, in the catalogue's order."""
        return tuple(each for each in self.catalogue.authorities if each not in self.missing)


def lay_out(ground: Ground, table: Table, form: int) -> Laid:
    """A table's cells in the form of this number."""
    axes = table.forms[form]
    every = cells(ground.catalogue, table, axes, ground.quarter)
    return Laid(table, axes, tuple(_cell(ground, table, axes, at) for at in every))


def _cell(ground: Ground, table: Table, axes: Sequence[str], at: tuple[str, ...]) -> Cell:
    name = count_name(ground.catalogue, table, axes, at, ground.quarter)
    scope = scope_of(ground.catalogue, table, axes, at)
    return Cell(at, name, scope, scope.authority in ground.missing)


Since = tuple[Scope, frozenset[int]]
"""A scope, and the places of the releases since which its changes are counted."""


def repeated(ground: Ground, laid: Sequence[Laid], known: dict[Since, bool]) -> frozenset[Name]:
    """The counts that may not be made anew: those in a scope that hardly changed, in whichever table.

    `known` keeps what was found for a scope.
    """
    found = set()
    for cell in (cell for each in laid for cell in each.cells):
        made = ground.history.made_anew(cell.name, cell.scope)
        since = cell.scope, made
        if made and since not in known:
            known[since] = ground.history.must_repeat(cell.scope, made, ground.quarter, ground.facts)
        if made and known[since]:
            found.add(cell.name)
    return frozenset(found)


def by_at(laid: Laid) -> Mapping[tuple[str, ...], Cell]:
    """A table's cells by where they stand."""
    return {cell.at: cell for cell in laid.cells}
