"""The receiver keeps everything twice that is asked twice, lies when told to, and writes down what it did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.faults.journal import read_journal
from tests.faults.lines import Control
from tests.faults.partners import start_partner

TOWN, KEY = "E08999901", "fictional-key"
DRAFT = {"reference": "WB-1", "personId": "p-1", "formType": "WISE"}
DONE = {
    "answers": [{"code": "submission_id", "row": None, "value": "SENT-1"}],
    "completedOn": "2026-09-14",
    "restricted": False,
    "state": "complete",
}


class There:
    """The receiver over its own interface, as TOWN's."""

    def __init__(self, ready: dict[str, Any], journal: Path) -> None:
        self.base, self.journal = f"http://127.0.0.1:{ready['port']}/{TOWN}/api", journal
        self.control = Control(ready["control"])

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> requests.Response:
        given = {"X-Api-Key": KEY} | headers
        return requests.request(method, self.base + path, json=body, headers=given, timeout=5)

    def mood(self, *moods: dict[str, Any]) -> None:
        self.control.ask(do="mood", authority=TOWN, moods=list(moods))

    def file(self, reference: str) -> dict[str, Any]:
        opened = self.ask("POST", "/records", DRAFT | {"reference": reference})
        done = self.ask("PATCH", f"/records/{opened.json()['id']}", DONE, **{"If-Match": opened.headers["ETag"]})
        assert done.status_code == 200, done.text
        found: dict[str, Any] = done.json()
        return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    folder = tmp_path_factory.mktemp("receiver")
    (folder / "key").write_text(KEY)
    journal = folder / "journal.jsonl"
    child, ready = start_partner(folder, "receiver", "--journal", str(journal), "--key-file", str(folder / "key"))
    yield There(ready, journal)
    child.stop()


@pytest.fixture
def there(running: There) -> Iterator[There]:
    yield running
    running.mood()


def test_the_same_reference_twice_is_two_records(there: There) -> None:
    first, second = there.file("WB-TWICE"), there.file("WB-TWICE")
    assert first["id"] != second["id"]
    assert len(there.ask("GET", "/records?reference=WB-TWICE").json()["items"]) == 2
    arrived = read_journal(there.journal)
    assert arrived.opened["WB-TWICE"] == 2
    assert arrived.finished[f"{TOWN}/SENT-1"] >= {first["id"], second["id"]}


def test_a_record_is_changed_with_its_tag_only_and_never_after_completion(there: There) -> None:
    opened = there.ask("POST", "/records", DRAFT)
    path, tag = f"/records/{opened.json()['id']}", opened.headers["ETag"]
    assert there.ask("PATCH", path, DONE).status_code == 428
    assert there.ask("PATCH", path, DONE, **{"If-Match": '"v9"'}).status_code == 412
    done = there.ask("PATCH", path, DONE, **{"If-Match": tag})
    assert (done.status_code, done.json()["state"]) == (200, "complete")
    assert there.ask("PATCH", path, DONE, **{"If-Match": done.headers["ETag"]}).status_code == 409


def test_a_file_and_its_digest(there: There) -> None:
    number = there.ask("POST", "/records", DRAFT).json()["id"]
    answer = requests.post(
        f"{there.base}/records/{number}/documents",
        headers={"X-Api-Key": KEY},
        files={"file": ("WB-1.pdf", b"%PDF\r\n\r\n1", "application/pdf")},
        data={"title": "T"},
        timeout=5,
    )
    assert answer.status_code == 201
    assert (answer.json()["name"], answer.json()["size"]) == ("WB-1.pdf", 9)


def test_without_the_key_nothing(there: There) -> None:
    assert there.ask("GET", "/people?childId=1", **{"X-Api-Key": "other"}).status_code == 401


@pytest.mark.parametrize("lie", ["login_page", "empty", "accepted", "fault_inside", "fault_as_asked"])
def test_a_lie_says_yes_and_stores_nothing(there: There, lie: str) -> None:
    there.mood({"mode": lie, "only": "writes"})
    reference = f"WB-{lie}"
    answer = there.ask("POST", "/records", DRAFT | {"reference": reference})
    assert answer.status_code in (200, 201, 202)
    there.mood()
    assert there.ask("GET", f"/records?reference={reference}").json()["items"] == []


def test_an_error_after_the_commit(there: There) -> None:
    there.mood({"mode": "error_after_commit", "only": "writes"})
    assert there.ask("POST", "/records", DRAFT | {"reference": "WB-500"}).status_code == 500
    assert len(there.ask("GET", "/records?reference=WB-500").json()["items"]) == 1


def test_busy_says_for_how_long(there: There) -> None:
    there.mood({"mode": "busy", "seconds": 7})
    answer = there.ask("GET", "/people?childId=1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


def test_down_is_a_reset_and_ends_after_the_first_so_many(there: There) -> None:
    there.mood({"mode": "down", "first": 1})
    with pytest.raises(requests.ConnectionError):
        there.ask("GET", "/people?childId=1")
    assert there.ask("GET", "/people?childId=1").status_code == 200


def test_blind_offers_no_search_for_what_was_begun(there: There) -> None:
    there.mood({"mode": "blind"})
    assert there.ask("GET", "/records?reference=WB-BLIND").json() == {"items": []}
    there.ask("POST", "/records", DRAFT | {"reference": "WB-BLIND"})
    assert there.ask("GET", "/records?reference=WB-BLIND").status_code == 405


def test_only_what_matches_is_refused(there: There) -> None:
    there.mood({"mode": "refuse", "only": "writes", "match": "WB-NO"})
    assert there.ask("POST", "/records", DRAFT | {"reference": "WB-NO"}).status_code == 422
    assert there.ask("POST", "/records", DRAFT | {"reference": "WB-YES"}).status_code == 201


def test_requests_are_counted_by_the_second(there: There) -> None:
    def total() -> int:
        return sum(there.control.ask(do="rates", authority=TOWN)["rates"].values())

    before = total()
    for _ in range(3):
        there.ask("GET", "/people?childId=1")
    assert total() == before + 3


def test_an_unknown_mood_is_refused(there: There) -> None:
    with pytest.raises(RuntimeError, match="no such mode"):
        there.mood({"mode": "kind"})


def test_a_line_that_is_being_written_is_left_for_later(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    line = {"at": 1.0, "authority": "A", "what": "opened", "record": "1", "reference": "WB-1", "person": "p"}
    file.write_text(json.dumps(line) + "\n" + json.dumps(line)[:20])
    assert read_journal(file).opened == {"WB-1": 1}
