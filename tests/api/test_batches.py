"""`POST /v1/batches`: each record by itself, in order; the same batch again changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.api.batches import BATCH_MAX, ITEMS_MAX
from tests.support.bridge import OLDHAM, STOCKPORT, Bridge
from tests.support.records import MISSING, example

LINES = {"Content-Type": "application/x-ndjson"}
SECRET = "Zebedee Quillfeather"


def submissions(bridge: Bridge) -> int:
    with bridge.database.as_admin() as admin:
        (count,) = admin.execute("SELECT count(*) FROM casework.submission").fetchone() or (0,)
    return int(count)


def good(number: int) -> dict[str, Any]:
    return example("wise", submission_id=f"B-{number}", young_person__la_child_id=f"STK000{number:04}")


def post(bridge: Bridge, items: list[Any], **headers: str) -> TestResponse:
    signed = bridge.headers(STOCKPORT) | headers
    return bridge.casework.post("/v1/batches", json={"items": items}, headers=signed)


def post_lines(bridge: Bridge, lines: list[bytes], **headers: str) -> TestResponse:
    signed = bridge.headers(STOCKPORT) | LINES | headers
    return bridge.casework.post("/v1/batches", data=b"\n".join(lines), headers=signed)


def statuses(answer: TestResponse) -> list[int]:
    assert answer.status_code == 200, answer.text
    items = answer.get_json()["items"]
    assert [item["index"] for item in items] == list(range(len(items)))
    return [item["status"] for item in items]


def test_one_bad_item_never_spoils_the_others(bridge: Bridge) -> None:
    items = [
        good(1),
        example("wise", submission_id="B-2", exploitation__category=MISSING),
        [SECRET],
        example("oldham"),
        good(1) | {"analysis_narrative": "Other."},
        {"record_type": SECRET},
        good(3),
    ]
    answer = post(bridge, items)
    assert statuses(answer) == [201, 422, 400, 403, 409, 422, 201]
    assert answer.get_json()["counts"] == {"received": 2, "replayed": 0, "refused": 5}
    assert [fault["code"] for fault in answer.get_json()["items"][1]["problem"]["errors"]] == ["X-3"]
    assert SECRET not in answer.text
    assert submissions(bridge) == 2


def test_each_receipt_leads_somewhere(bridge: Bridge) -> None:
    (item,) = post(bridge, [good(1)]).get_json()["items"]
    assert bridge.get(item["receipt"]["status_url"], STOCKPORT).get_json()["submission_id"] == "B-1"


def test_the_same_batch_again_is_a_replay_item_by_item(bridge: Bridge) -> None:
    first, again = post(bridge, [good(1), good(2)]), post(bridge, [good(1), good(2)])
    assert (statuses(first), statuses(again)) == ([201, 201], [200, 200])
    before, after = (
        [item["receipt"]["receipt_id"] for item in answer.get_json()["items"]] for answer in (first, again)
    )
    assert before == after


def test_a_record_twice_in_one_batch_is_one_record(bridge: Bridge) -> None:
    assert statuses(post(bridge, [good(1), good(1)])) == [201, 200]


def test_a_correction_may_follow_what_it_corrects(bridge: Bridge) -> None:
    changes = {"submission_id": "B-2", "submission_kind": "correction", "supersedes_submission_id": "B-1"}
    answer = post(bridge, [good(1), good(1) | changes])
    assert statuses(answer) == [201, 201]
    assert answer.get_json()["items"][1]["receipt"]["version"] == 2


def test_an_idempotency_key_stands_for_one_batch(bridge: Bridge) -> None:
    key = {"Idempotency-Key": "nightly-2026-11-20"}
    assert statuses(post(bridge, [good(1)], **key)) == [201]
    assert statuses(post(bridge, [good(1)], **key)) == [200]
    other = post(bridge, [good(2)], **key)
    assert (other.status_code, other.get_json()["type"].rsplit("/", 1)[-1]) == (409, "conflict")
    assert submissions(bridge) == 1


def test_another_authoritys_key_is_its_own(bridge: Bridge) -> None:
    key = {"Idempotency-Key": "nightly"}
    assert statuses(post(bridge, [good(1)], **key)) == [201]
    answer = bridge.casework.post(
        "/v1/batches", json={"items": [example("oldham")]}, headers=bridge.headers(OLDHAM) | key
    )
    assert statuses(answer) == [201]


@pytest.mark.parametrize("key", ["x" * 65, "naïve", "tab\tkey"])
def test_a_key_that_is_none_is_refused(bridge: Bridge, key: str) -> None:
    assert post(bridge, [good(1)], **{"Idempotency-Key": key}).status_code == 400


def test_a_line_that_is_no_json_is_that_lines_affair(bridge: Bridge) -> None:
    lines = [json.dumps(good(1)).encode(), b"{", b"", b"\xff\xfe", b'{"a": 1, "a": 2}', json.dumps(good(2)).encode()]
    assert statuses(post_lines(bridge, lines)) == [201, 400, 400, 400, 201]


@pytest.mark.parametrize("body", [b"{}", b"[", b'"x"', b'{"items": {}}', b"1"])
def test_a_batch_that_is_none_is_refused(bridge: Bridge, body: bytes) -> None:
    headers = bridge.headers(STOCKPORT) | {"Content-Type": "application/json"}
    assert bridge.casework.post("/v1/batches", data=body, headers=headers).status_code == 400


@pytest.mark.parametrize("count", [0, ITEMS_MAX + 1])
def test_a_batch_has_one_to_five_hundred_records(bridge: Bridge, count: int) -> None:
    answer = post(bridge, [{}] * count)
    assert answer.status_code == 413
    assert "500" in answer.get_json()["detail"]


def test_five_hundred_are_taken(bridge: Bridge) -> None:
    assert statuses(post(bridge, [{}] * ITEMS_MAX)) == [422] * ITEMS_MAX


def test_a_batch_beyond_its_bytes_is_refused_unread(bridge: Bridge) -> None:
    headers = bridge.headers(STOCKPORT) | {"Content-Type": "application/json"}
    answer = bridge.casework.post("/v1/batches", data=b" " * (BATCH_MAX + 1), headers=headers)
    assert answer.status_code == 413


def test_a_record_that_is_too_large_for_its_route_is_too_large_in_a_batch(bridge: Bridge) -> None:
    long = json.dumps(good(1) | {"x": "a" * (1024 * 1024)}).encode()
    assert statuses(post_lines(bridge, [long, json.dumps(good(2)).encode()])) == [413, 201]
