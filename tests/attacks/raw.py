"""HTTP by hand over a socket: what no library would send."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 30
_ENOUGH = 1_000_000


@dataclass(frozen=True)
class Reply:
    """`status` 0: the connection was closed without an answer. `answers`: how many came on this connection."""

    status: int
    body: bytes
    seconds: float
    answers: int = 1

    @property
    def closed(self) -> bool:
        """Whether nothing came but the end."""
        return self.status == 0


def send(
    url: str, parts: Iterable[bytes], *, patience: float = PATIENCE, pause: Callable[[], None] = lambda: None
) -> Reply:
    """Writes the parts, with `pause` between them, and reads what comes until the other side is done or slow."""
    place = urlsplit(url)
    began = time.monotonic()
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as connection:
        with suppress(OSError):  # an answer may come, and the door be shut, before all is said
            for part in parts:
                connection.sendall(part)
                pause()
        got = _read(connection)
    return _reply(got, time.monotonic() - began)


def _read(connection: socket.socket) -> bytes:
    """Until the end, or until a complete answer is followed by a second of silence."""
    got = b""
    connection.settimeout(PATIENCE)
    with suppress(OSError):
        while len(got) < _ENOUGH and (more := connection.recv(65_536)):
            got += more
            connection.settimeout(1)
    return got


def _reply(got: bytes, seconds: float) -> Reply:
    head, _, body = got.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    status = int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit() else 0
    return Reply(status, body, seconds, got.count(b"HTTP/1.1 "))


def head(method: str, target: str, *headers: str, host: str = "wise-bridge.example") -> bytes:
    """A request line and headers."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")
