"""T5 on CSV: each figure of the table, in its order, with its groups, its symbol and nothing more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from tests.intruder.reading import TOTAL, Cell, SeenTable

SYMBOLS = {"rounded": "", "suppressed": "c", "missing": "x", "withheld": "z"}
PLACE = (
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "new_la_code", "la_name"),
)
LONG = (
    *("release", "catalogue", "table", "unit", "universe"),
    *("axis_1", "code_1", "label_1", "axis_2", "code_2", "label_2"),
    *("count", "count_value", "count_status", "as_of"),
)
REGION = {"time_identifier": "Reporting year", "country_code": "E92000001", "country_name": "England"}
STEERING = ("=", "+", "-", "@", "\t", "\r")


def said(cell: Cell) -> tuple[str, str, str, str]:
    """What a file may say of a figure: number or symbol, number or nothing, status, and since when."""
    value = "" if cell.value is None else str(cell.value)
    return value or SYMBOLS.get(cell.status, ""), value, cell.status, cell.as_of


def harmless(text: str) -> str:
    """As a file has a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(STEERING) else text


def table_faults(table: SeenTable, body: bytes) -> list[str]:
    """What a table's own CSV says otherwise than the table, or besides."""
    unit = f"{table.unit}_count"
    filters = [axis.name for axis in table.axes if axis.field != "authority"]
    header = [*PLACE, *filters, unit, f"{unit}_value", f"{unit}_status", "as_of", "release"]
    rows, faults = _read(body, header)
    return faults or _unlike([_tidy(row) for row in rows], [_expected(table, cell) for cell in table.cells])


def _tidy(row: Sequence[str]) -> list[str]:
    """A row without the names of region and authority: those are the catalogue's, for each code one."""
    return [each for place, each in enumerate(row) if place not in (6, 8)]


def _expected(table: SeenTable, cell: Cell) -> list[str]:
    at = dict(zip((axis.field for axis in table.axes), cell.at, strict=True))
    authority = at.get("authority", TOTAL)
    is_one = authority != TOTAL
    place = [table.release[:4], *list(REGION.values())]
    place.insert(2, "Local authority" if is_one else "Regional")
    labels = [label for axis, label in zip(table.axes, cell.labels, strict=True) if axis.field != "authority"]
    return [*place, "z", authority if is_one else "", *map(harmless, labels), *said(cell), table.release]


def long_faults(tables: Sequence[SeenTable], body: bytes) -> list[str]:
    """What the CSV of a whole release says otherwise than its tables, or besides."""
    rows, faults = _read(body, LONG)
    expected = [_long(table, cell) for table in tables for cell in table.cells]
    return faults or _unlike([[row[0], *row[2:4], *row[5:]] for row in rows], expected)


def _long(table: SeenTable, cell: Cell) -> list[str]:
    parts = zip(table.axes, cell.at, cell.labels, strict=True)
    groups = [part for axis, code, label in parts for part in (axis.name, code, harmless(label))]
    return [table.release, table.table, table.unit, *groups, *[""] * (6 - len(groups)), *said(cell)]


def _read(body: bytes, header: Sequence[str]) -> tuple[list[list[str]], list[str]]:
    """The rows below the header, and what is not as agreed about the file itself."""
    try:
        found = list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))
    except UnicodeDecodeError:
        return [], ["is no UTF-8"]
    if not found or found[0] != list(header):
        return [], ["other columns than agreed"]
    again = io.StringIO(newline="")
    csv.writer(again, lineterminator="\r\n").writerows(found)
    faults = [] if again.getvalue().encode() == body else ["more is between the cells than a CSV needs"]
    if any(len(row) != len(header) for row in found):
        faults.append("a row of another length than the header")
    return found[1:], faults


def _unlike(found: Sequence[Sequence[str]], expected: Iterable[Sequence[str]]) -> list[str]:
    wanted = [list(each) for each in expected]
    faults = [] if len(found) == len(wanted) else [f"{len(found)} rows where the table has {len(wanted)}"]
    if other := sum(list(one) != two for one, two in zip(found, wanted, strict=False)):
        faults.append(f"{other} rows say something else than the table")
    return faults
