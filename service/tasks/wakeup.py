"""Saying "look now" through Celery, from a thread of its own: the request that says it never waits for the broker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from celery import Celery

from service.observability import describe
from service.tasks.broker import LOOK

_log = structlog.get_logger()
_QUIET_SECONDS = 5
_BREATH = 0.2
"""Who has been told of a lane looks again by itself while there is work: a word for every record would only cost."""


class CeleryWakeup:
    """`service.ports.Wakeup`. The first word goes out at once; what is said within a breath after it, in one message.

    While the broker is away it waits before it tries again: the sweep finds the row. The thread starts with the first
    word, so that a process which forks before it serves has one in each child.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._said: set[str] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._away_until = 0.0
        self.failed = 0

    def look_now(self, authority: str) -> None:
        """Notes it, and returns."""
        with self._changed:
            self._said.add(authority)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._publish_for_ever, name="wakeup", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _publish_for_ever(self) -> None:
        while True:
            with self._changed:
                while not self._said:
                    self._changed.wait()
                said, self._said = self._said, set()
            self._publish(sorted(said))
            time.sleep(_BREATH)

    def _publish(self, authorities: list[str]) -> None:
        if time.monotonic() < self._away_until:
            return
        try:
            self._app.send_task(LOOK, args=authorities, retry=False, argsrepr="(ids)", kwargsrepr="{}")
        except Exception as error:  # noqa: BLE001 - every broker has errors of its own, and none may end this thread
            self.failed += 1
            self._away_until = time.monotonic() + _QUIET_SECONDS
            _log.warning("wakeup_failed", **describe(error))


class NoWakeup:
    """`service.ports.Wakeup` without a broker: the sweep finds everything, a little later."""

    def look_now(self, authority: str) -> None:
        """Nobody is told."""


class Found:
    """`service.ports.Wakeup` inside a worker: what its own chores find, its own dispatcher is told."""

    def __init__(self) -> None:
        self.tell: Callable[[str], None] = lambda _authority: None

    def look_now(self, authority: str) -> None:
        """Tells it."""
        self.tell(authority)
