"""`python -m bench.receiver --port N`: an inbox that answers at once, or after a while, and costs next to nothing.

It speaks `docs/protocols/rest-inbox.md` as far as a load needs it, over connections that stay open, and counts what
came: items, and items that came a second time. `POST /control` with {"delay": seconds, "down": seconds} changes it.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import time

_HEAD = re.compile(rb"(GET|PUT|POST) (\S+) HTTP/1\.1\r\n(.*?)\r\n\r\n", re.DOTALL)
_LENGTH = re.compile(rb"(?i)content-length: *([0-9]+)")
_DIGEST = re.compile(rb'"content_sha256": ?"([0-9a-f]{64})"')
_KIND = re.compile(rb'"kind": ?"([a-z_]+)"')


class Inbox:
    """Everything that came, by address."""

    def __init__(self) -> None:
        self.items: dict[str, tuple[str, str, str]] = {}
        self.again = 0
        self.delay = 0.0
        self.down_until = 0.0
        self.first_after_down = 0.0
        self.bytes = 0

    @property
    def is_down(self) -> bool:
        """Whether every connection is cut."""
        return time.monotonic() < self.down_until

    def answer(self, method: bytes, target: str, body: bytes) -> tuple[int, bytes]:
        """Status and JSON."""
        if target == "/control":
            return 200, self._control(json.loads(body) if body else {})
        if method == b"PUT":
            return self._put(target, body)
        there = self.items.get(target)
        return (200, self._shown(target, there)) if there else (404, b'{"code": "NOT_THERE"}')

    def _put(self, target: str, body: bytes) -> tuple[int, bytes]:
        self.bytes += len(body)
        if not self.first_after_down and self.down_until:
            self.first_after_down = time.monotonic() - self.down_until
        if there := self.items.get(target):
            self.again += 1
            return 412, self._shown(target, there)
        digest, kind = _DIGEST.search(body), _KIND.search(body)
        if not digest or not kind:
            return 422, b'{"code": "CONTENT_REFUSED"}'
        number = hashlib.sha256(target.encode()).hexdigest()[:12]
        self.items[target] = (kind[1].decode(), digest[1].decode(), number)
        return 201, self._shown(target, self.items[target])

    def _shown(self, target: str, item: tuple[str, str, str]) -> bytes:
        kind, digest, number = item
        shown = {"reference": target.rpartition("/")[2], "kind": kind, "state": "filed", "number": number, "code": None}
        return json.dumps(shown | {"replaces": None, "document_number": None, "content_sha256": digest}).encode()

    def _control(self, wanted: dict[str, float]) -> bytes:
        self.delay = wanted.get("delay", self.delay)
        if "down" in wanted:
            self.down_until, self.first_after_down = time.monotonic() + wanted["down"], 0.0
        told = {"items": len(self.items), "again": self.again, "bytes": self.bytes}
        return json.dumps(told | {"first_after_down": self.first_after_down}).encode()


class Connection(asyncio.Protocol):
    """One connection, one request after another."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox, self._data = inbox, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remembered."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a TCP server is given
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Whole requests only."""
        self._data += data
        while (head := _HEAD.match(self._data)) is not None:
            length = _LENGTH.search(head[3])
            end = head.end() + (int(length[1]) if length else 0)
            if len(self._data) < end:
                return
            body, self._data = self._data[head.end() : end], self._data[end:]
            self._take(head[1], head[2].decode(), body)

    def _take(self, method: bytes, target: str, body: bytes) -> None:
        if self._inbox.is_down and target != "/control":
            if self._transport:
                self._transport.abort()
            return
        delay = self._inbox.delay if target != "/control" else 0
        if delay:
            asyncio.get_running_loop().call_later(delay, self._say, method, target, body)
        else:
            self._say(method, target, body)

    def _say(self, method: bytes, target: str, body: bytes) -> None:
        status, content = self._inbox.answer(method, target, body)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        if self._transport and not self._transport.is_closing():
            self._transport.write(head.encode() + content)


async def _serve(port: int) -> None:
    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(inbox), "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(_serve(parser.parse_args().port))
