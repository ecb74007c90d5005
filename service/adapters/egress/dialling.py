"""Looking a name up and connecting to an address: two steps, so that what was checked is what is called."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from service.adapters.egress.addresses import Address

Resolver = Callable[[str, float], Sequence[str]]
"""Host and seconds to addresses, written as numbers. Raises `OSError` when there are none."""


def system_addresses(host: str, seconds: float) -> Sequence[str]:
    """What this machine takes the name for, in its order. In a thread of its own: a resolver knows no deadline.

    An address in its usual spelling needs no looking up.
    """
    with contextlib.suppress(ValueError):
        return (str(ip_address(host)),)
    found: list[str] = []
    thread = threading.Thread(target=_look_up, args=(host, found), daemon=True)
    thread.start()
    thread.join(seconds)
    addresses = tuple(dict.fromkeys(found))
    if not addresses:
        raise OSError("name not found")
    return addresses


def _look_up(host: str, found: list[str]) -> None:
    with contextlib.suppress(OSError, UnicodeError):
        found.extend([str(line[4][0]) for line in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)])


def connect(addresses: Sequence[Address], port: int, seconds: float) -> socket.socket:
    """The first address that answers, all within `seconds`. Raises `OSError` when none does."""
    end = time.monotonic() + seconds
    failed: OSError | None = None
    for address in addresses:
        try:
            made = socket.create_connection((str(address), port), max(0.01, end - time.monotonic()))
        except OSError as error:
            failed = error
            continue
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
    raise failed or OSError("no address")
