"""What docs/protocols/generic-rest.md says of OData is so in a server we did not write: SAP CAP."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.support import npm
from tests.support.cap_server import SOURCE, CapServer, cap_server

PDF = b"%PDF-1.7 fictional, \xfb\xff"
ANSWERS = [
    {"code": "WISE_OWN_WORDS", "row": 1, "value": "“A good day is…”"},
    {"code": "WISE_COMPLETED_ON", "row": None, "value": "2026-09-14"},
]


@pytest.fixture(scope="module")
def server() -> Iterator[CapServer]:
    with cap_server() as running:
        yield running


class Caller:
    def __init__(self, server: CapServer) -> None:
        self.server = server

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        auth = options.pop("auth", (self.server.user, self.server.password))
        return requests.request(method, f"{self.server.api}/{path}", auth=auth, timeout=20, **options)

    def search(self, name: str, prop: str, value: str, more: str = "") -> list[Any]:
        literal = quote("'" + value.replace("'", "''") + "'")
        answer = self.send("GET", f"{name}?$filter={prop}%20eq%20{literal}{more}")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["value"])

    def person(self, child_id: str = "P0000101") -> str:
        return str(self.search("People", "childId", child_id)[0]["id"])

    def open(self, reference: str, child_id: str = "P0000101", **changes: Any) -> requests.Response:
        body = {"reference": reference, "personId": self.person(child_id), "formType": "WISE"} | changes
        return self.send("POST", "Records", json=body)

    def attach(self, record: str) -> requests.Response:
        body = {"recordId": record, "name": "a.pdf", "title": "t", "documentType": "ASSESS", "documentSubType": "WISE"}
        return self.send("POST", "Documents", json=body | {"content": base64.urlsafe_b64encode(PDF).decode()})

    def finish(self, record: str, tag: str | None) -> requests.Response:
        sent = [ANSWERS[0], {name: ANSWERS[1][name] for name in ("code", "value")}]
        body = {"answers": sent, "completedOn": "2026-09-14", "restricted": True, "state": "complete"}
        return self.send("PATCH", f"Records({record})", json=body, headers={"If-Match": tag} if tag else {})

    def finished(self, reference: str, **changes: Any) -> str:
        record = str(self.open(reference, **changes).json()["id"])
        assert self.attach(record).status_code == 201
        done = self.finish(record, self.send("GET", f"Records({record})").headers["ETag"])
        assert done.status_code == 200, done.text
        return record


@pytest.fixture
def caller(server: CapServer) -> Caller:
    return Caller(server)


def codes(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_the_way_of_a_record(caller: Caller) -> None:
    opened = caller.open("WB-CAP-1")
    record = opened.json()["id"]
    assert (opened.status_code, opened.headers["Location"]) == (201, f"Records({record})")
    assert (opened.json()["state"], opened.json()["@odata.etag"]) == ("draft", opened.headers["ETag"])
    assert caller.attach(record).status_code == 201
    tag = caller.send("GET", f"Records({record})").headers["ETag"]
    assert caller.finish(record, tag).status_code == 200
    [held] = caller.search("Records", "reference", "WB-CAP-1", "&$expand=documents")
    canonical = json.dumps(ANSWERS, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (held["state"], held["restricted"], held["completedOn"]) == ("complete", True, "2026-09-14")
    assert held["answers"] == ANSWERS
    assert held["answersSha256"] == hashlib.sha256(canonical.encode()).hexdigest()
    [document] = held["documents"]
    assert (document["size"], document["sha256"]) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert caller.send("GET", f"Documents({document['id']})/content").content == PDF


def test_optimistic_locking(caller: Caller) -> None:
    opened = caller.open("WB-CAP-2")
    record, first = opened.json()["id"], opened.headers["ETag"]
    caller.attach(record)
    missing = caller.send("PATCH", f"Records({record})", json={"restricted": True})
    assert codes(missing) == (428, "428")
    body = {"restricted": True, "reference": "WB-OTHER"}
    changed = caller.send("PATCH", f"Records({record})", json=body, headers={"If-Match": first})
    assert changed.status_code == 200 and changed.headers["ETag"] != first
    assert codes(caller.finish(record, first)) == (412, "412")
    assert caller.search("Records", "reference", "WB-CAP-2")[0]["state"] == "draft"
    nowhere = "00000000-0000-4000-8000-000000000000"
    assert codes(caller.finish(nowhere, first)) == (412, "412")
    assert codes(caller.send("GET", f"Records({nowhere})")) == (404, "404")
    assert caller.finish(record, changed.headers["ETag"]).status_code == 200


def test_people(caller: Caller) -> None:
    assert set(caller.search("People", "childId", "P0000101")[0]) == {
        "id",
        "childId",
        "dateOfBirth",
        "dateOfBirthEstimated",
        "mergedTo",
        "restricted",
    }
    assert len(caller.search("People", "childId", "O'P-0109")) == 1
    assert len(caller.search("People", "childId", "P0000106")) == 2
    assert caller.search("People", "childId", "P0000105") == caller.search("People", "childId", "P0000999") == []


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
    answer = caller.open("WB-CAP-3", child_id)
    assert codes(answer) == expected
    if child_id == "P0000102":
        assert answer.json()["error"]["@case.mergedTo"] == "P0000101"
    assert caller.search("Records", "reference", "WB-CAP-3") == []


def test_a_complete_record_and_one_without_its_document(caller: Caller) -> None:
    draft = caller.open("WB-CAP-4")
    assert codes(caller.finish(draft.json()["id"], draft.headers["ETag"])) == (422, "DOCUMENT_REQUIRED")
    record = caller.finished("WB-CAP-5")
    tag = caller.send("GET", f"Records({record})").headers["ETag"]
    assert codes(caller.finish(record, tag)) == codes(caller.attach(record)) == (409, "STATE")
    assert caller.send("DELETE", f"Records({record})").status_code == 405
    assert caller.open("WB-CAP-4", state="complete").json()["state"] == "draft"


def test_corrections_withdrawals_and_tasks(caller: Caller) -> None:
    first = caller.finished("WB-CAP-6")
    second = caller.finished("WB-CAP-7", corrects=first)
    assert caller.search("Records", "reference", "WB-CAP-6")[0]["correctedBy"] == second
    assert codes(caller.open("WB-CAP-8", corrects=first)) == (422, "NOT_CORRECTABLE")
    note = {"reference": "WB-CAP-9", "recordId": second, "noteType": "withdrawal", "text": "Another person's."}
    assert caller.send("POST", "Notes", json=note).status_code == 201
    assert codes(caller.send("POST", "Notes", json=note)) == (409, "WITHDRAWN")
    assert caller.search("Records", "reference", "WB-CAP-7")[0]["withdrawn"] is True
    assert len(caller.search("Notes", "reference", "WB-CAP-9")) == 1
    task = {"taskType": "REVIEW", "team": "CSAFE", "dueOn": "2026-12-14", "text": "A review is due."}
    made = caller.send("POST", "Tasks", json=task | {"reference": "WB-CAP-10", "personId": caller.person()})
    assert (made.status_code, made.json()["state"]) == (201, "open")


def test_sign_in_preferences_and_metadata(caller: Caller) -> None:
    for auth in (("bridge", "wrong"), ("somebody", "")):
        assert caller.send("GET", "People", auth=auth).status_code == 401
    metadata = caller.send("GET", "$metadata")
    assert metadata.status_code == 200 and 'EntitySet Name="Records"' in metadata.text
    body = {"reference": "WB-CAP-11", "personId": caller.person(), "formType": "WISE"}
    minimal = caller.send("POST", "Records", json=body, headers={"Prefer": "return=minimal"})
    assert (minimal.status_code, minimal.headers["Preference-Applied"]) == (204, "return=minimal")
    assert caller.send("GET", minimal.headers["Location"]).json()["reference"] == "WB-CAP-11"


def test_what_a_server_says_may_repeat_what_was_sent(caller: Caller) -> None:
    """Why the page tells a client to keep no message."""
    task = {"reference": "WB-CAP-12", "personId": caller.person(), "taskType": "REVIEW", "team": "CSAFE"}
    refused = caller.send("POST", "Tasks", json=task | {"dueOn": "2026-12-14", "text": "said" * 100})
    assert codes(refused) == (400, "ASSERT_DATA_TYPE") and "saidsaid" in refused.json()["error"]["message"]


def test_without_node_it_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(npm.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(npm.NpmUnavailable, match=r"need Node\.js with npm"):
        npm.find_node()
    for name, text in (("node", "#!/bin/sh\necho v18.20.4\n"), ("npm", "#!/bin/sh\nexit 1\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(npm.NpmUnavailable, match=r"need Node\.js 22\.13 or newer, and .* is v18"):
        npm.find_node()


def test_the_lock_file_names_hashes_and_no_place() -> None:
    packages = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    theirs = [package for name, package in packages.items() if name]
    assert theirs and all(package["integrity"].startswith("sha512-") for package in theirs)
    assert not any("resolved" in package for package in theirs)
