"""K-5: what a correction or a withdrawal may name; and that no other rule judges a withdrawal."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.faults import Findings
from service.domain.policy import Policy
from service.domain.rules import Earlier, Known
from tests.domain.test_rules_case import Case, assert_only_this_is_refused, findings, ids, places
from tests.support.records import MISSING, example

NAMED = "/supersedes_submission_id"
CORRECTION = {"submission_kind": "correction", "supersedes_submission_id": "SK-2026-000040"}
STANDS = Earlier("wise_assessment", same_young_person=True, withdrawn=False, newest=True)


def known(**changes: Any) -> Known:
    return Known(named=Earlier(**{**vars(STANDS), **changes}), looked_up=True)


CASES = [
    Case("K-5", "wise", {"submission_kind": "correction"}, NAMED, "A correction says which record it corrects."),
    Case("K-5", "nwg", {"submission_kind": "correction"}, NAMED, "Give the `submission_id` of that record."),
    Case("K-5", "nwg", {"supersedes_submission_id": "TAM-N-0001"}, NAMED,
         "Only a correction or a withdrawal names an earlier record."),
    Case("K-5", "wise", {"supersedes_submission_id": "SK-1"}, NAMED, "Leave this out, or send the record as a"),
    Case("K-5", "wise", CORRECTION, NAMED, "There is no such record here.", known=Known(looked_up=True)),
    Case("K-5", "wise", CORRECTION, NAMED, "A record of the wrong young person is withdrawn, not corrected",
         known=known(same_young_person=False)),
    Case("K-5", "wise", CORRECTION, NAMED, "of another kind", known=known(record_type="nwg_assessment")),
    Case("K-5", "wise", CORRECTION, NAMED, "The record this names was withdrawn.", known=known(withdrawn=True)),
    Case("K-5", "wise", CORRECTION, NAMED, "was withdrawn", known=known(withdrawn=True, newest=False)),
    Case("K-5", "wise", CORRECTION, NAMED, "Name its newest version.", known=known(newest=False)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_record_that_breaks_one_of_these_is_told_just_that(case: Case) -> None:
    assert_only_this_is_refused(case)


def test_a_correction_of_the_newest_version_is_accepted() -> None:
    assert findings(example("wise", **CORRECTION), known=known()) == Findings()
    assert findings(example("wise", **CORRECTION)) == Findings(), "not looked up is not the same as not there"


def test_a_record_that_names_none_is_not_told_that_it_is_not_here() -> None:
    assert findings(example("wise"), known=Known(looked_up=True)) == Findings()
    assert places(findings(example("wise", supersedes_submission_id="SK-1"), known=known())) == [(NAMED, "K-5")]
    (fault,) = findings(example("wise", submission_kind="correction"), known=Known(looked_up=True)).errors
    assert fault.detail == "A correction says which record it corrects."


def test_a_new_record_may_say_that_it_replaces_nothing() -> None:
    assert findings(example("wise", supersedes_submission_id=None)) == Findings()
    assert findings(example("wise", supersedes_submission_id=MISSING)) == Findings()


def test_of_another_young_persons_record_nothing_else_is_told() -> None:
    """Whether it was withdrawn or corrected is that young person's affair."""
    told = {
        findings(example("wise", **CORRECTION), known=known(same_young_person=False, withdrawn=gone, newest=new)).errors
        for gone in (True, False)
        for new in (True, False)
    }
    assert len(told) == 1


def withdrawal(**changes: Any) -> dict[str, Any]:
    record: dict[str, Any] = {
        "schema_version": "1.0",
        "record_type": "wise_assessment",
        "authority": "E08000007",
        "submission_id": "SK-W-1",
        "submission_kind": "withdrawal",
        "supersedes_submission_id": "SK-2026-000040",
        "young_person": {"la_child_id": "STK0000417"},
        "withdrawal": {"reason": "wrong_young_person", "decided_by_ref": "stk-sm-2"},
    }
    return {name: value for name, value in (record | changes).items() if value is not MISSING}


def test_a_withdrawal_has_nothing_of_a_record_and_is_not_asked_for_it() -> None:
    assert findings(withdrawal()) == Findings()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"supersedes_submission_id": MISSING}, (NAMED, "F-missing")),
        ({"capture_mode": "paper"}, ("/entered_on", "E1")),
        ({"young_person": {"la_child_id": "STK 1"}}, ("/young_person/la_child_id", "Y5")),
        ({"young_person": {"la_child_id": "STK1", "sex": "F"}}, ("/young_person/sex", "X-1")),
        ({"withdrawal": {"reason": "no", "decided_by_ref": "stk-sm-2"}}, ("/withdrawal/reason", "F-code")),
        ({"analysis_narrative": "Fictional."}, ("/analysis_narrative", "X-1")),
    ],
    ids=str,
)  # fmt: skip
def test_a_withdrawal_that_is_wrong_is_told_so(changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert places(findings(withdrawal(**changes))) == [fault]


@pytest.mark.parametrize(
    "world", [Known(looked_up=True), known(same_young_person=False), known(withdrawn=True), known(newest=False)]
)
def test_a_withdrawal_names_a_record_that_stands(world: Known) -> None:
    assert places(findings(withdrawal(), known=world)) == [(NAMED, "K-5")]
    assert findings(withdrawal(), known=known()) == Findings()


def test_a_withdrawal_is_only_taken_where_the_instrument_is_in_use() -> None:
    elsewhere = Policy("E08000007", "Stockport", {"nwg_assessment": "a form"})
    assert places(findings(withdrawal(), elsewhere)) == [("/record_type", "K-2")]
