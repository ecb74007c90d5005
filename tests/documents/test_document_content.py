"""Everything in a record is in its document, the young person first, and nothing is read as markup."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from service.documents import TypstDocuments, fonts
from service.documents.build import claimed, document
from service.documents.layout import OMITTED
from service.documents.legible import Legible
from service.documents.pen import Pen, Pens
from service.documents.values import shown
from service.domain.fields import Code, Flag, leaves
from service.domain.records import RECORDS
from tests.documents.document_records import EXAMPLES, filled, values, wise
from tests.documents.pdf_reader import attached, letters, read

KNOWN = {"authority_name": "Stockport Council", "reference": "WB-7F3K", "review_due_on": date(2026, 12, 14)}
ALL = {**EXAMPLES, **{f"filled {kind}": filled(kind) for kind in RECORDS}}


def text_of(record: dict[str, Any]) -> str:
    return read(TypstDocuments().case_file(record, **KNOWN)).letters


def blocks_of(record: dict[str, Any]) -> str:
    pens = Pens(open=Pen(Legible(fonts.drawable())), closed=Pen(Legible(fonts.drawable())))
    return repr(document(pens, record, **KNOWN))


@pytest.mark.parametrize("name", ALL)
def test_every_value_of_the_record_is_in_the_document(name: str) -> None:
    record = ALL[name]
    content = TypstDocuments().case_file(record, **KNOWN)
    text = read(content).letters + letters("".join(attached(content).values()))
    leaves_there = [leaf for leaf in values(RECORDS[record["record_type"]], record) if leaf[0] not in OMITTED]
    missing = [path for path, field, value in leaves_there if letters(shown(path, field, value)) not in text]
    assert missing == []


@pytest.mark.parametrize("kind", RECORDS)
def test_every_code_and_flag_changes_the_document_when_it_changes(kind: str) -> None:
    """A "Yes" that is found somewhere proves little; this shows that each one stands for its own field."""
    record = filled(kind)
    before, same = blocks_of(record), []
    for path, field in leaves(RECORDS[kind]):
        if isinstance(field, Code | Flag) and path not in (*OMITTED, "/record_type") and not _only(field):
            same += [path] if blocks_of(_changed(record, path, field)) == before else []
    assert same == []


def _only(field: Code | Flag) -> bool:
    return len(field.codes) == 1 if isinstance(field, Code) else False


def _changed(record: dict[str, Any], path: str, field: Code | Flag) -> dict[str, Any]:
    other = copy.deepcopy(record)
    holder: Any = other
    *way, last = [0 if part == "*" else part for part in path.split("/")[1:]]
    for part in way:
        holder = holder[part]
    value = holder[last]
    holder[last] = (not value) if isinstance(field, Flag) else next(code for code in field.codes if code != value)
    return other


@pytest.mark.parametrize("kind", RECORDS)
def test_the_layout_claims_every_field_exactly_once(kind: str) -> None:
    paths = claimed(kind)
    times = {
        path: sum(path == claim or path.startswith(f"{claim}/") for claim in paths) for path, _ in leaves(RECORDS[kind])
    }
    assert {path: count for path, count in times.items() if count != 1} == {}


@pytest.mark.parametrize("name", ALL)
def test_the_young_person_comes_first(name: str) -> None:
    headings = read(TypstDocuments().case_file(ALL[name], **KNOWN)).headings
    assert headings[0] == ("The child's views" if "nwg" in name else "The young person")


def test_own_words_are_quoted_with_prompt_who_when_and_sharing_choice() -> None:
    reading = read(TypstDocuments().case_file(wise(), **KNOWN))
    assert "“I don't want the paddling-pool lot coming round again.”" in reading.tagged
    assert "Prompt: Worries" in reading.tagged
    assert "Sharing choice: Keep this between us" in reading.tagged
    assert "Captured on: 11 September 2026" in reading.tagged
    assert "Captured by: stk-sw-21" in reading.tagged
    assert "/BlockQuote" in reading.tags


def test_the_restricted_part_is_last_and_on_a_page_of_its_own() -> None:
    content = TypstDocuments().case_file(wise(), **KNOWN)
    reading = read(content)
    assert reading.headings[-1] == "Restricted part: social work only"
    before, after = reading.tagged.split("Restricted part: social work only")
    assert "older group" in after
    assert "older group" not in before


def test_without_risk_subjects_there_is_no_restricted_part() -> None:
    record = wise()
    del record["risk_subjects"]
    assert "Restrictedpart:socialworkonly" not in text_of(record)


def test_a_restricted_record_says_so_on_every_page_and_at_the_start() -> None:
    record = wise()
    record["young_person"]["restricted_record"] = True
    reading = read(TypstDocuments().case_file(record, **KNOWN))
    assert all("Restricted record" in page for page in reading.decoration)
    assert "Restricted record" in reading.tagged[:200]
    plain = read(TypstDocuments().case_file(wise(), **KNOWN))
    assert not any("Restricted record" in page for page in plain.decoration)


def test_dissent_and_opinion_are_in_words() -> None:
    assert "Wouldholdattargetedfornow." in text_of(EXAMPLES["rise_meeting_output-salford"])
    opinion = "Thechildisbeinggroomedortargetedforsexualexploitation(onthebalanceofprobability)"
    assert opinion in text_of(EXAMPLES["nwg_assessment-tameside"])


@pytest.mark.parametrize("code", ["emergency_999", "mash_or_social_care"])
def test_an_emergency_action_is_never_taken_for_a_call_made_by_this_service(code: str) -> None:
    plain = EXAMPLES["nwg_assessment-tameside"]
    acted = plain | {"actions": [{"code": code}]}
    sentence = letters("This service does not contact the police or MASH.")
    assert sentence in text_of(acted)
    assert sentence not in text_of(plain)


def test_the_review_due_date_is_shown_and_its_absence_too() -> None:
    assert "Reviewdue14December2026" in text_of(wise())
    reading = read(TypstDocuments().case_file(wise(), **{**KNOWN, "review_due_on": None}))
    assert "ReviewdueNodateisset" in reading.letters


HOSTILE = """#import "@preview/x:1.0.0": y
#panic("x") #read("/etc/passwd") $x^2$ *bold* _it_ `code` <label> @ref [b] {c} \\ \\u{41} // no /* no */
= Heading
- item -- --- ... "quoted" 'single' https://example.org ~ #"""


@pytest.mark.parametrize("line", HOSTILE.splitlines())
def test_markup_in_own_words_is_shown_as_it_was_written(line: str) -> None:
    reading = read(TypstDocuments().case_file(wise(line), **KNOWN))
    assert letters(f"“{line}”") in reading.letters
    assert "Heading" not in reading.headings


def test_a_word_longer_than_the_line_stays_on_the_page_and_whole() -> None:
    assert "y" * 2_000 in text_of(wise("y" * 2_000))


def test_the_longest_text_runs_over_pages_without_loss() -> None:
    words = " ".join(f"word{number}" for number in range(900))
    assert letters(words) in text_of(wise(words))
