"""Listeners on this machine to which nobody may come, and one that sends everybody on to them."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Answer = Callable[[bytes], bytes]
NOTHING = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


@dataclass
class Trap:
    """`visitors`: from where, and the first bytes."""

    port: int
    visitors: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """As an honest profile of a rehearsal would write it."""
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def trap(answer: Answer = lambda _asked: NOTHING) -> Iterator[Trap]:
    """A port of this machine under both kinds of address. What it answers to a request's first bytes."""
    both = socket.has_dualstack_ipv6()
    family = {"family": socket.AF_INET6, "dualstack_ipv6": True} if both else {}
    listener = socket.create_server(("::" if both else "0.0.0.0", 0), **family)  # type: ignore[arg-type] # noqa: S104
    found = Trap(listener.getsockname()[1])

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, where = listener.accept()
                _answered(connection, where[0], found, answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _answered(connection: socket.socket, where: str, found: Trap, answer: Answer) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(2)
        asked = connection.recv(65_536)
        found.visitors.append((where, asked[:200]))
        connection.sendall(answer(asked))


def redirecting(to: str, status: int) -> Answer:
    """Sends whoever comes on to there."""
    head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    return lambda _asked: head.encode("ascii")
