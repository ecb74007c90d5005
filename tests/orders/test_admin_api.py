"""`/v1/admin/…` over the real casework application."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from werkzeug.test import TestResponse

from service.configuration import profiles
from service.domain.records import RECORDS
from service.live import bundle_of
from service.store.profile_versions import ProfileVersionRows
from tests.store.rows import rows, superuser
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example
from tests.support.servers import Database
from tests.support.training import train_the_workers

READ, ACT, APPROVE, OPEN = "deliveries:read", "deliveries:act", "deliveries:approve", "deliveries:open"
WHY = {"by_ref": "stk-off-1", "because": "asked_for"}


@pytest.fixture(scope="module")
def running(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    built = Bridge(session_database, broker, config_dir, keys_dir)
    yield built
    built.close()


@pytest.fixture
def bridge(running: Bridge, database: Database) -> Bridge:
    train_the_workers(database)
    return running


def ask(bridge: Bridge, path: str, *scopes: str, authority: str = STOCKPORT) -> TestResponse:
    return bridge.casework.get(f"/v1/admin{path}", headers=bridge.headers(authority, *(scopes or (READ,))))


def tell(bridge: Bridge, path: str, body: Any, *scopes: str, authority: str = STOCKPORT) -> TestResponse:
    return bridge.casework.post(f"/v1/admin{path}", json=body, headers=bridge.headers(authority, *(scopes or (ACT,))))


def posted(bridge: Bridge, number: int = 1, **changes: Any) -> str:
    """The reference of a record that waits to be delivered."""
    record = example("wise", submission_id=f"s-{number}", young_person__la_child_id=f"STK00007{number:02}", **changes)
    answer = bridge.post(record)
    assert answer.status_code == 201, answer.text
    query = "SELECT reference FROM casework.delivery WHERE submission_id = %s AND kind = 'record'"
    (found,) = rows(bridge.database, query, answer.get_json()["receipt_id"])
    return str(found["reference"])


def set_scene(bridge: Bridge, reference: str, assignments: str) -> None:
    superuser(bridge.database).execute(f"UPDATE casework.delivery SET {assignments} WHERE reference = %s", (reference,))


def test_held_listed_shown_and_replayed(bridge: Bridge) -> None:
    reference = posted(bridge)
    held = tell(bridge, f"/deliveries/{reference}/hold", WHY | {"ticket": "SD-7"})
    assert (held.status_code, held.get_json()["state"], held.get_json()["reason"]) == (
        200,
        "needs_human",
        "held_by_officer",
    )
    (listed,) = ask(bridge, "/deliveries?state=needs_human&reason=held_by_officer").get_json()["deliveries"]
    assert listed["reference"] == reference
    assert listed["owner"] == "integration officer of the authority"
    shown = ask(bridge, f"/deliveries/{reference}").get_json()
    assert shown["can"]["replay"] == {"possible": True, "leads_to": "ready", "why": "nothing of it can have arrived"}
    assert shown["can"]["hold"]["why"] == "It waits for a person already."
    assert [(each["action"], each["ticket"], each["by"]) for each in shown["orders"]] == [("hold", "SD-7", "stk-off-1")]
    replayed = tell(bridge, f"/deliveries/{reference}/replay", {"by_ref": "stk-off-1", "because": "settled"})
    assert (replayed.status_code, replayed.get_json()["state"]) == (200, "ready")


def test_what_does_not_fit_is_a_conflict_with_the_tables_sentence(bridge: Bridge) -> None:
    reference = posted(bridge)
    answer = tell(bridge, f"/deliveries/{reference}/replay", {"by_ref": "a", "because": "put_right"})
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert answer.get_json()["detail"] == "It waits its turn and needs no help. Hold it first, to decide yourself."


ORDERS = ("hold", "replay", "cancel", "supersede", "evidence", "reopen")


def test_what_is_another_authoritys_and_what_is_missing_look_the_same(bridge: Bridge) -> None:
    """Body and status, for every address that names one."""
    reference = posted(bridge)
    bodies = {
        "hold": WHY,
        "replay": {"by_ref": "a", "because": "put_right"},
        "cancel": WHY,
        "supersede": {"by_ref": "a", "because": "corrected"},
        "evidence": {"by_ref": "a", "because": "seen_there", "record_number": "1", "seen_by_ref": "b"}
        | {"seen_at": "2026-11-20T10:00:00+00:00"},
        "reopen": {"by_ref": "a", "because": "not_found_there"},
    }
    assert set(bodies) == set(ORDERS)
    for verb, body in bodies.items():
        answers = [
            tell(bridge, f"/deliveries/{name}/{verb}", body, authority=SALFORD) for name in (reference, "WB-NONE")
        ]
        assert [each.status_code for each in answers] == [404, 404]
        assert len({each.get_json()["detail"] for each in answers}) == 1
    for path, scope in (("", READ), ("/preview", READ), ("/preview/words?by_ref=a", OPEN)):
        answers = [
            ask(bridge, f"/deliveries/{name}{path}", scope, authority=SALFORD) for name in (reference, "WB-NONE")
        ]
        assert [each.status_code for each in answers] == [404, 404]
    assert ask(bridge, "/deliveries", authority=SALFORD).get_json()["deliveries"] == []
    assert rows(bridge.database, "SELECT FROM casework.officer_order") == []


@pytest.mark.parametrize(
    ("verb", "body", "pointers"),
    [
        ("hold", {}, ["/because", "/by_ref"]),
        ("hold", {"by_ref": "Nan Biscuit", "because": "asked_for"}, ["/by_ref"]),
        ("hold", {"by_ref": "a", "because": "She did not like it"}, ["/because"]),
        ("hold", {"by_ref": "a", "because": "seen_there"}, ["/because"]),
        ("hold", {"by_ref": "a", "because": "asked_for", "ticket": "Nan's file"}, ["/ticket"]),
        ("hold", {"by_ref": "a", "because": "asked_for", "note": "Biscuit"}, ["/note"]),
        ("replay", {"by_ref": "a", "because": "put_right", "not_there": "yes"}, ["/not_there"]),
        ("evidence", {"by_ref": "a", "because": "seen_there"}, ["/record_number", "/seen_at", "/seen_by_ref"]),
        ("reopen", {"by_ref": "a", "because": "asked_for"}, ["/because"]),
    ],
)
def test_what_is_wrong_with_an_order_is_said_all_at_once(
    bridge: Bridge, verb: str, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = tell(bridge, "/deliveries/WB-X/" + verb, body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [each["pointer"] for each in answer.get_json()["errors"]] == pointers
    assert "Biscuit" not in answer.text


@pytest.mark.parametrize(
    "query", ["state=lost", "reason=cross", "older_than=4", "older_than=0h", "limit=0", "cursor=x", "child=1"]
)
def test_a_filter_that_is_none_is_refused(bridge: Bridge, query: str) -> None:
    assert ask(bridge, f"/deliveries?{query}").status_code == 400


def test_pages_follow_each_other_without_gap_or_double(bridge: Bridge) -> None:
    references = {posted(bridge, number) for number in range(5)}
    seen: list[str] = []
    path = "/deliveries?limit=2"
    while path:
        page = ask(bridge, path).get_json()
        seen += [each["reference"] for each in page["deliveries"]]
        path = page["links"].get("next", "").removeprefix("/v1/admin")
    assert len(seen) == 5
    assert set(seen) == references


def test_older_than(bridge: Bridge) -> None:
    old, _ = posted(bridge, 1), posted(bridge, 2)
    set_scene(bridge, old, "state_since = now() - interval '91 minutes'")
    (found,) = ask(bridge, "/deliveries?older_than=90m").get_json()["deliveries"]
    assert found["reference"] == old
    assert found["too_old"] is True


def test_many_are_listed_first_and_done_as_listed(bridge: Bridge) -> None:
    for number in range(2):
        tell(bridge, f"/deliveries/{posted(bridge, number)}/hold", WHY)
    order = {"by_ref": "a", "because": "settled", "reason": "held_by_officer"}
    listed = tell(bridge, "/replays", order | {"dry_run": True}).get_json()
    assert (listed["listed"], listed["batch"], listed["action"]) == (2, None, "replay")
    assert tell(bridge, "/replays", order).status_code == 400
    assert tell(bridge, "/replays", order | {"expect": 2}).status_code == 422
    assert tell(bridge, "/replays", order | {"expect": "0" * 64}).status_code == 409
    done = tell(bridge, "/replays", order | {"expect": listed["digest"]})
    assert (done.status_code, done.get_json()["listed"]) == (200, 2)
    assert {each["leads_to"] for each in done.get_json()["deliveries"]} == {"ready"}
    misfit = tell(bridge, "/replays", order | {"state": "delivered", "dry_run": True})
    assert [each["pointer"] for each in misfit.get_json()["errors"]] == ["/because"]


def test_two_clients_and_two_people_for_what_was_delivered(bridge: Bridge) -> None:
    reference = posted(bridge)
    set_scene(
        bridge,
        reference,
        "state = 'delivered', record_number = 'R1', delivered_at = now(), may_have_arrived = true, fence = 1",
    )
    asked = tell(bridge, f"/deliveries/{reference}/reopen", {"by_ref": "stk-off-1", "because": "not_found_there"})
    assert (asked.status_code, asked.get_json()["outcome"]) == (202, None)
    order = asked.get_json()["order_id"]
    (waiting,) = ask(bridge, "/orders?open=true").get_json()["orders"]
    assert waiting["order_id"] == order
    path, both = f"/orders/{order}/approval", (ACT, APPROVE)
    second = {"by_ref": "stk-off-2", "decision": "approve"}
    asked_and_approved = bridge.headers(STOCKPORT, *both)
    again = bridge.casework.post(
        f"/v1/admin/deliveries/{reference}/reopen",
        json={"by_ref": "stk-off-1", "because": "not_found_there"},
        headers=asked_and_approved,
    )
    assert again.status_code == 409  # another client asked
    same_person = tell(bridge, path, {"by_ref": "stk-off-1", "decision": "approve"}, APPROVE)
    assert same_person.status_code == 409
    assert tell(bridge, path, second, ACT).status_code == 403
    done = tell(bridge, path, second, APPROVE)
    assert (done.status_code, done.get_json()["orders"][0]["outcome"]) == (200, "unknown")
    shown = ask(bridge, f"/deliveries/{reference}").get_json()
    assert (shown["state"], shown["record_number"]) == ("unknown", None)
    assert ask(bridge, "/orders?open=true").get_json()["orders"] == []
    missing = tell(bridge, f"/orders/{uuid4()}/approval", second, APPROVE)
    foreign = tell(bridge, path, second, APPROVE, authority=SALFORD)
    assert missing.status_code == foreign.status_code == 404


def test_the_lane(bridge: Bridge) -> None:
    assert ask(bridge, "/lane").get_json()["hold"] == "open"
    for verb, because, stands in (
        ("pause", "maintenance", "paused"),
        ("stop", "danger", "stopped"),
        ("go-on", "settled", "open"),
    ):
        answer = tell(bridge, f"/lane/{verb}", {"by_ref": "stk-off-1", "because": because})
        assert (answer.status_code, answer.get_json()["hold"]) == (200, stands)
    assert ask(bridge, "/lane", authority=SALFORD).get_json()["hold"] == "open"
    assert tell(bridge, "/lane/stop", {"by_ref": "a", "because": "mapping_fixed"}).status_code == 422


def words_of(record: Any) -> set[str]:
    """Everything longer than a code in it."""
    if isinstance(record, dict):
        return {each for value in record.values() for each in words_of(value)}
    if isinstance(record, list):
        return {each for value in record for each in words_of(value)}
    return {record} if isinstance(record, str) and " " in record else set()


def test_no_answer_of_an_officers_has_a_word_of_the_record(bridge: Bridge) -> None:
    reference = posted(bridge)
    record = example("wise")
    words = words_of(record) | {"STK0000701", record["young_person"]["la_child_id"]}
    assert len(words) > 10
    tell(bridge, f"/deliveries/{reference}/hold", WHY)
    paths = ("/deliveries", f"/deliveries/{reference}", f"/deliveries/{reference}/preview", "/orders", "/lane")
    for text in (ask(bridge, path).text for path in paths):
        assert not [each for each in words if each in text]
    kept = repr(rows(bridge.database, "SELECT * FROM casework.officer_order"))
    assert not [each for each in words if each in kept]
    assert set(RECORDS) >= {"wise_assessment"}


def earlier_mapping(config_dir: Path, folder: Path) -> Path:
    """Yesterday's: two answers were the other way round."""
    shutil.copytree(config_dir, folder)
    file = folder / "mappings" / "lcs" / "statements.yaml"
    text = file.read_text()
    assert text.count("to: wiseAnalysis,") == text.count("to: wiseStabilityOverall,") == 1
    text = text.replace("to: wiseAnalysis,", "to: XX,").replace("to: wiseStabilityOverall,", "to: wiseAnalysis,")
    file.write_text(text.replace("to: XX,", "to: wiseStabilityOverall,"))
    return folder


