"""The Mosaic simulator against its protocol page, over a real socket."""

import hashlib
import json
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from simulators.mosaic import DefinitionError, KnobError, MosaicSimulator
from simulators.mosaic.forms import load_forms
from simulators.mosaic.seed import load_seed
from tests.simulators.mosaic_client import (
    ACTION,
    EVERY_TYPE,
    KEY,
    MANDATORY,
    PDF,
    Caller,
    codes,
    errors,
    new_step,
)

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "simulators" / "mosaic"
PATIENCE = 60.0
"""Seconds until something counts as not happening at all, on a machine however busy."""


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", f"Basic {KEY}", f"Bearer {KEY}x", "Bearer é"])
def test_without_the_key_everything_is_a_bare_401(sim: MosaicSimulator, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    for path in ("/steps?externalReference=x", "/people/40211", "/nothing"):
        answer = requests.get(sim.api + path, headers=headers, timeout=5)
        assert (answer.status_code, answer.content) == (401, b"")


def test_people(caller: Caller) -> None:
    assert caller.send("GET", "/people/40211").json() == {
        "personId": 40211,
        "context": "C",
        "dateOfBirth": "2010-05-02",
        "dateOfBirthEstimated": False,
        "restricted": False,
        "mergedTo": None,
    }
    assert caller.send("GET", "/people/40212").json()["mergedTo"] == 40211
    assert caller.send("GET", "/people/40213").json()["dateOfBirthEstimated"] is True
    assert caller.send("GET", "/people/40319").status_code == 200


def test_restricted_looks_like_unknown(caller: Caller) -> None:
    hidden, unknown = caller.send("GET", "/people/40214"), caller.send("GET", "/people/99999")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content and hidden.json()["code"] == "NOT_FOUND"
    refused = [caller.create(subjects=[{"type": "PER", "id": number}]) for number in (40214, 99999)]
    assert [answer.status_code for answer in refused] == [404, 404]
    assert refused[0].content == refused[1].content
    assert caller.sim.steps() == []


def test_steps_of_a_person_hidden_later_are_gone_for_the_caller(caller: Caller) -> None:
    step = caller.ready()
    caller.sim.set_knobs(hide_people=[40211])
    unknown = caller.send("GET", "/steps/1")
    assert caller.send("GET", f"/steps/{step}").content == unknown.content
    assert caller.send("GET", "/steps?externalReference=WB-1").json() == {"steps": []}
    for answer in (caller.answers(step, []), caller.upload(step), caller.complete(step, ACTION)):
        assert (answer.status_code, answer.content) == (404, unknown.content)


@pytest.mark.parametrize("number", ["0", "-1", "abc", "\uff11", "9" * 30, "9" * 5000, "1e3", "01"])
def test_odd_ids_are_not_found(caller: Caller, number: str) -> None:
    for path in (f"/people/{number}", f"/steps/{number}"):
        answer = caller.send("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_a_new_step(caller: Caller) -> None:
    answer = caller.create()
    assert answer.status_code == 201
    step = answer.json()
    assert step.pop("stepId") > 0
    assert step == {
        "stepTypeId": 9001,
        "status": "STARTED",
        "subjects": [{"type": "PER", "id": 40211}],
        "externalReference": "WB-1",
        "assignedTo": {"team": "CSAFE"},
        "incomingOn": None,
        "note": None,
        "restricted": False,
        "answers": 0,
        "answersSha256": None,
        "documents": [],
        "nextActions": [],
        "correctsStepId": None,
        "correctedByStepId": None,
        "withdrawn": False,
    }


def test_the_reference_is_not_unique(caller: Caller) -> None:
    first, second, other = caller.step(), caller.step(), caller.step(externalReference="WB-2")
    found = caller.send("GET", "/steps", params={"externalReference": "WB-1"}).json()["steps"]
    assert [step["stepId"] for step in found] == [first, second]
    assert first != second != other
    assert caller.send("GET", "/steps?externalReference=none").json() == {"steps": []}
    assert codes(caller.send("GET", "/steps")) == ["MISSING"]
    assert codes(caller.send("GET", "/steps?externalReference=" + "x" * 41)) == ["TOO_LONG"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stepTypeId": 1}, "UNKNOWN_STEP_TYPE"),
        ({"stepTypeId": True}, "WRONG_TYPE"),
        ({"stepTypeId": "9001"}, "WRONG_TYPE"),
        ({"assignedTo": {"team": "NOBODY"}}, "UNKNOWN_TEAM"),
        ({"assignedTo": "CSAFE"}, "WRONG_TYPE"),
        ({"subjects": []}, "SUBJECT_COUNT"),
        ({"subjects": [{"type": "PER", "id": 40211}, {"type": "PER", "id": 40215}]}, "SUBJECT_COUNT"),
        ({"subjects": [{"type": "GRP", "id": 40211}]}, "WRONG_TYPE"),
        ({"externalReference": "x" * 41}, "TOO_LONG"),
        ({"externalReference": None}, "WRONG_TYPE"),
        ({"status": "COMPLETED"}, "WRONG_TYPE"),
        ({"note": "only incoming steps"}, "NOT_ALLOWED"),
        ({"status": "INCOMING", "note": "x" * 251}, "TOO_LONG"),
        ({"status": "INCOMING", "incomingOn": "2027-02-30"}, "WRONG_TYPE"),
        ({"status": "INCOMING", "incomingOn": "20270210"}, "WRONG_TYPE"),
        ({"externalRef": "x"}, "UNKNOWN_FIELD"),
    ],
)
def test_refused_steps(caller: Caller, changes: dict[str, Any], code: str) -> None:
    assert codes(caller.create(**changes)) == [code]
    assert caller.sim.steps() == []


def test_a_task_reaches_the_work_tray(caller: Caller) -> None:
    task = {"stepTypeId": 9002, "status": "INCOMING", "incomingOn": "2027-02-10", "note": "é" * 250}
    step = caller.create(**task).json()
    assert (step["incomingOn"], step["note"]) == ("2027-02-10", "é" * 250)
    refused = caller.answers(step["stepId"], [])
    assert (refused.status_code, refused.json()["code"], refused.json()["status"]) == (409, "STEP_STATE", "INCOMING")


def test_merged_subjects(caller: Caller) -> None:
    refused = caller.create(subjects=[{"type": "PER", "id": 40212}])
    assert (refused.status_code, refused.json()["code"], refused.json()["mergedTo"]) == (409, "PERSON_MERGED", 40211)
    step = caller.ready()
    caller.sim.set_knobs(merge_people={40211: 40215})
    assert caller.complete(step, ACTION).json()["mergedTo"] == 40215


def test_permissions(caller: Caller, tmp_path: Path) -> None:
    refused = caller.create(stepTypeId=9003)
    assert (refused.status_code, refused.json()["code"]) == (403, "NO_PERMISSION")
    seed = tmp_path / "seed.yaml"
    text = (HERE / "seed.yaml").read_text()
    seed.write_text(text.replace("9003: [read]", "9003: [read]\n  9002: [add]\n  9001: [add, read]"))
    with MosaicSimulator(tmp_path / "other", KEY, seed=seed) as limited:
        narrow = Caller(limited)
        unread, unedited = narrow.step(stepTypeId=9002), narrow.step()
        assert narrow.send("GET", f"/steps/{unread}").status_code == 403
        assert narrow.answers(unedited, []).status_code == 403
        found = narrow.send("GET", "/steps?externalReference=WB-1").json()["steps"]
        assert [step["stepId"] for step in found] == [unedited]


def test_answers_of_every_type_and_their_fingerprint(caller: Caller) -> None:
    step = caller.step()
    answer = caller.answers(step, EVERY_TYPE, restricted=True).json()
    canonical = json.dumps(EVERY_TYPE, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert (answer["answers"], answer["restricted"]) == (8, True)
    assert answer["answersSha256"] == hashlib.sha256(canonical).hexdigest()
    assert list(caller.sim.steps()[0].answers) == EVERY_TYPE
    assert caller.answers(step, MANDATORY).json()["answers"] == 2
    emptied = caller.answers(step, []).json()
    assert (emptied["answers"], emptied["answersSha256"]) == (0, None)


@pytest.mark.parametrize(
    ("question", "row", "value", "code"),
    [
        ("NOT_THERE", None, "x", "UNKNOWN_QUESTION"),
        ("TEST_SHORT", None, "x" * 4001, "TOO_LONG"),
        ("TEST_SHORT", None, None, "WRONG_TYPE"),
        ("TEST_SHORT", None, 1, "WRONG_TYPE"),
        ("TEST_LONG", None, ["x"], "WRONG_TYPE"),
        ("TEST_DATE", None, "14/09/2026", "WRONG_TYPE"),
        ("TEST_DATE", None, "2026-09-31", "WRONG_TYPE"),
        ("TEST_NUMBER", None, "1", "WRONG_TYPE"),
        ("TEST_NUMBER", None, True, "WRONG_TYPE"),
        ("TEST_BOOLEAN", None, "Yes", "WRONG_TYPE"),
        ("TEST_BOOLEAN", None, 0, "WRONG_TYPE"),
        ("TEST_LOOKUP", None, "green", "NOT_IN_LOOKUP"),
        ("TEST_LOOKUP", None, {}, "WRONG_TYPE"),
        ("TEST_SHORT", 1, "x", "ROW_NOT_ALLOWED"),
        ("TEST_ROWS", None, "x", "ROW_REQUIRED"),
        ("TEST_ROWS", 0, "x", "ROW_REQUIRED"),
        ("TEST_ROWS", True, "x", "ROW_REQUIRED"),
    ],
)
def test_refused_answers(caller: Caller, question: str, row: Any, value: Any, code: str) -> None:
    step = caller.step()
    caller.answers(step, MANDATORY)
    found = errors(caller.answers(step, [EVERY_TYPE[2], {"questionUserCode": question, "row": row, "value": value}]))
    assert [(error["questionUserCode"], error["code"]) for error in found] == [(question, code)]
    assert list(caller.sim.steps()[0].answers) == MANDATORY


def test_short_text_is_counted_in_characters(caller: Caller) -> None:
    answer = {"questionUserCode": "TEST_SHORT", "row": None, "value": "é" * 4000}
    assert caller.answers(caller.step(), [answer]).status_code == 200
    assert codes(caller.answers(caller.step(), [answer, answer])) == ["DUPLICATE"]


def test_names_are_trimmed_and_cut_to_80(caller: Caller) -> None:
    step = caller.step()
    answer = caller.upload(step, "  " + "n" * 90 + ".pdf ")
    assert answer.status_code == 201
    document = answer.json()
    assert document.pop("documentId") > 0
    assert document == {
        "name": "n" * 80,
        "title": "Letter",
        "category": "ASSESS",
        "subCategory": "WISE",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
    }
    assert caller.sim.steps()[0].documents[0].content == PDF


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"content": b""}, "EMPTY"),
        ({"name": "letter.exe"}, "EXTENSION"),
        ({"name": "letter"}, "EXTENSION"),
        ({"name": ".pdf"}, "EXTENSION"),
        ({"name": "a:b.pdf"}, "NAME"),
        ({"name": "a/b.pdf"}, "NAME"),
        ({"name": "a\\b.pdf"}, "NAME"),
        ({"name": "a*b?.pdf"}, "NAME"),
        ({"name": 'a"b.pdf'}, "NAME"),
        ({"name": "a<b>|.pdf"}, "NAME"),
        ({"name": "a\tb.pdf"}, "NAME"),
        ({"name": "a\x07b.pdf"}, "NAME"),
        ({"category": "NOPE"}, "UNKNOWN_CATEGORY"),
        ({"subCategory": "LETTER"}, "UNKNOWN_CATEGORY"),
        ({"title": " "}, "MISSING"),
        ({"more": "x"}, "UNKNOWN_FIELD"),
    ],
)
def test_refused_documents(caller: Caller, changes: dict[str, Any], code: str) -> None:
    assert codes(caller.upload(caller.step(), **changes)) == [code]
    assert caller.sim.steps()[0].documents == ()


