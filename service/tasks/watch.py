"""The same sweep without the broker: when none has come by Celery for a while, the worker looks for itself.

The broker may then be away for as long as it likes. Claims are conditional UPDATEs, so it does no harm when this and
Celery's messages find the same row.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from service.observability import describe
from service.usecases.deliver import Deliverer
from service.usecases.raise_reviews import ReviewRaiser
from service.usecases.sweep import Sweeper

_log = structlog.get_logger()


@dataclass
class Heartbeat:
    """When a sweep last came by Celery, on this process's clock."""

    at: float = field(default_factory=time.monotonic)

    def now(self) -> None:
        """One came."""
        self.at = time.monotonic()


class Collected:
    """`service.ports.Wakeup` that keeps the ids, to be worked on here."""

    def __init__(self) -> None:
        self.ids: list[UUID] = []

    def look_now(self, delivery_id: str) -> None:
        """Keeps it."""
        self.ids.append(UUID(delivery_id))

    def take(self) -> list[UUID]:
        """What was kept, and begins anew."""
        taken, self.ids = self.ids, []
        return taken


@dataclass(frozen=True)
class Watch:
    """Sweeps every `seconds` while Celery's own sweeps have been silent for three times as long.

    `sweeper` and `raiser` wake through `collected`. `threads` is larger than any one authority's number in flight, so
    that a slow case system does not hold up the others.
    """

    deliverer: Deliverer
    sweeper: Sweeper
    raiser: ReviewRaiser
    collected: Collected
    heard: Heartbeat
    seconds: float
    threads: int

    def start(self) -> None:
        """Watches until the process ends."""
        threading.Thread(target=self._run, name="watch", daemon=True).start()

    def _run(self) -> None:
        with ThreadPoolExecutor(self.threads) as pool:
            while True:
                time.sleep(self.seconds)
                if time.monotonic() - self.heard.at > 3 * self.seconds:
                    self._look(pool)

    def _look(self, pool: ThreadPoolExecutor) -> None:
        try:
            self.raiser.raise_due()
            self.sweeper.sweep()
        except Exception as error:  # noqa: BLE001 - the database may be away too; the next look finds the rows
            _log.error("watch_failed", **describe(error))
        due = dict.fromkeys(self.collected.take())
        if due:
            _log.warning("sweep_without_broker", count=len(due))
        for finished in [pool.submit(self.deliverer.deliver, each) for each in due]:
            if problem := finished.exception():
                _log.error("task_failed", **describe(problem))
