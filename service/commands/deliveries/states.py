"""`deliveries states`: the state table as the code has it, for people to read."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.output import stop
from service.domain.delivery.drawn import page


@click.command()
@click.option("--write", "file", type=click.Path(path_type=Path, dir_okay=False), help="Into this file instead.")
def states(file: Path | None) -> None:
    """Every state and every event: where it leads, or why it is refused; every reason, its owner, and what it means."""
    if file is None:
        click.echo(page(), nl=False)
        return
    try:
        file.write_text(page(), encoding="utf-8")
    except OSError as error:
        stop(f"{file} was not written: {error.strerror}.")
    click.echo(f"Written: {file}", err=True)
