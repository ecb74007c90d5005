"""`wise-bridge audit export`: an authority's trail with its chain, as a file that can be checked without us."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import Progress

from service import settings
from service.commands.audit.files import end_line, head_line, link_line, waiting_line
from service.commands.audit.surroundings import known
from service.commands.output import stop, told_plainly
from service.settings import Process
from service.store.engine import short_lived_engine
from service.store.trail_reading import TrailReading, reading

SHOWN_EVERY = 1_000
"""So many entries lie between two steps of the bar that shows how far it is."""


@click.command("export")
@click.option("--authority", required=True, help="ONS code, or hub.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A new file, JSON lines.")
def export_(authority: str, out: Path) -> None:
    """Write an authority's trail to a file, as it stands at one moment: the chain first, then what is not sealed yet.

    It holds ids, codes and references of staff, and no word of a record. WISE_DATABASE_URL names the owner's or the
    keeper's role.
    """
    with told_plainly():
        known([authority])
        loaded = settings.load(Process.OWNER)
        with _new(out) as file, short_lived_engine(loaded.database_url) as engine, reading(engine, authority) as trail:
            links, waiting = _write(file, trail, authority)
    click.echo(f"{out}: {links:,} sealed entries and {waiting:,} that are not sealed yet.")


def _write(file: IO[bytes], trail: TrailReading, authority: str) -> tuple[int, int]:
    file.write(head_line(authority, trail.cut()))
    links = waiting = 0
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"Trail of {authority}", total=trail.count())
        for link in trail.links():
            file.write(link_line(link))
            links += 1
            if not links % SHOWN_EVERY:
                progress.update(task, completed=links)
    for entry in trail.without_link():
        file.write(waiting_line(entry))
        waiting += 1
    file.write(end_line(links, waiting))
    return links, waiting


def _new(out: Path) -> IO[bytes]:
    """For its owner's eyes; overwrites nothing."""
    try:
        return os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        stop(f"{out} was not written: {error.strerror}.")
        raise
