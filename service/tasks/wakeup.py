"""Saying "look now" through Celery. Never holds up the request that says it."""

from __future__ import annotations

import time

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from service.observability import describe
from service.tasks.broker import DELIVER

_log = structlog.get_logger()
_QUIET_SECONDS = 5


class CeleryWakeup:
    """`service.ports.Wakeup`. While the broker is away it waits before it tries again: the sweep finds the row."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._away_until = 0.0

    def look_now(self, delivery_id: str) -> None:
        """Sends the id, or notes that the broker is away."""
        if time.monotonic() < self._away_until:
            return
        try:
            self._app.send_task(DELIVER, args=[delivery_id], retry=False, argsrepr="(id)", kwargsrepr="{}")
        except (OperationalError, RedisError, OSError) as error:
            self._away_until = time.monotonic() + _QUIET_SECONDS
            _log.warning("wakeup_failed", delivery_id=delivery_id, **describe(error))
