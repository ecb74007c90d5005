"""A server that does not keep to the page: its answers are believed in nothing."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from service.adapters.generic_rest.system import RestCaseSystem
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import NothingSent, OutcomeUnknown
from service.ports import PersonReference, Retraction, ReviewTask
from tests.adapters.test_generic_rest_reading import NOTE, ONE, PERSON, RECORD, TASK, THREE, TWO
from tests.conformance.world import assert_silent, reason_given

PERSON_REFERENCE = PersonReference("P0000101", date(2010, 5, 2), None, date(2026, 9, 14))
RETRACTION = Retraction("WB-W", "E08000007", "P0000101", TWO, "entered_twice")
REVIEW = ReviewTask("WB-T", "E08000007", "P0000101", date(2026, 12, 14))


class Scripted:
    """Says to each route, by method and the path without its query, what a test put down for it; else 500.

    Once it was asked the route `ends_with`, it is out of service.
    """

    def __init__(self) -> None:
        self.said: dict[str, tuple[int, Any]] = {}
        self.asked: list[str] = []
        self.ends_with = ""

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        route = f"{method} {path.partition('?')[0]}"
        if self.ends_with in self.asked:
            return 503, {}
        self.asked.append(route)
        return self.said.get(route, (500, {}))


@pytest.fixture
def server() -> Iterator[tuple[Scripted, RestCaseSystem]]:
    scripted = Scripted()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = scripted.answer(self.command, self.path)
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(content)))):
                self.send_header(name, value)
            self.send_header("ETag", 'W/"1"')
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
        connection = {"base_url": f"http://127.0.0.1:{listening.server_port}", "dialect": "odata"}
        connection |= {"sign_in": "api_key", "api_key": "fictional"}
        yield scripted, RestCaseSystem(Link(connection, {}, {"task_type": "REVIEW", "team": "CSAFE"}), seconds=5.0)
        listening.shutdown()


def rows(*entries: Any, more: bool = False) -> tuple[int, Any]:
    """A list in OData."""
    return 200, {"value": list(entries)} | ({"@odata.nextLink": "?$skiptoken=1"} if more else {})


Server = tuple[Scripted, RestCaseSystem]


@pytest.mark.parametrize("asked", ["WB-2", "wb-1", "WB-1 "])
def test_a_record_nobody_asked_for_is_no_answer(server: Server, asked: str) -> None:
    scripted, system = server
    scripted.said["GET /Records"] = rows(RECORD)
    with pytest.raises(NothingSent) as caught:
        system.look_up(asked)
    assert caught.value.note == "answer_not_of_the_protocol"
    assert_silent(caught.value)
    assert system.look_up("WB-1")


def test_a_person_nobody_asked_for_is_nobody(server: Server) -> None:
    scripted, system = server
    scripted.said["GET /People"] = rows(PERSON | {"childId": "P0000102"})
    with pytest.raises(NothingSent):
        system.verify_person(PERSON_REFERENCE)


def test_a_person_with_more_to_come_is_ambiguous(server: Server) -> None:
    scripted, system = server
    scripted.said["GET /People"] = rows(PERSON, more=True)
    assert reason_given(lambda: system.verify_person(PERSON_REFERENCE)) is Reason.PERSON_AMBIGUOUS


def test_a_note_that_withdrew_nothing_is_no_withdrawal(server: Server) -> None:
    scripted, system = server
    record = RECORD | {"id": TWO, "documents": []}
    scripted.said = {"GET /Notes": rows(NOTE), f"GET /Records({TWO})": (200, record), "GET /Records": rows()}
    scripted.said |= {"GET /Tasks": rows()}
    assert reason_given(lambda: system.retract(RETRACTION)) is Reason.CONTRADICTION
    assert reason_given(lambda: system.look_up("WB-W")) is Reason.CONTRADICTION
    scripted.said[f"GET /Records({TWO})"] = 200, record | {"withdrawn": True}
    assert system.retract(RETRACTION).record_number == TWO
    scripted.said["GET /Notes"] = rows(NOTE | {"noteType": "remark"})
    assert reason_given(lambda: system.retract(RETRACTION)) is Reason.CONTRADICTION
    assert not any(route.startswith("POST") for route in scripted.asked)


def test_a_note_of_ours_about_another_record_is_for_a_person(server: Server) -> None:
    scripted, system = server
    scripted.said["GET /Notes"] = rows(NOTE | {"recordId": ONE})
    assert reason_given(lambda: system.retract(RETRACTION)) is Reason.CONTRADICTION


def test_a_withdrawal_that_cannot_be_read_back_is_unknown(server: Server) -> None:
    """The note is there; saying "nothing sent" would be untrue."""
    scripted, system = server
    record = RECORD | {"id": TWO, "documents": []}
    scripted.said = {"GET /Notes": rows(), f"GET /Records({TWO})": (200, record)}
    scripted.said |= {f"GET /People({THREE})": (200, PERSON), "POST /Notes": (201, NOTE)}
    scripted.ends_with = "POST /Notes"
    with pytest.raises(OutcomeUnknown) as caught:
        system.retract(RETRACTION)
    assert caught.value.reason is Reason.NO_CLEAR_ANSWER


@pytest.mark.parametrize("change", [{"state": "done"}, {"taskType": "OTHER"}, {"personId": ONE}])
def test_a_new_task_must_be_the_one_we_asked_for(server: Server, change: dict[str, Any]) -> None:
    scripted, system = server
    scripted.said = {"GET /People": rows(PERSON), "GET /Tasks": rows(), "POST /Tasks": (201, TASK | change)}
    assert reason_given(lambda: system.raise_task(REVIEW)) is Reason.CONTRADICTION
    scripted.said["GET /Tasks"] = rows(TASK | {"state": "done"})
    assert system.raise_task(REVIEW) == system.raise_task(REVIEW)


@pytest.mark.parametrize("change", [{"mergedTo": "P0000102"}, {"restricted": True}])
def test_no_task_is_sent_about_somebody_who_cannot_have_one(server: Server, change: dict[str, Any]) -> None:
    """Also where the server would take it."""
    scripted, system = server
    scripted.said = {"GET /People": rows(PERSON | change), "GET /Tasks": rows(), "POST /Tasks": (201, TASK)}
    assert reason_given(lambda: system.raise_task(REVIEW)) in (Reason.PERSON_MERGED, Reason.PERSON_RESTRICTED)
    assert "POST /Tasks" not in scripted.asked
