"""`/v1/reflective-supervisions`: for the workers' own record; no record of a young person waits for it or shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.api.scopes import AUTHORITY_SCOPES
from service.domain.participation.supervision import MODES, SUPERVISION
from service.domain.rules.catalogue import RULES
from tests.documents.pdf_reader import read
from tests.store.rows import actions, let_go, rows
from tests.support.bridge import HUB, SALFORD, STOCKPORT, Bridge
from tests.support.records import MISSING, example, put
from tests.support.servers import Database
from tests.support.stored import holding

PATH = "/v1/reflective-supervisions"
MARK = "Zq7mkr"
FULL: Mapping[str, Any] = {
    "authority": STOCKPORT,
    "supervision_id": "RS-1",
    "held_on": "2026-09-18",
    "mode": "group",
    "supervisor_ref": "stk-tm-2",
    "participants_refs": ["stk-sw-21", "stk-sw-22"],
    "topics": ["bias", "decision_impact", "wellbeing"],
    "notes": "We asked what we had taken for granted.",
    "link_submission_id": "SK-2026-000041",
}
CORE: Mapping[str, Any] = {
    name: FULL[name] for name in ("authority", "supervision_id", "held_on", "mode", "participants_refs")
}


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


def supervision(**changes: Any) -> dict[str, Any]:
    """A copy; changes as in `tests.support.records.example`."""
    made: dict[str, Any] = json.loads(json.dumps(FULL))
    for path, value in changes.items():
        put(made, path.split("__"), value)
    return made


def post(bridge: Bridge, body: Any, authority: str = STOCKPORT) -> TestResponse:
    return bridge.casework.post(PATH, json=body, headers=bridge.headers(authority))


def kept(bridge: Bridge, **changes: Any) -> str:
    """Its id."""
    answer = post(bridge, supervision(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def opened(bridge: Bridge, supervision_id: str, authority: str = STOCKPORT) -> TestResponse:
    headers = bridge.headers(authority, "supervision:read")
    return bridge.casework.get(f"{PATH}/{supervision_id}", headers=headers)


def listed(bridge: Bridge, authority: str = STOCKPORT) -> list[dict[str, Any]]:
    answer = bridge.get(PATH, authority)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["reflective_supervisions"]
    return found


def test_it_is_kept_and_sent_again_is_the_same(bridge: Bridge) -> None:
    first, again = post(bridge, supervision()), post(bridge, dict(reversed(supervision().items())))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json() | {"replayed": True}
    assert len(listed(bridge)) == 1


def test_the_same_id_with_other_notes_is_a_conflict(bridge: Bridge) -> None:
    supervision_id = kept(bridge)
    answer = post(bridge, supervision(notes=f"{MARK} other"))
    assert answer.status_code == 409
    assert MARK not in answer.text
    assert opened(bridge, supervision_id).get_json()["notes"] == FULL["notes"]


def test_little_is_asked_for(bridge: Bridge) -> None:
    """Felt as an extra task in the pilot: what is not needed to file it is left to the worker."""
    assert post(bridge, CORE).status_code == 201
    assert {name for name, field in SUPERVISION.fields.items() if field.required} == set(CORE)


@pytest.mark.parametrize("mode", MODES)
def test_it_may_be_held_in_each_of_its_forms(bridge: Bridge, mode: str) -> None:
    kept(bridge, mode=mode)
    assert listed(bridge)[0]["mode"] == mode


def test_the_list_says_that_it_took_place_and_not_who_or_what(bridge: Bridge) -> None:
    linked, unlinked = kept(bridge), kept(bridge, supervision_id="RS-2", link_submission_id=MISSING)
    found = listed(bridge)
    assert all(each.pop("received_at") for each in found)
    common = {"held_on": "2026-09-18", "mode": "group"}
    assert found == [
        {"id": linked, "supervision_id": "RS-1", **common, "linked": True},
        {"id": unlinked, "supervision_id": "RS-2", **common, "linked": False},
    ]


def test_the_list_goes_on_from_page_to_page(bridge: Bridge) -> None:
    sent = [kept(bridge, supervision_id=f"RS-{number}") for number in range(3)]
    first = bridge.get(f"{PATH}?limit=2", STOCKPORT).get_json()
    second = bridge.get(first["links"]["next"], STOCKPORT).get_json()
    assert [each["id"] for page in (first, second) for each in page["reflective_supervisions"]] == sent
    assert second["links"] == {}


def test_one_is_opened_whole_and_that_is_in_the_trail(bridge: Bridge, database: Database) -> None:
    supervision_id = kept(bridge)
    assert opened(bridge, supervision_id).get_json() == {"id": supervision_id, **FULL}
    assert actions(database) == ["supervision_received", "supervision_opened"]
    query = "SELECT actor, subject_id, detail FROM casework.audit WHERE subject_type <> 'client' ORDER BY id"
    trail = rows(database, query)
    assert {each["subject_id"] for each in trail} == {supervision_id}
    assert all(each["actor"].startswith("client:wb-") for each in trail)
    assert [each["detail"] for each in trail] == [{"mode": "group", "linked": True}, {}]


def test_the_usual_scopes_do_not_open_one(bridge: Bridge, database: Database) -> None:
    supervision_id = kept(bridge)
    assert "supervision:read" not in AUTHORITY_SCOPES
    assert bridge.get(f"{PATH}/{supervision_id}", STOCKPORT).status_code == 403
    assert actions(database) == ["supervision_received"]


def test_another_authoritys_is_refused_unseen_and_out_of_reach(bridge: Bridge, database: Database) -> None:
    supervision_id = kept(bridge)
    assert post(bridge, supervision(supervision_id="RS-2"), SALFORD).status_code == 403
    assert listed(bridge, SALFORD) == []
    theirs, missing = opened(bridge, supervision_id, SALFORD), opened(bridge, "x", SALFORD)
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.get_json()["detail"] == missing.get_json()["detail"]
    assert actions(database) == ["supervision_received"]


def test_the_hub_reaches_none_even_with_the_scopes(bridge: Bridge) -> None:
    supervision_id = kept(bridge)
    headers = bridge.headers(HUB, "supervision:read", "records:read", "records:write")
    assert bridge.casework.get(PATH, headers=headers).status_code == 403
    assert bridge.casework.get(f"{PATH}/{supervision_id}", headers=headers).status_code == 403
    assert bridge.casework.post(PATH, json=supervision(authority=HUB), headers=headers).status_code == 403
    assert bridge.hub.get(PATH, headers=headers).status_code == 404


LATER = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - two days cover every time zone


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"held_on": LATER}, {("/held_on", "RS-1")}),
        ({"mode": "corridor"}, {("/mode", "F-code")}),
        ({"topics": ["bias", MARK]}, {("/topics/1", "F-code")}),
        ({"participants_refs": []}, {("/participants_refs", "F-length")}),
        ({"participants_refs": [f"{MARK} Biscuit"]}, {("/participants_refs/0", "F-format")}),
        ({"notes": "high risk"}, {("/notes", "X-2")}),
        ({"rating": 4}, {("/rating", "X-2")}),
        ({"notes": ""}, {("/notes", "X-6")}),
        ({"held_on": MARK, "mode": MISSING, "name": MARK},
         {("/held_on", "F-date"), ("/mode", "F-missing"), ("/name", "X-1")}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_once_and_nothing_repeated(
    bridge: Bridge, changes: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    answer = post(bridge, supervision(**changes))
    assert answer.status_code == 422
    assert {(each["pointer"], each["code"]) for each in answer.get_json()["errors"]} == found
    assert MARK not in answer.text
    assert "exploitation" not in answer.text
    assert listed(bridge) == []


def state_of_records(database: Database) -> list[Any]:
    """All of what a record's way could change by."""
    tables = ("casework.submission", "casework.delivery", "casework.review", "casework.hold", "central.fact")
    return [rows(database, f"SELECT * FROM {table}") for table in tables]


