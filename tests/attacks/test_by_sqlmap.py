"""What sqlmap is asked to try, and how its words are judged."""

from __future__ import annotations

from tests.attacks.by_sqlmap import in_every_text, judged, marked

DAY = {"name": "day", "in": "path", "schema": {"type": "string"}}
STATE = {"name": "state", "in": "query", "schema": {"enum": ["open", "refused"]}}
SINCE = {"name": "since", "in": "query", "schema": {"type": "string", "format": "date"}}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
HEADER = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}


def test_every_value_of_an_address_is_marked() -> None:
    asked = marked("/v1/manifests/{day}", [DAY, STATE, SINCE, LIMIT, HEADER], {"day": ["2026-09-14"]})
    assert asked == "/v1/manifests/2026-09-14*?state=open*&since=2026-12-14*&limit=1*"
    assert marked("/v1/x/{day}", [DAY], {}) == "/v1/x/x*"
    assert marked("/v1/x", [HEADER], {}) == ""


def test_every_text_of_a_record_is_marked_once() -> None:
    record = {"id": "A*B", "number": 3, "list": ["x", {"deep": "y"}], "no": None, "yes": True}
    assert in_every_text(record) == {
        "id": "AB*",
        "number": 3,
        "list": ["x*", {"deep": "y*"}],
        "no": None,
        "yes": True,
    }


def test_its_words_are_judged() -> None:
    assert judged("[INFO] testing 'AND boolean-based blind'", 1) == ""
    assert judged("    Type: boolean-based blind\n    Title: AND", 9) == "an injection point"
    assert judged("sqlmap identified the following injection point(s)", 9) == "an injection point"
    assert judged("[WARNING] HTTP error codes detected during run:\n500 (Internal Server Error) - 4 times", 9) == (
        "answers of ours: 500 (Internal Server Error) - 4 times"
    )
    assert judged("422 (Unprocessable Entity) - 96 times", 9) == ""
    assert judged("all gone", 0).startswith("it tried nothing: all gone")
