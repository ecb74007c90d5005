"""What a writer may want to look at again: pasted text, numbers that identify, wording (X-7, X-8, L-1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.domain.faults import Findings
from service.domain.narratives import every_text, narratives
from service.domain.records import RECORDS
from service.domain.rules import Known, Subject
from service.domain.rules.text import checker
from service.domain.text.copies import sketch
from tests.domain.test_rules_case import POLICY, TODAY, Case, assert_only_this_is_warned_of, findings, ids, where
from tests.support.records import example, put

PASTED = "Two adults who live nearby walk with her from the club to the bus stop every Monday and Thursday evening."
TWICE = {"exploitation__narrative": PASTED, "analysis_narrative": f"  {PASTED.upper()} "}
OWN = ("areas/young_person/own_words/0/text", "areas/young_person/identities/0/self_description",
       "participation/young_person/views_of_process")  # fmt: skip
BLAMING = "She keeps putting herself at risk."
PHONE = "Ring 07700 900123 after six."


BEFORE = Known(sketches={"/analysis_narrative": sketch(PASTED)})

WARNED = [
    Case("X-7", "wise", TWICE, "/exploitation/narrative", "the same as in `/analysis_narrative`. Is it up to date?"),
    Case("X-7", "wise", {"analysis_narrative": PASTED}, "/analysis_narrative",
         "as in the record before this one. Is it up to date?", known=BEFORE),
    Case("X-8", "wise", {"analysis_narrative": PHONE}, "/analysis_narrative",
         "looks like it contains a telephone number. It will go to your case system only."),
    Case("X-8", "nwg", {"analysis": "The number is 999 000 0018."}, "/analysis", "an NHS number"),
    Case("X-8", "rise", {"contributions__0__text": "Write to somebody@school.example."}, "/contributions/0/text",
         "an e-mail address"),
    Case("L-1", "wise", {"analysis_narrative": BLAMING}, "/analysis_narrative", "may be worth another look (self_"),
]  # fmt: skip


@pytest.mark.parametrize("case", WARNED, ids=ids)
def test_a_record_that_trips_one_of_these_is_accepted_with_a_warning(case: Case) -> None:
    assert_only_this_is_warned_of(case)


@pytest.mark.parametrize("text", [BLAMING, PHONE, PASTED])
def test_a_young_persons_own_words_are_never_looked_at(text: str) -> None:
    record = example("wise")
    for place in OWN:
        put(record, place.split("/"), text)
    assert findings(record) == Findings()
    assert findings(example("nwg", child_views__needs_and_risks=text, child_views__long_term_want=text)) == Findings()


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({"analysis_narrative": "As before.", "exploitation__narrative": "As before."}, BEFORE),
        ({"analysis_narrative": f"{PASTED} He has stopped coming, and she sleeps."}, BEFORE),
        ({"exploitation__narrative": PASTED}, BEFORE),
        ({"analysis_narrative": PASTED}, Known()),
        ({"analysis_narrative": PASTED, "submission_kind": "correction", "supersedes_submission_id": "SK-1"}, BEFORE),
        ({"analysis_narrative": f"She said “{BLAMING}”"}, BEFORE),
        ({"risk_subjects__0__descriptor": BLAMING + PHONE}, BEFORE),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "known",
)
def test_what_the_rules_allow_is_accepted_without_a_word(changes: dict[str, Any], known: Known) -> None:
    assert findings(example("wise", **changes), known=known) == Findings()


def test_an_authority_may_do_without_advice() -> None:
    without = replace(POLICY, language_advice=False)
    assert findings(example("wise", analysis_narrative=BLAMING), without) == Findings()
    assert where(findings(example("wise", analysis_narrative=PHONE), without).warnings) == [
        ("/analysis_narrative", "X-8")
    ]


@pytest.mark.parametrize("text", [PHONE, BLAMING, f"Na\u00efve \U0001f642 {PHONE}"])
def test_a_warning_says_where_and_never_what(text: str) -> None:
    (warning,) = findings(example("wise", analysis_narrative=text)).warnings
    told = warning.as_dict()
    assert text[told["start"] : told["end"]] in (PHONE[5:17], "putting herself at risk")
    assert "07700" not in str(told) and "herself" not in str(told)


def test_each_hit_is_a_warning_of_its_own() -> None:
    found = findings(example("wise", analysis_narrative=f"{PHONE} {PHONE} {BLAMING}")).warnings
    assert [fault.code for fault in found] == ["X-8", "X-8", "L-1"]


def test_a_third_box_with_the_same_text_points_at_the_first() -> None:
    record = example("wise", **TWICE, stability__home__narrative=PASTED)
    assert [fault.detail.split("`")[1] for fault in findings(record).warnings] == ["/analysis_narrative"] * 2


def test_what_needs_correcting_is_told_without_advice_on_the_same_place() -> None:
    found = findings(example("wise", analysis_narrative=f"{BLAMING} {PHONE} {'x' * 8_000}"))
    assert [fault.code for fault in found.errors] == ["F-length"]
    assert found.warnings == ()


@pytest.mark.timeout(60)
def test_hundreds_of_long_narratives_are_looked_at_in_good_time() -> None:
    """Sixty thousand characters are the most a record may have; held against each other they would take minutes."""
    record = example("wise")
    record["areas"]["family_friends"]["relationships_to_strengthen"] = [f"{PASTED} {number}" for number in range(2_000)]
    findings(record)


def test_the_families_are_read_once() -> None:
    assert checker() is checker()


def test_sketches_are_made_once_for_the_rule_and_for_keeping() -> None:
    record = example("wise", analysis_narrative=PASTED)
    subject = Subject(record, "wise_assessment", POLICY, TODAY, BEFORE)
    assert subject.sketches is subject.sketches
    assert subject.sketches == {place: sketch(text) for place, text in narratives(record, RECORDS["wise_assessment"])}


def test_the_examples_have_texts_to_look_at() -> None:
    assert len(list(every_text(example("wise"), RECORDS["wise_assessment"]))) > 20
