"""Composition root of the Celery processes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from service import observability, settings, wiring
from service.settings import Process


def run_worker(concurrency: int) -> None:
    """Delivers until told to stop. Threads, because a delivery mostly waits for somebody else's system."""
    observability.configure("worker")
    app, watch = wiring.worker_parts(settings.load(Process.WORKER), concurrency)
    watch.start()
    app.worker_main(
        ["worker", "--pool", "threads", "--concurrency", str(concurrency), "--loglevel", "WARNING",
         "--without-gossip", "--without-mingle", "--without-heartbeat"]
    )  # fmt: skip


def run_beat() -> None:
    """Sends "sweep" and "raise reviews" in their rhythm. Two at once do no harm."""
    observability.configure("beat")
    app = wiring.celery_app(settings.load(Process.BEAT))
    with tempfile.TemporaryDirectory(prefix="wise-bridge-beat-") as folder:
        app.Beat(schedule=str(Path(folder) / "schedule"), loglevel="WARNING", quiet=True).run()
