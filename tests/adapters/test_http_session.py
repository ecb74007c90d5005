"""Signing in with a session: one cookie for all threads, renewed when it is refused."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest

from service.adapters.http import HttpClient, SessionSignIn
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent
from tests.adapters.test_http_client import READ, WRITE, head
from tests.adapters.test_http_sign_in import ask, calls, client, problem, system, whole

BODY = {"_type": "SecurityAuthentication", "userName": "bridge", "credentials": "é secret"}


def signed(cookies: str, status: str = "200 OK", kind: str = "application/json", body: bytes = b"{}") -> bytes:
    return head(len(body), kind, status, f"{cookies}Connection: close\r\n") + body


def cookie_of(request: bytes) -> list[str]:
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return [line.partition(": ")[2] for line in lines if line.lower().startswith("cookie:")]


class Sessions:
    """Opens sessions s1, s2, …; the system beside it takes only those it is told to."""

    def __init__(self) -> None:
        self.opened = 0
        self.taken: set[str] | None = None

    def answer(self, request: bytes) -> bytes:
        if request.startswith(b"POST /authenticate "):
            self.opened += 1
            return signed(f"Set-Cookie: sid=s{self.opened}; Path=/; HttpOnly\r\n")
        given = cookie_of(request)
        sound = given and (self.taken is None or given[0] in {f"sid={each}" for each in self.taken})
        return signed("Set-Cookie: sid=another\r\n", body=b'{"ok": 1}') if sound else whole(b"{}", "401 No")


def asked(url: str, seconds: float = 100, **more: Any) -> HttpClient:
    return client(url, SessionSignIn(f"{url}/authenticate", BODY, seconds=seconds), **more)


def test_one_session_for_many_calls() -> None:
    sessions = Sessions()
    with system(sessions.answer) as (url, seen):
        there = asked(url, **{"X-Static": "s"})
        for _ in range(3):
            assert ask(there).body == {"ok": 1}
    assert calls(seen) == ["/authenticate", "/x", "/x", "/x"]
    assert json.loads(seen[0].partition(b"\r\n\r\n")[2]) == BODY
    assert b"Content-Type: application/json\r\n" in seen[0]
    assert b"X-Static" not in seen[0]
    assert [cookie_of(each) for each in seen] == [[], ["sid=s1"], ["sid=s1"], ["sid=s1"]]


def test_one_session_within_a_call_whatever_the_answers_set() -> None:
    with system(Sessions().answer) as (url, seen), asked(url).conversation() as conversation:
        assert [conversation.ask(READ).status for _ in range(3)] == [200] * 3
    assert [cookie_of(each) for each in seen[1:]] == [["sid=s1"]] * 3


def test_several_cookies_go_back_together_without_their_attributes() -> None:
    given = "Set-Cookie: a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT\r\nSet-Cookie: gone=; Max-Age=0\r\n"
    given += 'Set-Cookie: b="x y"; Secure\r\n'

    def answer(request: bytes) -> bytes:
        return signed(given) if request.startswith(b"POST /authenticate ") else whole(b"{}")

    with system(answer) as (url, seen):
        ask(asked(url))
    assert cookie_of(seen[1]) == ['a=1; b="x y"']


def test_a_session_that_ended_is_renewed_once() -> None:
    sessions = Sessions()
    sessions.taken = {"s2"}
    with system(sessions.answer) as (url, seen):
        assert ask(asked(url), WRITE).status == 200
    assert calls(seen) == ["/authenticate", "/x", "/authenticate", "/x"]
    sessions.taken = set()
    with system(sessions.answer) as (url, seen):
        assert ask(asked(url), WRITE).status == 401
    assert calls(seen) == ["/authenticate", "/x", "/authenticate", "/x"]


@pytest.mark.parametrize(("seconds", "opened"), [(100, 1), (0.2, 2)])
def test_left_for_a_new_one_in_time(seconds: float, opened: int) -> None:
    sessions = Sessions()
    with system(sessions.answer) as (url, _):
        there = asked(url, seconds)
        ask(there)
        time.sleep(0.3)
        ask(there)
    assert sessions.opened == opened


def test_threads_share_one_session() -> None:
    sessions, statuses = Sessions(), []
    with system(sessions.answer) as (url, _):
        there = asked(url)
        threads = [threading.Thread(target=lambda: statuses.append(ask(there, READ).status)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert statuses == [200] * 8
    assert sessions.opened == 1


COOKIE = "Set-Cookie: sid=s1\r\n"


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (signed("", "401 No"), NeedsHuman, Reason.SIGN_IN_REFUSED),
        (signed(COOKIE, "403 No"), NeedsHuman, Reason.SIGN_IN_REFUSED),
        (signed("", "429 Slow"), NothingSent, Reason.THROTTLED),
        (signed(COOKIE, "302 Found"), NothingSent, Reason.UNAVAILABLE),
        (signed(COOKIE, kind="text/html"), NothingSent, Reason.UNAVAILABLE),
        (signed(""), NothingSent, Reason.UNAVAILABLE),
        (signed("Set-Cookie: sid=s1; Domain=elsewhere.example\r\n"), NothingSent, Reason.UNAVAILABLE),
        (signed(f"Set-Cookie: sid={'x' * 5000}\r\n"), NothingSent, Reason.UNAVAILABLE),
        (b"", NothingSent, Reason.UNAVAILABLE),
    ],
)
def test_without_a_session_nothing_is_sent(answer: bytes, kind: type, reason: Reason) -> None:
    with system(lambda _request: answer) as (url, seen):
        found = problem(asked(url))
    assert type(found) is kind
    assert found.reason is reason
    assert set(calls(seen)) == {"/authenticate"}
