"""Reading a workbook as plain text, whoever's program saved it. Faults name sheet and cell, all of them at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from service.domain.records import RECORDS
from service.officer.errors import CannotRun
from service.officer.sheets.model import (
    CODE_COLUMNS,
    CODES,
    FIELDS,
    LISTS,
    README,
    SETTING_COLUMNS,
    SETTINGS,
    YES,
    Column,
    Line,
)

Cells = Mapping[str, Mapping[int, Sequence[Any]]]
_NO_BOOK = (BadZipFile, InvalidFileException, zlib.error, EOFError, SyntaxError, LookupError, TypeError, ValueError)
"""What the library raises for a file that is no workbook, or a damaged one."""

LARGEST = 20_000_000
"""Bytes. A whole set of mappings has some 60,000."""


@dataclass(frozen=True)
class SheetFault:
    """One thing wrong in a workbook. `cell` is empty where it is about a whole sheet."""

    sheet: str
    cell: str
    detail: str
    fix: str

    @property
    def where(self) -> str:
        """`wise_assessment!C14`."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(frozen=True)
class Sheet:
    """A sheet's rows below its heading, by number, each as text by heading; and where each column is."""

    name: str
    rows: Mapping[int, Mapping[str, str]]
    letters: Mapping[str, str]

    def cell(self, row: int, heading: str) -> str:
        """`C14`; the row alone where there is no such column."""
        return f"{self.letters.get(heading, 'A')}{row}"


@dataclass
class Book:
    """The sheets of a workbook, by name, and what is wrong with them."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)

    def lines(self, kind: str) -> dict[int, Line]:
        """A record's rows by number; empty ones are passed over."""
        found = {number: _line(row) for number, row in self.sheets[kind].rows.items()}
        return {number: line for number, line in found.items() if any(line.cells())}

    def settings(self) -> dict[str, str]:
        """Key to value."""
        sheet = self.sheets.get(SETTINGS)
        key, value, _ = SETTING_COLUMNS
        return {row[key].strip(): row[value] for row in sheet.rows.values()} if sheet else {}

    def tables(self) -> dict[str, dict[str, str]]:
        """Words by table and code. A code that stands twice is a fault: the one or the other would be lost."""
        found: dict[str, dict[str, str]] = {}
        sheet = self.sheets.get(CODES)
        name, code, word = CODE_COLUMNS
        for number, row in sheet.rows.items() if sheet else ():
            table = found.setdefault(row[name].strip(), {}) if row[name].strip() else None
            if table is None and (row[code] or row[word]):
                self.fault(CODES, f"A{number}", "This line belongs to no table.", "Write the table's name.")
            elif table is not None and row[code] in table:
                self.fault(CODES, f"B{number}", "This code stands in the table twice.", "Keep one of the two.")
            elif table is not None and (row[code] or row[word]):
                table[row[code]] = row[word]
        return found

    def fault(self, sheet: str, cell: str, detail: str, fix: str) -> None:
        """Noted, and reading goes on. A cell that cannot be read is not called empty as well."""
        if not cell or all((each.sheet, each.cell) != (sheet, cell) for each in self.faults):
            self.faults.append(SheetFault(sheet, cell, detail, fix))


def read_book(file: Path) -> Book:
    """The workbook. Raises `CannotRun` for what is none."""
    try:
        if file.stat().st_size > LARGEST:
            raise CannotRun(f"{file} is larger than any set of mappings. Give the file that 'adapter export' made.")
        cells = _cells(file)
    except OSError as error:
        raise CannotRun(f"{file}: {error.strerror or 'cannot be read'}.") from None
    except _NO_BOOK:
        raise CannotRun(f"{file} is not a spreadsheet of the kind .xlsx, or it is damaged. Save it as one.") from None
    return _book(cells)


