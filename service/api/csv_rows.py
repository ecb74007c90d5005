"""A CSV file as spreadsheets write it: UTF-8, a header of field names, one record a row. Strict like the JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.faults import Fault
from service.errors import Malformed

_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, repr=False)
class CsvRow:
    """`number` as a spreadsheet counts, the header being 1; `cells` by field, empty ones left out.

    `surplus`: the row has more cells than the header has names.
    """

    number: int
    cells: dict[str, str]
    surplus: bool


def csv_rows(raw: bytes, fields: Sequence[str]) -> list[CsvRow]:
    """The rows below the header. Raises `Malformed` where the file as a whole cannot be read, and repeats no cell."""
    numbered = [(number, cells) for number, cells in enumerate(_lines(_text(raw)), start=1) if any(cells)]
    if not numbered:
        raise Malformed("The file is empty.")
    (at, header), *rows = numbered
    _check_header(at, header, fields)
    return [_row(number, header, cells) for number, cells in rows]


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")  # a byte-order mark is what spreadsheets call UTF-8
    except UnicodeDecodeError:
        raise Malformed("The bytes are not UTF-8. Save the file as “CSV UTF-8”.") from None
    if _FORBIDDEN.search(text):
        raise Malformed("A cell holds a NUL or half a character (a lone surrogate).")
    return text


def _lines(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield [cell.strip() for cell in cells]
    except csv.Error:
        raise Malformed(f"This is not CSV: look for a quotation mark at or above line {reader.line_num}.") from None


def _check_header(at: int, header: Sequence[str], fields: Sequence[str]) -> None:
    """Names positions, not cells: without a header the first row is somebody's data."""
    takes = f"The first row names the columns, each once: {', '.join(fields)}."
    faults = [
        Fault("", "CSV-1", f"Row {at}, column {column}: {wrong}", takes)
        for column, name in enumerate(header, start=1)
        if (wrong := _wrong_with(name, header[: column - 1], fields))
    ]
    if faults:
        raise Malformed("The header of the file is not one we take.", faults=faults)


def _wrong_with(name: str, before: Sequence[str], fields: Sequence[str]) -> str | None:
    if name not in fields:
        return "this isn't the name of a field."
    return "this name stands there twice." if name in before else None


def _row(number: int, header: Sequence[str], cells: Sequence[str]) -> CsvRow:
    named = {name: cell for name, cell in zip(header, cells, strict=False) if cell}
    return CsvRow(number, named, surplus=any(cells[len(header) :]))
