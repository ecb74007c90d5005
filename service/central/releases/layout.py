"""The cells of all tables in the forms that are tried now, and which of them repeat an earlier figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.central.catalogue.model import Catalogue, Table
from service.central.catalogue.naming import Name, cells, count_name
from service.central.releases.history import History
from service.central.releases.resting import Resting
from service.central.releases.scopes import Scope, scope_of, whole_of
from service.domain.fact import Fact


@dataclass(frozen=True)
class Cell:
    """One cell of a table. `whole` is the count of all of its scope. Of a missing authority nothing is counted."""

    at: tuple[str, ...]
    name: Name
    whole: Name
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
    names = {at: count_name(ground.catalogue, table, axes, at, ground.quarter) for at in every}
    return Laid(table, axes, tuple(_cell(ground, table, axes, at, names) for at in every))


def _cell(
    ground: Ground, table: Table, axes: Sequence[str], at: tuple[str, ...], names: Mapping[tuple[str, ...], Name]
) -> Cell:
    whole, scope = names[whole_of(ground.catalogue, axes, at)], scope_of(ground.catalogue, table, axes, at)
    return Cell(at, names[at], whole, scope, scope.authority in ground.missing)


def repeated(laid: Iterable[Laid], resting: Resting) -> frozenset[Name]:
    """The counts that may not be made anew: those in a scope that hardly changed, in whichever table."""
    cells = (cell for each in laid for cell in each.cells)
    return frozenset(cell.name for cell in cells if resting.rests(cell.scope, (cell.name, cell.whole)))


def by_at(laid: Laid) -> Mapping[tuple[str, ...], Cell]:
    """A table's cells by where they stand."""
    return {cell.at: cell for cell in laid.cells}
