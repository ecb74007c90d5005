"""`wise-bridge adapter export` and `import`: there and back without loss, and every fault with its cell."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from service.adapters.mapping import Files, MappingFile, compile_mapping, load_mapping
from service.domain.records import RECORDS
from service.officer.previewing import REFERENCE
from service.officer.sheets.model import Column
from tests.commands.officer import EXAMPLES, adapter, change, config
from tests.support.config import CONFIG

__all__ = ["config"]
KINDS = ("lcs", "mosaic", "plain", "eclipse", "caredirector")
WISE = "wise_assessment"


def profile_of(config: Path, mappings: str) -> Path:
    """A profile that takes one folder's mappings."""
    text = (CONFIG / "authorities/oldham.yaml").read_text("utf-8").replace("mapping: mosaic/", f"mapping: {mappings}/")
    file = config / "authorities/oldham.yaml"
    file.write_text(text, "utf-8")
    return file


def loaded(config: Path, name: str) -> MappingFile:
    files = Files(config)
    mapping = load_mapping(files, name)
    assert mapping is not None, files.faults
    return mapping


def meaning(mapping: MappingFile) -> object:
    """All that follows from a mapping; where it was written follows from nothing."""
    rows = [
        (row.to, row.path, row.rendering, row.codes and list(row.codes.items()), row.other_codes, row.required,
         row.continues_in, row.in_document)
        for row in mapping.rows
    ]  # fmt: skip
    left = [(part.path, part.reason) for part in mapping.not_sent]
    return mapping.record_type, rows, left, mapping.form_name, mapping.form


def exported(config: Path, into: Path, authority: str | Path = "oldham") -> Path:
    file = into / "book.xlsx"
    ended = adapter("export", authority, "--xlsx", file, "--config", config)
    assert ended.exit_code == 0, ended.output
    return file


def there_and_back(config: Path, into: Path) -> None:
    """Beside the file that it came from."""
    ended = adapter("import", exported(config, into), "--out", config / "mappings/back", "--config", config)
    assert ended.exit_code == 0, ended.output


@pytest.mark.parametrize("kind", KINDS)
def test_there_and_back_means_the_same(config: Path, tmp_path: Path, kind: str) -> None:
    profile_of(config, kind)
    there_and_back(config, tmp_path)
    for record in RECORDS:
        before, after = loaded(config, f"{kind}/{record}.yaml"), loaded(config, f"back/{record}.yaml")
        assert meaning(before) == meaning(after)
    for file in EXAMPLES.glob("*.json"):
        content = json.loads(file.read_text("utf-8"))
        name = f"{content['record_type']}.yaml"
        old, new = (compile_mapping(loaded(config, f"{folder}/{name}")) for folder in (kind, "back"))
        assert old.apply(content, REFERENCE) == new.apply(content, REFERENCE)


PANEL = "from: /panel_referral/decision, as: words}"
ODD = 'as: words, codes: {referred: "=1+1", not_referred: "+44", deferred: "-: {x}, \\"y\\" # z"}, other_codes: words}'


def test_every_kind_of_row_comes_back(config: Path, tmp_path: Path) -> None:
    """Codes, what looks like a formula, words YAML could read otherwise, long texts, the document, comments."""
    profile_of(config, "mosaic")
    change(config / "mappings/mosaic/panel_and_review.yaml", (PANEL, f"from: /panel_referral/decision, {ODD}"))
    form, main = config / "forms/mosaic/wise_assessment.yaml", config / "mappings/mosaic/wise_assessment.yaml"
    change(form, ("{code: WISE_HOPES, type: long_text}", "{code: WISE_HOPES, type: short_text, max: 500}"))
    change(form, ("{code: WISE_GOOD_DAY, type: long_text}", "{code: WISE_GOOD_DAY, type: long_text, max: 5000}"))
    change(
        form,
        (
            "questions:\n",
            "questions:\n  - {code: WISE_GOOD_2, type: long_text, max: 5000}\n"
            "  - {code: 'true', type: short_text, max: 60}\n",
        ),
    )
    own, rise = config / "mappings/mosaic/own_words.yaml", config / "mappings/mosaic/rise_meeting_output.yaml"
    change(own, ("/hopes, as: text}", "/hopes, as: text, continues_in: document}"))
    change(own, ("/good_day, as: text}", "/good_day, as: text, continues_in: [WISE_GOOD_2]}"))
    change(
        main,
        (
            "  - {to: WISE_COMPLETED_ON",
            "  # Two lines: of\n  # a comment\n  - {to: 'true', as: document}\n  - {to: WISE_COMPLETED_ON",
        ),
    )
    change(
        main,
        (
            "reason: Training records belong to the worker and not to the young person's file.",
            'reason: "=HYPERLINK(\\"x\\")"',
        ),
    )
    text = (config / "authorities/oldham.yaml").read_text("utf-8")
    (config / "authorities/oldham.yaml").write_text(
        text.replace("mapping: mosaic/rise_meeting_output.yaml", "mapping: plain/rise_meeting_output.yaml"), "utf-8"
    )
    assert rise.is_file()
    there_and_back(config, tmp_path)
    before, after = loaded(config, f"mosaic/{WISE}.yaml"), loaded(config, f"back/{WISE}.yaml")
    assert meaning(before) == meaning(after)
    rows = {row.to: row for row in after.rows}
    assert rows["WISE_HOPES"].in_document
    assert rows["WISE_GOOD_DAY"].continues_in == ("WISE_GOOD_2",)
    assert '\n  # Two lines: of\n  # a comment\n  - {to: "true", as: document}\n' in (
        config / f"mappings/back/{WISE}.yaml"
    ).read_text("utf-8")


