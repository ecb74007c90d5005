"""`wise-bridge adapter export AUTHORITY --xlsx FILE`: the mappings as a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.adapter.showing import config_option, told
from service.commands.output import as_json, stop
from service.officer.meant import load_meant
from service.officer.sheets import write_book


@click.command()
@click.argument("authority", metavar="AUTHORITY|FILE")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON document instead of sentences.")
@config_option
def export(authority: str, xlsx: Path, config: Path, *, json_wanted: bool) -> None:
    """Write an authority's mappings as a spreadsheet, with its settings but for what is secret.

    An existing file is not overwritten: somebody may have worked in it. Exit code 2: nothing was written.
    """
    with told():
        profile = load_meant(config, authority)
        content = write_book(profile, config)
    try:
        with xlsx.open("xb") as opened:
            opened.write(content)
    except FileExistsError:
        stop(f"{xlsx} is there already and stays as it is. Give another name, or take it away first.")
    except OSError as error:
        stop(f"{xlsx}: {error.strerror or 'cannot be written'}.")
    counts = {kind: len(record.mapping.rows) for kind, record in profile.records.items()}
    if json_wanted:
        as_json({"file": str(xlsx), "authority": profile.authority, "rows": counts})
        return
    listed = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    click.echo(f"Written: {xlsx}. Rows: {listed}.")
    click.echo("Includes and based_on are resolved: every row stands there under the name it really goes to.")
    click.echo(f"Back again: wise-bridge adapter import {xlsx} --out FOLDER")