def test_no_record_waits_for_supervision_and_none_is_changed_by_it(bridge: Bridge, database: Database) -> None:
    """Trap 33: accepted without one, and linked to by one afterwards, the record goes on as it was."""
    answer = bridge.post(example("wise"))
    assert (answer.status_code, answer.get_json()["holds"]) == (201, [])
    before = state_of_records(database)
    assert [each["state"] for each in rows(database, "SELECT state FROM casework.delivery")] == ["ready"]
    kept(bridge, link_submission_id=example("wise")["submission_id"])
    assert state_of_records(database) == before
    assert not any("supervision" in f"{rule.detail} {rule.fix}".lower() for rule in RULES)


def test_it_may_come_before_its_record_or_name_one_that_never_comes(bridge: Bridge) -> None:
    kept(bridge, link_submission_id=example("wise")["submission_id"])
    kept(bridge, supervision_id="RS-2", link_submission_id="never-sent")
    assert bridge.post(example("wise")).status_code == 201


@pytest.mark.parametrize("audience", ["supervision", "case_file", "young_person"])
def test_a_copy_says_the_same_before_and_after_it(bridge: Bridge, audience: str) -> None:
    receipt = bridge.post(example("wise")).get_json()["receipt_id"]
    before = copy_of(bridge, receipt, audience)
    kept(bridge, link_submission_id=example("wise")["submission_id"], notes=MARK)
    assert copy_of(bridge, receipt, audience) == before
    assert MARK not in before


def copy_of(bridge: Bridge, receipt: str, audience: str) -> str:
    answer = bridge.get(f"/v1/submissions/{receipt}/documents/{audience}", STOCKPORT)
    assert answer.status_code == 200, answer.text
    said = read(answer.data).letters
    assert len(said) > 200
    return said


def test_no_word_of_it_is_in_a_log_an_error_or_a_column(
    bridge: Bridge, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    marked = supervision(
        supervisor_ref=MARK, participants_refs=[f"{MARK}-1"], notes=f"{MARK} said", link_submission_id=MARK
    )
    supervision_id = post(bridge, marked).get_json()["id"]
    answers = [
        post(bridge, marked | {"notes": f"{MARK} new"}),
        post(bridge, marked | {"supervision_id": f"{MARK} x", "held_on": MARK, "topics": [MARK]}),
        bridge.get(PATH, STOCKPORT),
    ]
    assert [each.status_code for each in answers] == [409, 422, 200]
    assert MARK in opened(bridge, supervision_id).text
    logs = capfd.readouterr()
    assert f"{PATH}/<supervision_id>" in logs.err + logs.out
    assert not [text for text in (*(each.text for each in answers), logs.err, logs.out) if MARK in text]
    assert holding(database, MARK) == []
