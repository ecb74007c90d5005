"""The simulator of docs/protocols/generic-rest.md against its page, over a real socket, in both dialects."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from simulators.restful import Document, Names, Person, Record, RestfulSimulator
from tests.simulators.restful_client import KEY, MANDATORY, NOWHERE, PDF, Caller, codes, refusal

ROOT = Path(__file__).resolve().parents[2]
GUID = re.compile(r"[0-9a-f-]{36}")


@pytest.fixture(params=["plain", "odata"])
def caller(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Caller]:
    with RestfulSimulator(tmp_path, request.param, secret=KEY) as sim:
        yield Caller(sim)


@pytest.fixture
def odata(tmp_path: Path) -> Iterator[Caller]:
    with RestfulSimulator(tmp_path, "odata", secret=KEY) as sim:
        yield Caller(sim)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Caller]:
    with RestfulSimulator(tmp_path, secret=KEY) as sim:
        yield Caller(sim)


def test_the_page_and_the_file_name_the_same_persons() -> None:
    page = (ROOT / "docs" / "protocols" / "generic-rest.md").read_text(encoding="utf-8")
    seed = (ROOT / "simulators" / "restful" / "people.yaml").read_text(encoding="utf-8")
    on_page = set(re.findall(r"^\| `([^`]+)` \|", page.split("## Test persons")[1], re.M)) - {"childId"}
    assert set(re.findall(r"child_id: \"?([^},\"]+)", seed)) | {"P0000999"} == on_page


def test_people(caller: Caller) -> None:
    [right] = caller.search("people", "childId", "P0000101")
    assert GUID.fullmatch(right.pop("id"))
    assert right == {
        "childId": "P0000101",
        "dateOfBirth": "2010-05-02",
        "dateOfBirthEstimated": False,
        "mergedTo": None,
        "restricted": False,
    }
    assert caller.search("people", "childId", "P0000102")[0]["mergedTo"] == "P0000101"
    assert caller.search("people", "childId", "P0000103")[0]["dateOfBirthEstimated"] is True
    assert caller.search("people", "childId", "P0000104")[0]["restricted"] is True
    assert caller.search("people", "childId", "P0000105") == caller.search("people", "childId", "P0000999") == []
    assert len(caller.search("people", "childId", "P0000106")) == 2
    assert len(caller.search("people", "childId", "O'P-0109")) == 1
    one = caller.send("GET", caller.one("people", caller.person("P0000103")))
    assert (one.status_code, one.json()["dateOfBirth"]) == (200, "2011-01-01")


def test_the_way_of_a_record(caller: Caller) -> None:
    opened = caller.open()
    assert opened.status_code == 201
    record, first = opened.json()["id"], opened.headers["ETag"]
    assert opened.headers["Location"].endswith(caller.one("records", record).lstrip("/"))
    assert (opened.json()["state"], opened.json()["answersSha256"]) == ("draft", None)
    document = caller.attach(record).json()
    assert (document["size"], document["sha256"]) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert "content" not in document
    assert caller.read(record).headers["ETag"] != first
    done = caller.put(record, MANDATORY, restricted=True)
    assert done.status_code == 200
    assert done.headers["ETag"] == caller.read(record).headers["ETag"]
    [held] = caller.search("records", "reference", "WB-1")
    canonical = json.dumps(MANDATORY, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert held["answersSha256"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert (held["state"], held["restricted"], held["completedOn"]) == ("complete", True, "2026-09-14")
    assert held["answers"] == MANDATORY and held["documents"][0].items() <= document.items()
    where = "/Documents({1})/content" if caller.odata else "/records/{0}/documents/{1}/content"
    assert caller.send("GET", where.format(record, document["id"])).content == PDF
    [seen] = caller.sim.records("WB-1")
    assert isinstance(seen, Record) and isinstance(seen.documents[0], Document)
    assert seen.documents[0].content == PDF


def test_a_complete_record_cannot_be_changed(caller: Caller) -> None:
    record = caller.finished()
    before = caller.sim.records("WB-1")
    for answer in (caller.put(record, MANDATORY), caller.put(record, [], state="draft"), caller.attach(record)):
        assert refusal(answer) == (409, "STATE")
    stated = caller.attach(record).json()
    assert (stated["error"]["@case.state"] if caller.odata else stated["state"]) == "complete"
    assert caller.send("DELETE", caller.one("records", record)).status_code == 405
    assert caller.sim.records("WB-1") == before


def test_without_its_document_and_its_mandatory_answers_a_record_stays_a_draft(caller: Caller) -> None:
    record = caller.draft()
    blank = [MANDATORY[0] | {"value": " "}]
    assert codes(caller.put(record, blank)) == [
        (422, "REQUIRED", "SHORT"),
        (422, "REQUIRED", "DATE"),
        (422, "DOCUMENT_REQUIRED", "documents"),
    ]
    assert codes(caller.put(record, MANDATORY)) == [(422, "DOCUMENT_REQUIRED", "documents")]
    kept = caller.put(record, MANDATORY[:1], state="draft")
    assert (kept.status_code, kept.json()["state"], len(kept.json()["answers"])) == (200, "draft", 1)


def test_optimistic_locking(caller: Caller) -> None:
    record = caller.draft()
    stale = caller.read(record).headers["ETag"]
    caller.attach(record)
    absent = "428" if caller.odata else "PRECONDITION_REQUIRED"
    failed = "412" if caller.odata else "PRECONDITION_FAILED"
    assert refusal(caller.put(record, MANDATORY, tag=None)) == (428, absent)
    assert refusal(caller.put(record, MANDATORY, tag=stale)) == (412, failed)
    assert caller.sim.records("WB-1")[0].state == "draft"
    assert caller.put(record, MANDATORY).status_code == 200


def test_what_does_not_exist(caller: Caller) -> None:
    for key in (NOWHERE, "nonsense"):
        assert caller.read(key).status_code == 404
    unknown = caller.put(NOWHERE, MANDATORY)
    assert unknown.status_code == (412 if caller.odata else 404)
    assert caller.send("GET", "/nothing").status_code == 404
    assert caller.search("records", "reference", "WB-NONE") == []


ANSWERS = [
    ("NOBODY_KNOWS", None, "x", "UNKNOWN_QUESTION"),
    ("SHORT", None, "x" * 201, "TOO_LONG"),
    ("SHORT", None, "x" * 200, None),
    ("LONG", None, "x" * 50_000, None),
    ("DATE", None, "14 September", "WRONG_TYPE"),
    ("DATE", None, "2026-02-30", "WRONG_TYPE"),
    ("DATE", None, "20260914", "WRONG_TYPE"),
    ("NUMBER", None, "-2.5", None),
    ("NUMBER", None, "1e3", "WRONG_TYPE"),
    ("YESNO", None, "Not known", None),
    ("YESNO", None, "yes", "WRONG_TYPE"),
    ("LIST", None, "Green", None),
    ("LIST", None, "Blue", "NOT_IN_LIST"),
    ("ROWS", 1, "x", None),
    ("ROWS", None, "x", "ROW_REQUIRED"),
    ("ROWS", 0, "x", "ROW_REQUIRED"),
    ("LONG", 1, "x", "ROW_NOT_ALLOWED"),
]


def test_answers(caller: Caller) -> None:
    for question, row, value, code in ANSWERS:
        record = caller.draft()
        answers = [{"code": "ROWS", "row": 2, "value": "x"}, {"code": question, "row": row, "value": value}]
        answer = caller.put(record, answers, state="draft")
        assert (codes(answer) if code else answer.status_code) == ([(422, code, "answers[1]")] if code else 200)
        assert len(caller.read(record).json()["answers"]) == (0 if code else 2), question


def test_an_answer_given_twice_is_refused(caller: Caller) -> None:
    twice = caller.put(caller.draft(), [*MANDATORY, MANDATORY[0]], state="draft")
    assert codes(twice) == [(422, "DUPLICATE", "answers[0]"), (422, "DUPLICATE", "answers[2]")]


def test_the_open_forms_take_any_legal_question(caller: Caller) -> None:
    legal = [{"code": "WISE_Own.words-1", "row": row, "value": "x"} for row in (None, 1)]
    for form in ("WISE", "RISE", "NWG"):
        record = caller.draft(formType=form)
        assert caller.put(record, legal, state="draft").status_code == 200
        illegal = caller.put(record, [{"code": "1x", "row": None, "value": "x"}])
        assert codes(illegal) == [(422, "UNKNOWN_QUESTION", "answers[0]")]
        assert codes(caller.put(record, legal)) == [(422, "DOCUMENT_REQUIRED", "documents")]


@pytest.mark.parametrize(
    ("child_id", "expected"),
    [
        ("P0000102", (409, "PERSON_MERGED")),
        ("P0000104", (403, "RESTRICTED")),
        ("P0000107", (422, "NO_OPEN_EPISODE")),
        ("P0000108", (409, "LOCKED")),
    ],
)
def test_whose_file_cannot_be_written(caller: Caller, child_id: str, expected: tuple[int, str]) -> None:
    status = 423 if expected[1] == "LOCKED" and not caller.odata else expected[0]
    answer = caller.open(child_id)
    assert refusal(answer) == (status, expected[1])
    more = answer.json().get("error", answer.json())
    prefix = "@case." if caller.odata else ""
    if expected[1] == "PERSON_MERGED":
        assert more[prefix + "mergedTo"] == "P0000101"
    if expected[1] == "LOCKED":
        assert (more[prefix + "lockedBy"], more[prefix + "lockedUntil"]) == ("Duty desk (fictional)", None)
    assert caller.sim.records("WB-1") == []


def test_refusals_of_a_new_record(caller: Caller) -> None:
    assert codes(caller.open(personId=NOWHERE)) == [(422, "UNKNOWN_PERSON", "personId")]
    assert codes(caller.open(formType="NONE")) == [(422, "UNKNOWN_FORM", "formType")]
    assert refusal(caller.open(formType="READONLY")) == (403, "NOT_PERMITTED")
    assert codes(caller.open(reference="x" * 41)) == [(422, "TOO_LONG", "reference")]
    assert codes(caller.open(corrects=NOWHERE)) == [(422, "UNKNOWN_RECORD", "corrects")]
    for wrong in ({"nonsense": 1}, {"reference": 1}, {"id": NOWHERE}, {"state": "complete"}, {"corrects": 5}):
        assert caller.open(**wrong).status_code == 400
    assert caller.send("POST", caller.collection("records"), json={"reference": "WB-1"}).status_code == 400
    assert caller.sim.records("WB-1") == []


def test_bodies_that_are_no_json_object(caller: Caller) -> None:
    headers = {"Content-Type": "application/json"}
    whole = json.dumps({"reference": "WB-1", "personId": caller.person(), "formType": "TEST"})
    twice = whole.replace("}", ', "formType": "WISE"}').encode()
    for body in (b"{", b"[]", b'{"reference": NaN}', twice, b"\xff", b"[" * 100_000):
        assert caller.send("POST", caller.collection("records"), data=body, headers=headers).status_code == 400
        assert caller.send("POST", caller.collection("records"), data=body).status_code == 415


DOCUMENTS = [
    ({"content": b""}, "DOCUMENT_EMPTY"),
    ({"name": "a.exe"}, "DOCUMENT_EXTENSION"),
    ({"name": "pdf"}, "DOCUMENT_EXTENSION"),
    ({"name": "a:b.pdf"}, "DOCUMENT_NAME"),
    ({"name": "a" * 77 + ".pdf"}, "DOCUMENT_NAME"),
    ({"documentSubType": "LETTER"}, "UNKNOWN_DOCUMENT_TYPE"),
    ({"documentType": "NONE"}, "UNKNOWN_DOCUMENT_TYPE"),
]


def test_documents_that_are_refused(caller: Caller) -> None:
    record = caller.draft()
    for changes, code in DOCUMENTS:
        assert [found[1] for found in codes(caller.attach(record, **changes))] == [code]
    assert caller.sim.records("WB-1")[0].documents == ()


@pytest.mark.parametrize("dialect", ["plain", "odata"])
def test_the_largest_document(tmp_path: Path, dialect: str) -> None:
    with RestfulSimulator(tmp_path, dialect, secret=KEY, largest_document=1000) as sim:
        caller = Caller(sim)
        record = caller.draft()
        assert caller.attach(record, b"x" * 1000).status_code == 201
        assert refusal(caller.attach(record, b"x" * 1001)) == (413, "TOO_LARGE")


def test_documents_need_a_record(caller: Caller) -> None:
    expected = (422, "UNKNOWN_RECORD") if caller.odata else (404, "NOT_FOUND")
    assert refusal(caller.attach(NOWHERE)) == expected


def test_a_locked_record_and_a_file_locked_meanwhile(caller: Caller) -> None:
    record, status = caller.draft(), 409 if caller.odata else 423
    for what in (record, "P0000101"):
        caller.sim.lock(what, "Worker (fictional)", "2026-09-14T12:00:00Z")
        for answer in (caller.attach(record), caller.put(record, MANDATORY, state="draft")):
            assert refusal(answer) == (status, "LOCKED")
        caller.sim.unlock(what)
    assert caller.attach(record).status_code == 201


def test_people_change_overnight(caller: Caller) -> None:
    record = caller.draft()
    caller.sim.change_person("P0000101", merged_to="P0000103")
    assert refusal(caller.attach(record)) == (409, "PERSON_MERGED")
    caller.sim.change_person("P0000101", merged_to=None, restricted=True)
    assert refusal(caller.put(record, MANDATORY)) == (403, "RESTRICTED")
    caller.sim.change_person("P0000101", hidden=True)
    unknown = caller.read(NOWHERE)
    assert (caller.read(record).status_code, caller.read(record).content) == (404, unknown.content)
    assert caller.search("records", "reference", "WB-1") == caller.search("people", "childId", "P0000101") == []


def test_tasks(caller: Caller) -> None:
    made = caller.task()
    assert made.status_code == 201 and made.headers["ETag"]
    [held] = caller.search("tasks", "reference", "WB-T")
    assert (held["state"], held["dueOn"], held["team"], held["id"]) == (
        "open",
        "2026-12-14",
        "CSAFE",
        made.json()["id"],
    )
    assert caller.send("GET", caller.one("tasks", held["id"])).json()["reference"] == "WB-T"
    unknown = [(422, "UNKNOWN_TASK_TYPE", "taskType"), (422, "UNKNOWN_TEAM", "team")]
    assert codes(caller.task(team="NONE", taskType="NONE")) == unknown
    assert codes(caller.task(dueOn="soon")) == [(422, "WRONG_TYPE", "dueOn")]
    assert codes(caller.task(text="x" * 251)) == [(422, "TOO_LONG", "text")]
    assert refusal(caller.task("P0000102")) == (409, "PERSON_MERGED")
    assert codes(caller.task(personId=NOWHERE)) == [(422, "UNKNOWN_PERSON", "personId")]
    assert len(caller.sim.records("WB-T")) == 1


def test_a_reference_is_not_unique(caller: Caller) -> None:
    assert caller.draft() != caller.draft()
    assert len(caller.search("records", "reference", "WB-1")) == 2


def test_corrections(caller: Caller) -> None:
    first = caller.finished()
    assert codes(caller.open("O'P-0109", corrects=first)) == [(422, "UNKNOWN_RECORD", "corrects")]
    assert codes(caller.open(formType="WISE", corrects=first)) == [(422, "UNKNOWN_RECORD", "corrects")]
    early = caller.draft(reference="WB-E", corrects=first)
    second = caller.finished(reference="WB-2", corrects=first)
    assert caller.search("records", "reference", "WB-1")[0]["correctedBy"] == second
    assert caller.search("records", "reference", "WB-2")[0]["corrects"] == first
    not_correctable = [(422, "NOT_CORRECTABLE", "corrects")]
    assert codes(caller.open(corrects=first)) == not_correctable
    caller.attach(early)
    assert codes(caller.put(early, MANDATORY)) == not_correctable
    assert codes(caller.open(corrects=early)) == not_correctable


def test_withdrawals(caller: Caller) -> None:
    draft, record = caller.draft(reference="WB-D"), caller.finished()
    assert refusal(caller.withdraw(draft)) == (409, "STATE")
    assert codes(caller.withdraw(NOWHERE)) == [(422, "UNKNOWN_RECORD", "recordId")]
    assert codes(caller.withdraw(record, noteType="other")) == [(422, "UNKNOWN_NOTE_TYPE", "noteType")]
    assert codes(caller.withdraw(record, text="x" * 251)) == [(422, "TOO_LONG", "text")]
    caller.sim.lock(record, "Worker (fictional)")
    caller.sim.change_person("P0000101", restricted=True)
    made = caller.withdraw(record)
    caller.sim.change_person("P0000101", restricted=False)
    assert made.status_code == 201
    assert [note["id"] for note in caller.search("notes", "reference", "WB-W")] == [made.json()["id"]]
    held = caller.read(record).json()
    assert (held["withdrawn"], held["state"]) == (True, "complete")
    assert refusal(caller.withdraw(record, reference="WB-V")) == (409, "WITHDRAWN")
    assert codes(caller.open(corrects=record)) == [(422, "NOT_CORRECTABLE", "corrects")]
    assert len(caller.sim.records("WB-W")) == 1 and caller.sim.records("WB-V") == []


def test_more_than_a_page(caller: Caller) -> None:
    person = caller.person()
    for _ in range(101):
        caller.task(personId=person)
    path = "/Tasks" if caller.odata else "/tasks?reference=WB-T"
    first = caller.send("GET", path).json()
    more = first["@odata.nextLink"] if caller.odata else first["next"]
    assert len(first["value" if caller.odata else "items"]) == 100
    rest = caller.send("GET", "/" + more).json() if caller.odata else caller.send("GET", more.split("/api")[1]).json()
    assert len(rest["value" if caller.odata else "items"]) == 1
    assert not rest.get("next") and "@odata.nextLink" not in rest


def test_what_it_holds_outlives_a_stop(caller: Caller) -> None:
    record, port = caller.finished(), caller.sim.port
    caller.sim.stop()
    with pytest.raises(requests.ConnectionError):
        caller.read(record)
    assert len(caller.sim.records("WB-1")) == 1
    caller.sim.start()
    assert caller.sim.port == port
    assert caller.read(record).json()["state"] == "complete"


def test_own_people(tmp_path: Path) -> None:
    with RestfulSimulator(tmp_path, secret=KEY, people=[Person("0007", date_of_birth=None)]) as sim:
        caller = Caller(sim)
        assert caller.search("people", "childId", "0007")[0]["dateOfBirth"] is None
        assert caller.search("people", "childId", "7") == caller.search("people", "childId", "P0000101") == []


def test_faults_reach_the_protocol_and_spare_the_page(caller: Caller) -> None:
    caller.sim.faults.set("throttled", on="write")
    assert caller.person()
    throttled = caller.task(personId=caller.person())
    assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, "7")
    caller.sim.faults.set("maintenance", times=None)
    assert requests.get(caller.sim.url, timeout=5).status_code == 200
    assert caller.send("GET", caller.collection("people")).status_code == 503
    caller.sim.faults.clear()
    caller.sim.faults.set("redirect")
    moved = caller.send("GET", caller.collection("people"), allow_redirects=False)
    assert (moved.status_code, caller.sim.faults.followed) == (307, 0)


def test_a_change_survives_a_lost_answer(caller: Caller) -> None:
    person = caller.person()
    caller.sim.faults.set("reset_after_commit", times=None)
    with pytest.raises(requests.ConnectionError):
        caller.task(personId=person)
    with pytest.raises(requests.ConnectionError):
        caller.open(personId=person)
    assert len(caller.search("tasks", "reference", "WB-T")) == len(caller.search("records", "reference", "WB-1")) == 1
    record = caller.search("records", "reference", "WB-1")[0]["id"]
    with pytest.raises(requests.ConnectionError):
        caller.attach(record)
    with pytest.raises(requests.ConnectionError):
        caller.put(record, MANDATORY)
    with pytest.raises(requests.ConnectionError):
        caller.withdraw(record)
    held = caller.read(record).json()
    assert (held["state"], held["withdrawn"], len(held["documents"])) == ("complete", True, 1)


def test_the_page_shows_what_is_held_and_escapes_it(caller: Caller) -> None:
    record = caller.draft(reference="<b>WB</b>", formType="WISE")
    caller.attach(record, title="<i>t</i>")
    caller.put(record, [{"code": "A", "row": None, "value": "<script>x</script>"}])
    caller.withdraw(record)
    caller.task()
    overview = requests.get(caller.sim.url, timeout=5).text
    assert "&lt;b&gt;WB&lt;/b&gt;" in overview and "<b>WB" not in overview and "WB-W" in overview and "WB-T" in overview
    shown = requests.get(f"{caller.sim.url}shown/{record}", timeout=5).text
    assert "&lt;script&gt;" in shown and "<script" not in shown and "&lt;i&gt;" in shown
    [link] = re.findall(rf'href="/(shown/{record}/[^"]+)"', shown)
    assert requests.get(caller.sim.url + link, timeout=5).content == PDF
    assert requests.get(f"{caller.sim.url}shown/{NOWHERE}", timeout=5).status_code == 404


def test_without_the_key_everything_is_a_bare_401(caller: Caller) -> None:
    for headers in ({}, {"X-Api-Key": ""}, {"X-Api-Key": "wrong"}, {"X-Api-Key": KEY + "x"}):
        for path in (caller.collection("people"), "/nothing", "/$metadata"):
            answer = requests.get(caller.sim.api + path, headers=headers, timeout=5)
            assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize("dialect", ["plain", "odata"])
def test_basic(tmp_path: Path, dialect: str) -> None:
    with RestfulSimulator(tmp_path, dialect, secret=KEY, sign_in="basic", user="bridge") as sim:
        address = f"{sim.api}/{'People' if sim.dialect == 'odata' else 'people?childId=P0000101'}"
        assert requests.get(address, auth=("bridge", KEY), timeout=5).status_code == 200
        refused = requests.get(address, auth=("bridge", "wrong"), timeout=5)
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Basic")
        assert requests.get(address, headers={"X-Api-Key": KEY}, timeout=5).status_code == 401


def test_client_credentials(tmp_path: Path) -> None:
    with RestfulSimulator(tmp_path, secret=KEY, sign_in="oauth2", user="bridge") as sim:
        asked, address = {"grant_type": "client_credentials"}, sim.api + "/people?childId=P0000101"
        answer = requests.post(sim.token_url, data=asked, auth=("bridge", KEY), timeout=5).json()
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
        assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 300)
        assert requests.get(address, headers=headers, timeout=5).status_code == 200
        assert requests.get(address, auth=("bridge", KEY), timeout=5).status_code == 401
        sim.expire_tokens()
        assert requests.get(address, headers=headers, timeout=5).status_code == 401
        wrong = requests.post(sim.token_url, data=asked, auth=("bridge", "x"), timeout=5)
        assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
        grant = requests.post(sim.token_url, data={"grant_type": "password"}, auth=("bridge", KEY), timeout=5)
        assert (grant.status_code, grant.json()) == (400, {"error": "unsupported_grant_type"})


def test_a_client_certificate(tmp_path: Path) -> None:
    with RestfulSimulator(tmp_path / "a", secret=KEY, sign_in="certificate") as sim:
        files = {name: str(path) for name, path in sim.certificates.items()}
        address, pair = sim.api + "/people?childId=P0000101", (files["certificate"], files["key"])
        assert address.startswith("https://")
        assert requests.get(address, verify=files["authority"], cert=pair, timeout=5).status_code == 200
        with pytest.raises(requests.ConnectionError):
            requests.get(address, verify=files["authority"], timeout=5)
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(address, cert=pair, timeout=5)
        around = f"{sim.url}api/people?childId=P0000101"
        assert requests.get(around, timeout=5).status_code == 401
    with RestfulSimulator(tmp_path / "b", secret=KEY, sign_in="certificate") as other:
        trusted = str(other.certificates["authority"])
        with pytest.raises(requests.ConnectionError):
            requests.get(other.api + "/people?childId=P0000101", verify=trusted, cert=pair, timeout=5)


def test_renamed_throughout(tmp_path: Path) -> None:
    names = Names(
        paths={"records": "v2/assessments", "documents": "files", "people": "clients"},
        properties={
            "id": "ref",
            "childId": "clientNo",
            "reference": "externalKey",
            "state": "status",
            "answers": "values",
            "value": "text",
            "items": "results",
            "file": "upload",
            "title": "caption",
            "etag": "version",
        },
        words={"draft": "Open", "complete": "Signed off"},
        codes={"TOO_LONG": "E17", "INVALID": "E0", "STATE": "E9"},
        method="PUT",
    )
    with RestfulSimulator(tmp_path, secret=KEY, names=names, key_header="X-Key") as sim:
        send = requests.Session()
        send.headers["X-Key"] = KEY
        person = send.get(sim.api + "/clients?clientNo=P0000101").json()["results"][0]
        body = {"externalKey": "WB-1", "personId": person["ref"], "formType": "TEST"}
        assert send.post(sim.api + "/v2/assessments", json=body | {"reference": "x"}).status_code == 400
        made = send.post(sim.api + "/v2/assessments", json=body)
        at = f"{sim.api}/v2/assessments/{made.json()['ref']}"
        assert (made.json()["status"], made.headers["Location"]) == ("Open", at.removeprefix(sim.url.rstrip("/")))
        fields = {"caption": "t", "documentType": "ASSESS", "documentSubType": "WISE"}
        assert send.post(at + "/files", files={"upload": ("a.pdf", PDF)}, data=fields).status_code == 201
        [found] = send.get(sim.api + "/v2/assessments?externalKey=WB-1").json()["results"]
        assert found["documents"][0]["caption"] == "t"
        tag, answers = {"If-Match": found["version"]}, [{"code": i["code"], "text": i["value"]} for i in MANDATORY]
        whole = {"values": answers, "completedOn": None, "restricted": False, "status": "Signed off"}
        assert send.patch(at, json=whole, headers=tag).status_code == 405
        assert send.put(at, json={"status": "Signed off"}, headers=tag).status_code == 400
        long = send.put(at, json=whole | {"values": [{"code": "SHORT", "text": "x" * 201}]}, headers=tag).json()
        assert (long["code"], long["details"][0]["code"], long["details"][0]["field"]) == ("E0", "E17", "values[0]")
        done = send.put(at, json=whole, headers=tag)
        assert (done.status_code, done.json()["status"]) == (200, "Signed off")
        late = send.put(at, json=whole, headers={"If-Match": done.headers["ETag"]}).json()
        assert (late["code"], late["state"]) == ("E9", "Signed off")
        assert sim.records("WB-1")[0].state == "complete"


def test_a_search_names_what_it_searches_for(plain: Caller) -> None:
    for path in ("/people", "/records", "/records?reference=", "/tasks?nonsense=1", "/notes?reference=WB-1&skip=x"):
        assert refusal(plain.send("GET", path)) == (400, "BAD_REQUEST")
    assert refusal(plain.send("GET", "/records/" + NOWHERE)) == (404, "NOT_FOUND")


QUERIES = [
    "$filter=childId%20zz%20'x'",
    "$filter=childId%20eq%20x",
    "$filter=childId%20eq%20'it's'",
    "$filter=childId%20eq%20'x'%20and",
    "$filter=childId%20eq%20'x'%20or%20childId%20eq%20'y'",
    "$filter=nonsense%20eq%20'x'",
    "$filter=id%20eq%20'6f0c1a52-0000-4000-8000-000000000000'",
    "$filter=dateOfBirth%20eq%20'2010-05-02'",
    "$select=nonsense",
    "$expand=documents",
    "$top=-1",
]


def test_queries_that_cannot_be_read(odata: Caller) -> None:
    for query in QUERIES:
        assert refusal(odata.send("GET", "/People?" + query)) == (400, "400"), query


def test_queries(odata: Caller) -> None:
    both = "$filter=childId%20eq%20'P0000106'%20and%20dateOfBirth%20eq%202011-07-19&$select=childId&$count=true"
    found = odata.send("GET", "/People?" + both).json()
    assert found["@odata.count"] == 1 and set(found["value"][0]) == {"id", "childId"}
    assert len(odata.send("GET", "/People?$filter=restricted%20eq%20true").json()["value"]) == 1
    assert len(odata.send("GET", "/People?$top=2").json()["value"]) == 2
    person = odata.person()
    record = odata.draft(personId=person)
    odata.attach(record)
    by_person = odata.send("GET", f"/Records?$filter=personId%20eq%20{person.upper()}").json()["value"]
    assert [item["id"] for item in by_person] == [record]
    assert "documents" not in by_person[0] and by_person[0]["@odata.etag"].startswith('W/"')
    expanded = odata.send("GET", f"/Records({record.upper()})?$select=state&$expand=documents($select=sha256)").json()
    assert set(expanded) == {"@odata.context", "@odata.etag", "id", "state", "documents"}
    assert set(expanded["documents"][0]) == {"id", "sha256"}
    assert odata.send("GET", "/People?$apply=x").status_code == 501


def test_prefer(odata: Caller) -> None:
    body = {"reference": "WB-1", "personId": odata.person(), "formType": "TEST"}
    minimal = odata.send("POST", "/Records", json=body, headers={"Prefer": "return=minimal"})
    assert (minimal.status_code, minimal.content) == (204, b"")
    assert minimal.headers["OData-EntityId"] == minimal.headers["Location"]
    assert minimal.headers["Preference-Applied"] == "return=minimal"
    tag = {"If-Match": minimal.headers["ETag"], "Prefer": "return=minimal"}
    changed = odata.send("PATCH", "/" + minimal.headers["Location"], json={"restricted": True}, headers=tag)
    assert (changed.status_code, changed.content) == (204, b"")
    assert changed.headers["ETag"] == odata.send("GET", "/" + minimal.headers["Location"]).headers["ETag"]


def test_the_service_and_its_metadata(odata: Caller) -> None:
    service = odata.send("GET", "/")
    assert service.headers["OData-Version"] == "4.0"
    names = {item["url"] for item in service.json()["value"]}
    metadata = odata.send("GET", "/$metadata").text
    assert names == set(re.findall(r'<EntitySet Name="(\w+)"', metadata))
    odata.finished()
    held = odata.search("records", "reference", "WB-1")[0]
    declared = set(re.findall(r'Property Name="(\w+)"', metadata))
    assert {name for name in (*held, *held["documents"][0]) if not name.startswith("@")} <= declared


def test_binary_is_base64url_with_its_padding(odata: Caller) -> None:
    body = {
        "recordId": odata.draft(),
        "name": "a.pdf",
        "title": "t",
        "documentType": "ASSESS",
        "documentSubType": "WISE",
    }
    url, standard = base64.urlsafe_b64encode(PDF).decode(), base64.b64encode(PDF).decode()
    assert url != standard and url.endswith("=")
    for wrong in (standard, url.rstrip("="), "é"):
        refused = odata.send("POST", "/Documents", json=body | {"content": wrong})
        assert codes(refused) == [(422, "WRONG_TYPE", "content")]
    assert odata.send("POST", "/Documents", json=body | {"content": None}).status_code == 400
    assert odata.send("POST", "/Documents", json=body | {"content": url}).status_code == 201


@pytest.mark.parametrize("prop", ["personId", "corrects"])
def test_keys_are_guids(odata: Caller, prop: str) -> None:
    assert refusal(odata.open(**{"personId": odata.person(), prop: "P0000101"})) == (400, "400")


def test_settings_that_do_not_add_up(tmp_path: Path) -> None:
    for wrong in ({"dialect": "soap"}, {"sign_in": "none"}, {"secret": ""}, {"dialect": "odata", "names": Names()}):
        with pytest.raises(ValueError, match=r"dialect|sign-in|secret"):
            RestfulSimulator(tmp_path, **({"secret": KEY} | wrong))


def test_as_a_process(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(KEY + "\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "simulators.restful", "--data", str(tmp_path), "--port", port]
    command += ["--secret-file", str(tmp_path / "secret"), "--dialect", "odata"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["url"] == f"http://127.0.0.1:{port}/"
        assert requests.get(said["api"] + "/People", headers={"X-Api-Key": KEY}, timeout=5).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
