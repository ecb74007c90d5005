"""A thread that looks again and again, in a process that has no dispatcher: the web's own eye on the alarms."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from service.observability import describe

_log = structlog.get_logger()


class Watcher:
    """One per process. A look that fails is logged as class and places, and the next one comes all the same."""

    def __init__(self, look: Callable[[], int], seconds: float) -> None:
        self._look, self._seconds = look, seconds
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
                _log.error("watch_failed", what="alarms", **describe(error))
