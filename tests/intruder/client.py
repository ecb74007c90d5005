"""The intruder's only way in: HTTP, with a token like any client's. Keeps every byte it was served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

SECONDS = 30
SAME_ID = "intruder-0000-0000"
"""Sent as X-Request-ID, so that answers differ only where the service makes them differ."""


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` in the order they came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The header's value, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass
class Client:
    """`base_url` like http://127.0.0.1:8000. `served` holds every answer's headers and body."""

    base_url: str
    token: str
    served: list[bytes] = field(default_factory=list)
    _connection: HTTPConnection | None = None

    def get(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        """One call. A connection that the server closed meanwhile is opened again, once."""
        sent = {"Authorization": f"Bearer {self.token}", "X-Request-ID": SAME_ID, **(headers or {})}
        try:
            answer = self._call(method, path, sent)
        except (ConnectionError, OSError):
            self.close()
            answer = self._call(method, path, sent)
        self.served += [repr(answer.headers).encode(), answer.body]
        return answer

    def close(self) -> None:
        """Lets the connection go."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _call(self, method: str, path: str, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            address = urlsplit(self.base_url)
            self._connection = HTTPConnection(address.hostname or "", address.port, timeout=SECONDS)
        self._connection.request(method, path, headers=dict(headers))
        got = self._connection.getresponse()
        return Answer(got.status, tuple(got.getheaders()), got.read())
