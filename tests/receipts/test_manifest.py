"""A day's manifest: complete, one authority's, the same for both sides to compare by one value."""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example

WITHDRAWN = {"reason": "wrong_young_person", "decided_by_ref": "stk-sw-21"}
TODAY = datetime.now(ZoneInfo("Europe/London")).date().isoformat()


def child(name: str) -> str:
    """A reference in the form that Stockport's system gives."""
    return f"STK{zlib.crc32(name.encode()) % 10**7:07}"


def accept(bridge: Bridge, *names: str, received_at: str | None = None) -> None:
    for name in names:
        made = bridge.post(example("wise", submission_id=name, young_person__la_child_id=child(name)))
        assert made.status_code == 201, made.text
        if received_at:
            with bridge.database.as_admin() as admin:
                admin.execute(
                    "UPDATE casework.submission SET received_at = %s WHERE sender_ref = %s", (received_at, name)
                )


def manifest(bridge: Bridge, day: str = TODAY, query: str = "", authority: str = STOCKPORT) -> dict[str, Any]:
    answer = bridge.get(f"/v1/manifests/{day}{query}", authority)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [each["submission_id"] for each in found["submissions"]]


def shell_digest(*names: str) -> str:
    """As `LC_ALL=C sort | sha256sum` gives it."""
    return hashlib.sha256(b"".join(name + b"\n" for name in sorted(each.encode() for each in names))).hexdigest()


def test_it_lists_what_was_accepted_with_its_state(bridge: Bridge) -> None:
    accept(bridge, "b", "A", "Z-1")
    with bridge.database.as_admin() as admin:
        admin.execute(
            "UPDATE casework.delivery SET state = 'needs_human' WHERE seq = (SELECT max(seq) FROM casework.delivery)"
        )
    found = manifest(bridge)
    assert {name: found[name] for name in ("authority", "day", "sent_by", "closed")} == {
        "authority": STOCKPORT, "day": TODAY, "sent_by": None, "closed": False,
    }  # fmt: skip
    assert found["counts"] == {"accepted": 3, "by_state": {"ready": 2, "needs_human": 1}}
    assert [(each["submission_id"], each["state"]) for each in found["submissions"]] == [
        ("b", "ready"), ("A", "ready"), ("Z-1", "needs_human"),
    ]  # fmt: skip
    assert found["ids_sha256"] == shell_digest("b", "A", "Z-1")
    status = bridge.get(f"/v1/submissions/{found['submissions'][0]['receipt_id']}", STOCKPORT).get_json()
    assert (status["submission_id"], status["received_at"]) == ("b", found["submissions"][0]["received_at"])


def test_pages_follow_each_other_and_the_first_has_the_sums(bridge: Bridge) -> None:
    accept(bridge, *"EDCBA")
    found, seen = manifest(bridge, query="?limit=2"), []
    whole = found
    while True:
        seen += ids(found)
        if "next" not in found["links"]:
            break
        found = bridge.get(found["links"]["next"], STOCKPORT).get_json()
        assert set(found) == {"submissions", "links"}
    assert seen == [*"EDCBA"]
    assert (whole["counts"]["accepted"], whole["ids_sha256"]) == (5, shell_digest(*"ABCDE"))


def test_a_day_is_londons(bridge: Bridge) -> None:
    accept(bridge, "EVE", received_at="2026-07-30 22:59:59+00")
    accept(bridge, "FIRST", received_at="2026-07-30 23:00+00")
    accept(bridge, "LAST", received_at="2026-07-31 22:59:59+00")
    accept(bridge, "NEXT", received_at="2026-07-31 23:00+00")
    found = manifest(bridge, "2026-07-31")
    assert (ids(found), found["closed"]) == (["FIRST", "LAST"], True)
    assert found["ids_sha256"] == shell_digest("FIRST", "LAST")


def test_an_empty_day_has_the_digest_of_nothing(bridge: Bridge) -> None:
    found = manifest(bridge, "2026-07-31")
    assert (found["counts"], found["ids_sha256"]) == ({"accepted": 0, "by_state": {}}, hashlib.sha256().hexdigest())


def test_another_authoritys_is_empty(bridge: Bridge) -> None:
    accept(bridge, "A")
    found = manifest(bridge, authority=SALFORD)
    assert (ids(found), found["counts"]["accepted"], found["authority"]) == ([], 0, SALFORD)


def test_what_other_clients_of_the_authority_sent_can_be_left_out(bridge: Bridge) -> None:
    accept(bridge, "MINE")
    other = bridge.headers(STOCKPORT, "records:read", "records:write")
    record = example("wise", submission_id="THEIRS", young_person__la_child_id=child("THEIRS"))
    assert bridge.casework.post("/v1/wise-assessments", json=record, headers=other).status_code == 201
    assert ids(manifest(bridge)) == ["MINE", "THEIRS"]
    mine = manifest(bridge, query="?sent_by=me")
    assert (ids(mine), mine["counts"]["accepted"], mine["ids_sha256"]) == (["MINE"], 1, shell_digest("MINE"))
    assert mine["sent_by"].startswith("wb-")


def test_a_withdrawal_of_what_never_left_has_nothing_to_deliver(bridge: Bridge) -> None:
    accept(bridge, "A")
    record = example("wise")
    withdrawal = {
        "schema_version": record["schema_version"], "record_type": "wise_assessment", "submission_id": "W",
        "submission_kind": "withdrawal", "supersedes_submission_id": "A", "authority": STOCKPORT,
        "withdrawal": WITHDRAWN, "young_person": {"la_child_id": child("A")},
    }  # fmt: skip
    answer = bridge.post(withdrawal)
    assert answer.status_code == 201, answer.text
    states = {each["submission_id"]: each["state"] for each in manifest(bridge)["submissions"]}
    assert states == {"A": "cancelled", "W": "nothing_to_deliver"}


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday", "2026-02-30", "0001-01-01"])
def test_a_day_that_is_none_or_not_yet_is_not_there(bridge: Bridge, day: str) -> None:
    assert bridge.get(f"/v1/manifests/{day}", STOCKPORT).status_code == 404


@pytest.mark.parametrize("query", ["sent_by=you", "state=open", "limit=0", "cursor=x"])
def test_what_it_does_not_take_is_refused(bridge: Bridge, query: str) -> None:
    assert bridge.get(f"/v1/manifests/{TODAY}?{query}", STOCKPORT).status_code == 400