def _cells(file: Path) -> Cells:
    """Every sheet's rows by number. Some programs say that a formatted column has a million rows; these are empty."""
    opened = load_workbook(file, read_only=True, data_only=False)
    found: dict[str, dict[int, Sequence[Any]]] = {}
    try:
        for sheet in opened.worksheets:
            sheet.reset_dimensions()
            rows = enumerate(sheet.iter_rows(), 1)
            found[sheet.title] = {number: row for number, row in rows if any(cell.value is not None for cell in row)}
    finally:
        opened.close()
    return found


def _book(cells: Cells) -> Book:
    book = Book()
    columns: dict[str, Sequence[str]] = dict.fromkeys(RECORDS, tuple(Column))
    columns |= {CODES: CODE_COLUMNS, SETTINGS: SETTING_COLUMNS}
    for name, rows in cells.items():
        if name in columns:
            book.sheets[name] = _sheet(book, name, rows, columns[name])
        elif name not in (README, LISTS):
            book.others.append(name)
    if not any(name in RECORDS for name in book.sheets):
        raise CannotRun(f"No sheet is called as a record is: {', '.join(RECORDS)}. Nothing could be read.")
    return book


def _sheet(book: Book, name: str, rows: Mapping[int, Sequence[Any]], columns: Sequence[str]) -> Sheet:
    places = _places(book, name, rows.get(1, ()), columns)
    found: dict[int, dict[str, str]] = {}
    for number, cells in ((number, cells) for number, cells in rows.items() if number > 1):
        texts = dict(_texts(book, name, number, cells, places))
        if any(texts.values()):
            found[number] = {column: texts.get(column, "") for column in columns}
    return Sheet(name, found, {column: get_column_letter(place + 1) for place, column in places.items()})


def _places(book: Book, name: str, heads: Sequence[Any], columns: Sequence[str]) -> dict[int, str]:
    """Which column stands where; people move them."""
    known = {column.casefold(): column for column in columns}
    places: dict[int, str] = {}
    for place, cell in enumerate(heads):
        heading = known.get(str(cell.value or "").strip().casefold())
        if heading is not None and heading in places.values():
            book.fault(name, f"{get_column_letter(place + 1)}1", f"The column '{heading}' stands twice.", "Keep one.")
        elif heading is not None:
            places[place] = heading
        elif cell.value is not None:
            fix = f"Known: {', '.join(columns)}."
            book.fault(name, f"{get_column_letter(place + 1)}1", "There is no such column.", fix)
    for column in columns:
        if column not in places.values() and column not in (Column.HELP, Column.COMMENT, SETTING_COLUMNS[2]):
            book.fault(name, "", f"The column '{column}' is missing in row 1.", "Put it back.")
    return places


def _texts(
    book: Book, name: str, row: int, cells: Sequence[Any], places: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    for place, column in places.items():
        cell = cells[place] if place < len(cells) else None
        value = None if cell is None else cell.value
        wrong = _wrong(cell.data_type, value) if cell is not None and value is not None else None
        if wrong and column != Column.HELP:
            book.fault(name, f"{get_column_letter(place + 1)}{row}", *wrong)
        yield column, YES if value is True else value if isinstance(value, str) and not wrong else ""


def _wrong(kind: str, value: object) -> tuple[str, str] | None:
    """Why this is no text. A number has lost its leading zeros already, and a formula says what it likes."""
    if kind == "f":
        return "This is a formula.", "Write the text itself; format the cell as text first."
    if kind == "e":
        return "This is an error of the spreadsheet program.", "Write the text itself."
    if isinstance(value, str) or value is True:
        return None
    return "This is a number or a date and not text.", "Format the cell as text and type it again, with leading zeros."


def _line(row: Mapping[str, str]) -> Line:
    """Codes and paths without spaces round them; words and reasons as they are."""
    kept = (Column.REASON, Column.HELP, Column.COMMENT)
    return Line(**{name: row[column] if column in kept else row[column].strip() for column, name in FIELDS.items()})
