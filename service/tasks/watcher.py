"""A thread that looks again and again, in a process that has no dispatcher: what the web does beside its requests."""

from __future__ import annotations

import threading
from collections.abc import Callable

from service.tasks.failures import say_failed


class Watcher:
    """One per process and `what`. A look that fails is logged as class and places, and the next comes all the same."""

    def __init__(self, look: Callable[[], int], seconds: float, what: str = "alarms") -> None:
        self._look, self._seconds, self._what = look, seconds, what
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """The first look comes after one rhythm, when workers that were started together have swept."""
        self._thread.start()

    def stop(self, seconds: float = 5) -> None:
        """No further look; waits for one under way."""
        self._told.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._told.wait(self._seconds):
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - the watch goes on, whatever one look met
                say_failed(self._what, error)
