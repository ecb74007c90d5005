"""What the web simulators share: every fault over a real socket, the switches and the pages."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from flask import Flask, Response, jsonify, request
from markupsafe import Markup

from simulators.kit.bad_answers import JSON, XML
from simulators.kit.bad_days import BadDays, committed
from simulators.kit.control import control_blueprint
from simulators.kit.faults import AWAY_AFTER_COMMIT, NAMES, RESET_AFTER_COMMIT, FaultError, Faults
from simulators.kit.pages import page, table
from simulators.kit.server import WebServer


@dataclass
class Small:
    """The least simulator there is: a list that can be read and added to."""

    faults: Faults = field(default_factory=lambda: Faults("odd"))
    stored: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        app = Flask(__name__)
        app.register_blueprint(control_blueprint(self.faults))
        app.add_url_rule("/", view_func=lambda: "home")
        app.add_url_rule("/api/things", view_func=self.things, methods=["GET", "POST"])
        app.add_url_rule("/api/others", view_func=self.things, methods=["GET"], endpoint="others")
        odd = {"odd": lambda: Response("odd", 418)}
        self.server = WebServer(BadDays(app, self.faults, self.stopping, "/api", more=odd), stopping=self.stopping)

    def things(self) -> Any:
        if request.method == "POST":
            self.stored.append(request.get_data(as_text=True))
            committed()
        return jsonify(self.stored)

    def send(self, method: str, path: str = "things", timeout: float = 5, **more: Any) -> requests.Response:
        return requests.request(method, f"{self.server.url}api/{path}", timeout=timeout, **more)

    def statuses(self, *methods: str) -> list[int]:
        return [self.send(method).status_code for method in methods]


@pytest.fixture
def small() -> Iterator[Small]:
    found = Small()
    found.server.start()
    yield found
    found.server.stop()


def test_a_good_day(small: Small) -> None:
    assert small.send("POST", data="a").json() == ["a"]
    assert small.send("GET").json() == ["a"]
    assert "python" not in small.send("GET").headers["Server"].lower()


@pytest.mark.parametrize(
    ("name", "status", "retry_after", "media"),
    [
        ("auth_expired", 401, None, None),
        ("denied", 403, None, "application/json"),
        ("throttled", 429, "7", "application/json"),
        ("maintenance", 503, "60", "text/html"),
        ("login_page", 200, None, "text/html"),
        ("html_fault", 500, None, "text/html"),
    ],
)
def test_faults_that_answer(small: Small, name: str, status: int, retry_after: str | None, media: str | None) -> None:
    small.faults.set(name)
    answer = small.send("POST", data="x" * 3_000_000)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, retry_after)
    assert answer.headers.get("Content-Type", "").partition(";")[0] in {media, "text/plain" if media is None else media}
    assert small.stored == []
    assert small.statuses("POST") == [200]


def test_garbage_is_json_cut_in_the_middle(small: Small) -> None:
    small.faults.set("garbage")
    answer = small.send("GET")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="Unterminated"):
        answer.json()


@pytest.mark.parametrize(("name", "kept"), [("reset", []), (RESET_AFTER_COMMIT, ["x"])])
def test_a_connection_that_is_closed_unanswered(small: Small, name: str, kept: list[str]) -> None:
    small.faults.set(name)
    with pytest.raises(requests.ConnectionError):
        small.send("POST", data="x")
    assert small.stored == kept
    assert small.statuses("GET") == [200]


def test_only_a_stored_change_uses_up_a_lost_answer(small: Small) -> None:
    small.faults.set(RESET_AFTER_COMMIT, after=1)
    assert small.statuses("GET", "GET", "POST", "GET") == [200] * 4
    with pytest.raises(requests.ConnectionError):
        small.send("POST")
    assert small.statuses("POST") == [200]


def test_a_gateway_that_lost_sight_of_what_was_stored(small: Small) -> None:
    small.faults.set(AWAY_AFTER_COMMIT)
    assert small.statuses("GET") == [200]
    answer = small.send("POST", data="x")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, None)
    assert small.stored == ["x"]
    assert small.statuses("POST") == [200]


def test_a_redirect_that_is_followed_is_counted(small: Small) -> None:
    small.faults.set("redirect", times=2)
    answer = small.send("POST", data="x", allow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["Location"].startswith("/")
    assert small.faults.followed == 0
    small.send("POST", data="x")
    assert small.faults.followed == 1
    assert small.stored == []


def test_hang_ends_for_the_caller_by_its_own_patience_only(small: Small) -> None:
    small.faults.set("hang")
    with pytest.raises(requests.ReadTimeout):
        small.send("POST", timeout=0.2)
    assert small.stored == []


def test_drip_never_lets_one_read_time_out(small: Small) -> None:
    small.faults.set("drip")
    with small.send("GET", timeout=0.6, stream=True) as answer:
        began, bytes_one_by_one = time.monotonic(), answer.iter_content(1)
        parts = [next(bytes_one_by_one) for _ in range(len(JSON.beginning) + 4)]
    assert b"".join(parts).startswith(JSON.beginning)
    assert answer.headers["Content-Type"] == "application/json"
    assert time.monotonic() - began > 0.6


def test_huge_does_not_end(small: Small) -> None:
    small.faults.set("huge")
    got = 0
    with small.send("GET", stream=True) as answer:
        for part in answer.iter_content(1 << 20):
            got += len(part)
            if got > 32 << 20:
                break
    assert got > 32 << 20
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", ["hang", "drip", "huge"])
def test_what_never_ends_ends_when_the_simulator_stops(name: str) -> None:
    small = Small()
    small.server.start()
    small.faults.set(name)
    with socket.create_connection(("127.0.0.1", small.server.port), timeout=5) as line:
        line.sendall(b"GET /api/things HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        small.server.stop()
        while line.recv(1 << 20):
            pass


def test_times_until_cleared_reads_writes_paths_and_after(small: Small) -> None:
    small.faults.set("throttled", times=2, on="write")
    assert small.statuses("GET", "POST", "GET", "POST", "POST") == [200, 429, 200, 429, 200]
    small.faults.set("denied", times=None, on="read")
    assert small.statuses("GET", "POST", "GET", "GET") == [403, 200, 403, 403]
    small.faults.clear()
    for place in ("/others", "/api/others"):
        small.faults.set("denied", on=place, after=1)
        assert [small.send("GET", path).status_code for path in ("things", "others", "others", "others")] == [
            200,
            200,
            403,
            200,
        ]
    assert small.faults.now() == ()


def test_faults_are_met_in_the_order_they_were_set_and_replaced_when_set_again(small: Small) -> None:
    small.faults.set("throttled", times=5)
    small.faults.set("denied")
    small.faults.set("throttled", times=1)
    assert small.statuses("GET", "GET", "GET") == [403, 429, 200]


def test_two_requests_means_two_however_many_arrive(small: Small) -> None:
    small.faults.set("denied", times=3)
    met: list[int] = []
    threads = [threading.Thread(target=lambda: met.append(small.send("GET").status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(met) == [200] * 5 + [403] * 3


def test_a_header_asks_for_one_request_alone(small: Small) -> None:
    small.faults.set("throttled")
    assert small.send("POST", headers={"X-Simulate": "denied"}).status_code == 403
    with pytest.raises(requests.ConnectionError):
        small.send("POST", data="kept", headers={"X-Simulate": RESET_AFTER_COMMIT})
    assert small.stored == ["kept"]
    assert small.send("POST", headers={"X-Simulate": "nonsense"}).status_code == 400
    assert small.send("POST", headers={"X-Simulate": "odd"}).status_code == 418
    assert small.statuses("GET", "GET") == [429, 200]


def test_pages_and_switches_meet_no_fault(small: Small) -> None:
    small.faults.set("reset", times=None)
    assert requests.get(small.server.url, timeout=5).text == "home"
    assert requests.delete(small.server.url + "_simulator/faults", timeout=5).status_code == 200
    assert small.statuses("GET") == [200]


def test_stop_and_start_keep_the_port_and_what_is_set(small: Small) -> None:
    port = small.server.port
    small.faults.set("denied")
    small.server.stop()
    small.server.stop()
    with pytest.raises(requests.ConnectionError):
        small.send("GET")
    small.server.start()
    assert small.server.port == port
    with pytest.raises(RuntimeError, match="running already"):
        small.server.start()
    assert small.statuses("GET", "GET") == [403, 200]
    small.faults.set("hang")
    with pytest.raises(requests.ReadTimeout):
        small.send("GET", timeout=0.2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "nonsense"},
        {"name": None},
        {"name": "denied", "times": 0},
        {"name": "denied", "times": True},
        {"name": "denied", "on": "sometimes"},
        {"name": "denied", "on": None},
        {"name": "denied", "after": -1},
    ],
)
def test_a_switch_that_makes_no_sense_is_refused(small: Small, wrong: dict[str, Any]) -> None:
    with pytest.raises(FaultError):
        small.faults.set(**wrong)
    answer = requests.post(small.server.url + "_simulator/faults", json=wrong, timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (422, "FAULT")
    assert small.faults.now() == ()


def test_switches_by_json(small: Small) -> None:
    url = small.server.url + "_simulator/faults"
    for body in ([], "x", {}, {"name": "denied", "more": 1}):
        assert requests.post(url, json=body, timeout=5).status_code == 422, body
    assert requests.post(url, json={"name": "denied", "times": None, "on": "read"}, timeout=5).json()["changed"]
    assert small.statuses("GET", "POST", "GET") == [403, 200, 403]
    assert requests.delete(url, timeout=5).json()["changed"]
    assert small.statuses("GET") == [200]


def test_switches_on_the_page(small: Small) -> None:
    url = small.server.url + "_simulator/"
    form = {"name": "denied", "times": "", "on": "any", "after": "1"}
    answer = requests.post(url + "faults", data=form, timeout=5, headers={"Origin": small.server.url.rstrip("/")})
    assert answer.url == url
    assert "until cleared" in answer.text
    assert all(f"<option>{name}</option>" in answer.text for name in (*NAMES, "odd"))
    assert "script" not in answer.text
    assert small.statuses("GET", "GET") == [200, 403]
    assert "good day" in requests.post(url + "faults/clear", timeout=5).text


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}])
def test_another_page_cannot_turn_a_switch(small: Small, headers: dict[str, str]) -> None:
    url = small.server.url + "_simulator/faults"
    assert requests.post(url, data={"name": "denied"}, headers=headers, timeout=5).status_code == 403
    assert small.faults.now() == ()


def test_another_machine_cannot_turn_a_switch(small: Small) -> None:
    app = Flask(__name__)
    app.register_blueprint(control_blueprint(small.faults))
    far = {"REMOTE_ADDR": "192.0.2.1"}
    assert app.test_client().post("/_simulator/faults", json={"name": "denied"}, environ_base=far).status_code == 403
    assert small.faults.now() == ()


def test_another_media_and_another_idea_of_reading() -> None:
    faults, stopping = Faults(), threading.Event()
    app = Flask(__name__)
    app.add_url_rule("/soap", view_func=lambda: "read", methods=["POST"])
    layer = BadDays(app, faults, stopping, "/soap", media=XML, is_read=lambda environ: True)
    server = WebServer(layer, stopping=stopping).start()
    try:
        faults.set("denied", on="write")
        assert requests.post(server.url + "soap", timeout=5).text == "read"
        faults.set("garbage", on="read")
        assert requests.post(server.url + "soap", timeout=5).headers["Content-Type"].startswith("text/xml")
        faults.set("throttled")
        assert requests.post(server.url + "soap", timeout=5).content == b""
    finally:
        server.stop()


def test_pages_escape_what_was_sent() -> None:
    rows = [["<script>alert(1)</script>", 5, None], [Markup("<a href='/x'>x</a>"), "", "é"]]
    shown = page("A & B", table(["<b>", "two", "three"], rows), table(["none"], []))
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "<a href='/x'>x</a>" in shown
    assert "A &amp; B" in shown
    assert "&lt;b&gt;" in shown
    assert shown.count("Nothing yet.") == 1
    assert "fictional people only" in shown
