"""Free loopback ports."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port nobody listens on now. Whoever binds it next has it; the callers say so when that fails."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
