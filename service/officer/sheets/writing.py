"""The spreadsheet: one sheet for each record, one for words, one for settings without secrets, and a page to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from service.adapters.mapping.catalogue import catalogue_of
from service.adapters.mapping.renderings import RENDERINGS
from service.adapters.profiles import Profile
from service.adapters.registry import schemas
from service.officer.errors import CannotRun
from service.officer.flat import flat
from service.officer.sheets.comments import Comments
from service.officer.sheets.lines import Tables, lines_of
from service.officer.sheets.model import (
    CODE_COLUMNS,
    CODES,
    DOCUMENT,
    HELP,
    LISTS,
    README,
    SETTING_COLUMNS,
    SETTINGS,
    YES,
    Column,
    comment_key,
    form_key,
)

SPARE_ROWS = 1000
"""How far below the last row the choices still are there."""
_STEERING = ("=", "+", "-", "@", "\t", "\r")
_HEAD, _FILL = Font(bold=True), PatternFill("solid", fgColor="FFE3E8EC")
_WIDTHS = {Column.TO: 38, Column.FROM: 46, Column.AS: 18, Column.CODES: 20, Column.REASON: 46, Column.HELP: 46}


def write_book(profile: Profile, config: Path) -> bytes:
    """The workbook's bytes. Raises `CannotRun` for a character that no spreadsheet holds."""
    try:
        return _bytes(_book(profile, config))
    except IllegalCharacterError:
        pass
    raise CannotRun("A mapping has a control character, which no spreadsheet can hold. Take it out of the file.")


def _bytes(book: Workbook) -> bytes:
    into = BytesIO()
    book.save(into)
    return into.getvalue()


def _book(profile: Profile, config: Path) -> Workbook:
    book, tables = Workbook(), Tables()
    first = book.active
    if first is not None:
        book.remove(first)
    _read_me(book.create_sheet(README), profile)
    for kind, record in profile.records.items():
        sheet = _headed(book, kind, tuple(Column), [_WIDTHS.get(each, 16) for each in Column])
        for line in lines_of(record.mapping, tables, config):
            _add(sheet, line.cells())
        _choices(sheet, list(profile.records).index(kind))
    words = _headed(book, CODES, CODE_COLUMNS, (38, 32, 60))
    for name, table in tables.found.items():
        for code, word in table.items() or [("", "")]:
            _add(words, (name, code, word))
    settings = _headed(book, SETTINGS, SETTING_COLUMNS, (48, 80, 12))
    for row in _settings(profile, config):
        _add(settings, row)
    _lists(book.create_sheet(LISTS), list(profile.records))
    return book


def _headed(book: Workbook, name: str, columns: Sequence[str], widths: Sequence[int]) -> Worksheet:
    sheet: Worksheet = book.create_sheet(name)
    for number, width in enumerate(widths, 1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width, dimension.number_format = width, "@"
    _add(sheet, columns)
    for cell in sheet[1]:
        cell.font, cell.fill = _HEAD, _FILL
    sheet.freeze_panes = "A2"
    return sheet


def _add(sheet: Worksheet, values: Sequence[str]) -> None:
    """A row of texts. What begins like a formula stays a text, in this file and when somebody edits the cell."""
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet["A1"].value is not None else 1
    for number, value in enumerate(values, 1):
        cell = sheet.cell(row, number)
        cell.number_format, cell.alignment = "@", Alignment(wrap_text=True, vertical="top")
        if value:
            cell.value = value
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(_STEERING)


def _choices(sheet: Worksheet, place: int) -> None:
    last = sheet.max_row + SPARE_ROWS
    paths = get_column_letter(place + 2)
    lists = {
        Column.AS: f"={LISTS}!$A$2:$A${len(RENDERINGS) + 1}",
        Column.FROM: f"={LISTS}!${paths}$2:${paths}${len(_paths(sheet.title)) + 1}",
        Column.OTHER_CODES: '"words,refuse"',
        Column.REQUIRED: f'"{YES}"',
    }
    for column, formula in lists.items():
        letter = get_column_letter(list(Column).index(column) + 1)
        rule = DataValidation("list", formula, allow_blank=True, errorStyle="warning")
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.value, HELP[column], True
        rule.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(rule)


def _paths(kind: str) -> list[str]:
    catalogue = catalogue_of(kind)
    return list(dict.fromkeys((*catalogue.leaves, *catalogue.lists)))


def _lists(sheet: Worksheet, kinds: Sequence[str]) -> None:
    for number, (name, values) in enumerate([("As", list(RENDERINGS)), *((kind, _paths(kind)) for kind in kinds)], 1):
        for row, value in enumerate((name, *values), 1):
            sheet.cell(row, number, value)
    sheet.sheet_state = "hidden"


def _settings(profile: Profile, config: Path) -> Iterator[tuple[str, str, str]]:
    """First what is read back. Of the connection nothing that is secret, not even where it is kept."""
    for kind, record in profile.records.items():
        main = record.mapping.files[0]
        yield form_key(kind), record.mapping.form_name, YES
        yield comment_key(kind), Comments(config, main).head(main), YES
    asked = schemas()[profile.connector].connection
    hidden = {f"connection.{name}" for name, setting in asked.items() if setting.secret}
    for key, value in flat(profile).items():
        if key not in hidden and not key.startswith("documents.connection"):
            yield key, value, ""


def _read_me(sheet: Worksheet, profile: Profile) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 110
    rows = [
        (f"{profile.name}: mappings for {profile.case_system}", ""),
        ("", ""),
        ("What this is", "Which field of a record becomes which answer of your form. One sheet for each record."),
        ("Order", "The order of the rows is the order of display. The young person's own words come first."),
        ("Nothing left out", "Every field is sent by a row, or has a row with From and Not sent reason only."),
        ("Codes", "Your form's own words for codes: a table has a name, and a line for each code."),
        ("Settings", "To look at. Only lines marked 'yes' are read back; all else is changed in the profile."),
        ("Bring it back", "wise-bridge adapter import FILE.xlsx --out FOLDER. Every fault is told with its cell."),
        ("Continues in", f"Codes with commas between them, or: {DOCUMENT}"),
        ("", ""),
        *((f"Column {column.value}", said) for column, said in HELP.items()),
    ]
    for row in rows:
        _add(sheet, row)
    sheet["A1"].font = Font(bold=True, size=14)
