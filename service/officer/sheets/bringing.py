"""A workbook back into mapping files, after the same checks that the bridge makes when it starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from service.adapters.mapping import Files, load_mapping
from service.adapters.mapping.forms import FOLDER as FORMS
from service.adapters.mapping.reading import FOLDER as MAPPINGS
from service.domain.records import RECORDS
from service.errors import ConfigFault
from service.officer.sheets.model import FIELDS, SETTINGS, YES, Column, Line, form_key
from service.officer.sheets.reading import Book, SheetFault, read_book
from service.officer.sheets.yaml_text import Written, mapping_text

_KEYS = {
    "to": Column.TO,
    "from": Column.FROM,
    "path": Column.FROM,
    "as": Column.AS,
    "codes": Column.CODES,
    "other_codes": Column.OTHER_CODES,
    "required": Column.REQUIRED,
    "continues_in": Column.CONTINUES_IN,
    "reason": Column.REASON,
}
_LAST = re.compile(r"^(?:rows|not_sent)\[\d+\]\.(\w+)")


@dataclass(frozen=True)
class Brought:
    """The files by name, or all that is wrong. `others` are sheets that were not looked at."""

    files: Mapping[str, str]
    faults: tuple[SheetFault, ...]
    others: tuple[str, ...]


def bring(file: Path, config: Path) -> Brought:
    """What the workbook says, checked against the forms of `config`. Raises `CannotRun` for what is no workbook."""
    book = read_book(file)
    tables, settings = book.tables(), book.settings()
    kinds = [kind for kind in RECORDS if kind in book.sheets]
    written: dict[str, Written] = {}
    for kind in kinds:
        lines = book.lines(kind)
        _check(book, kind, lines, tables)
        written[kind] = mapping_text(kind, lines, tables, settings)
    if not book.faults:
        for kind in kinds:
            _load(book, kind, written[kind], config)
    files = {f"{kind}.yaml": each.text for kind, each in written.items()} if not book.faults else {}
    return Brought(files, tuple(dict.fromkeys(book.faults)), tuple(book.others))


def _check(book: Book, kind: str, lines: Mapping[int, Line], tables: Mapping[str, Mapping[str, str]]) -> None:
    """What a sheet can say wrong and a file cannot."""
    for number, line in lines.items():
        if line.reason:
            _check_left(book, kind, number, line)
        else:
            _check_row(book, kind, number, line, tables)


def _check_left(book: Book, kind: str, number: int, line: Line) -> None:
    more = (column for column in _KEYS.values() if column not in (Column.FROM, Column.REASON))
    for column in dict.fromkeys(more):
        if getattr(line, FIELDS[column]):
            cell = book.sheets[kind].cell(number, column)
            book.fault(kind, cell, "This row has a reason for not being sent, too.", "Empty one of the two.")


def _check_row(book: Book, kind: str, number: int, line: Line, tables: Mapping[str, Mapping[str, str]]) -> None:
    sheet = book.sheets[kind]
    if not (line.to or line.rendering):
        detail = "Neither is this sent, nor is there a reason."
        book.fault(kind, sheet.cell(number, Column.REASON), detail, "Give a reason, or To and As.")
        return
    for column, given in ((Column.TO, line.to), (Column.AS, line.rendering)):
        if not given:
            book.fault(kind, sheet.cell(number, column), f"'{column.value}' is missing.", "Fill it in.")
    if line.codes and line.codes not in tables:
        cell = sheet.cell(number, Column.CODES)
        book.fault(kind, cell, "There is no such table on the sheet Codes.", "Write its name as it stands there.")
    if line.required.casefold() not in ("", YES):
        book.fault(kind, sheet.cell(number, Column.REQUIRED), "This must be yes, or empty.", "Choose from the list.")


def _load(book: Book, kind: str, written: Written, config: Path) -> None:
    """By the very loader of the bridge, over a folder that holds this one file beside the real forms."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / MAPPINGS).mkdir()
        if (config / FORMS).is_dir():
            (folder / FORMS).symlink_to((config / FORMS).resolve())
        (folder / MAPPINGS / f"{kind}.yaml").write_text(written.text, encoding="utf-8")
        files = Files(folder)
        load_mapping(files, f"{kind}.yaml")
    for fault in files.faults:
        book.faults.append(_at_cell(book, kind, written, fault))


def _at_cell(book: Book, kind: str, written: Written, fault: ConfigFault) -> SheetFault:
    """The fault of a file, at the cell its line was made from."""
    detail = _by_cells(written, kind, fault.detail)
    fix = _by_cells(written, kind, fault.fix)
    if not fault.file.startswith(MAPPINGS):
        return SheetFault(fault.file, f"line {fault.line}", detail, fix)
    row, found = written.rows.get(fault.line or 0), _LAST.match(fault.field)
    if row is not None:
        column = _KEYS.get(found[1], Column.TO) if found else Column.FROM
        return SheetFault(kind, book.sheets[kind].cell(row, column), detail, fix)
    if fault.field == "form":
        return SheetFault(SETTINGS, form_key(kind), detail, fix)
    return SheetFault(kind, "", f"{fault.field}: {detail}", fix)


def _by_cells(written: Written, kind: str, said: str) -> str:
    """A message that points at another row of the file points at the sheet's row."""
    place = re.compile(rf"{MAPPINGS}/{kind}\.yaml:(\d+)")
    return place.sub(lambda found: f"row {written.rows.get(int(found[1]), '?')}", said)
