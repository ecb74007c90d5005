"""Receiving a record: what is kept, what is answered, and what the same record twice means."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import MISSING, NAMES, example


def counts(bridge: Bridge) -> dict[str, int]:
    tables = ("casework.submission", "casework.payload", "casework.delivery", "casework.review", "central.fact")
    with bridge.database.as_admin() as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_accepted_as_it_stands(bridge: Bridge, name: str) -> None:
    answer = bridge.post(example(name))
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == answer.get_json()["status_url"]
    assert set(counts(bridge).values()) == {1}


def test_the_register_says_with_the_record_whether_training_held(bridge: Bridge) -> None:
    bridge.post(example("wise"))
    with bridge.database.as_admin() as connection:
        found = connection.execute(
            "SELECT training_current, first_or_review, succeeded_in FROM central.fact"
        ).fetchall()
    assert found == [("yes", "review", "not_yet")]


def test_the_same_record_again_is_the_same_receipt(bridge: Bridge) -> None:
    first = bridge.post(example("wise"))
    again = bridge.post(example("wise", submitted_at="2026-09-17T08:00:00+01:00"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json()["receipt_id"] == first.get_json()["receipt_id"]
    assert again.get_json()["replayed"] is True
    assert set(counts(bridge).values()) == {1}


def test_the_same_id_with_other_content_is_a_conflict(bridge: Bridge) -> None:
    bridge.post(example("wise"))
    answer = bridge.post(example("wise", analysis_narrative="Something else entirely."))
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    assert set(counts(bridge).values()) == {1}


def test_racing_senders_make_one_record(bridge: Bridge) -> None:
    record, headers = example("wise"), bridge.headers(STOCKPORT)
    app = bridge.casework.application

    def post(_: int) -> int:
        return app.test_client().post("/v1/wise-assessments", json=record, headers=headers).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = sorted(pool.map(post, range(24)))
    assert statuses == [200] * 23 + [201]
    assert set(counts(bridge).values()) == {1}


def test_two_authorities_may_use_the_same_id(bridge: Bridge) -> None:
    bridge.post(example("wise", submission_id="A-1"))
    assert bridge.post(example("rise", submission_id="A-1")).status_code == 201


def test_a_refused_record_leaves_nothing_but_an_audit_line(bridge: Bridge) -> None:
    answer = bridge.post(example("wise", analysis_narrative=MISSING, exploitation__category="high"))
    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.get_json()["errors"]} == {
        "/analysis_narrative",
        "/exploitation/category",
    }
    assert set(counts(bridge).values()) == {0}
    with bridge.database.as_admin() as connection:
        query = "SELECT action, subject_id, detail FROM casework.audit WHERE subject_type <> 'client'"
        rows = connection.execute(query).fetchall()
    assert rows == [("record_refused", "-", {"record_type": "wise_assessment", "rules": "F-missing,X-2"})]


def test_another_authoritys_record_is_refused_without_a_hint(bridge: Bridge) -> None:
    bridge.post(example("wise"))
    known = bridge.post(example("wise"), authority=SALFORD)
    unknown = bridge.post(example("wise", young_person__la_child_id="NOSUCH1"), authority=SALFORD)
    assert known.status_code == unknown.status_code == 403
    assert known.get_json()["detail"] == unknown.get_json()["detail"]


def test_another_authoritys_receipt_looks_like_a_missing_one(bridge: Bridge) -> None:
    receipt = bridge.post(example("wise")).get_json()["status_url"]
    foreign, missing = bridge.get(receipt, SALFORD), bridge.get("/v1/submissions/not-a-receipt", SALFORD)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.get_json()["detail"] == missing.get_json()["detail"]
    assert bridge.get(receipt, STOCKPORT).status_code == 200


def test_warnings_come_with_the_receipt(bridge: Bridge) -> None:
    answer = bridge.post(example("wise", young_person__age_at_completion=MISSING))
    assert answer.status_code == 201
    assert [warning["code"] for warning in answer.get_json()["warnings"]] == ["Y2"]


def test_validate_looks_for_names_and_intake_does_not(bridge: Bridge) -> None:
    """Whoever checks before saving is told, by place and kind; what is sent is judged by its numbers only, as ever."""
    record = example("wise", analysis_narrative="He was seen with Oluwadamilola near the shops.")

    checked = bridge.casework.post("/v1/wise-assessments/validate", json=record, headers=bridge.headers(STOCKPORT))
    sent = bridge.post(record)

    (warning,) = checked.get_json()["warnings"]
    assert (warning["code"], warning["pointer"]) == ("X-8", "/analysis_narrative")
    assert "a person's name" in warning["detail"]
    assert "Oluwa" not in checked.text
    assert (sent.status_code, sent.get_json()["warnings"]) == (201, [])


def test_validate_stores_nothing(bridge: Bridge) -> None:
    answer = bridge.casework.post(
        "/v1/wise-assessments/validate", json=example("wise"), headers=bridge.headers(STOCKPORT)
    )
    assert answer.get_json() == {"valid": True, "errors": [], "holds": [], "warnings": []}
    assert set(counts(bridge).values()) == {0}
