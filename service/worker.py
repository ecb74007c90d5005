"""Composition root of the processes that deliver."""

from __future__ import annotations

import signal
import tempfile
import threading
from pathlib import Path

from service import observability, settings, wiring
from service.settings import Process


def run_worker(concurrency: int) -> None:
    """Delivers until told to stop. Threads, because a delivery mostly waits for somebody else's system.

    With a broker, Celery hears who says "look now"; without one, the dispatcher's own sweep is all there is.
    """
    observability.configure("worker")
    parts = wiring.worker_parts(settings.load(Process.WORKER), concurrency)
    parts.dispatcher.start()
    try:
        if parts.celery is None:
            _until_told()
        else:
            parts.celery.worker_main(
                ["worker", "--pool", "solo", "--loglevel", "WARNING",
                 "--without-gossip", "--without-mingle", "--without-heartbeat"]
            )  # fmt: skip
    finally:
        parts.dispatcher.stop()


def _until_told() -> None:
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    told.wait()


def run_beat() -> None:
    """Sends "sweep" in its rhythm. Two at once do no harm, nor does none: workers sweep by themselves."""
    observability.configure("beat")
    app = wiring.celery_app(settings.load(Process.BEAT))
    with tempfile.TemporaryDirectory(prefix="wise-bridge-beat-") as folder:
        app.Beat(schedule=str(Path(folder) / "schedule"), loglevel="WARNING", quiet=True).run()
