"""T5 on the spreadsheet: the tables' figures, in parts, elements and attributes that were agreed on, and in no others.

So there is no place for comments, hidden rows, formulas, rules, formats that depend on values, pictures, or properties.
It is read as the XML it is: what a library for spreadsheets passes over could hold something too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree

from tests.intruder.archives import archive_faults, members
from tests.intruder.reading import Cell, SeenTable
from tests.intruder.texts import SYMBOLS, harmless

HEADER_ROW = 3
SHEETS, BOOK, CORE = "xl/worksheets/sheet{}.xml", "xl/workbook.xml", "docProps/core.xml"
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/(workbook|styles)\.xml|xl/theme/theme1\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/(sheet\d+\.xml|_rels/sheet\d+\.xml\.rels)|xl/tables/table\d+\.xml"
)
SHEET_SAYS: Mapping[str, frozenset[str]] = {
    name: frozenset(given.split())
    for name, given in {
        **dict.fromkeys(("worksheet", "sheetPr", "sheetViews", "cols", "sheetData", "is", "t", "v", "hyperlinks"), ""),
        "outlinePr": "summaryBelow summaryRight",
        "pageSetUpPr": "fitToPage",
        "dimension": "ref",
        "sheetView": "workbookViewId tabSelected",
        "pane": "ySplit topLeftCell activePane state",
        "selection": "pane activeCell sqref",
        "sheetFormatPr": "baseColWidth defaultRowHeight",
        "col": "min max width customWidth",
        "row": "r ht customHeight",
        "c": "r s t",
        "hyperlink": "ref location",
        "pageMargins": "left right top bottom header footer",
        "pageSetup": "orientation fitToHeight",
        "tableParts": "count",
        "tablePart": "id",
    }.items()
}
"""Every element of a sheet, with its attributes."""
HOLD_TEXT = ("t", "v")
BOOK_SAYS = {
    *("workbook", "workbookPr", "workbookProtection", "bookViews", "workbookView"),
    *("sheets", "sheet", "definedNames", "calcPr"),
}
COUNTS = {"young_people": "Number of young people", "assessments": "Number of assessments"}
Shown = tuple[str | int | None, str]
"""A cell: its text, number or nothing, and its style."""


def workbook_faults(tables: Sequence[SeenTable], body: bytes) -> list[str]:
    """What the spreadsheet says otherwise than the tables, of one release, or besides."""
    held, faults = members(body), archive_faults(body)
    if any(not PARTS.fullmatch(name) for name in held):
        faults.append("has a part that was not agreed on")
    if any(b"<!" in part or part.count(b"<?") > 1 for part in held.values()):
        faults.append("has notes between its elements")
    sheets = [SHEETS.format(number) for number in range(1, len(tables) + 2)]
    if sorted(name for name in held if name.startswith("xl/worksheets/sheet")) != sorted(sheets):
        return [*faults, "other sheets than agreed"]
    faults += [*_book(held[BOOK], len(tables)), *_core(held[CORE], tables)]
    for number, name in enumerate(sheets):
        sheet = ElementTree.fromstring(held[name])  # what is not well-formed raises, and fails the run
        found = list(_strange(sheet))
        found += _figures(_rows(sheet), tables[number - 1]) if number else []
        faults += [f"sheet {number}: {fault}" for fault in found]
    return faults


def _book(part: bytes, tables: int) -> Iterator[str]:
    """Its sheets are visible and in order, and no range has a name."""
    root = ElementTree.fromstring(part)
    if {_name(each) for each in root.iter()} - BOOK_SAYS:
        yield "has names of ranges, or other elements that were not agreed on"
    sheets = [(each.get("name"), each.get("state", "visible")) for each in root.iter() if _name(each) == "sheet"]
    names = ["Cover", *(f"Table_{number}" for number in range(1, tables + 1))]
    if sheets != [(name, "visible") for name in names]:
        yield "has other names of sheets, or hidden ones"


def _core(part: bytes, tables: Sequence[SeenTable]) -> Iterator[str]:
    """The properties: whose it is, which release, and the first day of its quarter for a time."""
    release = tables[0].release
    moment = f"{release[:4]}-{3 * int(release[5]) - 2:02}-01T00:00:00Z"
    said = {_name(each): each.text for each in ElementTree.fromstring(part)}
    agreed = {"creator": "WISE Bridge", "title": f"WISE Bridge, release {release}", "language": "en-GB"}
    if said != agreed | {"created": moment, "modified": moment}:
        yield "has other properties than agreed"


def _strange(sheet: ElementTree.Element) -> Iterator[str]:
    for each in sheet.iter():
        more = {name.rsplit("}")[-1] for name in each.attrib} - SHEET_SAYS.get(_name(each), frozenset())
        if more or _name(each) not in SHEET_SAYS:
            yield f"the element {_name(each)} was not agreed on, or not with {', '.join(sorted(more)) or 'anything'}"
        if (each.tail or "").strip() or (_name(each) not in HOLD_TEXT and (each.text or "").strip()):
            yield f"a text beside the cells, in or after the element {_name(each)}"


def _rows(sheet: ElementTree.Element) -> dict[int, tuple[bool, list[Shown]]]:
    """By number: whether it has a height of its own, and its cells."""
    rows = [each for each in sheet.iter() if _name(each) == "row"]
    return {int(each.get("r", "0")): (each.get("ht") is not None, [_shown(cell) for cell in each]) for each in rows}


def _shown(cell: ElementTree.Element) -> Shown:
    text = "".join(cell.itertext())
    is_number = cell.get("t", "n") == "n"
    return (int(text) if text.isascii() and text.isdigit() else text or None) if is_number else text, cell.get("s", "")


def _figures(rows: Mapping[int, tuple[bool, list[Shown]]], table: SeenTable) -> Iterator[str]:
    """Title, header, a row for each figure; and one look for all numbers and one for all symbols."""
    header = [*(axis.title for axis in table.axes), COUNTS.get(table.unit, ""), "Status", "As of"]
    last = HEADER_ROW + len(table.cells)
    if sorted(rows) != [1, *range(HEADER_ROW, last + 1)] or len(rows[1][1]) != 1:
        yield "other rows than agreed"
        return
    if [value for value, _ in rows[HEADER_ROW][1]] != header:
        yield "other columns than agreed"
    below = [rows[number] for number in range(HEADER_ROW + 1, last + 1)]
    if any(has_height for has_height, _ in below):
        yield "rows have heights of their own"
    pairs = list(zip((cells for _, cells in below), table.cells, strict=True))
    if other := sum([value for value, _ in cells] != _said(each) for cells, each in pairs):
        yield f"{other} rows say something else than the table"
    for is_hidden in (True, False):
        looks = {tuple(s for _, s in cells) for cells, each in pairs if (each.value is None) == is_hidden}
        if len(looks) > 1:
            yield "figures of one kind do not look alike"


def _said(cell: Cell) -> list[str | int]:
    value: str | int = SYMBOLS.get(cell.status, "") if cell.value is None else cell.value
    return [*map(harmless, cell.labels), value, cell.status, cell.as_of]


def _name(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}")[-1]
