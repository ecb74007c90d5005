"""`wise-bridge serve`, `worker`, `beat`, `courier`, `keeper`: the processes."""

from __future__ import annotations

import os
import sys

import click

from service import settings
from service.commands.output import told_plainly
from service.configuration import profiles
from service.no_dumps import forbid_dumps
from service.settings import Process


@click.command()
@click.option("--side", type=click.Choice(["casework", "hub"]), default="casework", show_default=True)
@click.option("--bind", default="127.0.0.1:8000", show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--threads", default=8, show_default=True)
def serve(side: str, bind: str, workers: int, threads: int) -> None:
    """Run one of the two web processes under gunicorn. The Hub's side has no way to the casework side."""
    with told_plainly():
        loaded = settings.load(Process(side))
        if side == "casework":
            profiles(loaded.config_dir)
    arguments = [
        sys.executable, "-m", "gunicorn", f"service.app:{side}()", "--bind", bind, "--worker-class", "gthread",
        "--workers", str(workers), "--threads", str(threads), "--timeout", "60", "--graceful-timeout", "15",
        "--log-level", "warning", "--limit-request-line", "4094", "--max-requests", "0",
    ]  # fmt: skip
    forbid_dumps()
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter with arguments chosen above


@click.command()
@click.option("--concurrency", default=40, show_default=True, help="Deliveries under way at once in this process.")
def worker(concurrency: int) -> None:
    """Run a Celery worker that delivers."""
    from service.worker import run_worker  # noqa: PLC0415 - Celery takes half a second to import

    with told_plainly():
        run_worker(concurrency)


@click.command()
def beat() -> None:
    """Run the Celery beat: it says "sweep" and "raise reviews" in their rhythm."""
    from service.worker import run_beat  # noqa: PLC0415 - as above

    with told_plainly():
        run_beat()


@click.command()
def courier() -> None:
    """Run the courier: it sends published releases to the central team's address, and can reach nothing else."""
    from service.worker import run_courier  # noqa: PLC0415 - as above

    with told_plainly():
        run_courier()


@click.command()
def keeper() -> None:
    """Run the keeper: it seals the audit trail and brings its checkpoints outside. Two at once do no harm."""
    from service.worker import run_keeper  # noqa: PLC0415 - as above

    with told_plainly():
        run_keeper()
