"""One release as somebody sees it: counts as columns, and what each figure says of its count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tests.intruder.claims import Rule
from tests.intruder.codes import window
from tests.intruder.names import Book, Name
from tests.intruder.reading import Cell, SeenTable
from tests.intruder.solver import MOST, Numbers, Row, rows_of
from tests.intruder.system import PEOPLE, Structure, names_of, structure

Bits = NDArray[np.bool_]


@dataclass(frozen=True)
class View:
    """One release as somebody sees it. `shown` are the columns of figures made anew in it that are numbers."""

    release: str
    book: Book
    structure: Structure
    tables: tuple[SeenTable, ...]
    low: Numbers
    high: Numbers
    shown: frozenset[int]
    hidden: tuple[int, ...]

    @cached_property
    def names(self) -> list[Name]:
        """The count in each column."""
        return sorted(self.structure.index, key=self.structure.index.__getitem__)

    @cached_property
    def bits(self) -> Bits:
        """A row a column of the view, with the bits of its name."""
        return self.book.spread([mask for _, mask in self.names])

    @cached_property
    def counts_people(self) -> Bits:
        """For each column whether it counts young people."""
        return np.array([unit == PEOPLE for unit, _ in self.names], dtype=np.bool_)

    @cached_property
    def rows(self) -> list[Row]:
        """How the counts hang together."""
        return rows_of(self.structure)


def view(release: str, tables: Sequence[SeenTable], book: Book, rule: Rule) -> View:
    """What the tables of a release say. A figure repeated from an earlier one says nothing of this one's facts."""
    built = structure(book, names_of(book, tables))
    low, high = np.zeros(len(built.index)), np.full(len(built.index), MOST)
    high[outside(built, book, release)] = 0.0
    shown: set[int] = set()
    hidden: set[int] = set()
    for table, cell in made_anew(tables, release):
        column = column_of(built, book, table, cell)
        if column is None:
            continue
        least, most = rule.bounds(cell.value, cell.status)
        low[column], high[column] = max(low[column], least), min(high[column], most)
        (hidden if cell.value is None else shown).add(column)
    return View(release, book, built, tuple(tables), low, high, frozenset(shown), tuple(sorted(hidden - shown)))


def made_anew(tables: Iterable[SeenTable], release: str) -> Iterable[tuple[SeenTable, Cell]]:
    """The figures that were counted for this release."""
    return ((table, cell) for table in tables for cell in table.cells if cell.as_of == release)


def outside(built: Structure, book: Book, release: str) -> list[int]:
    """The columns of counts in quarters that the release does not count."""
    period = book.mask({"quarter": frozenset(window(release)) & frozenset(book.values["quarter"])})
    return [column for (_, mask), column in built.index.items() if not mask & period & book.fields["quarter"]]


def column_of(built: Structure, book: Book, table: SeenTable, cell: Cell) -> int | None:
    """The count of a cell; None where no fact can be in it."""
    mask = book.closed(book.mask(table.cell_where(cell.at)))
    return built.index[table.unit, mask] if mask else None
