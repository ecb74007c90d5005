"""Every form holds the figures of the release and nothing else, in the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from openpyxl import load_workbook

from service.central.catalogue.model import Axis, Catalogue, Group
from service.central.formats import dictionary, long, package, tidy, words, workbook
from service.central.formats.publication import EDITION, Publication
from service.central.formats.shape import Shaped, shape, shown, value_of
from service.central.formats.table_json import table_json
from service.central.formats.text import as_csv
from service.central.published import TOTAL, Figure, Release, Status
from service.errors import Unavailable
from tests.central.formats.made import AUTHORITIES, CATALOGUE, SECOND, TABLES, Kept, release, shuffled

Make = Callable[[Catalogue, Release], bytes]
NAMES = tuple(each.name for each in TABLES)


def shaped(name: str, given: Release | None = None) -> Shaped:
    found = shape(CATALOGUE, given or release(), name)
    assert found is not None
    return found


WHOLE: dict[str, Make] = {
    "tables.xlsx": workbook.tables_xlsx,
    "data-package.zip": package.data_package,
    "all.csv": long.all_csv,
    "data-dictionary.json": dictionary.dictionary_json,
    "data-dictionary.csv": dictionary.dictionary_csv,
}


def every_file(given: Release) -> dict[str, bytes]:
    made = {name: make(CATALOGUE, given) for name, make in WHOLE.items()}
    for name in NAMES:
        table = shaped(name, given)
        made[f"{name}.json"] = table_json(CATALOGUE, given, table)
        made[f"{name}.csv"] = tidy.tidy_csv(table, given.quarter)
        made[f"{name}.meta.csv"] = tidy.meta_csv(table)
    return made


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def expected(given: Release) -> set[tuple[str, tuple[str, ...], str, str, str]]:
    """Each figure as (table, codes, what is shown, status, as_of)."""
    return {
        (table.table, each.at, str(each.value or _SIGNS[each.status]), each.status.value, each.as_of)
        for table in given.tables
        for each in table.figures
    }


_SIGNS = {Status.SUPPRESSED: "c", Status.MISSING: "x", Status.WITHHELD: "z"}


def test_every_file_has_the_same_bytes_each_time_and_in_whatever_order() -> None:
    first, again, other = every_file(release()), every_file(release()), every_file(shuffled(release()))
    assert first == again == other
    assert first["all.csv"] != every_file(release(as_of="2026Q2"))["all.csv"]


GOLDEN = "1011fbea10a555ce"


def test_when_bytes_change_the_edition_does() -> None:
    """Tags are made of the edition: a client that has the old bytes must not be told that they are the new ones."""
    together = hashlib.sha256(b"".join(every_file(release()).values())).hexdigest()
    assert (EDITION, together[:16]) == ("2", GOLDEN)


def codes(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(code for code in (row["code_1"], row["code_2"]) if code)


def test_the_long_file_has_every_figure() -> None:
    found = rows(long.all_csv(CATALOGUE, release()))
    figures = {(row["table"], codes(row), row["count"], row["count_status"], row["as_of"]) for row in found}
    assert figures == expected(release())
    assert len(found) == len(figures)
    for row in found:
        assert row["count_value"] == (row["count"] if row["count"].isdigit() else "")
        assert row["count"] in {"c", "x", "z"} or int(row["count"]) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_a_tables_json_has_its_figures_and_how_to_read_them(name: str) -> None:
    given = release()
    body = json.loads(table_json(CATALOGUE, given, shaped(name)))
    assert {
        (name, tuple(each["at"]), each["symbol"] or str(each["value"]), each["status"], each["as_of"])
        for each in body["figures"]
    } == {each for each in expected(given) if each[0] == name}
    assert all((each["value"] is None) is bool(each["symbol"]) for each in body["figures"])
    assert {each["symbol"] for each in body["figures"]} - {None} <= set(body["symbols"])
    assert (body["release"], body["catalogue"], body["total"]["code"]) == ("2026Q3", "2026", TOTAL)
    assert body["period"]["quarters"] == ["2025Q4", "2026Q1", "2026Q2", "2026Q3"]
    assert body["period"]["words"] == "October 2025 to September 2026"
    assert body["missing"] == [{"code": "E08000008", "name": "Tameside"}]
    for number, axis in enumerate(body["axes"]):
        named = [each["code"] for each in axis["groups"]]
        assert {each["at"][number] for each in body["figures"]} == {*named, TOTAL}
        assert all(each["values"] and each["label"] for each in axis["groups"])
    assert all(each["words"].endswith(".") for each in body["reasons"])


def test_the_tidy_file_has_the_columns_of_explore_education_statistics() -> None:
    content = tidy.tidy_csv(shaped("statement-by-authority"), "2026Q3")
    header = content.split(b"\r\n")[0].decode().split(",")
    assert tuple(header[:9]) == tidy.PLACE
    assert header[9:] == [
        "statement", "young_people_count", "young_people_count_value", "young_people_count_status", "as_of", "release",
    ]  # fmt: skip
    found = rows(content)
    assert len(found) == 16
    of_authorities = [row for row in found if row["geographic_level"] == "Local authority"]
    assert {(row["new_la_code"], row["la_name"]) for row in of_authorities} == set(AUTHORITIES.items())
    assert {row["new_la_code"] for row in found if row["geographic_level"] == "Regional"} == {""}
    assert {(row["time_period"], row["time_identifier"]) for row in found} == {("2026", "Reporting year")}
    assert {row["young_people_count"] for row in found if row["la_name"] == "Tameside"} == {"x"}


def test_quarters_are_a_filter_and_the_last_row_is_the_total() -> None:
    found = rows(tidy.tidy_csv(shaped("assessments-by-quarter"), "2026Q3"))
    assert [row["quarter"] for row in found] == [
        "October to December 2025", "January to March 2026", "April to June 2026", "July to September 2026", "Total",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_meta_file_describes_filters_and_the_indicator_of_its_file(name: str) -> None:
    found = rows(tidy.meta_csv(shaped(name)))
    columns = tidy.columns(shaped(name))
    assert [row["col_type"] for row in found] == ["Filter"] * (len(found) - 1) + ["Indicator"]
    assert {row["col_name"] for row in found} == set(columns[9:-4])
    assert all(row["label"] for row in found)
    assert found[-1]["indicator_dp"] == "0"


def cells(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode(), newline=""), strict=True):
        yield from row


def test_lines_end_as_in_rfc_4180_and_no_cell_begins_like_a_formula() -> None:
    for name, content in every_file(release()).items():
        if name.endswith(".csv"):
            assert content.endswith(b"\r\n")
            assert content.count(b"\n") == content.count(b"\r\n")
            assert not content.startswith(b"\xef\xbb\xbf")
            assert [cell for cell in cells(content) if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_label_that_begins_like_a_formula_is_put_behind_an_apostrophe(start: str) -> None:
    label = f'{start}1, "two"\nthree'
    groups = (Group("experiencing", label, ("experiencing",)), *CATALOGUE.axes["statement"].groups[1:])
    axes = {**CATALOGUE.axes, "statement": Axis("statement", "exploitation", label, groups)}
    catalogue = replace(CATALOGUE, axes=axes)
    table = shape(catalogue, release(), "statement")
    assert table is not None
    assert rows(tidy.tidy_csv(table, "2026Q3"))[0]["statement"] == f"'{label}"
    for content in (
        tidy.meta_csv(table),
        long.all_csv(catalogue, release()),
        dictionary.dictionary_csv(catalogue, release()),
    ):
        assert f"'{label}" in set(cells(content))
        assert label not in set(cells(content))
    assert as_csv([start], []) == (b"'" + start.encode() if start != "\r" else b'"\'\r"') + b"\r\n"


def test_a_figure_that_may_not_be_read_has_no_number_even_if_it_came_with_one() -> None:
    for status in set(Status) - {Status.ROUNDED}:
        figure = Figure((TOTAL,), status, 7, "2026Q3")
        assert value_of(figure) is None
        assert shown(figure) in words.symbols()
    with pytest.raises(ValueError, match="has a value"):
        value_of(Figure((TOTAL,), Status.ROUNDED, None, "2026Q3"))


def test_the_workbook_opens_and_holds_the_same_figures() -> None:
    given = release()
    book = load_workbook(io.BytesIO(workbook.tables_xlsx(CATALOGUE, given)))
    assert book.sheetnames == ["Cover", "Table_1", "Table_2", "Table_3"]
    for number, name in enumerate(NAMES, 1):
        table, sheet = shaped(name), book[f"Table_{number}"]
        assert list(sheet.tables) == [f"Table_{number}"]
        assert sheet.tables[f"Table_{number}"].ref == f"A3:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        found = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=4)]
        assert found == [
            (*table.labels(each), each.value or words.symbol_of(each.status), each.status.value, each.as_of)
            for each in table.figures
        ]
        assert all(sheet.cell(3, column).value for column in range(1, sheet.max_column + 1))


def test_the_cover_explains_symbols_notes_and_reasons() -> None:
    sheet = load_workbook(io.BytesIO(workbook.tables_xlsx(CATALOGUE, release())))["Cover"]
    said = {str(row[0].value): row[1].value for row in sheet.iter_rows(min_row=2)}
    assert {f"Symbol {each}" for each in "cxz"} <= set(said)
    assert said["Authorities missing"] == "Tameside"
    assert TABLES[0].notes[0] in str(said["Table_1"])
    assert words.REASONS["repeated"] in str(said["Table_1"])
    assert words.REASONS["withheld"] in str(said["Table_3"])
    assert sheet["A" + str(sheet.max_row)].hyperlink.location == "Table_3!A1"


@pytest.mark.parametrize("name", ["tables.xlsx", "data-package.zip"])
def test_a_zip_holds_no_moment_and_nothing_that_depends_on_the_compressor(name: str) -> None:
    with ZipFile(io.BytesIO(WHOLE[name](CATALOGUE, release()))) as archive:
        assert archive.testzip() is None
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.compress_type for each in archive.infolist()} == {ZIP_STORED}
        if name == "tables.xlsx":
            core = archive.read("docProps/core.xml").decode()
            assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-07-01T00:00:00Z"}


def test_the_data_package_has_what_its_specification_asks_for() -> None:
    """Data Package 1, Tabular Data Package and Table Schema: the members they require, read by hand."""
    content = package.data_package(CATALOGUE, release())
    with ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert next(iter(files)) == "datapackage.json"
    described: dict[str, Any] = json.loads(files.pop("datapackage.json"))
    assert described["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[-a-z0-9._/]+", described["name"])
    resources = described["resources"]
    assert {each["path"] for each in resources} == set(files)
    assert len({each["name"] for each in resources}) == len(resources)
    for each in resources:
        body = files[each["path"]]
        assert each["profile"] == "tabular-data-resource"
        assert re.fullmatch(r"[-a-z0-9._/]+", each["name"])
        assert each["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert each["bytes"] == len(body)
        assert_fits(each["schema"], body)


def assert_fits(schema: dict[str, Any], body: bytes) -> None:
    fields = schema["fields"]
    assert [each["name"] for each in fields] == next(csv.reader(io.StringIO(body.decode(), newline="")))
    assert {each["type"] for each in fields} <= {"string", "integer"}
    for row in rows(body):
        for each in fields:
            value = row[each["name"]]
            assert value in schema["missingValues"] or each["type"] == "string" or value.isdigit()
            assert value in each.get("constraints", {}).get("enum", [value])


def test_the_dictionary_names_every_column_group_symbol_status_and_reason() -> None:
    body = json.loads(dictionary.dictionary_json(CATALOGUE, release()))
    found = rows(dictionary.dictionary_csv(CATALOGUE, release()))
    axes = set(CATALOGUE.axes)
    columns = {name for each in NAMES for name in tidy.columns(shaped(each))} | set(long.COLUMNS)
    assert columns - axes <= set(body["columns"])
    assert {row["code"] for row in found if row["kind"] == "column"} == set(body["columns"])
    assert {row["code"] for row in found if row["kind"] == "status"} == set(body["statuses"]) == {*Status}
    assert {row["code"] for row in found if row["kind"] == "symbol"} == set(body["symbols"]) == {"c", "x", "z"}
    assert {row["code"] for row in found if row["kind"] == "reason"} == set(body["reasons"]) == set(words.REASONS)
    for axis in body["axes"]:
        named = {row["code"] for row in found if (row["kind"], row["within"]) == ("group", axis["name"])}
        assert named == {each["code"] for each in axis["groups"]} != set()


def test_a_reason_without_words_of_its_own_still_has_some() -> None:
    assert words.reason_words("never_heard_of") == "The table was changed to protect the young people in it."


def test_a_release_is_only_read_by_the_catalogue_it_was_made_by() -> None:
    publication = Publication(Kept(), [replace(CATALOGUE, version="2027")])
    with pytest.raises(Unavailable, match="not installed"):
        publication.table_file(SECOND, "statement")
    both = Publication(Kept(), [CATALOGUE, replace(CATALOGUE, version="2027", tables=())])
    file = both.table_file(SECOND, "statement.csv")
    assert file is not None
    assert file.body() == tidy.tidy_csv(shaped("statement", Kept().releases["2026Q3"]), "2026Q3")


def test_tags_differ_with_the_form_the_release_and_the_catalogue() -> None:
    kept = Kept()
    made = [(Publication(kept, [replace(CATALOGUE, digest=digest)]), digest) for digest in ("d1", "d2")]
    tags = [
        file.tag
        for publication, digest in made
        for entry in (replace(each, catalogue_digest=digest) for each in kept.list())
        for file in (
            *(publication.table_file(entry, f"{name}{end}") for name in NAMES for end in ("", ".csv", ".meta.csv")),
            *(publication.whole_file(entry, name) for name in publication.whole_files()),
        )
        if file is not None
    ]
    assert len(tags) == len(set(tags)) == 2 * 2 * (9 + 5)
