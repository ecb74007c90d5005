"""What the door does not let in: each is refused plainly, at once, and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from service.api.parsing import BODY_MAX, DEPTH_MAX, parse_object
from service.errors import Malformed
from tests.api.test_receiving import counts
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example, raw
from tests.support.servers import Database

ADDRESS = "/v1/wise-assessments"
JSON = "application/json"
RECORD = raw("wise").strip()


def with_member(member: str) -> bytes:
    """The example with one more member, as a sender's broken program might write it."""
    return RECORD[:-1] + f", {member}}}".encode()


def padded(size: int) -> bytes:
    return RECORD + b" " * (size - len(RECORD))


BODIES: list[tuple[str, bytes, int]] = [
    ("1,000 levels", with_member('"x": ' + "[" * 1_000 + "]" * 1_000), 400),
    ("100,000 levels", with_member('"x": ' + "[" * 100_000 + "]" * 100_000), 400),
    ("100,000 levels of objects", b'{"x":' * 100_000 + b"1" + b"}" * 100_000, 400),
    ("100,000 brackets and no end", b"[" * 100_000, 400),
    ("one level too deep", with_member('"x": ' + "[" * DEPTH_MAX + "]" * DEPTH_MAX), 400),
    ("NaN", with_member('"x": NaN'), 400),
    ("Infinity", with_member('"x": Infinity'), 400),
    ("minus Infinity", with_member('"x": [-Infinity]'), 400),
    ("a number too large", with_member('"x": 1e999'), 400),
    ("a number of 5,000 digits", with_member(f'"x": {"9" * 5_000}'), 400),
    ("a fraction of 5,000 digits", with_member(f'"x": 0.{"9" * 5_000}'), 400),
    ("a NUL, escaped", with_member(r'"x": "a\u0000b"'), 400),
    ("a NUL as it is", with_member('"x": "a\0b"'), 400),
    ("a NUL in a name", with_member(r'"\u0000": 1'), 400),
    ("half a character", with_member(r'"x": "\ud83d"'), 400),
    ("half a character in a name", with_member(r'"x": {"\udc00": 1}'), 400),
    ("half a character as bytes", with_member('"x": "?"').replace(b"?", b"\xed\xa0\xbd"), 400),
    ("the same name twice", with_member('"authority": "E08000007"'), 400),
    ("the same name twice, spelled otherwise", with_member(r'"\u0061uthority": "E08000007"'), 400),
    ("the same name twice, far inside", with_member('"x": [{"y": {"a": 1, "b": 2, "a": 1}}]'), 400),
    ("not UTF-8", with_member('"x": "é"').replace(b"\xc3\xa9", b"\xe9"), 400),
    ("UTF-16", RECORD.decode().encode("utf-16"), 400),
    ("a byte order mark", b"\xef\xbb\xbf" + RECORD, 400),
    ("compressed", gzip.compress(RECORD), 400),
    ("nothing", b"", 400),
    ("spaces", b" \n", 400),
    ("an array", b"[" + RECORD + b"]", 400),
    ("a text", b'"record"', 400),
    ("null", b"null", 400),
    ("half a record", RECORD[: len(RECORD) // 2], 400),
    ("two records", RECORD + RECORD, 400),
    ("a comment", b"// a record\n" + RECORD, 400),
    ("a byte too many", padded(BODY_MAX + 1), 413),
    ("2 MiB", padded(2 * 1024 * 1024), 413),
    ("3 MiB", padded(3 * 1024 * 1024), 413),
]

HEADERS: list[tuple[str, dict[str, str], int]] = [
    ("no content type", {}, 415),
    ("a form", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ("plain text", {"Content-Type": "text/plain"}, 415),
    ("another JSON", {"Content-Type": "application/problem+json"}, 415),
    ("UTF-16 declared", {"Content-Type": f"{JSON}; charset=utf-16"}, 415),
    ("Latin 1 declared", {"Content-Type": f"{JSON}; charset=ISO-8859-1"}, 415),
    ("gzip declared", {"Content-Type": JSON, "Content-Encoding": "gzip"}, 415),
    ("two encodings", {"Content-Type": JSON, "Content-Encoding": "identity, gzip"}, 415),
]


@pytest.fixture(scope="module")
def door(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    """One service for all refusals: they leave nothing that the next could meet."""
    built = Bridge(session_database, broker, config_dir, keys_dir)
    yield built
    built.close()


def assert_refused(bridge: Bridge, body: bytes, headers: dict[str, str], status: int, path: str = ADDRESS) -> None:
    signed_in, before = bridge.headers(STOCKPORT), counts(bridge)
    answer = bridge.casework.post(path, data=body, headers=signed_in | headers)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text[:500]
    assert answer.get_json()["status"] == status
    assert len(answer.data) < 1_000
    assert counts(bridge) == before


@pytest.mark.parametrize(("body", "status"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_a_body_we_do_not_take_is_refused_and_leaves_nothing(door: Bridge, body: bytes, status: int) -> None:
    assert_refused(door, body, {"Content-Type": JSON}, status)


@pytest.mark.parametrize(("headers", "status"), [case[1:] for case in HEADERS], ids=[case[0] for case in HEADERS])
def test_a_good_record_said_to_be_something_else_is_refused(door: Bridge, headers: dict[str, str], status: int) -> None:
    assert_refused(door, RECORD, headers, status)


def test_validate_has_the_same_door(door: Bridge) -> None:
    headers = {"Content-Type": JSON}
    assert_refused(door, with_member('"x": NaN'), headers, 400, f"{ADDRESS}/validate")
    assert_refused(door, padded(BODY_MAX + 1), headers, 413, f"{ADDRESS}/validate")


def test_a_body_of_exactly_the_limit_is_taken(bridge: Bridge) -> None:
    headers = bridge.headers(STOCKPORT) | {"Content-Type": JSON}
    answer = bridge.casework.post(ADDRESS, data=padded(BODY_MAX), headers=headers)
    assert answer.status_code == 201


def test_a_body_that_does_not_say_its_length_is_still_measured(bridge: Bridge) -> None:
    for size, status in ((BODY_MAX, 201), (BODY_MAX + 1, 413), (3 * BODY_MAX, 413)):
        answer = bridge.casework.post(
            ADDRESS,
            input_stream=BytesIO(padded(size)),
            headers=bridge.headers(STOCKPORT) | {"Content-Type": JSON, "Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        )
        assert answer.status_code == status


@pytest.mark.parametrize(
    "content_type", [JSON, f"{JSON}; charset=utf-8", f"{JSON};charset=UTF-8", f'{JSON}; charset="utf-8"', JSON.upper()]
)
def test_json_in_utf_8_is_taken_however_it_is_declared(bridge: Bridge, content_type: str) -> None:
    headers = bridge.headers(STOCKPORT) | {"Content-Type": content_type, "Content-Encoding": "identity"}
    assert bridge.casework.post(ADDRESS, data=RECORD, headers=headers).status_code == 201


def test_without_a_token_the_body_is_not_even_read(door: Bridge) -> None:
    answer = door.casework.post(ADDRESS, data=b"[" * 100_000, headers={"Content-Type": JSON})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "\\ud83d\\ude42"}', {"a": "🙂"}),
        ('{"a": {"b": 1}, "b": {"b": 1}}', {"a": {"b": 1}, "b": {"b": 1}}),
        ('{"a": 999999999999999, "b": 1.5e3}', {"a": 999999999999999, "b": 1500.0}),
        ('{"a": "\\u0001\\n"}', {"a": "\x01\n"}),
    ],
)
def test_what_looks_like_it_and_is_well_formed_is_read(text: str, value: Any) -> None:
    assert parse_object(text.encode()) == value


def test_nesting_to_the_limit_is_read() -> None:
    deep = {"x": json.loads("[" * (DEPTH_MAX - 1) + "]" * (DEPTH_MAX - 1))}
    assert parse_object(json.dumps(deep).encode()) == deep


def test_no_refusal_says_what_was_in_the_body() -> None:
    for body in (b'{"a": "Zqx\\u0000"}', b'{"Zqx": 1, "Zqx": 2}', b'{"a": "Zqx', b'"Zqx"', b"\xffZqx", b'{"a": 1Zqx}'):
        with pytest.raises(Malformed) as refusal:
            parse_object(body)
        assert "Zqx" not in refusal.value.detail


def test_every_record_we_show_as_an_example_goes_through_this_door() -> None:
    for name in ("wise", "rise", "nwg", "oldham"):
        assert parse_object(raw(name)) == example(name)