def test_names_with_accents_and_the_same_file_twice(caller: Caller) -> None:
    step = caller.step()
    names = [caller.upload(step, "Zoë\u2019s day.PDF").json()["name"] for _ in range(2)]
    assert names == ["Zoë\u2019s day.PDF"] * 2
    first, second = caller.sim.steps()[0].documents
    assert (first.document_id != second.document_id) and first.sha256 == second.sha256


def test_documents_that_are_no_documents(caller: Caller) -> None:
    step = caller.step()
    path = f"/steps/{step}/documents"
    assert codes(caller.send("POST", path, data={"title": "x"})) == ["MISSING"] * 3
    assert set(codes(caller.send("POST", path, json={}))) == {"MISSING"}
    broken = {"Content-Type": "multipart/form-data"}
    assert set(codes(caller.send("POST", path, data=b"--x\r\n", headers=broken))) == {"MISSING"}


def test_completion_lists_everything_unfinished(caller: Caller) -> None:
    step = caller.step()
    assert errors(caller.complete(step)) == [
        {"questionUserCode": "TEST_SHORT", "code": "UNFINISHED"},
        {"questionUserCode": "TEST_DATE", "code": "UNFINISHED"},
        {"field": "documents", "code": "UNFINISHED"},
        {"field": "nextActions", "code": "NEXT_ACTION_REQUIRED"},
    ]
    blank = [{"questionUserCode": "TEST_SHORT", "row": None, "value": " "}, MANDATORY[1]]
    assert caller.answers(step, blank).status_code == 200
    assert caller.upload(step).status_code == 201
    assert errors(caller.complete(step, ACTION)) == [{"questionUserCode": "TEST_SHORT", "code": "UNFINISHED"}]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"actionTypeId": 62}, "UNKNOWN_ACTION"),
        ({"actionTypeId": 999}, "UNKNOWN_ACTION"),
        ({"assignedTo": {"team": "X"}}, "UNKNOWN_TEAM"),
        ({"incomingOn": "soon"}, "WRONG_TYPE"),
        ({"note": "x"}, "UNKNOWN_FIELD"),
    ],
)
def test_refused_next_actions(caller: Caller, change: dict[str, Any], code: str) -> None:
    step = caller.ready()
    assert codes(caller.complete(step, ACTION, ACTION | change)) == [code]
    assert [kept.status for kept in caller.sim.steps()] == ["STARTED"]


