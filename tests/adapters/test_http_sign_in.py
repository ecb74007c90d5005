"""Signing in: keys, passwords, and tokens that end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from service.adapters.egress import Deadline, Surroundings, only
from service.adapters.http import ApiKey, Basic, ClientCredentials, HttpClient, Reply, Request, SignIn
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from tests.adapters.test_http_client import READ, WRITE, head, serving
from tests.conformance.world import assert_silent

Answer = Callable[[bytes], bytes]


def whole(body: bytes, status: str = "200 OK", kind: str = "application/json") -> bytes:
    return head(len(body), kind, status, "Connection: close\r\n") + body


def token(number: int, lasts: object = 3600, **more: Any) -> bytes:
    return whole(
        json.dumps({"access_token": f"t{number}", "token_type": "bearer", "expires_in": lasts} | more).encode()
    )


class Issuer:
    """Issues t1, t2, …; the system beside it takes only those it is told to."""

    def __init__(self, lasts: object = 3600) -> None:
        self.issued, self.lasts = 0, lasts
        self.taken: set[str] | None = None
        self.refusal = whole(b"<p>sign in", "401 No", "text/html")

    def answer(self, request: bytes) -> bytes:
        if request.startswith(b"POST /token "):
            self.issued += 1
            return token(self.issued, self.lasts)
        given = request.partition(b"Authorization: Bearer ")[2].partition(b"\r\n")[0].decode()
        return whole(b'{"ok": true}') if self.taken is None or given in self.taken else self.refusal


@contextmanager
def system(answer: Answer) -> Iterator[tuple[str, list[bytes]]]:
    with serving(lambda connection: connection.sendall(answer(seen[-1]))) as (url, seen):
        yield url, seen


def client(url: str, auth: SignIn, **headers: str) -> HttpClient:
    egress = only(url, *auth.urls, surroundings=Surroundings(loopback=True))
    return HttpClient(url, headers, seconds=4, egress=egress, auth=auth)


def credentials(url: str, **more: Any) -> ClientCredentials:
    return ClientCredentials(f"{url}/token", "bridge", "secret", **more)


def ask(asked: HttpClient, request: Request = WRITE) -> Reply:
    with asked.conversation() as conversation:
        return conversation.ask(request)


def problem(asked: HttpClient, request: Request = WRITE) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as caught:
        ask(asked, request)
    assert_silent(caught.value)
    return caught.value


def calls(seen: list[bytes]) -> list[str]:
    return [each.split(b" ")[1].decode() for each in seen]


class TestFixed:
    @pytest.mark.parametrize(
        ("auth", "line"),
        [(ApiKey("X-Api-Key", "k"), b"X-Api-Key: k"), (Basic("a", "é:"), b"Authorization: Basic YTrDqTo=")],
    )
    def test_they_are_shown_and_asked_once(self, auth: SignIn, line: bytes) -> None:
        with system(lambda _request: whole(b"{}", "401 No")) as (url, seen):
            assert ask(client(url, auth)).status == 401
        assert len(seen) == 1
        assert line in seen[0].split(b"\r\n")


class TestTokens:
    def test_one_token_for_many_requests(self) -> None:
        issuer = Issuer()
        with system(issuer.answer) as (url, seen):
            asked = client(url, credentials(url, scope="case.write", audience="a"), **{"X-Static": "s"})
            for _ in range(3):
                assert ask(asked).body == {"ok": True}
        assert calls(seen) == ["/token", "/x", "/x", "/x"]
        assert seen[0].endswith(b"\r\n\r\ngrant_type=client_credentials&scope=case.write&audience=a")
        assert b"Authorization: Basic YnJpZGdlOnNlY3JldA==" in seen[0]  # pragma: allowlist secret
        assert b"X-Static" not in seen[0]
        assert b"Authorization: Bearer t1\r\n" in seen[1]

    def test_credentials_in_the_form(self) -> None:
        with system(Issuer().answer) as (url, seen):
            ask(client(url, credentials(url, in_body=True)))
        assert b"Authorization" not in seen[0]
        assert seen[0].endswith(b"client_id=bridge&client_secret=secret")

    def test_a_server_that_takes_no_grant_type(self) -> None:
        with system(Issuer().answer) as (url, seen):
            ask(client(url, credentials(url, in_body=True, grant_type="")))
        assert seen[0].endswith(b"\r\n\r\nclient_id=bridge&client_secret=secret")

    @pytest.mark.parametrize(("lasts", "issued"), [(3600, 1), ("3600", 1), (1, 2), (0, 2), (None, 1), (-5, 1)])
    def test_renewed_a_little_before_it_ends(self, lasts: object, issued: int) -> None:
        """A token of one second is used for half of it; one without a length for a few minutes."""
        issuer = Issuer(lasts)
        with system(issuer.answer) as (url, _):
            asked = client(url, credentials(url))
            ask(asked)
            time.sleep(0.6)
            ask(asked)
        assert issuer.issued == issued

    def test_after_a_whole_401_once_more_with_another(self) -> None:
        issuer = Issuer()
        issuer.taken = {"t2"}
        with system(issuer.answer) as (url, seen):
            assert ask(client(url, credentials(url))).status == 200
        assert calls(seen) == ["/token", "/x", "/token", "/x"]

    def test_and_only_once(self) -> None:
        issuer = Issuer()
        issuer.taken = set()
        with system(issuer.answer) as (url, seen):
            assert ask(client(url, credentials(url))).status == 401
        assert calls(seen) == ["/token", "/x", "/token", "/x"]

    @pytest.mark.parametrize(
        "rest", [head(500, status="401 No") + b"{", head(2_000_000, status="401 No") + b" " * 2_000_000]
    )
    def test_half_a_401_proves_nothing(self, rest: bytes) -> None:
        """Broken off, nobody knows; too long, it is an answer but no proof."""
        issuer = Issuer()
        issuer.taken, issuer.refusal = set(), rest
        with system(issuer.answer) as (url, seen):
            if len(rest) < 1000:
                assert isinstance(problem(client(url, credentials(url))), OutcomeUnknown)
            else:
                assert ask(client(url, credentials(url))).status == 401
        assert calls(seen) == ["/token", "/x"]

    def test_threads_share_one_request_for_a_token(self) -> None:
        issuer, statuses = Issuer(), []
        with system(issuer.answer) as (url, _):
            asked = client(url, credentials(url))
            threads = [threading.Thread(target=lambda: statuses.append(ask(asked, READ).status)) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)
        assert statuses == [200] * 8
        assert issuer.issued == 1

    def test_a_late_refusal_does_not_throw_away_a_newer_token(self) -> None:
        issuer = Issuer()
        with system(issuer.answer) as (url, _):
            auth = credentials(url)
            ask(client(url, auth))
            assert auth.renew({"Authorization": "Bearer t0"})
            ask(client(url, auth))
        assert issuer.issued == 1

    @pytest.mark.parametrize(
        ("answer", "kind", "reason"),
        [
            (whole(b'{"error": "invalid_client"}', "400 No"), NeedsHuman, Reason.SIGN_IN_REFUSED),
            (whole(b"{}", "401 No"), NeedsHuman, Reason.SIGN_IN_REFUSED),
            (whole(b"{}", "429 Slow"), NothingSent, Reason.THROTTLED),
            (whole(b"{}", "500 Broken"), NothingSent, Reason.UNAVAILABLE),
            (whole(b"{}", "302 Found"), NothingSent, Reason.UNAVAILABLE),
            (whole(b"<p>sign in", kind="text/html"), NothingSent, Reason.UNAVAILABLE),
            (whole(b"{}"), NothingSent, Reason.UNAVAILABLE),
            (token(1, access_token="a\r\nX: y"), NothingSent, Reason.UNAVAILABLE),
            (token(1, token_type="mac"), NothingSent, Reason.UNAVAILABLE),
            (b"", NothingSent, Reason.UNAVAILABLE),
        ],
    )
    def test_without_a_token_nothing_is_sent(self, answer: bytes, kind: type, reason: Reason) -> None:
        with system(lambda _request: answer) as (url, seen):
            found = problem(client(url, credentials(url)))
        assert type(found) is kind
        assert found.reason is reason
        assert set(calls(seen)) == {"/token"}

    def test_the_token_has_a_rule_of_its_own(self) -> None:
        with system(Issuer().answer) as (url, seen):
            auth, here = credentials(url.replace("127.0.0.1", "localhost")), Surroundings(loopback=True)
            unlisted = HttpClient(url, {}, seconds=4, egress=only(url, surroundings=here), auth=auth)
            assert problem(unlisted).reason is Reason.ADDRESS_NOT_ALLOWED
        assert seen == []

    def test_waiting_for_another_thread_ends_at_the_deadline(self) -> None:
        auth, inside, gate = credentials("https://token.example"), threading.Event(), threading.Event()

        def slow(_request: Request) -> Reply:
            inside.set()
            gate.wait(5)
            return Reply(200, {"access_token": "t"}, None)

        with Deadline(5) as long, Deadline(0.2) as short:
            thread = threading.Thread(target=auth.headers, args=(slow, long))
            thread.start()
            inside.wait(5)
            with pytest.raises(NothingSent):
                auth.headers(slow, short)
            gate.set()
            thread.join(5)
