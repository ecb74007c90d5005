"""What each figure of a release counts, as the catalogue says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from service.central.audit.space import Space, period
from service.central.catalogue.model import Axis, Catalogue, Table, Unit
from service.central.published import TOTAL, Figure, PublishedTable, Release, Status

Name = tuple[Unit, int]
"""Names a count: its unit, and the state of the facts it counts. The same count in two tables has one name."""

Raw = tuple[tuple[str, int], ...]
"""The constraints as the table says them: field and bits, by field."""

Scope = tuple[Unit, Raw]
"""Of a figure: the unit and the universe, with the one authority it is about, if any."""


@dataclass(frozen=True)
class Cell:
    """A figure, and what it counts."""

    table: str
    axes: tuple[str, ...]
    figure: Figure
    raw: Raw
    name: Name
    scope: Scope

    @property
    def at(self) -> tuple[str, ...]:
        """The groups it stands for."""
        return self.figure.at


def groups_of(catalogue: Catalogue, axis: Axis, quarters: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The values behind each code of an axis, the total left out."""
    if axis.field == "authority":
        return {code: (code,) for code in catalogue.authorities}
    if axis.field == "quarter":
        return {quarter: (quarter,) for quarter in quarters}
    return {group.code: group.values for group in axis.groups}


def cells_of(catalogue: Catalogue, release: Release, space: Space, quarters: tuple[str, ...]) -> list[Cell]:
    """Every figure that the catalogue explains; what it does not explain is for the test of form to find."""
    tables = {table.name: table for table in catalogue.tables}
    reader = _Reader(catalogue, space, quarters)
    return [
        cell
        for published in release.tables
        if published.table in tables and all(axis in catalogue.axes for axis in published.axes)
        for cell in reader.cells(tables[published.table], published)
    ]


def names_of(catalogue: Catalogue, space: Space, quarter: str) -> set[Name]:
    """Every count that any form of its tables could show in the release of this quarter."""
    quarters = period(quarter)
    reader, found = _Reader(catalogue, space, quarters), set[Name]()
    for table in catalogue.tables:
        for axes in table.forms:
            codes = [(*groups_of(catalogue, catalogue.axes[axis], quarters), TOTAL) for axis in axes]
            figures = tuple(Figure(at, Status.WITHHELD, None, quarter) for at in product(*codes))
            found |= {cell.name for cell in reader.cells(table, PublishedTable(table.name, axes, figures))}
    return found


class _Reader:
    """Names the counts of one release; `quarters` are its period."""

    def __init__(self, catalogue: Catalogue, space: Space, quarters: tuple[str, ...]) -> None:
        self._catalogue, self._space = catalogue, space
        self._quarters = quarters
        self._states: dict[Raw, int] = {}

    def cells(self, table: Table, published: PublishedTable) -> Iterator[Cell]:
        axes = [self._catalogue.axes[axis] for axis in published.axes]
        groups = [groups_of(self._catalogue, axis, self._quarters) for axis in axes]
        where = self._catalogue.universes[table.universe].where
        universe = {field: self._space.bits(field, values) for field, values in where.items()}
        for figure in published.figures:
            if len(figure.at) != len(axes):
                continue
            if not all(code == TOTAL or code in known for code, known in zip(figure.at, groups, strict=True)):
                continue
            chosen = [
                (axis.field, self._space.bits(axis.field, known[code]))
                for axis, known, code in zip(axes, groups, figure.at, strict=True)
                if code != TOTAL
            ]
            yield self._cell(table, published, figure, universe, chosen)

    def _cell(
        self,
        table: Table,
        published: PublishedTable,
        figure: Figure,
        universe: dict[str, int],
        chosen: list[tuple[str, int]],
    ) -> Cell:
        raw, scope = both_of(universe, chosen), both_of(universe, [each for each in chosen if each[0] == "authority"])
        return Cell(published.table, published.axes, figure, raw, (table.unit, self._state(raw)), (table.unit, scope))

    def _state(self, raw: Raw) -> int:
        if raw not in self._states:
            self._states[raw] = self._space.narrowed(raw)
        return self._states[raw]


def both_of(universe: Mapping[str, int], chosen: Iterable[tuple[str, int]]) -> Raw:
    """The constraints of both together."""
    both = dict(universe)
    for field, bits in chosen:
        both[field] = both.get(field, -1) & bits
    return tuple(sorted(both.items()))