def test_completion_makes_the_next_steps(caller: Caller) -> None:
    step = caller.ready()
    answer = caller.complete(step, ACTION, ACTION | {"assignedTo": {"team": "DUTY"}, "incomingOn": None})
    assert (answer.status_code, answer.json()["status"]) == (200, "COMPLETED")
    made = [action["stepId"] for action in answer.json()["nextActions"]]
    assert answer.json()["nextActions"][0] == ACTION | {"stepId": made[0]}
    first, second = (caller.send("GET", f"/steps/{number}").json() for number in made)
    assert (first["stepTypeId"], first["status"], first["incomingOn"]) == (9002, "INCOMING", "2027-02-10")
    assert (second["assignedTo"], second["incomingOn"]) == ({"team": "DUTY"}, None)
    assert first["subjects"] == [{"type": "PER", "id": 40211}]


def test_completed_is_immutable_until_reopened(caller: Caller) -> None:
    step = caller.ready()
    caller.complete(step, ACTION)
    before = caller.sim.steps()
    for answer in (caller.answers(step, []), caller.upload(step), caller.complete(step, ACTION)):
        assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (409, "STEP_STATE", "COMPLETED")
    assert caller.sim.steps() == before
    caller.sim.set_status(step, "REOPENED")
    assert caller.answers(step, EVERY_TYPE).json()["status"] == "REOPENED"
    caller.sim.set_status(step, "CANCELLED")
    assert caller.upload(step).json()["status"] == "CANCELLED"