def test_no_cell_is_a_formula_and_no_secret_is_there(config: Path, tmp_path: Path) -> None:
    change(config / "mappings/mosaic/panel_and_review.yaml", (PANEL, f"from: /panel_referral/decision, {ODD}"))
    book = load_workbook(exported(config, tmp_path))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    odd = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert {"=1+1", "+44"} <= {cell.value for cell in odd}
    assert all(cell.quotePrefix for cell in odd)
    said = " ".join(str(cell.value) for cell in cells)
    assert "OLDHAM_MOSAIC_API_KEY" not in said
    assert "env:OLDHAM_MOSAIC_BASE_URL" in said


def test_the_book_helps_whoever_fills_it_in(config: Path, tmp_path: Path) -> None:
    book = load_workbook(exported(config, tmp_path))
    assert book.sheetnames == ["Read me", *RECORDS, "Codes", "Settings", "Lists"]
    sheet = book[WISE]
    assert [cell.value for cell in sheet[1]] == [column.value for column in Column]
    assert sheet.freeze_panes == "A2"
    rules = {rule.promptTitle: rule for rule in sheet.data_validations.dataValidation}
    assert {"As", "From"} <= rules.keys()
    assert {f"{name}{sheet.max_row + 1}" in rules["As"].sqref for name in "C"} == {True}
    assert sheet["I2"].value


def spoil(file: Path, how: Callable[[Workbook], None]) -> Path:
    book = load_workbook(file)
    how(book)
    book.save(file)
    return file


def cell_of(file: Path, text: str, column: Column, sheet: str = WISE) -> str:
    """`wise_assessment!C14`: the cell of this column in the row that says `text`."""
    opened = load_workbook(file)[sheet]
    row = next(row[0].row for row in opened.iter_rows() if text in [cell.value for cell in row])
    return f"{sheet}!{'ABCDEFGHIJ'[list(Column).index(column)]}{row}"


def put(column: Column, value: object, beside: str = "WISE_HOPES") -> Callable[[Workbook], None]:
    def change_it(book: Workbook) -> None:
        sheet = book[WISE]
        row = next(row[0].row for row in sheet.iter_rows() if beside in [cell.value for cell in row])
        sheet.cell(row, list(Column).index(column) + 1).value = value  # type: ignore[assignment]

    return change_it


@pytest.mark.parametrize(
    ("column", "value", "detail"),
    [
        (Column.AS, "upper", "is no rendering"),
        (Column.AS, "date", "takes dates"),
        (Column.AS, None, "'As' is missing"),
        (Column.FROM, "/no/such/field", "is no field of this record"),
        (Column.CODES, "No table", "no such table"),
        (Column.OTHER_CODES, "perhaps", "is no way to go on"),
        (Column.REQUIRED, "perhaps", "must be yes, or empty"),
        (Column.CONTINUES_IN, "NO_SUCH_QUESTION", "is no question of"),
        (Column.REASON, "Both.", "a reason for not being sent, too"),
        (Column.TO, 4107, "a number or a date"),
        (Column.FROM, "=A1", "is a formula"),
    ],
)
def test_a_fault_names_its_cell(config: Path, tmp_path: Path, column: Column, value: object, detail: str) -> None:
    file = exported(config, tmp_path)
    asked = Column.TO if column is Column.REASON else column
    where = cell_of(file, "WISE_HOPES", asked)
    spoil(file, put(column, value))
    ended = adapter("import", file, "--out", tmp_path / "out", "--config", config, "--json")
    found = [(f"{each['sheet']}!{each['cell']}", each["detail"]) for each in json.loads(ended.stdout)["faults"]]
    assert ended.exit_code == 1
    assert [said for cell, said in found if cell == where and detail in said], found
    assert not (tmp_path / "out").exists()


