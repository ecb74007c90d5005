"""Threads of the operating system that play one actor after another: to start one costs more than a step."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable


class Turn:
    """What somebody waits for until it is given to them; given once for each wait."""

    __slots__ = ("give", "wait")

    def __init__(self) -> None:
        lock = threading.Lock()
        lock.acquire()
        self.wait, self.give = lock.acquire, lock.release


class Hand:
    """One thread. It is free again when what it plays has ended, and is not ended itself."""

    _free: list[Hand] = []  # noqa: RUF012 - threads are the process's, whatever world they play in

    def __init__(self) -> None:
        self._turn, self._do = Turn(), _nothing
        threading.Thread(target=self._live, name="hand", daemon=True).start()

    @classmethod
    def free(cls) -> Hand:
        """One that plays nothing."""
        return cls._free.pop() if cls._free else cls()

    def play(self, do: Callable[[], None]) -> None:
        """Returns at once; `do` raises nothing."""
        self._do = do
        self._turn.give()

    def _live(self) -> None:
        while True:
            self._turn.wait()
            self._do()
            self._do = _nothing
            self._free.append(self)


def _nothing() -> None:
    """So that nothing of a world that has ended is kept."""


os.register_at_fork(after_in_child=Hand._free.clear)  # a child has the list, and none of the threads
