"""Editions of the records: a record is read and judged by its own, and a file that is not one stops everything."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.api.schemas.structure import build_schema, faults_of
from service.domain.codes import EDITIONS, SCHEMA_VERSIONS
from service.domain.editions import FOLDER, EditionFault, read_authorities, read_editions, union
from service.domain.fields import Code
from service.domain.records import WISE_ASSESSMENT
from service.domain.records.narrowed import in_edition
from tests.domain.test_rules_case import findings, places
from tests.support.records import MISSING, example

THIRD = """
edition = "1.2"
from = 2027-06-01
census_year = "2026-27"
extends = "1.1"

[codes.added]
CAPTURE_MODES = ["dictation"]

[codes.removed]
EXPLOITATION_FORMS = ["radicalisation", "financial"]

[rules]
removed = ["W3", "X-5"]
"""
EXCEPTION = {"reason": "Nobody else was on duty.", "approved_by": "stk-sm-2"}
NEW_FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("/training_exception", {"training_exception": EXCEPTION}),
    ("/evaluation_outcome", {"evaluation_outcome": {"education_training_employment": "unknown"}}),
    ("/risk_subjects/0/professional_ref", {"risk_subjects__0__professional_ref": "stk-yw-9"}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped editions, to add to and to spoil."""
    for file in FOLDER.glob("*.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


@pytest.mark.parametrize("said", ["0.9", "1.10", "2", "1.0.0", "", "१.०", "Inventa Nobody"])
def test_an_edition_we_do_not_have_is_refused_with_the_list_of_those_we_have(said: str) -> None:
    found = findings(example("wise", schema_version=said, completed_on="2099-01-01"))
    assert places(found) == [("/schema_version", "K-4")], "nothing else is said: it would be by another edition's rules"
    assert found.errors[0].fix == "Known editions: 1.0, 1.1."
    assert said not in found.errors[0].detail or not said


@pytest.mark.parametrize(
    ("said", "code"), [(MISSING, "F-missing"), (None, "F-null"), (1.0, "F-code"), (["1.0"], "F-code")]
)
def test_a_record_that_does_not_say_its_edition_is_asked_for_it(said: Any, code: str) -> None:
    assert places(findings(example("wise", schema_version=said))) == [("/schema_version", code)]


@pytest.mark.parametrize(("place", "changes"), NEW_FIELDS, ids=[place for place, _ in NEW_FIELDS])
def test_a_field_of_a_later_edition_is_not_known_in_an_earlier(place: str, changes: dict[str, Any]) -> None:
    assert places(findings(example("wise", **changes))) == [(place, "X-1")]
    assert places(findings(example("wise", schema_version="1.1", **changes))) == []


@pytest.mark.parametrize("changes", [changes for place, changes in NEW_FIELDS if place.count("/") == 1])
def test_and_says_since_when_it_is(changes: dict[str, Any]) -> None:
    (fault,) = findings(example("wise", **changes)).errors
    assert fault.detail == "This field came with edition 1.1; the record says it is of edition 1.0."
    assert fault.fix == 'Send `"schema_version": "1.1"`, or leave the field out.'


@pytest.mark.parametrize("name", ["wise", "rise", "nwg", "oldham"])
def test_the_examples_are_records_of_every_edition(name: str) -> None:
    for edition in SCHEMA_VERSIONS:
        assert places(findings(example(name, schema_version=edition))) == []


def test_editions_come_oldest_first_and_each_has_what_the_one_before_had(folder: Path) -> None:
    (folder / "1.10.toml").write_text(THIRD.replace('"1.2"', '"1.10"'))
    assert tuple(read_editions(folder)) == ("1.0", "1.1", "1.10"), "by number, not by letter"
    first, second, _ = read_editions(folder).values()
    assert all(set(values) <= set(second.codes[name]) for name, values in first.codes.items())
    assert first.rules <= second.rules
    assert (first.since, first.census_year) == (date(2026, 1, 1), "2025-26")


def test_a_third_edition_narrows_and_widens_lists_for_its_own_records_only(folder: Path) -> None:
    (folder / "1.2.toml").write_text(THIRD)
    editions = read_editions(folder)
    known = {name: editions[name].codes["EXPLOITATION_FORMS"] for name in editions}
    assert known["1.2"] == tuple(form for form in known["1.1"] if form not in ("radicalisation", "financial"))
    assert known["1.0"] == known["1.1"] == EDITIONS["1.0"].codes["EXPLOITATION_FORMS"]
    assert editions["1.2"].codes["CAPTURE_MODES"] == (*editions["1.1"].codes["CAPTURE_MODES"], "dictation")
    assert editions["1.1"].rules - editions["1.2"].rules == {"W3", "X-5"}


def test_a_record_is_checked_against_the_narrowed_list(folder: Path) -> None:
    (folder / "1.2.toml").write_text(THIRD)
    record = example("wise", schema_version="1.1", exploitation__forms=["radicalisation", "sexual"])
    for name, faults in (("1.1", []), ("1.2", ["/exploitation/forms/0"])):
        schema = build_schema(in_edition(WISE_ASSESSMENT, read_editions(folder)[name]))
        assert [fault.pointer for fault in faults_of(schema, record)] == faults


def test_what_reads_records_knows_every_value_any_edition_had(folder: Path) -> None:
    (folder / "1.2.toml").write_text(THIRD)
    everything = union(read_editions(folder).values())
    assert "radicalisation" in everything["EXPLOITATION_FORMS"]
    assert everything["CAPTURE_MODES"][-1] == "dictation"
    assert all(len(values) == len(set(values)) for values in everything.values())


def test_a_field_keeps_its_list_where_an_edition_says_nothing_of_it(folder: Path) -> None:
    (folder / "1.2.toml").write_text(THIRD)
    narrowed = in_edition(WISE_ASSESSMENT, read_editions(folder)["1.2"]).fields["review_trigger"]
    assert isinstance(narrowed, Code)
    assert narrowed == WISE_ASSESSMENT.fields["review_trigger"]


def test_all_that_is_wrong_with_a_file_is_told_at_once(folder: Path) -> None:
    (folder / "1.2.toml").write_text("""
edition = "1.3"
extends = "0.5"
colour = "red"
[codes.changed]
ROLES = ["x"]
[codes.added]
ROLES = ["y", "y"]
""")
    with pytest.raises(EditionFault) as told:
        read_editions(folder)
    assert str(told.value).splitlines() == [
        "1.2.toml: 'census_year' is missing.",
        "1.2.toml: 'codes.added.ROLES' lists a value twice.",
        "1.2.toml: 'codes.changed' is not known here.",
        "1.2.toml: 'colour' is not known here.",
        "1.2.toml: 'edition' is not the name of the file.",
        "1.2.toml: 'extends' names no earlier edition. Known: 1.0, 1.1.",
        "1.2.toml: 'from' is missing.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('["dictation"]', '["paper"]', "'codes.added.CAPTURE_MODES' adds what was there already."),
        ('"financial"', '"of no form"', "'codes.removed.EXPLOITATION_FORMS' takes away what was not there."),
        ('extends = "1.1"\n', "", "'extends' names no earlier edition."),
        ('extends = "1.1"', 'extends = "1.2"', "'extends' names no earlier edition."),
    ],
)
def test_a_file_that_contradicts_the_one_before_it_is_refused(
    folder: Path, before: str, after: str, fault: str
) -> None:
    assert before in THIRD
    (folder / "1.2.toml").write_text(THIRD.replace(before, after))
    with pytest.raises(EditionFault, match=fault.replace(".", r"\.")):
        read_editions(folder)


def test_without_any_file_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(EditionFault, match="there is no edition here"):
        read_editions(tmp_path)


def test_the_authorities_are_the_ten_of_greater_manchester() -> None:
    names = read_authorities()
    assert list(names) == [f"E080000{number:02}" for number in range(1, 11)]
    assert (names["E08000007"], names["E08000006"]) == ("Stockport", "Salford")
