"""All tables as a spreadsheet: a cover to read first, then one sheet for each table.

A sheet has its title, and below it one table with one header row and a row for each figure, so that a screen reader,
a filter and Power Query all find the same. Notes and symbols are on the cover.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from math import ceil
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from service.central.catalogue.model import Catalogue
from service.central.formats.shape import Shaped, shapes, shown, value_of
from service.central.formats.table_json import missing
from service.central.formats.text import harmless
from service.central.formats.words import (
    INDICATOR_LABELS,
    UNITS,
    first_day,
    period_words,
    reason_words,
    symbols,
)
from service.central.formats.zipped import unzipped, zipped
from service.central.published import Figure, Release

COVER = "Cover"
HEADER_ROW = 3
_TITLE, _HEAD = Font(bold=True, size=14), Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TO_THE_RIGHT = Alignment(horizontal="right", vertical="top")
_WIDTHS = (28, 100)
_LINE = 13.5
"""Points. Heights are given, for not every program finds out by itself how high a text of several lines is."""


def tables_xlsx(catalogue: Catalogue, release: Release) -> bytes:
    """The workbook's bytes."""
    tables, book = shapes(catalogue, release), Workbook()
    cover = book.worksheets[0]
    cover.title = COVER
    _cover(cover, catalogue, release, tables)
    for number, table in enumerate(tables, 1):
        _sheet(book.create_sheet(sheet_name(number)), number, table, release)
    return _bytes(book, release)


def sheet_name(number: int) -> str:
    """The sheet of the table with this number, from 1. A title would not fit in the 31 characters there are."""
    return f"Table_{number}"


def _bytes(book: Workbook, release: Release) -> bytes:
    """Written past `Workbook.save`, which notes the time; then packed anew without any."""
    book.properties.title = f"WISE Bridge, release {release.quarter}"
    book.properties.creator = "WISE Bridge"
    book.properties.language = "en-GB"
    book.properties.created = book.properties.modified = datetime.combine(
        first_day(release.quarter), datetime.min.time()
    )
    into = BytesIO()
    with ZipFile(into, "w") as archive:
        ExcelWriter(book, archive).write_data()
    return zipped(unzipped(into.getvalue()))


def _cover(sheet: Worksheet, catalogue: Catalogue, release: Release, tables: Sequence[Shaped]) -> None:
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, texts in enumerate(_cover_lines(catalogue, release, tables), 1):
        for column, text in enumerate(texts, 1):
            _put(sheet, row, column, text)
        lines = max(ceil(len(text) / width) for text, width in zip(texts, _WIDTHS, strict=False)) if row > 1 else 1
        sheet.row_dimensions[row].height = _LINE * lines + _LINE / 3
        sheet.cell(row, 1).font = _TITLE if row == 1 else _HEAD
        if texts[0].startswith("Table_"):
            sheet.cell(row, 1).hyperlink = Hyperlink(ref=f"A{row}", location=f"{texts[0]}!A1")
    sheet.cell(1, 1).alignment = Alignment()
    _on_paper(sheet)


def _cover_lines(catalogue: Catalogue, release: Release, tables: Sequence[Shaped]) -> Iterator[tuple[str, ...]]:
    names = ", ".join(each["name"] for each in missing(catalogue, release)) or "None"
    yield (f"WISE Bridge, release {release.quarter}",)
    yield "Period", period_words(release.quarter)
    yield "Catalogue", release.catalogue
    yield "Authorities missing", names
    yield from ((f"Symbol {symbol}", said) for symbol, said in symbols().items())
    yield "Rounding", "Figures are ten or more, rounded to the nearest five. Totals are rounded by themselves."
    yield (
        "As of",
        "The release in which a figure was made anew. Later ones repeat it while a new one would tell too much.",
    )
    yield from ((INDICATOR_LABELS[unit], said) for unit, said in UNITS.items())
    for number, table in enumerate(tables, 1):
        about, universe = table.definition, catalogue.universes[table.universe].label
        reasons = (reason_words(code) for code in table.reasons)
        said = (f"{about.title}.", about.question, f"About: {universe}.", *about.notes, *reasons)
        yield sheet_name(number), " ".join(said)


def _sheet(sheet: Worksheet, number: int, table: Shaped, release: Release) -> None:
    header = (*(axis.title for axis in table.axes), INDICATOR_LABELS[table.definition.unit], "Status", "As of")
    _put(sheet, 1, 1, f"Table {number}: {table.definition.title}, {period_words(release.quarter)}")
    sheet.cell(1, 1).font, sheet.cell(1, 1).alignment = _TITLE, Alignment()
    for column, text in enumerate(header, 1):
        _put(sheet, HEADER_ROW, column, text)
        sheet.cell(HEADER_ROW, column).font = _HEAD
        sheet.column_dimensions[get_column_letter(column)].width = 32
    sheet.cell(HEADER_ROW, len(table.axes) + 1).alignment = _TO_THE_RIGHT
    for row, figure in enumerate(table.figures, HEADER_ROW + 1):
        for column, cell in enumerate(_cells(table, figure), 1):
            _put(sheet, row, column, cell)
        sheet.cell(row, len(table.axes) + 1).alignment = _TO_THE_RIGHT
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    _on_paper(sheet)
    sheet.add_table(_marked(number, len(header), HEADER_ROW + len(table.figures)))


def _cells(table: Shaped, figure: Figure) -> tuple[str | int, ...]:
    value = value_of(figure)
    count = shown(figure) if value is None else value
    return (*table.labels(figure), count, figure.status.value, figure.as_of)


def _marked(number: int, columns: int, last: int) -> Table:
    """Marked as a table, for screen readers and for Power Query, which lists it by its name."""
    marked = Table(displayName=sheet_name(number), ref=f"A{HEADER_ROW}:{get_column_letter(columns)}{last}")
    marked.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    return marked


def _on_paper(sheet: Worksheet) -> None:
    """As wide as one page."""
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(sheet: Worksheet, row: int, column: int, value: str | int) -> None:
    """A number as a number, a text as a text: never as a formula."""
    cell = sheet.cell(row, column)
    if isinstance(value, int):
        cell.value, cell.number_format = value, "#,##0"
        return
    cell.value, cell.data_type, cell.alignment = harmless(value), "s", _WRAPPED
