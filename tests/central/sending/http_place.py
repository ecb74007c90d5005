"""The central team's address by HTTP: keeps what is put, answers as RFC 9110 and RFC 9530 say, or loses its answer."""

from __future__ import annotations

import hashlib
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "made-up-token"


def digest(content: bytes) -> str:
    return f"sha-256=:{b64encode(hashlib.sha256(content).digest()).decode()}:"


@dataclass
class HttpPlace:
    """`losing`: so many answers to a PUT are lost after the last byte. `says`: answered to every request instead."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    losing: int = 0
    says: tuple[int, dict[str, str]] | None = None
    states_digests: bool = True
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/from/bridge/"

    @property
    def puts(self) -> list[str]:
        return [path for method, path in self.asked if method == "PUT"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _begin(self) -> bool:
        place: HttpPlace = self.server.place  # type: ignore[attr-defined]
        self.place = place
        self.content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        place.asked.append((self.command, self.path))
        place.heads.append({name.lower(): value for name, value in self.headers.items()})
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401)
            return False
        if place.says:
            self._answer(place.says[0], place.says[1])
            return False
        return True

    def do_PUT(self) -> None:
        if not self._begin():
            return
        if self.path in self.place.files and self.headers.get("If-None-Match") == "*":
            self._answer(412)
        elif self.headers.get("Content-Digest") != digest(self.content):
            self._answer(400)
        else:
            self.place.files[self.path] = self.content
            if self.place.losing:
                self.place.losing -= 1
                self.close_connection = True
                return
            self._answer(201, {"ETag": '"made-up"'})

    def do_HEAD(self) -> None:
        self._file()

    def do_GET(self) -> None:
        self._file()

    def _file(self) -> None:
        if not self._begin():
            return
        content = self.place.files.get(self.path)
        if content is None:
            self._answer(404)
            return
        stated = {"Repr-Digest": digest(content)} if self.place.states_digests else {}
        self._answer(200, {"Content-Type": "application/zip", **stated}, content)

    def _answer(self, status: int, headers: dict[str, str] | None = None, content: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def http_place(port: int = 0, place: HttpPlace | None = None) -> Iterator[HttpPlace]:
    """While the test goes on; given a port and a place, the same one again."""
    place = place or HttpPlace()
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server.daemon_threads = True
    server.place = place  # type: ignore[attr-defined]
    place.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
