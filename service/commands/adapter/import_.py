"""`wise-bridge adapter import FILE --out DIR`: a spreadsheet back into mapping files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from service.commands.adapter.showing import FINDINGS, config_option, console, json_option, plain, table, told
from service.commands.output import as_json, stop
from service.officer.sheets import Brought, bring


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the files.")
@json_option
@config_option
def import_(file: Path, out: Path, config: Path, *, json_wanted: bool) -> None:
    """Write the mappings of a spreadsheet as files, one for each record, if nothing is wrong with any of them.

    Each fault names its sheet and cell. Existing files are not overwritten. Exit code 0: written. 1: faults, nothing
    was written. 2: cannot be tried.
    """
    with told():
        brought = bring(file, config)
    if not brought.faults:
        _write(out, brought.files)
    if json_wanted:
        as_json(
            {"files": [str(out / name) for name in brought.files], "faults": [asdict(each) for each in brought.faults]}
        )
    else:
        _say(file, out, brought)
    raise SystemExit(FINDINGS if brought.faults else 0)


def _write(out: Path, files: Mapping[str, str]) -> None:
    """All or nothing."""
    there = [str(out / name) for name in files if (out / name).exists()]
    if there:
        stop(f"{', '.join(there)}: there already, and stays as it is. Give another folder with --out.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        stop(f"{out}: {error.strerror or 'cannot be written'}.")


def _say(file: Path, out: Path, brought: Brought) -> None:
    if brought.faults:
        made = table("cell", "what is wrong", "what to do", widths=(26, 40, 34))
        for fault in brought.faults:
            made.add_row(
                plain(f"{fault.sheet}{'!' if fault.cell else ''}{fault.cell}"), plain(fault.detail), plain(fault.fix)
            )
        console().print(made)
        count = len(brought.faults)
        click.echo(f"{file.name}: {count} {'fault' if count == 1 else 'faults'}. Nothing was written.")
        return
    for name in brought.files:
        click.echo(f"Written: {out / name}")
    if brought.others:
        click.echo(f"Not read: the sheets {', '.join(brought.others)}.")
    click.echo("Of the sheet Settings only the lines marked 'yes' were read.")
    click.echo("They take effect when a profile names them at 'mapping:'. Then: wise-bridge adapter check, and diff.")
