"""T5: what the shape of a release tells besides its figures: rows, their order, labels, symbols, repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from tests.intruder.claims import Claims
from tests.intruder.names import Book
from tests.intruder.reading import TOTAL, Cell, SeenTable
from tests.intruder.texts import SYMBOLS


def attack(releases: Mapping[str, Sequence[SeenTable]], book: Book, claims: Claims) -> None:
    """Every table of every release, alone and beside what it looked like before."""
    told = {
        (release, table.unit, _count(book, table, cell), cell.value)
        for release, tables in releases.items()
        for table in tables
        for cell in table.cells
        if cell.as_of == release
    }
    found = {(release, each.table): each for release, tables in releases.items() for each in tables}
    for (release, name), table in found.items():
        claims.tried["T5 tables"] += 1
        place = f"{release} {name}"
        _rows(table, place, claims)
        for cell in table.cells:
            claims.tried["T5 figures"] += 1
            if wrong := _wrong(cell):
                claims.odd("T5", f"{place} {' '.join(cell.at)}", wrong)
            elif (cell.as_of, table.unit, _count(book, table, cell), cell.value) not in told:
                claims.odd("T5", f"{place} {' '.join(cell.at)}", "repeats a figure that its release does not show")
    _orders(found, claims)


def _rows(table: SeenTable, place: str, claims: Claims) -> None:
    """A row that is absent speaks, and so does one that is there twice."""
    expected = set(product(*((*axis.groups, TOTAL) for axis in table.axes)))
    places = [cell.at for cell in table.cells]
    if missing := len(expected - set(places)):
        claims.odd("T5", place, f"{missing} rows are absent")
    if more := len(places) - len(set(places)) + len(set(places) - expected):
        claims.odd("T5", place, f"{more} rows too many")
    if table.more:
        claims.odd("T5", place, f"more is said than agreed: {', '.join(sorted(table.more))}")
    labels = [
        tuple(axis.labels.get(code) for axis, code in zip(table.axes, each.at, strict=True)) for each in table.cells
    ]
    if other := sum(bool(each.labels) and each.labels != said for each, said in zip(table.cells, labels, strict=True)):
        claims.odd("T5", place, f"{other} figures have another label than their group")


def _wrong(cell: Cell) -> str:
    """What is not of the rule in a figure, or nothing."""
    if cell.status not in SYMBOLS:
        return "an unknown status"
    if (cell.value is None) == (cell.status == "rounded"):
        return "a value where a symbol belongs, or none where a value does"
    if cell.value is not None and (cell.value < 10 or cell.value % 5):
        return "a figure that is under ten or no multiple of five"
    return "another symbol than its status has" if cell.symbol != SYMBOLS[cell.status] else ""


def _count(book: Book, table: SeenTable, cell: Cell) -> int:
    """The same count may have been told in another table."""
    return book.closed(book.mask(table.cell_where(cell.at)))


def _orders(found: Mapping[tuple[str, str], SeenTable], claims: Claims) -> None:
    """The order of rows is the catalogue's. One that follows the figures would tell hidden ones."""
    orders: dict[tuple[str, tuple[str, ...]], list[tuple[str, ...]]] = {}
    for (release, name), table in sorted(found.items(), key=lambda item: item[0]):
        if any(axis.field == "quarter" for axis in table.axes):
            continue
        order = orders.setdefault((name, tuple(axis.name for axis in table.axes)), [cell.at for cell in table.cells])
        if order != [cell.at for cell in table.cells]:
            claims.odd("T5", f"{release} {name}", "its rows are in another order than before")