def test_all_faults_come_at_once_over_all_sheets(config: Path, tmp_path: Path) -> None:
    def wrong(book: Workbook) -> None:
        book[WISE]["C3"].value = "upper"
        book[WISE]["C5"].value = "lower"
        book["nwg_assessment"]["C4"].value = "upper"

    file = spoil(exported(config, tmp_path), wrong)
    ended = adapter("import", file, "--out", tmp_path / "out", "--config", config)
    assert ended.exit_code == 1
    for cell in (f"{WISE}!C3", f"{WISE}!C5", "nwg_assessment!C4"):
        assert cell in ended.stdout
    assert "Nothing was written" in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 100


def test_a_row_taken_out_is_told_as_what_it_leaves_unsaid(config: Path, tmp_path: Path) -> None:
    file = exported(config, tmp_path)
    row = int(cell_of(file, "WISE_HOPES", Column.TO).rpartition("A")[2])
    spoil(file, lambda book: book[WISE].delete_rows(row))
    ended = adapter("import", file, "--out", tmp_path / "out", "--config", config, "--json")
    (fault,) = json.loads(ended.stdout)["faults"]
    assert (fault["sheet"], fault["cell"]) == (WISE, "")
    assert fault["detail"] == "/areas/young_person/hopes: Nothing is said about this field."


def test_another_programs_file_reads_the_same(config: Path, tmp_path: Path) -> None:
    """Strings inside their cells, columns in another order, rows to the end of the sheet, and a sheet of one's own."""
    file = exported(config, tmp_path)
    old, new = load_workbook(file), Workbook(write_only=True)
    for sheet in old:
        copy = new.create_sheet(sheet.title)
        order = [*range(9, -1, -1)] if sheet.title in RECORDS else [*range(sheet.max_column)]
        for row in sheet.iter_rows(values_only=True):
            copy.append([row[place] if place < len(row) else None for place in order])
    new.create_sheet("Notes").append(["mine"])
    into = BytesIO()
    new.save(into)
    other = tmp_path / "other.xlsx"
    with ZipFile(into) as archive, ZipFile(other, "w") as written:
        for name in archive.namelist():
            content = archive.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = content.replace(b"</sheetData>", b'<row r="1048576" ht="12"/></sheetData>')
                content = content.replace(b"<sheetData>", b'<dimension ref="A1:AMJ1048576"/><sheetData>', 1)
            written.writestr(name, content)
    ended = adapter("import", other, "--out", config / "mappings/back", "--config", config)
    assert ended.exit_code == 0, ended.output
    assert "Notes" in ended.output
    for record in RECORDS:
        assert meaning(loaded(config, f"mosaic/{record}.yaml")) == meaning(loaded(config, f"back/{record}.yaml"))


def test_a_damaged_sheet_is_told_plainly(config: Path, tmp_path: Path) -> None:
    file, damaged = exported(config, tmp_path), tmp_path / "damaged.xlsx"
    with ZipFile(file) as archive, ZipFile(damaged, "w") as written:
        for name in archive.namelist():
            content = archive.read(name)
            written.writestr(name, content[:900] if name == "xl/worksheets/sheet2.xml" else content)
    ended = adapter("import", damaged, "--out", tmp_path / "out", "--config", config)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "damaged" in ended.stderr


def test_nothing_is_overwritten_either_way(config: Path, tmp_path: Path) -> None:
    file = exported(config, tmp_path)
    before = file.read_bytes()
    assert adapter("export", "oldham", "--xlsx", file, "--config", config).exit_code == 2
    assert file.read_bytes() == before
    out = tmp_path / "out"
    out.mkdir()
    (out / f"{WISE}.yaml").write_text("mine", "utf-8")
    ended = adapter("import", file, "--out", out, "--config", config)
    assert ended.exit_code == 2
    assert [path.name for path in out.iterdir()] == [f"{WISE}.yaml"]
    assert (out / f"{WISE}.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"to,from,as\n"])
def test_what_is_no_spreadsheet_is_told_plainly(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(content)
    ended = adapter("import", file, "--out", tmp_path / "out")
    assert ended.exit_code == 2
    assert "spreadsheet" in ended.stderr
    assert not (tmp_path / "out").exists()
    assert adapter("import", tmp_path / "none.xlsx", "--out", tmp_path / "out").exit_code == 2
