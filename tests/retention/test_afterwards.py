"""What each address answers for a record whose body was shredded: that it is gone and why, and never a fault."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from service.domain.delivery import State
from service.domain.london import in_words, london_date
from service.store.conservation import difference
from service.store.engine import short_lived_engine
from tests.api.test_feedback import FULL as FEEDBACK
from tests.api.test_supervision import FULL as SUPERVISION
from tests.retention.conftest import House
from tests.store.rows import rows
from tests.support.bridge import OLDHAM, STOCKPORT
from tests.support.records import example

OFFICERS = ("deliveries:read", "deliveries:open")
EXTRACT = "/v1/evaluation-extract?from=2026Q1&to=2026Q4"


@pytest.fixture
def gone(house: House) -> UUID:
    """A record that came by the address, was delivered and is shredded."""
    assert house.bridge.post(example("wise")).status_code == 201
    (found,) = rows(house.desk.database, "SELECT id, submission_id FROM casework.delivery")
    house.desk.deliver(found["id"])
    receipt: UUID = found["submission_id"]
    house.raised(receipt)
    house.pass_days(receipt, 31)
    assert house.run() == 1
    return receipt


def test_the_same_record_again_has_its_receipt(house: House, gone: UUID) -> None:
    again = house.bridge.post(example("wise"))
    assert (again.status_code, again.get_json()["receipt_id"]) == (200, str(gone))
    other = example("wise")
    other["analysis_narrative"] += " And more."
    assert house.bridge.post(other).status_code == 409


def test_receipt_and_deliveries_stay_readable(house: House, gone: UUID) -> None:
    (noted,) = rows(house.desk.database, "SELECT at FROM casework.shredded")
    shown = house.bridge.get(f"/v1/submissions/{gone}", STOCKPORT).get_json()
    assert shown["shredded_at"] == noted["at"].isoformat()
    assert [each["state"] for each in shown["deliveries"]] == [State.DELIVERED]


@pytest.mark.parametrize("reader", ["case_file", "young_person", "professionals"])
def test_a_copy_is_gone_and_says_since_when(house: House, gone: UUID, reader: str) -> None:
    (noted,) = rows(house.desk.database, "SELECT at FROM casework.shredded")
    answer = house.bridge.get(f"/v1/submissions/{gone}/documents/{reader}", STOCKPORT)
    assert (answer.status_code, answer.get_json()["type"].rsplit("/", 1)[1]) == (410, "gone")
    assert in_words(london_date(noted["at"])) in answer.get_json()["detail"]
    assert house.bridge.get(f"/v1/submissions/{gone}/documents/{reader}", OLDHAM).status_code == 404


def test_a_preview_is_gone(house: House, gone: UUID) -> None:
    (found,) = rows(house.desk.database, "SELECT reference FROM casework.delivery WHERE submission_id = %s", gone)
    headers = house.bridge.headers(STOCKPORT, *OFFICERS)
    for path in ("preview", "preview/words?by_ref=stk-off-1"):
        answer = house.bridge.casework.get(f"/v1/admin/deliveries/{found['reference']}/{path}", headers=headers)
        assert answer.status_code == 410, answer.text


def test_its_correction_and_withdrawal_are_taken(house: House, gone: UUID) -> None:
    correction = example("wise", submission_id="C-1", submission_kind="correction")
    correction["supersedes_submission_id"] = example("wise")["submission_id"]
    assert house.bridge.post(correction).status_code == 201


def test_the_next_review_is_judged_without_what_is_gone(house: House, gone: UUID) -> None:
    assert house.bridge.post(example("wise", submission_id="NEXT", submission_kind="review")).status_code in (201, 422)
    assert house.bridge.post(example("wise", submission_id="OTHER")).status_code == 201


def test_a_review_that_came_back_to_life_is_raised(house: House, gone: UUID) -> None:
    """As when the record after it is withdrawn: whom it is about is sealed with the review itself."""
    house.change("UPDATE casework.review SET raised_at = NULL, due_on = '2020-01-01', status = 'open'")
    house.desk.raiser(date(2026, 11, 23)).raise_due()
    task = house.desk.raised()
    house.desk.deliver(task)
    (found,) = rows(house.desk.database, "SELECT state, reason FROM casework.delivery WHERE id = %s", task)
    assert found["state"] == "delivered"


def test_a_review_from_before_it_held_whom_it_is_about_is_a_persons(house: House, gone: UUID) -> None:
    house.change(
        "UPDATE casework.review SET raised_at = NULL, due_on = '2020-01-01', status = 'open', sealed_person = NULL"
    )
    house.desk.raiser(date(2026, 11, 23)).raise_due()
    task = house.desk.raised()
    house.desk.deliver(task)
    (found,) = rows(house.desk.database, "SELECT state, reason FROM casework.delivery WHERE id = %s", task)
    assert (found["state"], found["reason"]) == ("needs_human", "body_shredded")


def test_the_books_balance(house: House, gone: UUID) -> None:
    with short_lived_engine(house.desk.database.url("wise_intake")) as engine:
        assert difference(engine, STOCKPORT, since=date(2020, 1, 1)) == 0


def test_shredded_feedback_and_supervision_are_left_out_or_gone(house: House) -> None:
    headers = house.bridge.headers(STOCKPORT)
    ids = {}
    for kind, path, body in (
        ("feedback", "/v1/feedback", FEEDBACK),
        ("supervision", "/v1/reflective-supervisions", SUPERVISION),
    ):
        answer = house.bridge.casework.post(path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        ids[kind] = answer.get_json()["id"]
    readers = house.bridge.headers(STOCKPORT, "evaluation:read")
    before = house.bridge.casework.get(EXTRACT, headers=readers).get_json()["feedback"]
    assert len(before) == 1
    house.change("UPDATE casework.feedback SET sealed = '\\x00', sealed_consent = '\\x00'")
    house.change("UPDATE casework.supervision SET sealed = '\\x00'")
    opens = house.bridge.headers(STOCKPORT, "supervision:read")
    opened = house.bridge.casework.get(f"/v1/reflective-supervisions/{ids['supervision']}", headers=opens)
    assert opened.status_code == 410
    consent = house.bridge.casework.post(
        f"/v1/feedback/{ids['feedback']}/consent", json=FEEDBACK["evaluation_consent"], headers=headers
    )
    assert consent.status_code == 410, consent.text
    extract = house.bridge.casework.get(EXTRACT, headers=readers)
    assert (extract.status_code, extract.get_json()["feedback"]) == (200, [])