def test_locks(caller: Caller) -> None:
    step, other = caller.ready("WB-1"), caller.ready("WB-2")
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    caller.sim.set_knobs(lock_step={"externalReference": "WB-1", "until": until.isoformat(), "lockedBy": "A. Nother"})
    for answer in (caller.answers(step, []), caller.upload(step), caller.complete(step, ACTION)):
        assert (answer.status_code, answer.json()["code"]) == (409, "STEP_LOCKED")
        assert answer.json()["lockedBy"] == "A. Nother"
        assert datetime.fromisoformat(answer.json()["lockedUntil"]) == until
    assert caller.send("GET", f"/steps/{step}").status_code == 200
    assert caller.answers(other, MANDATORY).status_code == 200
    caller.sim.set_knobs(lock_step={"externalReference": "WB-1", "until": None})
    assert caller.answers(step, []).json()["lockedUntil"] is None
    caller.sim.set_knobs(lock_step=None)
    assert caller.complete(step, ACTION).status_code == 200


def test_a_lock_ends_by_itself(caller: Caller) -> None:
    step = caller.ready()
    caller.sim.set_knobs(lock_all_until=(datetime.now(UTC) + timedelta(seconds=0.3)).isoformat())
    assert caller.complete(step, ACTION).status_code == 409
    time.sleep(0.35)
    assert caller.complete(step, ACTION).status_code == 200


