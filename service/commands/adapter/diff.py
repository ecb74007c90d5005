"""`wise-bridge adapter diff OLD NEW`: what a change of a profile means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from service.adapters.profiles import Profile
from service.clock import LondonClock
from service.commands.adapter.showing import (
    FINDINGS,
    FINE,
    config_option,
    console,
    json_option,
    path,
    plain,
    table,
    told,
)
from service.commands.output import as_json
from service.commands.validate import read_record
from service.officer.comparing import ADDED, CHANGED, MOVED, REMOVED, RENAMED, Change, compared
from service.officer.errors import CannotRun
from service.officer.meant import load_meant
from service.officer.previewing import judged
from service.officer.sending import sent_differently
from service.ports import Record

_SIGNS = {ADDED: "+ added", REMOVED: "- removed", CHANGED: "~ changed", MOVED: "> moved", RENAMED: "= renamed"}


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--record", type=click.Path(path_type=Path), help="Show, too, what would be sent of it differently.")
@click.option(
    "--old-config",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder with OLD's mappings and forms, if not the same.",
)
@json_option
@config_option
def diff(old: str, new: str, *, record: Path | None, old_config: Path | None, config: Path, json_wanted: bool) -> None:
    """Compare two profiles, each a file or an authority, by what they mean and not by their text.

    With --record it prints words of that record. Exit code 0: they mean the same. 1: they differ. 2: cannot be tried.
    """
    read = read_record(record) if record else None
    with told():
        before, after = load_meant(old_config or config, old), load_meant(config, new)
        changes = compared(before, after)
        sent = _sent(before, after, read) if read is not None else ()
    if json_wanted:
        as_json({"same": not (changes or sent), "changes": [asdict(each) for each in (*changes, *sent)]})
    else:
        _show(console(), changes, sent, with_record=read is not None)
    raise SystemExit(FINDINGS if changes or sent else FINE)


def _sent(before: Profile, after: Profile, record: Record) -> tuple[Change, ...]:
    """A record that one of them would refuse has nothing sent that could differ."""
    today = LondonClock().today()
    for each in (before, after):
        if judged(record, each, today).errors:
            raise CannotRun(f"{each.file} would refuse this record. 'adapter preview' says why.")
    return sent_differently(before, after, record)


def _show(screen: Console, changes: Sequence[Change], sent: Sequence[Change], *, with_record: bool) -> None:
    for part in dict.fromkeys(each.part for each in changes):
        screen.print(plain(part.capitalize(), "bold"))
        _table(screen, [each for each in changes if each.part == part])
    screen.print(_counted(len(changes), "difference") + "." if changes else "Both mean the same.")
    if not with_record:
        return
    screen.print()
    if sent:
        screen.print(plain("Sent differently. This shows words of the record.", "bold"))
        _table(screen, sent)
    screen.print(_counted(len(sent), "answer") + " sent differently." if sent else "The same is sent of this record.")


def _table(screen: Console, changes: Sequence[Change]) -> None:
    made = table("", "what", "before", "after", widths=(11, 33, 28, 28))
    for each in changes:
        made.add_row(_SIGNS[each.kind], path(each.what, 30), plain(each.old), plain(each.new))
    screen.print(made)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
