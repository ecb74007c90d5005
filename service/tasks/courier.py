"""The courier's rounds: one file after another while any is due, then a rest until it is told, or time to sweep."""

from __future__ import annotations

import threading

import structlog

from service.tasks.failures import say_failed
from service.usecases.courier import Courier, Done

_log = structlog.get_logger()


class Rounds:
    """One thread. A message "look now" only shortens the rest: the database knows what is due."""

    def __init__(self, courier: Courier, *, seconds: float) -> None:
        self._courier, self._seconds = courier, seconds
        self._told, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begins with a look: whatever waited while nobody was here."""
        self._thread.start()

    def stop(self, seconds: float = 60) -> None:
        """Claims no more, and waits for what is under way; what is not done by then, its lease brings back."""
        self._stopping.set()
        self._told.set()
        self._thread.join(seconds)

    def look_now(self) -> None:
        """Something may be due."""
        self._told.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._told.clear()
            self._go_round()
            self._told.wait(self._seconds)

    def _go_round(self) -> None:
        try:
            while not self._stopping.is_set() and (done := self._courier.work()):
                _say(done)
        except Exception as error:  # noqa: BLE001 - an exception's own words may hold an address
            say_failed("courier", error)


def _say(done: Done) -> None:
    claimed, settled = done.claimed, done.settled
    if not done.kept:
        _log.warning("sending_taken_over", what=claimed.file, attempt=claimed.attempts)
        return
    state, reason = settled.state.value, settled.why.value
    _log.info("sending", what=claimed.file, attempt=claimed.attempts, state=state, reason=reason)