def test_drop_after_commit_commits_and_says_nothing(caller: Caller) -> None:
    caller.sim.set_knobs(drop_after_commit=2)
    assert caller.send("GET", "/people/40211").status_code == 200
    assert caller.create(stepTypeId=1).status_code == 422
    with pytest.raises(requests.ConnectionError):
        caller.create()
    step = caller.sim.steps("WB-1")[0].step_id
    raw = json.dumps({"restricted": False, "answers": MANDATORY}).encode()
    head = f"PUT /api/v1/steps/{step}/answers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", caller.sim.port), timeout=5) as connection:
        connection.sendall(head.encode() + raw)
        assert connection.recv(100) == b""
    assert list(caller.sim.steps()[0].answers) == MANDATORY
    assert caller.upload(step).status_code == 201


def test_fail_next_answers_before_the_request_arrives(caller: Caller) -> None:
    caller.sim.set_knobs(fail_next=[{"status": 503, "times": 2, "retryAfter": 5}, {"status": 429}])
    answers = [caller.create() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [503, 503, 429, 201]
    assert [answer.headers.get("Retry-After") for answer in answers] == ["5", "5", None, None]
    assert len(caller.sim.steps()) == 1


def test_html_instead(caller: Caller) -> None:
    caller.sim.set_knobs(html_instead=True)
    answer = caller.create()
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, "text/html")
    assert caller.sim.steps() == []


def test_latency_and_hanging(caller: Caller) -> None:
    step = caller.step()
    caller.sim.set_knobs(hang_seconds_on={"documents": 30})
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{caller.sim.api}/steps/{step}/documents",
            headers={"Authorization": f"Bearer {KEY}"},
            files={"file": ("a.pdf", PDF)},
            data={"title": "t", "category": "ASSESS", "subCategory": "WISE"},
            timeout=0.3,
        )
    assert len(caller.sim.steps()[0].documents) == 1
    caller.sim.set_knobs(latency_seconds=0.2, hang_seconds_on={})
    began = time.monotonic()
    assert caller.send("GET", f"/steps/{step}").status_code == 200
    assert time.monotonic() - began >= 0.2


