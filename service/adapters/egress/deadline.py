"""The end of one whole call, kept from outside.

A socket timeout counts the silence between two bytes: a server that sends one byte now and then outlives it for ever.
So a timer ends the connection itself when the time of the whole call is up, whatever the code is waiting for then.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType

_MANY = 256


class _Watcher:
    """One thread for all deadlines of a process, however many: a timer of its own for each took longer than a request.

    A deadline whose call has ended stays in the heap and has nothing to cut; when most are of that kind, they go.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._over: set[int] = set()
        self._thread: threading.Thread | None = None

    def watch(self, end: float, cut: Callable[[], None]) -> int:
        """A number by which it can be forgotten again."""
        with self._changed:
            if self._thread is None or not self._thread.is_alive():  # none yet, or this is a child of a fork
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            number = next(self._count)
            heapq.heappush(self._heap, (end, number, cut))
            if self._heap[0][1] == number:
                self._changed.notify()
            return number

    def forget(self, number: int) -> None:
        """Its call has ended."""
        with self._changed:
            self._over.add(number)
            if len(self._over) > _MANY and len(self._over) > len(self._heap) / 2:
                self._heap = [each for each in self._heap if each[1] not in self._over]
                heapq.heapify(self._heap)
                self._over.clear()

    def _run(self) -> None:
        while True:
            for cut in self._due():
                cut()

    def _due(self) -> list[Callable[[], None]]:
        with self._changed:
            self._changed.wait(self._heap[0][0] - time.monotonic() if self._heap else None)
            now, due = time.monotonic(), []
            while self._heap and self._heap[0][0] <= now:
                _, number, cut = heapq.heappop(self._heap)
                if number in self._over:
                    self._over.discard(number)
                else:
                    due.append(cut)
            return due


_WATCHER = _Watcher()


class Deadline:
    """Cuts every watched connection when the time is up. Use as a context manager; nothing of it outlives the call."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []

    def __enter__(self) -> Deadline:
        self._number = _WATCHER.watch(self._end, self._cut)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _WATCHER.forget(self._number)
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