def test_a_dry_run_tells_what_changed_since_the_last_attempt(bridge: Bridge, tmp_path: Path) -> None:
    reference, path = posted(bridge), "/deliveries/{}/preview"
    never = ask(bridge, path.format(reference)).get_json()
    assert (never["compared"], {each["change"] for each in never["answers"]}) == ("never_sent", {"added"})
    now = profiles(bridge.config_dir)[STOCKPORT].digest
    assert never["profile_digest"] == now
    set_scene(bridge, reference, f"profile_digest = '{now}'")
    same = ask(bridge, path.format(reference)).get_json()
    assert (same["compared"], {each["change"] for each in same["answers"]}) == ("known", {"same"})
    folder = earlier_mapping(bridge.config_dir, tmp_path / "earlier")
    bundle = bundle_of(folder, folder / "authorities" / "stockport.yaml")
    engine = create_engine(bridge.database.url("wise_owner"))
    ProfileVersionRows(engine).draft(bundle, by="officer.one", note="fictional")
    engine.dispose()
    set_scene(bridge, reference, f"profile_digest = '{bundle.digest}'")
    differs = ask(bridge, path.format(reference)).get_json()
    changed = {each["code"]: each for each in differs["answers"] if each["change"] != "same"}
    assert set(changed) == {"wiseAnalysis", "wiseStabilityOverall"}
    one, other = changed["wiseAnalysis"], changed["wiseStabilityOverall"]
    assert (one["length"], one["length_before"]) == (other["length_before"], other["length"])
    assert one["length"] == len(example("wise")["analysis_narrative"])
    assert not {"now", "before"} & set(one)
    set_scene(bridge, reference, f"profile_digest = '{'f' * 64}'")
    unknown = ask(bridge, path.format(reference)).get_json()
    assert (unknown["compared"], {each["change"] for each in unknown["answers"]}) == ("not_kept", {None})
    assert unknown["would"] == {
        "possible": False,
        "leads_to": None,
        "why": "It waits its turn and needs no help. Hold it first, to decide yourself.",
    }


def test_the_words_are_for_who_may_open_records_and_that_they_read_is_noted(bridge: Bridge) -> None:
    reference = posted(bridge)
    path = f"/deliveries/{reference}/preview/words"
    assert ask(bridge, f"{path}?by_ref=stk-off-1", READ, ACT).status_code == 403
    assert ask(bridge, path, OPEN).status_code == 400
    shown = ask(bridge, f"{path}?by_ref=stk-off-1", OPEN).get_json()
    assert example("wise")["analysis_narrative"] in {each["now"] for each in shown["answers"]}
    (noted,) = rows(bridge.database, "SELECT * FROM casework.audit WHERE action = 'delivery_previewed'")
    assert (noted["detail"]["by"], noted["detail"]["words"]) == ("stk-off-1", True)


def test_the_scopes_are_given_on_request_only(bridge: Bridge) -> None:
    usual = bridge.headers(STOCKPORT)
    for path in ("/deliveries", "/orders", "/lane"):
        assert bridge.casework.get(f"/v1/admin{path}", headers=usual).status_code == 403
    assert bridge.casework.post("/v1/admin/lane/stop", json=WHY, headers=usual).status_code == 403
