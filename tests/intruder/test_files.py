"""The files of a release made by hand hold the same as its tables; and what is put in besides is found in each."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from service.central.formats import long, package, tidy, workbook
from service.central.formats.shape import shapes
from service.central.formats.table_json import table_json
from service.central.formats.zipped import zipped
from tests.central.formats.made import CATALOGUE, release
from tests.intruder.archives import archive_faults, members, package_faults, unpacked
from tests.intruder.reading import SeenTable, read_table
from tests.intruder.texts import long_faults, table_faults
from tests.intruder.workbook import workbook_faults

RELEASE = release()
SHAPED = shapes(CATALOGUE, RELEASE)
TABLES = [read_table(table_json(CATALOGUE, RELEASE, each), {}) for each in SHAPED]
BOOK = workbook.tables_xlsx(CATALOGUE, RELEASE)
PACKAGE = package.data_package(CATALOGUE, RELEASE)
LONG = long.all_csv(CATALOGUE, RELEASE)
SHEET = "xl/worksheets/sheet2.xml"
Faults = Callable[[list[SeenTable], bytes], list[str]]


def tampered(body: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The zip with one member changed, or added where `old` is empty."""
    held = members(body)
    assert old in held.get(name, b"")
    return zipped({**held, name: held[name].replace(old, new, 1) if old else new})


@pytest.mark.parametrize(("faults", "body"), [(workbook_faults, BOOK), (package_faults, PACKAGE), (long_faults, LONG)])
def test_a_sound_file_has_no_fault(faults: Faults, body: bytes) -> None:
    assert faults(TABLES, body) == []


def test_a_sound_table_has_no_fault() -> None:
    for shaped, seen in zip(SHAPED, TABLES, strict=True):
        assert not seen.more
        assert table_faults(seen, tidy.tidy_csv(shaped, RELEASE.quarter)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("xl/comments/comment1.xml", b"", b"<comments/>", "a part that was not agreed on"),
        ("docProps/custom.xml", b"", b"<Properties/>", "a part that was not agreed on"),
        ("xl/worksheets/sheet9.xml", b"", b"<worksheet/>", "other sheets"),
        ("xl/workbook.xml", b'name="Table_1" sheetId="2" state="visible"', b'name="Table_1" sheetId="2" state="hidden"',
         "hidden ones"),
        ("xl/workbook.xml", b"<definedNames/>", b'<definedNames><definedName name="a">1</definedName></definedNames>',
         "names of ranges"),
        ("docProps/core.xml", b"WISE Bridge</dc:creator>", b"Fictional Builder</dc:creator>", "other properties"),
        ("docProps/core.xml", b"2026-07-01T00:00:00Z", b"2026-11-15T09:31:02Z", "other properties"),
        (SHEET, b'<row r="5"', b'<row hidden="1" r="5"', "the element row"),
        (SHEET, b'<row r="5"', b'<row ht="20" r="5"', "heights of their own"),
        (SHEET, b'<col width="32"', b'<col hidden="1" width="32"', "the element col"),
        (SHEET, b"</sheetData>", b"</sheetData><legacyDrawing/>", "the element legacyDrawing"),
        (SHEET, b"</sheetData>", b"<!-- 3 --></sheetData>", "notes between"),
        (SHEET, b"</sheetData>", b"3</sheetData>", "a text beside the cells"),
        (SHEET, b"<v>10</v>", b"<f>5+5</f><v>10</v>", "the element f"),
        (SHEET, b"<v>10</v>", b"<v>12</v>", "1 rows say something else"),
        (SHEET, b"</sheetData>", b'<row r="99"><c r="A99" t="n"><v>3</v></c></row></sheetData>', "other rows"),
    ],
)  # fmt: skip
def test_what_is_in_the_spreadsheet_besides_is_found(name: str, old: bytes, new: bytes, found: str) -> None:
    assert any(found in fault for fault in workbook_faults(TABLES, tampered(BOOK, name, old, new)))


def test_a_hidden_figure_that_looks_unlike_others_is_found() -> None:
    sheet = members(BOOK)[SHEET]
    before = sheet.split(b"<is><t>c</t>", 1)[0]
    style = before.rsplit(b'" s="', 1)[1].split(b'"')[0]
    old = before[before.rindex(b"<c ") :] + b"<is><t>c</t>"
    found = workbook_faults(TABLES, tampered(BOOK, SHEET, old, old.replace(b's="' + style, b's="1')))
    assert "sheet 1: figures of one kind do not look alike" in found


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("facts.csv", b"", b"quarter", "other members"),
        ("all.csv", b",10,10,rounded", b",12,12,rounded", "all.csv: 1 rows say something else"),
        ("tables/statement-by-authority.csv", b",c,,suppressed", b",c,4,suppressed", "1 rows say something else"),
        ("tables/statement-by-authority.csv", b"\r\n", b",reason\r\n", "other columns"),
        ("data-dictionary.csv", b"kind", b"king", "describes other files"),
    ],
)
def test_what_is_in_the_package_besides_is_found(name: str, old: bytes, new: bytes, found: str) -> None:
    assert any(found in fault for fault in package_faults(TABLES, tampered(PACKAGE, name, old, new)))


@pytest.mark.parametrize("body", [PACKAGE + b"more", b"more" + PACKAGE, PACKAGE[:-2] + b"\x04\x00more"])
def test_bytes_beside_the_members_are_found(body: bytes) -> None:
    assert archive_faults(body)


def test_other_rows_of_the_long_csv_are_found() -> None:
    lines = LONG.splitlines(keepends=True)
    for body in (b"".join(lines[:-1]), LONG + lines[-1], b"".join([lines[0], lines[2], lines[1], *lines[3:]])):
        assert long_faults(TABLES, body)
    assert long_faults(TABLES, LONG.replace(b"\r\n", b"\n"))


def test_a_table_that_says_more_than_agreed_is_seen() -> None:
    given = json.loads(table_json(CATALOGUE, RELEASE, SHAPED[0])) | {"note_of_the_builder": "a"}
    assert read_table(json.dumps(given).encode(), {}).more == {"note_of_the_builder"}


def test_what_is_packed_is_unpacked_to_be_searched() -> None:
    assert b"statement-by-authority" in unpacked(PACKAGE)
    assert unpacked(b"PK that is no zip").startswith(b"PK")
