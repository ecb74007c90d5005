"""Sends records as an authority's system would, and keeps outside the service what was acknowledged."""

from __future__ import annotations

import http.client
import json
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from tests.faults.papers import PATH, Paper

ACKNOWLEDGED = frozenset({200, 201})
_TRY_AGAIN = 0.25


class Credentials(Protocol):
    """What a client signs in with."""

    client_id: str
    secret: str


@dataclass(frozen=True)
class Accepted:
    """One acknowledgement: the promise that is checked. `at` is when it came (epoch), `took` how long the request."""

    paper: Paper
    receipt: str
    at: float
    took: float


@dataclass
class Ledger:
    """Thread-safe. `accepted` by `Paper.key`; `refused` holds final refusals, which a fault run should not see."""

    url: str
    accepted: dict[str, Accepted] = field(default_factory=dict)
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    _clients: dict[str, Credentials] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _idle: list[http.client.HTTPConnection] = field(default_factory=list)

    def sign_in(self, authority: str, client: Credentials) -> None:
        """Sends for this authority as this client."""
        self._clients[authority] = client

    def of(self, prefix: str) -> list[Accepted]:
        """What was acknowledged of one scenario's papers."""
        return [each for each in list(self.accepted.values()) if each.paper.sender.startswith(prefix)]

    def insist(self, paper: Paper, *, seconds: float = 60) -> Accepted | None:
        """Sends until it is acknowledged, the same id every time, as an honest sender does. None when time is up."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            began = time.monotonic()
            status, body = self.once(paper)
            if status in ACKNOWLEDGED:
                return self._keep(paper, body, time.monotonic() - began)
            if 400 <= status < 500 and status not in (401, 408, 429):
                self.refused[paper.key] = (status, json.dumps(body)[:500])
                return None
            time.sleep(_TRY_AGAIN)
        return None

    def once(self, paper: Paper) -> tuple[int, dict[str, Any]]:
        """One request; status 0 when there was no answer."""
        self.asked.add(paper.key)
        return self.ask("POST", paper.authority, PATH, paper.body)

    def ask(self, method: str, authority: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
        """One signed request; status 0 when there was no answer."""
        try:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token(authority)}"}
            status, answer = self._exchange(method, path, body, headers)
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return 0, {}
        if status == 401:
            self._tokens.pop(authority, None)
        return status, answer

    def close(self) -> None:
        """Every connection."""
        while self._idle:
            self._idle.pop().close()

    def _keep(self, paper: Paper, body: dict[str, Any], took: float) -> Accepted:
        kept = Accepted(paper, body["receipt_id"], time.time(), took)
        return self.accepted.setdefault(paper.key, kept)

    def _token(self, authority: str) -> str:
        if authority not in self._tokens:
            client = self._clients[authority]
            basic = b64encode(f"{client.client_id}:{client.secret}".encode()).decode()
            headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
            _, answer = self._exchange("POST", "/oauth/token", b"grant_type=client_credentials", headers)
            self._tokens[authority] = answer["access_token"]
        return self._tokens[authority]

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """On a connection that is open already, if there is one; a new one where the server has closed that since."""
        with suppress(OSError, http.client.HTTPException, IndexError):
            return self._on(self._idle.pop(), method, path, body, headers)
        fresh = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        return self._on(fresh, method, path, body, headers)

    def _on(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
    ) -> tuple[int, dict[str, Any]]:
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer.status, json.loads(content) if content else {}
