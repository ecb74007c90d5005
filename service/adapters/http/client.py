"""The HTTP client of the connectors.

One conversation per call of a port, with its own session: no cookie, no connection and no failure outlives it, and
threads share nothing. Proxies and netrc of the environment are off, and a redirect is an answer like any other: it is
not followed, because following one would send a child's record to an address nobody agreed to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from service.adapters.http.body import read_json
from service.adapters.http.causes import FAILURES, Cause, cause_of, problem_for
from service.adapters.http.deadline import Deadline
from service.adapters.http.retry_after import seconds_of
from service.adapters.http.wire import CURRENT, Call, WatchedAdapter
from service.errors import DeliveryProblem

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
CALL_SECONDS = 60.0
PLAIN = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "wise-bridge"}


@dataclass(frozen=True, repr=False)
class Request:
    """One request. `writes` says whether it could change something there, not which method it uses."""

    method: str
    path: str
    writes: bool
    params: Mapping[str, str] = field(default_factory=dict)
    json: object = None
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes, str]] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class Reply:
    """A complete answer. `body` is None when it was not a JSON object within the limit."""

    status: int
    body: dict[str, Any] | None
    retry_after: int | None


class Conversation:
    """Requests of one call, all before one deadline."""

    def __init__(self, base_url: str, session: requests.Session, call: Call) -> None:
        self._base_url, self._session, self._call = base_url, session, call

    def ask(self, request: Request) -> Reply:
        """Send and read. Raises the problem, free of the library's exception and so of what it carries."""
        self._call.sent = False
        outcome = self._attempt(request)
        if isinstance(outcome, Cause):
            raise self._problem(outcome, request)
        return outcome

    def _problem(self, cause: Cause, request: Request) -> DeliveryProblem:
        named = Cause.DEADLINE if self._call.deadline.passed else cause
        return problem_for(named, sent=self._call.sent, writes=request.writes)

    def _attempt(self, request: Request) -> Reply | Cause:
        if self._call.deadline.passed:
            return Cause.DEADLINE
        try:
            reply = self._exchange(request)
        except FAILURES as error:
            return cause_of(error)
        return Cause.DEADLINE if reply.body is None and self._call.deadline.passed else reply

    def _exchange(self, request: Request) -> Reply:
        with self._send(request) as response:
            body = read_json(response)
            return Reply(response.status_code, body, seconds_of(response.headers.get("Retry-After")))

    def _send(self, request: Request) -> requests.Response:
        left = self._call.deadline.left
        return self._session.request(
            request.method,
            self._base_url + request.path,
            params=dict(request.params),
            json=request.json,
            data=dict(request.fields),
            files=dict(request.files) or None,
            timeout=(left(CONNECT_SECONDS), left(READ_SECONDS)),
            allow_redirects=False,
            stream=True,
        )


class HttpClient:
    """Where a system is and how to sign in there. Holds no connection."""

    def __init__(self, base_url: str, headers: Mapping[str, str], *, seconds: float = CALL_SECONDS) -> None:
        self._base_url, self._headers, self._seconds = base_url.rstrip("/"), dict(headers), seconds

    @contextmanager
    def conversation(self) -> Iterator[Conversation]:
        """A conversation; its connections are closed at the end, whatever happened."""
        with Deadline(self._seconds) as deadline, self._session() as session:
            call = Call(deadline)
            token = CURRENT.set(call)
            try:
                yield Conversation(self._base_url, session, call)
            finally:
                CURRENT.reset(token)

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.headers.clear()
        session.headers.update({**PLAIN, **self._headers})
        for scheme in ("https://", "http://"):
            session.mount(scheme, WatchedAdapter())
        return session
