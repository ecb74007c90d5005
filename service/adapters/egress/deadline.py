"""The end of one whole call, kept from outside.

A socket timeout counts the silence between two bytes: a server that sends one byte now and then outlives it for ever.
So a timer ends the connection itself when the time of the whole call is up, whatever the code is waiting for then.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType


class Deadline:
    """Cuts every watched connection when the time is up. Use as a context manager; nothing of it outlives the call."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for handle in self._watched:
                handle.close()
            self._watched.clear()

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    def left(self, at_most: float) -> float:
        """Seconds left, no more than `at_most` and never zero: zero would mean "do not wait" to a socket."""
        return max(0.01, min(at_most, self._end - time.monotonic()))

    def watch(self, connection: socket.socket) -> None:
        """End this connection at the deadline.

        A duplicate handle is kept: TLS takes the first one over, and shutting the duplicate down ends the connection
        for both without touching the TLS state from another thread.
        """
        handle = connection.dup()
        with self._lock:
            self._watched.append(handle)
        if self.passed:
            self._cut()

    def _cut(self) -> None:
        with self._lock:
            for handle in self._watched:
                with contextlib.suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)
