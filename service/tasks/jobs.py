"""The tasks: five lines each, ids only."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec
from uuid import UUID

import structlog
from celery import Celery

from service.observability import describe
from service.tasks.broker import DELIVER, RAISE_REVIEWS, SWEEP
from service.tasks.watch import Heartbeat
from service.usecases.deliver import Deliverer
from service.usecases.raise_reviews import ReviewRaiser
from service.usecases.sweep import Sweeper

P = ParamSpec("P")
_log = structlog.get_logger()


def register(app: Celery, *, deliverer: Deliverer, sweeper: Sweeper, raiser: ReviewRaiser, heard: Heartbeat) -> None:
    """Gives the worker its three tasks."""

    @_task(app, DELIVER)
    def deliver(delivery_id: str) -> None:
        settlement = deliverer.deliver(UUID(delivery_id))
        if settlement:
            _log.info("delivery", delivery_id=delivery_id, state=settlement.state, reason=settlement.reason)

    @_task(app, SWEEP)
    def sweep() -> None:
        heard.now()
        if woken := sweeper.sweep():
            _log.info("sweep", count=woken)

    @_task(app, RAISE_REVIEWS)
    def raise_reviews() -> None:
        if raised := raiser.raise_due():
            _log.info("reviews_raised", count=raised)


def _task(app: Celery, name: str) -> Callable[[Callable[P, None]], None]:
    """A task whose failure is logged as class and places. The row keeps what is owed; its lease brings it back."""

    def add(work: Callable[P, None]) -> None:
        def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                work(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - an exception's own words may hold part of a record
                _log.error("task_failed", **describe(error))

        app.task(guarded, name=name)

    return add
