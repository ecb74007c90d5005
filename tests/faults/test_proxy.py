"""The fault proxy does what it says, seen from a client's socket; each fault and each way of counting."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from service.embedded import Child
from tests.faults.lines import Control
from tests.faults.partners import start_partner
from tests.faults.rules import Rule

ANSWER = b"0123456789"


class Target(BaseHTTPRequestHandler):
    """Answers ten digits and keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    seen: list[str]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append(f"{self.command} {self.path} {body.decode()}".strip())
        with suppress(OSError):
            self.send_response(200)
            self.send_header("Content-Length", str(len(ANSWER)))
            self.end_headers()
            self.wfile.write(ANSWER)


class Way:
    """A running proxy with one route to a target."""

    def __init__(self, child: Child, ready: dict[str, Any], seen: list[str]) -> None:
        self.child, self.seen = child, seen
        self.control, self.port = Control(ready["control"]), ready["ports"][0]

    def set(self, *rules: dict[str, Any]) -> None:
        self.seen.clear()
        self.control.ask(do="rules", route=0, rules=list(rules))

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = self.control.ask(do="counts", route=0)["counts"]
        return found

    def get(self, path: str = "/a", *, seconds: float = 5) -> bytes:
        """All that comes until the end of the answer; what comes before a reset is lost with it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            return exchange(connection, f"GET {path}")


def exchange(connection: socket.socket, first: str, body: bytes = b"") -> bytes:
    head = f"{first} HTTP/1.1\r\nHost: t\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    connection.sendall(head + body)
    got = b""
    while not got.endswith(ANSWER):
        data = connection.recv(4096)
        if not data:
            return got
        got += data
    return got


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    target = type("OwnTarget", (Target,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), target)
    thread = Thread(target=server.serve_forever)
    thread.start()
    folder: Path = tmp_path_factory.mktemp("proxy")
    child, ready = start_partner(folder, "proxy", "--listen", "0", "--to", f"127.0.0.1:{server.server_port}")
    try:
        yield Way(child, ready, target.seen)  # type: ignore[attr-defined]
    finally:
        child.stop()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def way(running: Way) -> Iterator[Way]:
    yield running
    running.set()


def test_without_rules_it_is_not_there(way: Way) -> None:
    assert way.get("/plain").endswith(ANSWER)
    assert way.seen == ["GET /plain"]


def test_latency_comes_once_an_answer(way: Way) -> None:
    way.set({"fault": "latency", "ms": 200})
    began = time.monotonic()
    assert way.get().endswith(ANSWER)
    assert time.monotonic() - began >= 0.2


def test_a_drip_is_a_byte_at_a_time(way: Way) -> None:
    plain = len(way.get())
    way.set({"fault": "drip", "ms": 2})
    began = time.monotonic()
    assert len(way.get()) == plain
    assert time.monotonic() - began >= plain * 0.002


def test_a_reset_comes_before_anything_is_passed_on(way: Way) -> None:
    way.set({"fault": "reset"})
    with pytest.raises(ConnectionResetError):
        way.get()
    assert way.seen == []


def test_a_black_hole_takes_all_and_says_nothing(way: Way) -> None:
    way.set({"fault": "black_hole"})
    with pytest.raises(TimeoutError):
        way.get(seconds=0.3)
    assert way.seen == []


def test_a_black_hole_that_ends_resets_those_who_wait(way: Way) -> None:
    way.set({"fault": "black_hole"})
    with socket.create_connection(("127.0.0.1", way.port), timeout=5) as connection:
        connection.sendall(b"GET /a HTTP/1.1\r\n\r\n")
        time.sleep(0.1)
        way.set()
        with pytest.raises(ConnectionResetError):
            connection.recv(10)


def test_an_answer_is_cut_after_so_many_bytes(way: Way) -> None:
    way.set({"fault": "cut", "bytes": 20})
    with socket.create_connection(("127.0.0.1", way.port), timeout=5) as connection:
        connection.sendall(b"GET /a HTTP/1.1\r\nHost: t\r\n\r\n")
        got = b""
        with suppress(ConnectionResetError):
            while data := connection.recv(4096):
                got += data
    assert got == b"HTTP/1.1 200 OK\r\nServer"[:20]
    assert way.seen == ["GET /a"]


def test_a_request_is_cut_after_so_many_bytes(way: Way) -> None:
    way.set({"fault": "cut_request", "bytes": 3})  # more could be read as a request of HTTP/0.9
    with pytest.raises(ConnectionResetError):
        way.get("/long-enough")
    assert way.seen == []


def test_an_answer_is_lost_after_the_work_was_done(way: Way) -> None:
    way.set({"fault": "cut_answer"})
    with pytest.raises(ConnectionResetError):
        way.get("/done")
    assert way.seen == ["GET /done"]


def test_an_answer_comes_twice(way: Way) -> None:
    way.set({"fault": "duplicate"})
    with socket.create_connection(("127.0.0.1", way.port), timeout=1) as connection:
        got = exchange(connection, "GET /a")
        while got.count(ANSWER) < 2:
            got += connection.recv(4096)
    assert got.count(b"HTTP/1.1 200 OK") == 2
    assert way.seen == ["GET /a"]


def test_garbage_stands_in_the_place_of_an_answer(way: Way) -> None:
    way.set({"fault": "garbage", "bytes": 64})
    got = way.get("/done")
    assert len(got) == 64
    assert not got.startswith(b"HTTP/")
    assert way.seen == ["GET /done"]


def test_refusing_closes_the_port_and_opens_it_again(way: Way) -> None:
    way.set({"fault": "refuse"})
    with pytest.raises(ConnectionRefusedError):
        way.get()
    way.set()
    time.sleep(0.1)
    assert way.get().endswith(ANSWER)


def test_only_the_first_connections_are_struck_and_counted(way: Way) -> None:
    before = way.counts().get("reset", 0)
    way.set({"fault": "reset", "which": {"first": 2}})
    ends = [fails(way) for _ in range(4)]
    assert ends == [True, True, False, False]
    assert way.counts()["reset"] - before == 2


def test_every_third_connection_is_struck(way: Way) -> None:
    way.set({"fault": "reset", "which": {"every": 3}})
    assert [fails(way) for _ in range(6)] == [False, False, True, False, False, True]


def test_one_exchange_of_a_connection_is_struck_by_what_it_asks(way: Way) -> None:
    way.set({"fault": "cut_answer", "match": "^POST "})
    with socket.create_connection(("127.0.0.1", way.port), timeout=5) as connection:
        assert exchange(connection, "GET /a").endswith(ANSWER)
        with pytest.raises(ConnectionResetError):
            exchange(connection, "POST /b", b"x")
    assert way.seen == ["GET /a", "POST /b x"]


def test_each_key_is_struck_once_also_when_it_stands_in_the_body(way: Way) -> None:
    way.set({"fault": "cut_answer", "match": "^POST ", "per": '"reference": "([^"]+)"'})

    def post(reference: str) -> bool:
        with socket.create_connection(("127.0.0.1", way.port), timeout=5) as connection:
            try:
                exchange(connection, "POST /r", f'{{"reference": "{reference}"}}'.encode())
            except ConnectionResetError:
                return True
            return False

    assert [post(each) for each in ("one", "two", "one", "two", "three")] == [True, True, False, False, True]


def test_what_it_does_not_know_is_refused(way: Way) -> None:
    with pytest.raises(RuntimeError, match="no such fault"):
        way.set({"fault": "flood"})
    with pytest.raises(ValueError, match="first"):
        Rule("reset", which={"last": 1})


def fails(way: Way) -> bool:
    try:
        way.get()
    except ConnectionResetError:
        return True
    return False