def test_the_control_route(caller: Caller) -> None:
    url = caller.sim.url + "_simulator/knobs"
    assert requests.post(url, json={"html_instead": True}, timeout=5).status_code == 200
    assert caller.create().headers["Content-Type"].startswith("text/html")
    assert requests.delete(url, timeout=5).status_code == 200
    assert caller.create().status_code == 201
    refused: list[Any] = [[], "x", {"nope": 1}, {"latency_seconds": "1"}, {"latency_seconds": -1}, {"fail_next": [{}]}]
    refused += [{"lock_step": {"externalReference": "x", "until": "2027-01-01"}}, {"hang_seconds_on": {"people": 1}}]
    refused += [{"html_instead": True, "drop_after_commit": True}, {"lock_all_until": 5}, {"merge_people": {"x": 1}}]
    for body in refused:
        assert requests.post(url, json=body, timeout=5).status_code == 422, body
    assert requests.post(url, data='{"html_instead": true}', timeout=5).status_code == 422
    assert caller.create().status_code == 201
    with pytest.raises(KnobError, match="unknown knob 'speed'"):
        caller.sim.set_knobs(speed=1)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'"x"',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"9" * 10_000,
        b'{"restricted": false, "answers": [NaN]}',
        b'{"restricted": false, "answers": [{"questionUserCode": "TEST_NUMBER", "row": null, "value": 1e999}]}',
        b'{"restricted": false, "answers": [{"questionUserCode": "TEST_LONG", "row": null, "value": "\\ud800"}]}',
        b'{"restricted": false, "restricted": true, "answers": []}',
        b'{"restricted": false, "answers": [{"questionUserCode": [], "row": {}, "value": null}]}',
        b'{"restricted": false, "answers": [[], 1, null]}',
        b'{"restricted": 0, "answers": []}',
        b'{"restricted": false, "answers": [{"questionUserCode": "TEST_SHORT", "value": "x", "row": '
        + b"[" * 930
        + b"]" * 930
        + b"}]}",
        b'{"nextActions": {"a": 1}}',
        b'{"nextActions": [null]}',
    ],
)
def test_hostile_json_is_refused(caller: Caller, raw: bytes) -> None:
    step = caller.ready()
    before = caller.sim.steps()
    head = {"Content-Type": "application/json"}
    places = (("POST", "/steps"), ("PUT", f"/steps/{step}/answers"), ("POST", f"/steps/{step}/complete"))
    for method, path in places:
        answer = caller.send(method, path, data=raw, headers=head)
        assert answer.status_code == 422 and answer.json()["code"] == "INVALID", answer.text
    assert caller.sim.steps() == before


def test_hostile_numbers_in_the_right_places(caller: Caller) -> None:
    huge = 10**200
    assert caller.create(subjects=[{"type": "PER", "id": huge}]).status_code == 404
    assert codes(caller.create(stepTypeId=huge)) == ["UNKNOWN_STEP_TYPE"]
    step = caller.step()
    rows = [{"questionUserCode": "TEST_ROWS", "row": huge, "value": "a\x00b"}]
    rows += [{"questionUserCode": "TEST_NUMBER", "row": None, "value": huge}]
    assert caller.answers(step, rows).status_code == 200
    assert list(caller.sim.steps()[0].answers) == rows
    assert requests.get(f"{caller.sim.url}steps/{step}", timeout=5).status_code == 200


def test_wrong_methods_and_paths_have_the_usual_body(caller: Caller) -> None:
    for method, path, status in (("DELETE", "/steps/1", 405), ("GET", "/other", 404), ("POST", "/people/40211", 405)):
        answer = caller.send(method, path)
        assert answer.status_code == status and set(answer.json()) == {"code", "message"}


def test_the_pages_escape_what_was_sent(caller: Caller) -> None:
    evil = "<script>alert(1)</script>"
    step = caller.step(externalReference=evil)
    caller.answers(step, [{"questionUserCode": "TEST_LONG", "row": None, "value": evil}])
    caller.upload(step, "a & b.pdf", title=evil)
    caller.create(stepTypeId=9002, status="INCOMING", incomingOn="2027-02-10", note=f"{evil} note")
    for path in ("", f"steps/{step}"):
        page = requests.get(caller.sim.url + path, timeout=5)
        assert page.status_code == 200 and "<script" not in page.text
        assert "&lt;script&gt;" in page.text and "a &amp; b.pdf" in page.text
        assert "Simulator: fictional people only" in page.text and '<html lang="en">' in page.text
        assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "<title>Mosaic simulator (fictional)</title>" in requests.get(caller.sim.url, timeout=5).text
    assert requests.get(caller.sim.url + "steps/1", timeout=5).status_code == 404


def test_the_page_serves_documents_and_json(caller: Caller) -> None:
    step = caller.ready()
    caller.upload(step, "page.txt", b"<script>alert(1)</script>")
    pdf, text = (
        requests.get(f"{caller.sim.url}documents/{document.document_id}", timeout=5)
        for document in caller.sim.steps()[0].documents
    )
    assert (pdf.content, pdf.headers["Content-Type"]) == (PDF, "application/pdf")
    assert text.headers["Content-Disposition"].startswith("attachment")
    sha256 = caller.read(step)["answersSha256"]
    assert sha256 in requests.get(f"{caller.sim.url}steps/{step}", timeout=5).text
    listed = requests.get(caller.sim.url + "steps.json", timeout=5).json()["steps"]
    assert [(item["stepId"], item["answerList"]) for item in listed] == [(step, MANDATORY)]


