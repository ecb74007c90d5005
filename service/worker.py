"""Composition root of the processes that deliver."""

from __future__ import annotations

import signal
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog
from celery import Celery
from celery.signals import worker_shutting_down

from service import keeping, observability, sending, settings, wiring
from service.no_dumps import forbid_dumps
from service.observability import describe
from service.settings import Process

_log = structlog.get_logger()
LISTEN_AGAIN_SECONDS = 5


def run_worker(concurrency: int) -> None:
    """Delivers until told to stop. Threads, because a delivery mostly waits for somebody else's system.

    With a broker, Celery hears who says "look now"; without one, the dispatcher's own sweep is all there is.
    """
    forbid_dumps()
    observability.configure("worker")
    loaded = settings.load(Process.WORKER)
    dispatcher = wiring.worker_dispatcher(loaded, concurrency)
    _work(dispatcher, partial(wiring.listening_app, loaded, dispatcher) if loaded.broker_url else None)


def run_courier() -> None:
    """Sends published releases to the central team's address until told to stop. With a broker it hears of them."""
    forbid_dumps()
    observability.configure("courier")
    loaded = settings.load(Process.COURIER)
    courier = sending.courier(loaded)
    _work(courier, partial(sending.listening_app, loaded, courier) if loaded.broker_url else None)


def run_keeper() -> None:
    """Keeps house until told to stop: seals the trail and brings its checkpoints outside."""
    forbid_dumps()
    observability.configure("keeper")
    _work(keeping.keeper(settings.load(Process.KEEPER)), None)


def wake_courier(broker_url: str) -> None:
    """Says "look now". Without an answer from the broker nothing is lost: the courier's own sweep finds the row."""
    sending.wake(broker_url)


class _Work(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


def _work(work: _Work, ear: Callable[[], Celery] | None) -> None:
    """Until told to stop. Without an ear the work's own sweep is all there is."""
    told = threading.Event()
    work.start()
    try:
        if ear:
            _listen(ear, told)
        else:
            _until(told)
    finally:
        work.stop()


def _listen(make: Callable[[], Celery], told: threading.Event) -> None:
    """What ends Celery's listening, but a signal, does not end the deliveries: it listens again after a while."""
    worker_shutting_down.connect(lambda **_: told.set(), weak=False)
    while not told.is_set():
        try:
            make().worker_main(
                ["worker", "--pool", "solo", "--loglevel", "WARNING",
                 "--without-gossip", "--without-mingle", "--without-heartbeat"]
            )  # fmt: skip
        except SystemExit:
            pass
        except Exception as error:  # noqa: BLE001 - the broker's client may end in many ways
            _log.error("listening_ended", **describe(error))
        told.wait(LISTEN_AGAIN_SECONDS)


def _until(told: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    told.wait()


def run_beat() -> None:
    """Sends "sweep" in its rhythm. Two at once do no harm, nor does none: workers sweep by themselves."""
    forbid_dumps()
    observability.configure("beat")
    app = wiring.celery_app(settings.load(Process.BEAT))
    with tempfile.TemporaryDirectory(prefix="wise-bridge-beat-") as folder:
        app.Beat(schedule=str(Path(folder) / "schedule"), loglevel="WARNING", quiet=True).run()
