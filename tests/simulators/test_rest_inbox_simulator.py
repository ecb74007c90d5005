"""The simulator of docs/protocols/rest-inbox.md against its page, over a real socket, by a plain client."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulators.rest_inbox import Person, RestInboxSimulator

ROOT = Path(__file__).resolve().parents[2]
KEY = "fictional-key-for-tests"  # pragma: allowlist secret
PDF = b"%PDF-1.7 fictional, \xfb\xff"
ANSWERS = [
    {"code": "SHORT", "row": None, "value": "a “good” day"},
    {"code": "DATE", "row": None, "value": "2026-09-14"},
]
LARGEST = 4096
Body = dict[str, Any]


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[RestInboxSimulator]:
    with RestInboxSimulator(tmp_path, secret=KEY, largest_document=LARGEST) as running:
        yield running


def send(sim: RestInboxSimulator, method: str, reference: str, **options: Any) -> requests.Response:
    headers = {"X-Api-Key": KEY, "If-None-Match": "*"} | options.pop("headers", {})
    return requests.request(method, f"{sim.api}/items/{reference}", headers=headers, timeout=10, **options)


def put(sim: RestInboxSimulator, body: Body, **options: Any) -> requests.Response:
    return send(sim, "PUT", body["reference"], json=body, **options)


def sealed(body: Body) -> Body:
    """With the digest of the page."""
    counted = {**body, "document": body["document"] and body["document"]["sha256"]} if "document" in body else body
    text = json.dumps(counted, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**body, "content_sha256": hashlib.sha256(text.encode()).hexdigest()}


def document(content: bytes = PDF, **changes: Any) -> Body:
    held = {"name": "WB-0001.pdf", "title": "A record", "type": "ASSESS", "sha256": hashlib.sha256(content).hexdigest()}
    return {**held, "content": base64.b64encode(content).decode()} | changes


def record(reference: str = "WB-0001", **changes: Any) -> Body:
    body = {"kind": "record", "reference": reference, "authority": "E08000007", "record_type": "wise_assessment"}
    body |= {"form": "TEST", "child_id": "P0000101", "date_of_birth": "2010-05-02", "age": 16}
    body |= {"age_as_at": "2026-09-14", "completed_on": "2026-09-14", "restricted": False, "replaces": None}
    return sealed({**body, "answers": ANSWERS, "document": document()} | changes)


def task(**changes: Any) -> Body:
    body = {"kind": "review_task", "reference": "WB-T001", "authority": "E08000007", "task": "REVIEW", "team": "CSAFE"}
    return sealed({**body, "child_id": "P0000101", "due_on": "2026-12-14", "text": "A review is due."} | changes)


def withdrawal(number: str, **changes: Any) -> Body:
    body = {"kind": "withdrawal", "reference": "WB-W001", "authority": "E08000007", "child_id": "P0000101"}
    return sealed({**body, "number": number, "text": "Withdrawn: this record was entered twice."} | changes)


def test_an_item_is_put_there_once_and_got(sim: RestInboxSimulator) -> None:
    assert (send(sim, "GET", "WB-0001").status_code, send(sim, "GET", "WB-0001").json()) == (404, {"code": "NOT_THERE"})
    first = put(sim, record())
    assert first.status_code == 201
    assert first.json() == {
        "reference": "WB-0001",
        "kind": "record",
        "state": "filed",
        "number": first.json()["number"],
        "document_number": "D-1",
        "replaces": None,
        "content_sha256": record()["content_sha256"],
        "code": None,
    }
    other = put(sim, record(completed_on="2026-09-15"))
    assert (other.status_code, other.json()) == (412, first.json())
    assert (send(sim, "GET", "WB-0001").status_code, send(sim, "GET", "WB-0001").json()) == (200, first.json())
    (held,) = sim.records("WB-0001")
    assert (held.content, held.sent["completed_on"], held.sent["answers"]) == (PDF, "2026-09-14", ANSWERS)


def test_a_record_is_corrected_and_withdrawn(sim: RestInboxSimulator) -> None:
    first = put(sim, record()).json()
    second = put(sim, record("WB-0002", replaces=first["number"])).json()
    assert (second["replaces"], second["number"] != first["number"]) == (first["number"], True)
    gone = put(sim, withdrawal(second["number"]))
    assert (gone.status_code, gone.json()["number"], gone.json()["document_number"]) == (201, second["number"], None)
    assert put(sim, withdrawal(second["number"])).status_code == 412
    assert send(sim, "GET", "WB-0002").json() == second


def test_a_document_may_stay_away(sim: RestInboxSimulator) -> None:
    answer = put(sim, record(document=None))
    assert (answer.status_code, answer.json()["document_number"]) == (201, None)


def test_either_birth_or_age_is_enough(sim: RestInboxSimulator) -> None:
    assert put(sim, record("WB-0001", age=None)).status_code == 201
    assert put(sim, record("WB-0002", date_of_birth=None)).status_code == 201
    assert put(sim, record("WB-0003", date_of_birth=None, age=None)).status_code == 400


REFUSALS = {
    "PERSON_NOT_FOUND": [record("WB-X1", child_id="P0000999"), record("WB-X1", child_id="P0000105")],
    "PERSON_AMBIGUOUS": [record("WB-X1", child_id="P0000106"), task(child_id="P0000106")],
    "PERSON_MERGED": [record("WB-X1", child_id="P0000102"), task(child_id="P0000102")],
    "PERSON_RESTRICTED": [record("WB-X1", child_id="P0000104"), task(child_id="P0000104")],
    "DOB_MISMATCH": [record("WB-X1", date_of_birth="2010-05-03"), record("WB-X1", age=17)],
    "DOB_ESTIMATED": [record("WB-X1", child_id="P0000103", date_of_birth="2011-01-01", age=15)],
    "NO_OPEN_EPISODE": [record("WB-X1", child_id="P0000107")],
    "SEVERAL_OPEN_EPISODES": [record("WB-X1", child_id="P0000109")],
    "UNKNOWN_FORM": [record("WB-X1", form="NONE")],
    "UNKNOWN_QUESTION": [record("WB-X1", answers=[*ANSWERS, {"code": "NONE", "row": None, "value": "x"}])],
    "UNKNOWN_TEAM": [task(team="NONE")],
    "UNKNOWN_TASK": [task(task="NONE")],
    "UNKNOWN_DOCUMENT_TYPE": [record("WB-X1", document=document(type="NONE"))],
    "CONTENT_REFUSED": [
        record("WB-X1", answers=ANSWERS[:1]),
        record("WB-X1", answers=[*ANSWERS, {"code": "NUMBER", "row": None, "value": "x"}]),
        record("WB-X1", answers=[*ANSWERS, {"code": "ROWS", "row": None, "value": "x"}]),
    ],
    "DOCUMENT_REFUSED": [
        record("WB-X1", document=document(b"")),
        record("WB-X1", document=document(name="record.exe")),
    ],
    "DOCUMENT_TOO_LARGE": [record("WB-X1", document=document(b"x" * (LARGEST + 1)))],
    "RECORD_NOT_THERE": [
        record("WB-X1", replaces="9999"),
        withdrawal("9999"),
        withdrawal("4701", child_id="P0000103"),
        withdrawal("4702"),
    ],
    "ALREADY_WITHDRAWN": [
        record("WB-X1", replaces="4703"),
        withdrawal("4703", reference="WB-W002"),
    ],
    "NOT_PERMITTED": [record("WB-X1", authority="E08000008"), record("WB-X1", form="READONLY")],
}
"""Beside a record 4701, a task 4702 and a record 4703 that was withdrawn under another reference."""


def test_the_page_has_these_codes_and_no_others() -> None:
    page = (ROOT / "docs" / "protocols" / "rest-inbox.md").read_text(encoding="utf-8")
    codes, _, _ = page.partition("\nCodes: ")[2].partition("Any other code")
    assert set(re.findall(r"`([A-Z_]+)`", codes)) == set(REFUSALS)


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_has_its_code_and_keeps_nothing(sim: RestInboxSimulator, code: str) -> None:
    assert put(sim, record()).json()["number"] == "4701"
    assert put(sim, task(reference="WB-T000")).json()["number"] == "4702"
    assert put(sim, record("WB-0003")).json()["number"] == "4703"
    assert put(sim, withdrawal("4703", reference="WB-W000")).status_code == 201
    for body in REFUSALS[code]:
        answer = put(sim, body)
        assert (answer.status_code, answer.json()) == (422, {"code": code})
        assert sim.records(body["reference"]) == []
        assert send(sim, "GET", body["reference"]).status_code == 404


def test_a_file_that_is_open_is_locked_and_then_not(sim: RestInboxSimulator) -> None:
    sim.change_person("P0000101", locked=True)
    answer = put(sim, record())
    assert (answer.status_code, answer.headers["Retry-After"], sim.records("WB-0001")) == (423, "30", [])
    sim.change_person("P0000101", locked=False)
    assert put(sim, record()).status_code == 201
    with pytest.raises(LookupError):
        sim.change_person("P0000999", locked=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {**record(), "content_sha256": "0" * 64},
        record(answers=[{"code": "SHORT", "value": "x"}]),
        record(completed_on="2026-02-30"),
        record(restricted="no"),
        record(age="16"),
        record(document=document(sha256="0" * 64)),
        record(document={**document(), "content": "%%%"}),
        record(kind="letter"),
        sealed({name: value for name, value in record().items() if name not in {"replaces", "content_sha256"}}),
        {**record(), "reference": "WB-0002"},
    ],
    ids=str,
)
def test_what_is_no_item_is_not_kept(sim: RestInboxSimulator, wrong: Body) -> None:
    answer = send(sim, "PUT", "WB-0001", json=wrong)
    assert (answer.status_code, sim.records("WB-0001")) == (400, [])


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"kind": ', b'{"kind": "record", "kind": "record"}', b"[" * 100_000])
def test_what_is_no_object_is_not_kept(sim: RestInboxSimulator, raw: bytes) -> None:
    answer = send(sim, "PUT", "WB-0001", data=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


def test_the_ways_of_http(sim: RestInboxSimulator) -> None:
    assert put(sim, record(), headers={"If-None-Match": None}).status_code == 428
    assert put(sim, record(), headers={"If-None-Match": '"x"'}).status_code == 428
    assert put(sim, record(), headers={"Content-Type": "text/plain"}).status_code == 415
    assert put(sim, record(), headers={"X-Api-Key": "another"}).status_code == 401
    assert send(sim, "GET", "WB-0001", headers={"X-Api-Key": None}).status_code == 401
    assert put(sim, record("WB_0001")).status_code == 400
    assert put(sim, record("WB-")).status_code == 400
    assert send(sim, "DELETE", "WB-0001").status_code == 405
    elsewhere = requests.get(f"{sim.api}/nothing", headers={"X-Api-Key": KEY}, timeout=10)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "NOT_KEPT")
    assert sim.records("WB-0001") == []


def test_what_is_taken_is_filed_later(tmp_path: Path) -> None:
    with RestInboxSimulator(tmp_path, secret=KEY, later=math.inf) as sim:
        taken = put(sim, record())
        assert (taken.status_code, taken.json()["state"], taken.json()["number"]) == (202, "received", None)
        assert put(sim, record("WB-0002", child_id="P0000102")).status_code == 202
        assert put(sim, record("WB-0003", child_id="P0000108")).status_code == 202
        assert put(sim, record()).json() == send(sim, "GET", "WB-0001").json() == taken.json()
        sim.file_waiting()
        states = {name: send(sim, "GET", name).json() for name in ("WB-0001", "WB-0002", "WB-0003")}
        assert [each["state"] for each in states.values()] == ["filed", "refused", "received"]
        assert (states["WB-0002"]["code"], states["WB-0002"]["number"]) == ("PERSON_MERGED", None)
        assert [len(sim.records(name)) for name in states] == [1, 0, 1]
        assert put(sim, record("WB-0002", child_id="P0000102")).json() == states["WB-0002"]


def test_what_is_taken_is_filed_by_itself_in_time(tmp_path: Path) -> None:
    with RestInboxSimulator(tmp_path, secret=KEY, later=0.0) as sim:
        assert put(sim, record()).status_code == 202
        assert send(sim, "GET", "WB-0001").json()["state"] == "filed"


def test_a_lost_reply_leaves_the_item_there(sim: RestInboxSimulator) -> None:
    sim.faults.set("reset_after_commit", on="write")
    with pytest.raises(requests.ConnectionError):
        put(sim, record())
    assert put(sim, record()).status_code == 412
    sim.faults.set("maintenance", on="read")
    assert send(sim, "GET", "WB-0001").status_code == 503
    assert send(sim, "GET", "WB-0001").status_code == 200


def test_what_it_holds_outlives_a_restart(sim: RestInboxSimulator) -> None:
    put(sim, record())
    port = sim.port
    sim.stop()
    assert len(sim.records("WB-0001")) == 1
    sim.start()
    assert (sim.port, send(sim, "GET", "WB-0001").status_code) == (port, 200)


def test_other_people_may_live_there(tmp_path: Path) -> None:
    with RestInboxSimulator(tmp_path, secret=KEY, people=[Person("P7", date_of_birth=None)]) as sim:
        assert put(sim, record(child_id="P7")).json() == {"code": "DOB_MISMATCH"}
        assert put(sim, record()).json() == {"code": "PERSON_NOT_FOUND"}


def test_the_pages_show_what_is_there_and_nothing_that_was_withdrawn(sim: RestInboxSimulator) -> None:
    words = [{"code": "LONG", "row": None, "value": "<b>said</b>"}, *ANSWERS]
    number = put(sim, record(answers=words)).json()["number"]
    put(sim, task())

    def shown(path: str) -> requests.Response:
        return requests.get(sim.url + path, timeout=10)

    assert shown("").text.index("WB-T001") < shown("").text.index("WB-0001")
    assert "A review is due." in shown("shown/WB-T001").text
    assert "&lt;b&gt;said&lt;/b&gt;" in shown("shown/WB-0001").text
    assert shown("shown/WB-0001/document").content == PDF
    assert shown("_simulator/").status_code == 200
    put(sim, withdrawal(number))
    assert "withdrawn" in shown("shown/WB-0001").text
    assert "said" not in shown("shown/WB-0001").text
    assert shown("shown/WB-0001/document").status_code == shown("shown/WB-0009").status_code == 404


def test_it_runs_as_a_process(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text(f"{KEY}\n")
    command = [sys.executable, "-m", "simulators.rest_inbox", "--data", str(tmp_path / "data"), "--later", "60"]
    with subprocess.Popen([*command, "--secret-file", str(secret)], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        api = json.loads(process.stdout.readline())["api"]
        answer = requests.put(
            f"{api}/items/WB-0001", json=record(), headers={"X-Api-Key": KEY, "If-None-Match": "*"}, timeout=10
        )
        process.send_signal(signal.SIGTERM)
        assert (answer.status_code, process.wait(timeout=20)) == (202, 0)


def test_a_process_without_a_key_says_so(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("\n")
    command = [sys.executable, "-m", "simulators.rest_inbox", "--data", str(tmp_path), "--secret-file", str(secret)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (2, "rest_inbox simulator: the key is empty\n")