def test_many_at_once_get_different_numbers(caller: Caller) -> None:
    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(lambda index: caller.step(externalReference=f"WB-{index}"), range(60)))
    assert len(set(numbers)) == 60 == len(caller.sim.steps())


def test_only_one_of_many_completions_wins(caller: Caller) -> None:
    step = caller.ready()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: caller.complete(step, ACTION).status_code, range(8)))
    assert sorted(statuses) == [200] + [409] * 7
    assert len(caller.sim.steps()) == 2


def test_stopping_cuts_off_what_waits_and_a_restart_keeps_port_and_content(caller: Caller) -> None:
    caller.ready()
    before, port = caller.sim.steps(), caller.sim.port
    caller.sim.set_knobs(latency_seconds=10 * PATIENCE)
    signed_in = {"Authorization": f"Bearer {KEY}"}
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(requests.get, caller.sim.api + "/people/40211", headers=signed_in, timeout=PATIENCE)
        time.sleep(0.2)
        pool.submit(caller.sim.stop).result(PATIENCE)
        with pytest.raises(requests.ConnectionError):
            waiting.result(PATIENCE)
    assert caller.sim.steps() == before
    caller.sim.knobs.reset()
    caller.sim.start()
    assert (caller.sim.port, caller.sim.steps()) == (port, before)
    assert caller.step() > before[-1].step_id


def launch(folder: Path) -> tuple[subprocess.Popen[str], dict[str, str]]:
    (folder / "key").write_text(KEY + "\n")
    command = [sys.executable, "-m", "simulators.mosaic", "--data", str(folder / "data"), "--port", "0"]
    command += ["--key-file", str(folder / "key")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=5)


def test_a_killed_process_keeps_numbers_and_content(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    process, place = launch(tmp_path)
    try:
        assert place["api"] == place["url"] + "api/v1"
        first = requests.post(place["api"] + "/steps", json=new_step(), headers=headers, timeout=5).json()
    finally:
        end(process)
    process, place = launch(tmp_path)
    try:
        again = requests.get(f"{place['api']}/steps/{first['stepId']}", headers=headers, timeout=5).json()
        second = requests.post(place["api"] + "/steps", json=new_step(), headers=headers, timeout=5).json()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        end(process)
    assert again == first and second["stepId"] == first["stepId"] + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1: {title: T, colour: red}", "unknown key 'colour'"),
        ("1: {questions: {}}", "'title' is missing"),
        ("1: {title: T, questions: {Q: {type: text}}}", "unknown type 'text'"),
        ("1: {title: T, questions: {Q: {type: date, compulsory: true}}}", "unknown key 'compulsory'"),
        ("1: {title: T, questions: {Q: {type: lookup}}}", "needs at least one"),
        ("1: {title: T, questions: {Q: {type: lookup, values: [1]}}}", "put quotes"),
        ("1: {title: T, questions: {Q: {type: date, mandatory: yes}}}", "true or false"),
        ("1: {title: T, nextActions: {allowed: {61: {creates: 2}}}}", "creates unknown type 2"),
        ("1: {title: T, nextActions: {required: true}}", "none is allowed"),
        ("one: {title: T}", "positive whole number"),
        ("1: {title: T}\n1: {title: U}", "duplicate key"),
        ("- 1", "must be a mapping"),
    ],
)
def test_form_files_with_mistakes_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "forms.yaml"
    path.write_text(text)
    with pytest.raises(DefinitionError, match=message):
        load_forms(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("40211: {dob: 2010-05-02}", "40211: {dob: 2010-05-02, name: x}", "unknown key 'name'"),
        ("40211: {dob: 2010-05-02}", "40211: {dob: sometime}", "must be a day"),
        ("mergedTo: 40211", "mergedTo: 5", "unknown person 5"),
        ("9003: [read]", "9003: [write]", "unknown permission 'write'"),
        ("teams:", "team:", "unknown key 'team'"),
    ],
)
def test_seed_files_with_mistakes_are_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text((HERE / "seed.yaml").read_text().replace(old, new))
    with pytest.raises(DefinitionError, match=message):
        load_seed(path)
