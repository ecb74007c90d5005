"""What the process itself says about connections: where its own servers are, and whether this is a rehearsal.

`WISE_BRIDGE_ALLOW_LOOPBACK=1` is for the demonstration and for tests, whose case systems run on this very machine.
Any other value, and none, keeps every connection to this machine refused.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

ALLOW_LOOPBACK = "WISE_BRIDGE_ALLOW_LOOPBACK"
_OWN = {
    "WISE_DATABASE_URL": 5432,
    "WISE_TRAINING_DATABASE_URL": 5432,
    "WISE_PURGE_DATABASE_URL": 5432,
    "WISE_BROKER_URL": 6379,
}


@dataclass(frozen=True)
class Server:
    """A server of our own that no connector may call."""

    host: str
    port: int


@dataclass(frozen=True)
class Surroundings:
    """The strictest reading is the default."""

    loopback: bool = False
    own: tuple[Server, ...] = ()


def here() -> Surroundings:
    """The surroundings of this process."""
    return read_surroundings(os.environ)


def read_surroundings(environ: Mapping[str, str]) -> Surroundings:
    """The switch, and the database and broker this process was told of."""
    found = (_server(environ.get(name, ""), port) for name, port in _OWN.items())
    return Surroundings(environ.get(ALLOW_LOOPBACK) == "1", tuple(server for server in found if server))


def _server(url: str, usual_port: int) -> Server | None:
    """None for a socket file, or for an address that `service.settings` will refuse with its own words."""
    try:
        parts = urlsplit(url)
        return Server(parts.hostname, parts.port or usual_port) if parts.hostname else None
    except ValueError:
        return None
