"""The tasks: a word to the dispatcher, ids only. What they cost is paid per lane and breath, not per delivery."""

from __future__ import annotations

from celery import Celery

from service.tasks.broker import LOOK, SWEEP
from service.tasks.dispatcher import Dispatcher


def register(app: Celery, dispatcher: Dispatcher) -> None:
    """Gives the worker its two tasks."""

    def look(*authorities: str) -> None:
        for each in authorities:
            dispatcher.look_now(each)

    app.task(look, name=LOOK)
    app.task(dispatcher.look_everywhere, name=SWEEP)
