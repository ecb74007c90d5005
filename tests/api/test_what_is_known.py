"""Rules that look beyond the record: the register, the record before, the meeting, the running clock."""

from __future__ import annotations

from typing import Any

from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example
from tests.support.training import register

TEXT = "Adults outside the family arrange lifts late at night; she has told her worker that she wants this to stop now."


def errors(bridge: Bridge, record: dict[str, Any]) -> list[tuple[str, str]]:
    answer = bridge.post(record)
    assert answer.status_code == 422, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.get_json()["errors"]]


def warnings(bridge: Bridge, record: dict[str, Any]) -> list[tuple[str, str]]:
    answer = bridge.post(record)
    assert answer.status_code == 201, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.get_json()["warnings"]]


def test_training_is_asked_of_the_register(bridge: Bridge) -> None:
    untrained = example("wise", assessor__professional_ref="stk-sw-99")
    assert errors(bridge, untrained) == [("/assessor/professional_ref", "T1")]
    register(bridge.database, STOCKPORT, "stk-sw-99", "wise_core")
    assert bridge.post(untrained).status_code == 201


def test_an_exception_lets_an_urgent_record_through_and_flags_it(bridge: Bridge) -> None:
    exception = {"reason": "Urgent; the worker is booked for March.", "approved_by": "stk-tm-1"}
    record = example("wise", assessor__professional_ref="stk-sw-99", schema_version="1.1", training_exception=exception)
    assert ("/assessor/professional_ref", "T1") in warnings(bridge, record)


def test_validate_knows_as_much_as_the_intake(bridge: Bridge) -> None:
    answer = bridge.casework.post(
        "/v1/wise-assessments/validate",
        json=example("wise", assessor__professional_ref="stk-sw-99"),
        headers=bridge.headers(STOCKPORT),
    )
    assert [fault["code"] for fault in answer.get_json()["errors"]] == ["T1"]


def test_the_same_meeting_twice_is_told(bridge: Bridge) -> None:
    assert bridge.post(example("rise")).status_code == 201
    again = example("rise", submission_id="OTHER", analysis_narrative="Other.")
    assert errors(bridge, again) == [("/attached_to/process_ref", "M7")]
    assert bridge.post(example("rise")).status_code == 200


def test_the_same_meeting_about_another_young_person_is_another_record(bridge: Bridge) -> None:
    assert bridge.post(example("rise")).status_code == 201
    sibling = example("rise", submission_id="OTHER", young_person__la_child_id="SAL88121")
    assert bridge.post(sibling).status_code == 201


def test_a_copied_narrative_is_told_without_its_text(bridge: Bridge) -> None:
    assert warnings(bridge, example("wise", analysis_narrative=TEXT)) == []
    review = example("wise", submission_id="LATER", analysis_narrative=TEXT + " ")
    answer = bridge.post(review)
    told = {fault["pointer"]: fault for fault in answer.get_json()["warnings"]}
    assert told["/analysis_narrative"]["code"] == "X-7"
    assert "arrange lifts" not in answer.text


def test_the_same_words_about_another_young_person_are_nobodys_copy(bridge: Bridge) -> None:
    assert warnings(bridge, example("wise", analysis_narrative=TEXT)) == []
    other = example("wise", submission_id="OTHER", young_person__la_child_id="STK0000418", analysis_narrative=TEXT)
    assert warnings(bridge, other) == []


def test_an_event_does_not_put_a_review_off(bridge: Bridge) -> None:
    assert bridge.post(example("wise", review__due_on="2026-12-01")).status_code == 201
    event = example("wise", submission_id="EVENT", review__basis="event", review__due_on="2026-12-10")
    assert ("/review/due_on", "R4") in errors(bridge, event)


def test_a_correction_of_another_young_persons_record_is_refused(bridge: Bridge) -> None:
    assert bridge.post(example("wise")).status_code == 201
    changes = {"submission_id": "C", "submission_kind": "correction", "supersedes_submission_id": "SK-2026-000041"}
    wrong = example("wise", young_person__la_child_id="STK0000418", **changes)
    assert errors(bridge, wrong) == [("/supersedes_submission_id", "K-5")]
    nowhere = example("wise", **changes | {"supersedes_submission_id": "NOWHERE"})
    assert errors(bridge, nowhere) == [("/supersedes_submission_id", "K-5")]


def test_another_authoritys_record_is_as_good_as_none(bridge: Bridge) -> None:
    assert bridge.post(example("oldham")).status_code == 201
    changes = {"submission_id": "C", "submission_kind": "correction", "supersedes_submission_id": "OLD-W-0012"}
    answer = bridge.post(example("wise", **changes))
    assert answer.get_json()["errors"][0]["detail"] == "There is no such record here."


def test_a_faulty_nhs_number_may_be_left_out_where_the_authority_says_so(bridge: Bridge) -> None:
    record = example("wise", young_person__nhs_number="9990000019")
    assert errors(bridge, record) == [("/young_person/nhs_number", "Y1")]
