"""What waits for a person: it is accepted, listed with its owner, kept out of copies, and let go once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.documents.pdf_reader import read
from tests.support.bridge import OLDHAM, STOCKPORT, Bridge
from tests.support.records import example

NAME = "Zebedee Quillfeather"


def with_name_in_text(**changes: Any) -> dict[str, Any]:
    return example(
        "wise",
        risk_subjects__0__known_name=NAME,
        areas__people_places__context_summary=f"{NAME} waits near the interchange.",
        **changes,
    )


def held(bridge: Bridge) -> tuple[dict[str, Any], str]:
    receipt = bridge.post(with_name_in_text()).get_json()
    return receipt["holds"][0], receipt["receipt_id"]


def release(bridge: Bridge, hold_id: str, authority: str = STOCKPORT) -> int:
    return bridge.casework.post(
        f"/v1/holds/{hold_id}/release", json={"decided_by_ref": "stk-sw-2"}, headers=bridge.headers(authority)
    ).status_code


def document(bridge: Bridge, receipt_id: str, audience: str, authority: str = STOCKPORT) -> Any:
    return bridge.get(f"/v1/submissions/{receipt_id}/documents/{audience}", authority)


def test_a_record_that_is_held_is_accepted_and_says_what_is_held(bridge: Bridge) -> None:
    hold, receipt_id = held(bridge)
    assert (hold["code"], hold["pointer"]) == ("TP2", "/areas/people_places/context_summary")
    assert hold["owner"] == "social work team of the authority"
    (listed,) = bridge.get("/v1/holds", STOCKPORT).get_json()["holds"]
    assert (listed["hold_id"], listed["receipt_id"]) == (hold["hold_id"], receipt_id)
    assert bridge.get(f"/v1/submissions/{receipt_id}", STOCKPORT).get_json()["deliveries"][0]["state"] == "ready"


def test_no_answer_repeats_the_name(bridge: Bridge) -> None:
    answers = [bridge.post(with_name_in_text()), bridge.get("/v1/holds", STOCKPORT)]
    assert all(NAME not in answer.text and "Quillfeather" not in answer.text for answer in answers)


def test_a_held_part_is_in_no_copy_but_the_case_file(bridge: Bridge) -> None:
    _, receipt_id = held(bridge)
    shown = {each: read(document(bridge, receipt_id, each).data).tagged for each in ("case_file", "professionals")}
    assert NAME in shown["case_file"]
    assert NAME not in shown["professionals"]
    assert "being checked" in shown["professionals"]


def test_a_hold_is_released_once_by_somebody_who_is_named(bridge: Bridge) -> None:
    hold, receipt_id = held(bridge)
    assert [release(bridge, hold["hold_id"]) for _ in range(2)] == [200, 404]
    assert bridge.get("/v1/holds", STOCKPORT).get_json()["holds"] == []
    (shown,) = bridge.get(f"/v1/submissions/{receipt_id}", STOCKPORT).get_json()["holds"]
    assert shown["released_by"] == "stk-sw-2"


def test_a_hold_is_its_own_authoritys(bridge: Bridge) -> None:
    hold, _ = held(bridge)
    assert bridge.get("/v1/holds", OLDHAM).get_json()["holds"] == []
    assert [release(bridge, each, OLDHAM) for each in (hold["hold_id"], str(uuid4()), "x")] == [404] * 3


@pytest.mark.parametrize("body", [{}, {"decided_by_ref": "two words"}, {"decided_by_ref": "a", "note": "x"}, {"x": 1}])
def test_who_looked_must_be_said_and_nothing_else(bridge: Bridge, body: dict[str, Any]) -> None:
    hold, _ = held(bridge)
    answer = bridge.casework.post(f"/v1/holds/{hold['hold_id']}/release", json=body, headers=bridge.headers(STOCKPORT))
    assert answer.status_code == 400


def test_documents_are_the_authoritys_own(bridge: Bridge) -> None:
    receipt_id = bridge.post(example("wise")).get_json()["receipt_id"]
    assert document(bridge, receipt_id, "case_file").data.startswith(b"%PDF-")
    assert document(bridge, receipt_id, "case_file", OLDHAM).status_code == 404
    assert document(bridge, receipt_id, "neighbours").status_code == 404
    assert document(bridge, "x", "case_file").status_code == 404


def test_the_list_of_copies_leads_to_each(bridge: Bridge) -> None:
    receipt_id = bridge.post(example("wise")).get_json()["receipt_id"]
    links = bridge.get(f"/v1/submissions/{receipt_id}/documents", STOCKPORT).get_json()["documents"]
    assert set(links) == {"case_file", "young_person", "family", "professionals", "supervision"}
    assert all(bridge.get(link, STOCKPORT).mimetype == "application/pdf" for link in links.values())


def test_a_refused_copy_says_by_which_rule(bridge: Bridge) -> None:
    record = example("wise", young_person__restricted_record=True)
    receipt_id = bridge.post(record).get_json()["receipt_id"]
    answer = document(bridge, receipt_id, "family")
    assert answer.status_code == 403
    assert [fault["code"] for fault in answer.get_json()["errors"]] == ["C1"]


def test_what_was_withdrawn_or_corrected_stands_no_longer(bridge: Bridge) -> None:
    first = bridge.post(example("wise")).get_json()["receipt_id"]
    changes = {"submission_kind": "correction", "supersedes_submission_id": "SK-2026-000041"}
    second = bridge.post(example("wise", submission_id="C", **changes)).get_json()["receipt_id"]
    assert document(bridge, first, "case_file").status_code == 200
    gone = document(bridge, first, "professionals")
    assert (gone.status_code, second in gone.get_json()["detail"]) == (410, True)
    withdrawal = {
        "schema_version": "1.0",
        "record_type": "wise_assessment",
        "authority": STOCKPORT,
        "submission_id": "W",
        "submission_kind": "withdrawal",
        "supersedes_submission_id": "C",
        "young_person": {"la_child_id": "STK0000417"},
        "withdrawal": {"reason": "wrong_young_person", "decided_by_ref": "stk-sw-21"},
    }
    assert bridge.post(withdrawal).status_code == 201
    assert [document(bridge, each, "case_file").status_code for each in (first, second)] == [410, 410]
    status = bridge.get(f"/v1/submissions/{second}", STOCKPORT).get_json()
    assert status["withdrawn_by"]
    assert status["deliveries"][0]["state"] == "cancelled"
