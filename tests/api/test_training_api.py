"""`/v1/training-records` on both sides: one, a list, a file; what is wrong with each; and who may see what."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.training_items import FAULTS_MAX, ITEMS_MAX
from service.domain.training.record import TRAINING_RECORD
from tests.support.bridge import HUB, SALFORD, STOCKPORT, Bridge
from tests.support.records import example
from tests.support.servers import Database

PATH, SCOPES = "/v1/training-records", ("training:read", "training:write")
MARK = "Zq7mkr"
CORE = {"professional_ref": "stk-sw-21", "course": "wise_core", "delivered_by": "hub", "attended_on": "2026-03-02"}
HEADER = "authority,professional_ref,course,delivered_by,attended_on"


@pytest.fixture
def bridge(running: Bridge, database: Database) -> Bridge:
    """One service for this file, and empty tables: here nobody is trained before a test says so."""
    return running


def side(bridge: Bridge, authority: str) -> FlaskClient:
    return bridge.hub if authority == HUB else bridge.casework


def post(bridge: Bridge, body: Any, authority: str = STOCKPORT) -> TestResponse:
    """JSON, or as it is when it is text: a file."""
    headers = bridge.headers(authority, *SCOPES)
    if isinstance(body, str | bytes):
        return side(bridge, authority).post(PATH, data=body, headers=headers | {"Content-Type": "text/csv"})
    return side(bridge, authority).post(PATH, json=body, headers=headers)


def listed(bridge: Bridge, authority: str = STOCKPORT, query: str = "") -> list[dict[str, Any]]:
    answer = side(bridge, authority).get(f"{PATH}{query}", headers=bridge.headers(authority, *SCOPES))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["training_records"]
    return found


def results(answer: TestResponse) -> list[tuple[int, str]]:
    assert answer.status_code == 200, answer.text
    return [(each["status"], each["outcome"]) for each in answer.get_json()["results"]]


def csv(*rows: str, header: str = HEADER) -> str:
    return "\r\n".join((header, *rows)) + "\r\n"


def test_one_attendance_is_registered_and_sent_again_is_the_same(bridge: Bridge) -> None:
    first, again = post(bridge, CORE), post(bridge, CORE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == {"id": first.get_json()["id"], "outcome": "registered"}
    assert again.get_json() == {"id": first.get_json()["id"], "outcome": "replayed"}
    assert len(listed(bridge)) == 1


def test_what_is_registered_can_be_read_back_whole(bridge: Bridge) -> None:
    sent = CORE | {
        "authority": STOCKPORT,
        "topics": ["self_care", "contextual_safeguarding"],
        "trainer_ref": "hub-tr-3",
        "mode": "online_workshop",
        "training_version": "2026.1",
        "evaluation_completed_on": "2026-03-09",
        "valid_until": "2028-03-02",
        "revoked_on": "2026-10-01",
    }
    assert sent.keys() == TRAINING_RECORD.fields.keys()
    assert post(bridge, sent).status_code == 201
    ((found),) = listed(bridge)
    assert sorted(found.pop("topics")) == sorted(sent.pop("topics"))  # type: ignore[type-var]
    assert {name: found[name] for name in sent} == sent
    assert found.keys() - sent.keys() == {"id", "registered_at", "registered_by"}
    assert found["registered_by"].startswith("wb-")


def test_what_follows_later_is_added_and_what_is_left_out_stays(bridge: Bridge) -> None:
    post(bridge, CORE | {"revoked_on": "2026-10-01", "mode": "e_learning"})
    answer = post(bridge, CORE | {"evaluation_completed_on": "2026-03-09", "training_version": "2"})
    assert (answer.status_code, answer.get_json()["outcome"]) == (200, "updated")
    (found,) = listed(bridge)
    assert (found["evaluation_completed_on"], found["training_version"]) == ("2026-03-09", "2")
    assert (found["revoked_on"], found["mode"]) == ("2026-10-01", "e_learning")


def test_null_takes_a_date_away_again(bridge: Bridge) -> None:
    post(bridge, CORE | {"revoked_on": "2026-10-01"})
    assert post(bridge, CORE | {"revoked_on": None}).get_json()["outcome"] == "updated"
    assert listed(bridge)[0]["revoked_on"] is None


def test_what_contradicts_the_register_changes_nothing(bridge: Bridge) -> None:
    post(bridge, CORE)
    answer = post(bridge, CORE | {"delivered_by": "nwg", "valid_until": "2027-01-01"})
    assert answer.status_code == 409
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [("/delivered_by", "TR-4")]
    assert (listed(bridge)[0]["delivered_by"], listed(bridge)[0]["valid_until"]) == ("hub", None)


def test_every_fault_of_one_is_told_at_once_and_no_value(bridge: Bridge) -> None:
    wrong = {"professional_ref": f"{MARK} two words", "course": MARK, "attended_on": "2026-02-30", "score": 7, MARK: 1}
    answer = post(bridge, wrong)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [
        (f"/{MARK}", "X-1"),
        ("/attended_on", "F-date"),
        ("/course", "F-code"),
        ("/delivered_by", "F-missing"),
        ("/professional_ref", "F-format"),
        ("/score", "X-2"),
    ]
    assert "two words" not in answer.text
    assert answer.text.count(MARK) == 2  # the unknown field's own name, in its pointer and in its words
    assert "never how well" in answer.text and "exploitation" not in answer.text
    assert listed(bridge) == []


TOMORROW = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - two days ahead is ahead in any zone


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"attended_on": TOMORROW}, "/attended_on", "TR-1"),
        ({"evaluation_completed_on": TOMORROW}, "/evaluation_completed_on", "TR-1"),
        ({"revoked_on": TOMORROW}, "/revoked_on", "TR-1"),
        ({"evaluation_completed_on": "2026-03-01"}, "/evaluation_completed_on", "TR-2"),
        ({"valid_until": "2026-03-01"}, "/valid_until", "TR-2"),
        ({"revoked_on": "2026-03-01"}, "/revoked_on", "TR-2"),
        ({"attended_on": None}, "/attended_on", "F-null"),
        ({"topics": ["self_care", "high"]}, "/topics/1", "X-2"),
    ],
)
def test_dates_that_cannot_be_are_refused(bridge: Bridge, given: dict[str, Any], pointer: str, code: str) -> None:
    answer = post(bridge, CORE | given)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [(pointer, code)]


def test_training_may_be_registered_years_late(bridge: Bridge) -> None:
    assert post(bridge, CORE | {"attended_on": "2019-05-01"}).status_code == 201
    assert post(bridge, CORE | {"valid_until": TOMORROW}).status_code == 201


def test_one_bad_item_spoils_no_other(bridge: Bridge) -> None:
    post(bridge, CORE | {"professional_ref": "stk-sw-1"})
    answer = post(
        bridge,
        [
            CORE | {"professional_ref": "stk-sw-9"},
            CORE | {"attended_on": "soon", "course": "none"},
            CORE | {"professional_ref": "stk-sw-1"},
            "not an object",
            CORE | {"professional_ref": "sal-sw-1", "authority": SALFORD},
            CORE | {"professional_ref": "stk-sw-1", "mode": "other"},
            CORE | {"professional_ref": "stk-sw-1", "valid_until": "2028-01-01"},
        ],
    )
    assert results(answer) == [
        (201, "registered"), (422, "refused"), (200, "replayed"), (422, "refused"), (403, "refused"),
        (409, "contradicts"), (200, "updated"),
    ]  # fmt: skip
    body = answer.get_json()
    assert body["counts"] == {"registered": 1, "refused": 3, "replayed": 1, "contradicts": 1, "updated": 1}
    assert [each["item"] for each in body["results"]] == list(range(7))
    pointers = [fault["pointer"] for each in body["results"] for fault in each.get("errors", ())]
    assert pointers == ["/1/attended_on", "/1/course", "/3", "/4/authority", "/5/mode"]
    assert sorted(each["professional_ref"] for each in listed(bridge)) == ["stk-sw-1", "stk-sw-9"]


def test_the_same_attendance_twice_in_a_list_is_one(bridge: Bridge) -> None:
    assert results(post(bridge, [CORE, CORE])) == [(201, "registered"), (200, "replayed")]
    assert len(listed(bridge)) == 1


def test_an_authority_registers_its_own_workers_only(bridge: Bridge) -> None:
    answer = post(bridge, CORE | {"authority": SALFORD})
    assert (answer.status_code, answer.get_json()["type"].rsplit("/")[-1]) == (403, "not-allowed")
    assert post(bridge, CORE | {"authority": STOCKPORT}).status_code == 201
    assert (len(listed(bridge)), listed(bridge, SALFORD), len(listed(bridge, HUB))) == (1, [], 1)


def test_a_trainer_at_the_hub_names_the_authority(bridge: Bridge) -> None:
    answer = post(bridge, [CORE, CORE | {"authority": SALFORD}, CORE | {"authority": "E09999999"}], HUB)
    assert results(answer) == [(422, "refused"), (201, "registered"), (422, "refused")]
    codes = [fault["code"] for each in answer.get_json()["results"] for fault in each.get("errors", ())]
    assert codes == ["F-missing", "TR-3"]
    assert [each["authority"] for each in listed(bridge, SALFORD)] == [SALFORD]
    assert listed(bridge, STOCKPORT) == []


def test_what_the_hub_registers_an_authority_may_add_to(bridge: Bridge) -> None:
    post(bridge, CORE | {"authority": STOCKPORT}, HUB)
    assert post(bridge, CORE | {"evaluation_completed_on": "2026-03-04"}).get_json()["outcome"] == "updated"
    assert listed(bridge, HUB)[0]["evaluation_completed_on"] == "2026-03-04"


def test_a_file_is_taken_row_by_row(bridge: Bridge) -> None:
    header = f"{HEADER},topics,valid_until,revoked_on"
    rows = (
        f'{STOCKPORT},stk-sw-21,wise_core,hub,2026-03-02,"self_care; the_tools_themselves",2028-03-02,',
        f" {STOCKPORT} ,stk-sw-22,wise_tools,trained_local_trainer,2026-04-01,,,",
        ",stk-sw-23,nwg_advanced,nwg,2026-04-01",
    )
    answer = post(bridge, b"\xef\xbb\xbf" + csv(*rows, header=header).encode())
    assert results(answer) == [(201, "registered")] * 3
    assert [each["row"] for each in answer.get_json()["results"]] == [2, 3, 4]
    first, second, third = sorted(listed(bridge), key=lambda each: str(each["professional_ref"]))
    assert (first["topics"], first["valid_until"]) == (["self_care", "the_tools_themselves"], "2028-03-02")
    assert (second["topics"], second["valid_until"], second["revoked_on"]) == ([], None, None)
    assert third["authority"] == STOCKPORT


def test_a_file_is_told_row_and_column_of_everything(bridge: Bridge) -> None:
    answer = post(
        bridge,
        csv(
            f"{STOCKPORT},stk-sw-21,wise_core,hub,2026-03-02",
            "",
            f"{STOCKPORT},two words,wise_core,hub,02/03/2026",
            f"{SALFORD},sal-sw-1,wise_core,hub,2026-03-02",
            f"{STOCKPORT},stk-sw-22,wise_core,hub,2026-03-02,{MARK}",
        ),
    )
    assert results(answer) == [(201, "registered"), (422, "refused"), (403, "refused"), (422, "refused")]
    faults = [fault for each in answer.get_json()["results"] for fault in each.get("errors", ())]
    assert [(each["row"], each["column"], each["code"]) for each in faults] == [
        (4, "attended_on", "F-date"),
        (4, "professional_ref", "F-format"),
        (5, "authority", "S1"),
        (6, None, "CSV-2"),
    ]
    assert all(each["detail"] and each["fix"] for each in faults)
    assert not {"two words", "02/03/2026", MARK} & set(answer.text.split('"'))


def test_an_empty_cell_leaves_what_is_registered(bridge: Bridge) -> None:
    header = f"{HEADER},revoked_on"
    for cell in ("2026-09-01", ""):
        post(bridge, csv(f"{STOCKPORT},stk-sw-21,wise_core,hub,2026-03-02,{cell}", header=header))
    assert listed(bridge)[0]["revoked_on"] == "2026-09-01"


ROW = f"{STOCKPORT},stk-sw-21,wise_core,hub,2026-03-02"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The file is empty."),
        (b"\r\n\r\n", "The file is empty."),
        (csv(), "Send one training record, or a list"),
        (csv(ROW, header="professional_ref,course,professional_ref"), "Row 1, column 3: this name stands there twice."),
        (csv(ROW, header=f"{HEADER},"), "Row 1, column 6: this isn't the name of a field."),
        (csv(ROW, header=MARK), "Row 1, column 1: this isn't the name of a field."),
        (csv(f'"{ROW}'), "This is not CSV: look for a quotation mark"),
        (csv(f'{STOCKPORT},"a"b,wise_core'), "This is not CSV: look for a quotation mark at or above line 2."),
        (csv(ROW).encode("utf-16"), "The bytes are not UTF-8."),
        (csv("stk-sw-é", header="professional_ref").encode("latin-1"), "The bytes are not UTF-8."),
        (csv(f"{ROW}\x00"), "A cell holds a NUL"),
    ],
)
def test_a_file_that_is_none_is_told_so(bridge: Bridge, body: str | bytes, said: str) -> None:
    answer = post(bridge, body)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert said in answer.text
    assert MARK not in answer.text and "stk-sw" not in answer.text
    assert listed(bridge) == []


@pytest.mark.parametrize("body", [b"[]", b"7", b"null", b'"x"', b'[{"a":1,"a":2}]', b"[NaN]", b"[" * 60 + b"]" * 60])
def test_json_that_is_no_record_is_told_so(bridge: Bridge, body: bytes) -> None:
    headers = bridge.headers(STOCKPORT, *SCOPES) | {"Content-Type": "application/json"}
    answer = bridge.casework.post(PATH, data=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


def test_a_list_has_a_limit_and_so_has_what_is_said_of_one_item(bridge: Bridge) -> None:
    full = [CORE | {"professional_ref": f"stk-sw-{number}"} for number in range(ITEMS_MAX)]
    assert results(post(bridge, full)) == [(201, "registered")] * ITEMS_MAX
    assert post(bridge, [*full, CORE]).status_code == 413
    assert post(bridge, csv(*[ROW] * (ITEMS_MAX + 1))).status_code == 413
    (result,) = post(bridge, [CORE | {f"field{number}": 1 for number in range(200)}]).get_json()["results"]
    assert len(result["errors"]) == FAULTS_MAX + 1
    assert result["errors"][-1]["code"] == "F-many"


def test_other_media_types_are_refused(bridge: Bridge) -> None:
    headers = bridge.headers(STOCKPORT, *SCOPES)
    for kind, encoding in (("text/plain", ""), ("text/csv; charset=latin-1", ""), ("text/csv", "gzip")):
        more = {"Content-Type": kind} | ({"Content-Encoding": encoding} if encoding else {})
        assert bridge.casework.post(PATH, data=csv(ROW), headers=headers | more).status_code == 415


def test_pages_follow_each_other_without_gap_or_repeat(bridge: Bridge) -> None:
    workers = [f"stk-sw-{number}" for number in (4, 1, 3, 5, 2)]
    for worker in workers:
        post(bridge, CORE | {"professional_ref": worker})
    seen, path = [], f"{PATH}?limit=2&course=wise_core"
    while path:
        answer = bridge.casework.get(path, headers=bridge.headers(STOCKPORT, *SCOPES)).get_json()
        seen += [each["professional_ref"] for each in answer["training_records"]]
        path = answer["links"].get("next")
    assert seen == workers


def test_a_list_can_be_narrowed_and_says_no_more(bridge: Bridge) -> None:
    post(bridge, [CORE, CORE | {"course": "other"}, CORE | {"professional_ref": "stk-sw-22"}])
    post(bridge, CORE | {"authority": SALFORD}, HUB)
    assert [len(listed(bridge, query=each)) for each in ("", "?course=other", "?professional_ref=stk-sw-21")] == [
        3,
        1,
        2,
    ]
    assert [len(listed(bridge, HUB, each)) for each in ("", f"?authority={SALFORD}", "?professional_ref=nobody")] == [
        4,
        1,
        0,
    ]


@pytest.mark.parametrize(
    "query",
    ["?course=none", "?professional_ref=two words", "?limit=0", "?cursor=x", f"?authority={STOCKPORT}", "?sort=1"],
)
def test_a_question_that_is_none_is_not_answered(bridge: Bridge, query: str) -> None:
    assert bridge.casework.get(f"{PATH}{query}", headers=bridge.headers(STOCKPORT, *SCOPES)).status_code == 400


def test_who_registers_cannot_say_it_in_the_address(bridge: Bridge) -> None:
    path, headers = f"{PATH}?authority={SALFORD}", bridge.headers(STOCKPORT, *SCOPES)
    assert bridge.casework.post(path, json=CORE, headers=headers).status_code == 400
    assert listed(bridge) == []


Ask = Callable[[FlaskClient, dict[str, str]], TestResponse]
READ: Ask = lambda client, headers: client.get(PATH, headers=headers)  # noqa: E731 - a table of two
WRITE: Ask = lambda client, headers: client.post(PATH, json=CORE, headers=headers)  # noqa: E731


@pytest.mark.parametrize(("ask", "scope"), [(READ, "training:read"), (WRITE, "training:write")])
def test_each_kind_of_client_has_its_own_address_and_needs_the_scope(bridge: Bridge, ask: Ask, scope: str) -> None:
    assert ask(bridge.casework, bridge.headers(STOCKPORT)).status_code == 403
    assert ask(bridge.hub, bridge.headers(HUB)).status_code == 403
    assert ask(bridge.hub, bridge.headers(STOCKPORT, scope)).status_code == 403
    assert ask(bridge.casework, bridge.headers(HUB, scope)).status_code == 403
    assert ask(bridge.casework, bridge.headers("E09999999", scope)).status_code == 403
    assert ask(bridge.casework, bridge.headers(STOCKPORT, scope)).status_code in (200, 201)
    other = "training:read" if scope == "training:write" else "training:write"
    assert ask(bridge.casework, bridge.headers(STOCKPORT, other)).status_code == 403


def test_a_trainer_reads_no_aggregate_and_an_analyst_no_register(bridge: Bridge) -> None:
    trainer, analyst = bridge.headers(HUB, *SCOPES), bridge.headers(HUB)
    assert bridge.hub.get("/v1/aggregates", headers=trainer).status_code == 403
    assert bridge.hub.get(PATH, headers=analyst).status_code == 403
    assert bridge.hub.get("/v1/aggregates", headers=analyst).status_code == 200


def test_no_answer_tells_of_a_record(bridge: Bridge) -> None:
    """Whatever a worker wrote, late or much: the register says the same."""
    post(bridge, CORE)
    before = listed(bridge)
    assert bridge.post(example("wise")).status_code == 201
    assert listed(bridge) == before
    assert example("wise")["assessor"]["professional_ref"] == CORE["professional_ref"]
    names = set(json.loads(json.dumps(before))[0])
    assert names == {*TRAINING_RECORD.fields, "id", "registered_at", "registered_by"}
