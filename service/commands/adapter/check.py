"""`wise-bridge adapter check`: is this authority's way in right, as far as anybody can know before the first record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from service.commands.adapter.showing import (
    FINDINGS,
    FINE,
    config_option,
    console,
    json_option,
    plain,
    standing,
    table,
    told,
)
from service.commands.output import as_json
from service.officer.checking import Checked, check_file, check_folder
from service.officer.connecting import environment
from service.officer.meant import file_meant, profile_files
from service.ports import Standing


@click.command()
@click.argument("authority", metavar="[AUTHORITY|FILE]", required=False)
@click.option("--offline", is_flag=True, help="Call nobody: no case system, no Vault.")
@json_option
@config_option
def check(authority: str | None, config: Path, *, offline: bool, json_wanted: bool) -> None:
    """Look at a profile, its mappings, its credentials and its case system. Without a name: at every profile.

    Sends no personal data, changes nothing, and prints no credential. Exit code 0: nothing is wrong. 1: something is.
    2: it could not be tried.
    """
    with told():
        files = [file_meant(config, authority)] if authority else profile_files(config)
        found = [] if authority else [check_folder(config)]
        found += [check_file(config, file, environment(), offline=offline) for file in files]
    if json_wanted:
        as_json({"sound": all(each.sound for each in found), "profiles": [_document(each) for each in found]})
    else:
        _show(found)
    raise SystemExit(FINE if all(each.sound for each in found) else FINDINGS)


def _document(checked: Checked) -> dict[str, Any]:
    looks = [
        {"part": each.part, "what": each.what, "standing": each.standing.value, "detail": each.detail, "fix": each.fix}
        for each in checked.looks
    ]
    return {"name": checked.name, "file": checked.file, "sound": checked.sound, "looks": looks}


def _show(found: Sequence[Checked]) -> None:
    screen = console()
    for each in found:
        _table(screen, each)
    counts = {kind: sum(look.standing is kind for each in found for look in each.looks) for kind in Standing}
    screen.print(
        f"{counts[Standing.GOOD]} ok, {counts[Standing.WRONG]} wrong, {counts[Standing.NOT_ASKED]} not asked. "
        "What was not asked is neither right nor wrong."
    )


def _table(screen: Console, checked: Checked) -> None:
    screen.print(Text(f"{checked.name}  ({checked.file})", style="bold"))
    made = table("", "part", "what", "how it stands, and what to do", widths=(13, 13, 26, 48))
    for look in checked.looks:
        said = plain("\n".join(each for each in (look.detail, f"→ {look.fix}" if look.fix else "") if each))
        made.add_row(standing(look.standing), look.part, plain(look.what), said)
    screen.print(made)
