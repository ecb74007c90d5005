"""Where records stand: what is open is listed, with its reason and its owner."""

from __future__ import annotations

from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example


def set_state(bridge: Bridge, state: str, reason: str) -> None:
    with bridge.database.as_admin() as connection:
        connection.execute("UPDATE casework.delivery SET state = %s, reason = %s", (state, reason))


def test_what_needs_a_person_is_listed_with_its_owner(bridge: Bridge) -> None:
    receipt = bridge.post(example("wise")).get_json()["receipt_id"]
    set_state(bridge, "needs_human", "dob_mismatch")
    (listed,) = bridge.get("/v1/submissions?state=needs_human", STOCKPORT).get_json()["submissions"]
    assert listed["receipt_id"] == receipt
    assert listed["owner"] == "social work team of the authority"
    assert "date of birth or age does not agree" in listed["explanation"]
    assert bridge.get("/v1/submissions?state=needs_human", SALFORD).get_json()["submissions"] == []
    assert bridge.get("/v1/submissions?state=retry", STOCKPORT).get_json()["submissions"] == []


def test_pages_follow_each_other_without_gap_or_repeat(bridge: Bridge) -> None:
    posted = [
        bridge.post(example("wise", submission_id=f"P-{number}", young_person__la_child_id=f"CHILD{number}")).get_json()
        for number in range(5)
    ]
    seen, path = [], "/v1/submissions?limit=2"
    while path:
        answer = bridge.get(path, STOCKPORT)
        seen += [each["receipt_id"] for each in answer.get_json()["submissions"]]
        path = answer.get_json()["links"].get("next")
    assert seen == [each["receipt_id"] for each in posted]


def test_a_later_record_of_the_same_young_person_says_that_it_waits(bridge: Bridge) -> None:
    bridge.post(example("wise"))
    later = bridge.post(example("wise", submission_id="LATER")).get_json()
    (delivery,) = bridge.get(later["status_url"], STOCKPORT).get_json()["deliveries"]
    assert delivery["explanation"].startswith("Waiting behind an earlier record")


def test_unknown_states_and_cursors_are_refused(bridge: Bridge) -> None:
    for query in ("state=lost", "cursor=abc", "limit=0", "authority=E08000006"):
        assert bridge.get(f"/v1/submissions?{query}", STOCKPORT).status_code == 400
