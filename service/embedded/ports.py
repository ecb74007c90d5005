"""Free loopback ports: chosen when a server starts, or held from the moment somebody is told of one."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

from service.embedded.errors import EmbeddedServerError

PORT_TAKEN = "Address already in use"
_PORT_ATTEMPTS = 5


class HeldPort:
    """A loopback port that the kernel gives to nobody, as a listener or for a call out, until `close`.

    A server we start may listen on it all the same, again and again, since every server we start sets SO_REUSEADDR
    and a socket that only holds the port does not listen (Linux, socket(7)).
    """

    def __init__(self) -> None:
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind(("127.0.0.1", 0))
        self.number: int = self._holder.getsockname()[1]

    def close(self) -> None:
        """Anybody's again."""
        self._holder.close()


def start_on_free_port(start: Callable[[int], None], fixed: int | None, last: int | None) -> int:
    """Somebody may take a port between choosing and listening: then choose again, unless the caller insists.

    A restart takes the port of the last run when it can, since others may have kept the URL.
    """
    if fixed is not None:
        start(fixed)
        return fixed
    for attempt in range(_PORT_ATTEMPTS):
        port = _port_or_another(last) if last and attempt == 0 else free_port()
        try:
            start(port)
            return port
        except EmbeddedServerError as problem:
            if PORT_TAKEN not in str(problem):
                raise
    raise EmbeddedServerError(f"no free port on 127.0.0.1 after {_PORT_ATTEMPTS} attempts: try again, or name a port")


def free_port() -> int:
    """Free now: somebody may still take it before a server listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _port_or_another(port: int) -> int:
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return port
    return free_port()
