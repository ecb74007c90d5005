"""`GET /v1/submissions?changed_since=`: a sender who keeps its cursor hears of everything."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from service.domain.delivery import State
from tests.store.rows import superuser
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example


def post(bridge: Bridge, number: int) -> str:
    sent = example("wise", submission_id=f"P-{number}", young_person__la_child_id=f"CHILD{number}")
    return bridge.post(sent).get_json()["receipt_id"]


def asked(bridge: Bridge, since: str, authority: str = STOCKPORT, **more: Any) -> dict[str, Any]:
    query = {"changed_since": since, **more}
    answer = bridge.casework.get("/v1/submissions", query_string=query, headers=bridge.headers(authority))
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def cancel(bridge: Bridge, receipt: str) -> None:
    store = bridge.store("wise_intake")
    with store.transaction(STOCKPORT) as tx:
        for delivery in tx.deliveries.of_submission(tx.submissions.get(receipt).id):
            assert tx.deliveries.set_aside(delivery.id, State.CANCELLED)


def test_left_empty_it_begins_with_everything_and_the_cursor_goes_on(bridge: Bridge) -> None:
    receipts = [post(bridge, n) for n in range(3)]
    first = asked(bridge, "")
    assert [each["receipt_id"] for each in first["submissions"]] == receipts
    assert first["links"] == {}
    again = asked(bridge, first["cursor"])
    assert again["submissions"] == []
    cancel(bridge, receipts[1])
    (changed,) = asked(bridge, again["cursor"])["submissions"]
    assert (changed["receipt_id"], changed["state"]) == (receipts[1], "cancelled")
    assert changed["reference"].startswith("WB-")


def test_now_begins_with_what_changes_from_now_on(bridge: Bridge) -> None:
    post(bridge, 1)
    cursor = asked(bridge, "now")["cursor"]
    assert asked(bridge, cursor)["submissions"] == []
    later = post(bridge, 2)
    assert [each["receipt_id"] for each in asked(bridge, cursor)["submissions"]] == [later]


def test_pages_of_one_run_follow_each_other(bridge: Bridge) -> None:
    receipts, seen, path = [post(bridge, n) for n in range(5)], [], "/v1/submissions?changed_since=&limit=2"
    while path:
        answer = bridge.get(path, STOCKPORT).get_json()
        seen += [each["receipt_id"] for each in answer["submissions"]]
        path = answer["links"].get("next")
    assert seen == receipts
    assert asked(bridge, answer["cursor"])["submissions"] == []


def test_another_authority_hears_nothing_even_with_the_cursor(bridge: Bridge) -> None:
    cursor = asked(bridge, "now")["cursor"]
    post(bridge, 1)
    assert asked(bridge, cursor, SALFORD)["submissions"] == []


def test_a_cursor_from_before_a_restore_is_answered_in_words(bridge: Bridge) -> None:
    cursor = asked(bridge, "")["cursor"]
    superuser(bridge.database).execute("UPDATE casework.bridge SET since = since + interval '1 second'")
    answer = bridge.get(f"/v1/submissions?changed_since={cursor}", STOCKPORT)
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
    problem = answer.get_json()
    assert problem["type"].endswith("/cursor-gone")
    assert "restored from a backup" in problem["detail"]
    assert "`changed_since=` left empty" in problem["detail"]
    assert asked(bridge, "")["submissions"] == []


def in_base64(words: str) -> str:
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "NOW",
        "ä",
        "a" * 500,
        in_base64("c1 h 1"),
        in_base64("c1 h -1 00000000000000000000000000000000 "),
        in_base64("c1 h 1 00000000000000000000000000000000 x"),
        in_base64("c1 h ² 00000000000000000000000000000000 "),
        in_base64("c1 h 1 zz "),
        in_base64("c2 h 1 00000000000000000000000000000000 "),
    ],
)
def test_what_was_never_ours_is_refused(bridge: Bridge, cursor: str) -> None:
    query = {"changed_since": cursor}
    answer = bridge.casework.get("/v1/submissions", query_string=query, headers=bridge.headers(STOCKPORT))
    assert answer.status_code == 400
    assert "`changed_since` is empty, `now`, or a cursor" in answer.get_json()["detail"]


def test_a_number_too_large_for_any_database_is_no_fault_of_ours(bridge: Bridge) -> None:
    parts = ("c1", "h", "9" * 30, "0" * 32, "")
    answer = bridge.get(f"/v1/submissions?changed_since={in_base64(' '.join(parts))}", STOCKPORT)
    assert answer.status_code == 410


def test_filters_that_would_do_nothing_are_refused(bridge: Bridge) -> None:
    for query in ("changed_since=&state=delivered", "changed_since=&cursor=x", "changed_since=now&limit=0"):
        assert bridge.get(f"/v1/submissions?{query}", STOCKPORT).status_code == 400
