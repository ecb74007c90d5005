"""`wise-bridge samples`: made-up records that are valid, to try things out with."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track

from service.clock import LondonClock
from service.commands.output import stop, told_plainly
from service.configuration import policy_of, profiles
from service.domain.codes import RECORD_TYPES
from service.domain.london import as_date
from service.samples import ALL, Child, Setting, record_types, usual_prefix
from service.samples import samples as made_up
from service.settings import ROOT

_MANY = 200
_DAY = click.DateTime(formats=["%Y-%m-%d"])

Record = dict[str, Any]


@click.command()
@click.option("--type", "record_type", type=click.Choice([*RECORD_TYPES, ALL]), default=ALL, show_default=True)
@click.option("--authority", required=True, help="Nine-character code of an authority with a profile.")
@click.option("--count", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed, the same records."
)
@click.option("--from", "first", type=_DAY, help="First day of completion. [default: twelve months before the last]")
@click.option("--to", "last", type=_DAY, help="Last day of completion. [default: yesterday]")
@click.option("--today", "today", type=_DAY, help="The day to take for today. [default: today in London]")
@click.option("--prefix", help="Letters that references begin with. [default: from the profile]")
@click.option("--child-ids", type=click.Path(path_type=Path), help="File: one reference a line, and a date of birth.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for one file a record.")
@click.option("--ndjson", is_flag=True, help="One record a line instead of one list.")
@click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "config", show_default=True)
def samples(
    *,
    record_type: str,
    authority: str,
    count: int,
    seed: int,
    first: datetime | None,
    last: datetime | None,
    today: datetime | None,
    prefix: str | None,
    child_ids: Path | None,
    out: Path | None,
    config: Path,
    ndjson: bool,
) -> None:
    """Make COUNT fictional records that are valid under an authority's profile.

    They go to standard output, or into the folder OUT. Exit code 2: they cannot be made as asked for.
    """
    setting = Setting(
        **_of_profile(config, authority, prefix),
        today=today.date() if today else LondonClock().today(),
        first=first.date() if first else None,
        last=last.date() if last else None,
        children=read_children(child_ids) if child_ids else (),
    )
    _check(setting, record_type)
    try:
        records = _shown(made_up(setting, count=count, seed=seed, record_type=record_type), count)
        _write(records, out) if out else _print(records, ndjson=ndjson)
    except ValueError as error:
        stop(f"{error}\nSee --child-ids and --prefix.")
    except OSError as error:
        stop(f"{out}: {error.strerror or 'cannot be written'}.")


def read_children(file: Path) -> tuple[Child, ...]:
    """Young people from a file: a reference a line, with a date of birth after it if it is known; `#` begins a remark.

    Ends the command with exit code 2 when it cannot be read so.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{file}: {getattr(error, 'strerror', None) or 'cannot be read as text'}.")
        raise
    parts = [(number, line.split("#")[0].split()) for number, line in enumerate(lines, 1)]
    children = tuple(_child(file, number, found) for number, found in parts if found)
    if not children:
        stop(f"{file}: there is no child reference in it.")
    return children


def _child(file: Path, number: int, parts: list[str]) -> Child:
    reference, *more = parts
    born = as_date(more[0]) if len(more) == 1 else None
    if len(more) > 1 or (more and born is None) or not (reference.isascii() and reference.isalnum()):
        stop(f"{file}, line {number}: write a reference in letters and digits, and a date such as 2011-03-02 after it.")
    return Child(reference, born)


def _of_profile(config: Path, authority: str, prefix: str | None) -> dict[str, Any]:
    """The parts of a setting that come from the profiles; ends the command when there is none for this authority."""
    with told_plainly():
        known = profiles(config)
        if authority not in known:
            stop(f"There is no profile for that authority. Known: {', '.join(sorted(known))}.")
        policy = policy_of(known[authority])
    letters = prefix or usual_prefix(policy, known[authority].slug)
    if not (letters.isascii() and letters.isalnum() and len(letters) <= 10):
        stop("A prefix has up to ten letters and digits.")
    others = tuple(sorted(set(known) - {authority}))
    return {"policy": policy, "prefix": letters.lower()} | ({"neighbours": others} if others else {})


def _check(setting: Setting, record_type: str) -> None:
    first, last = setting.first, setting.last
    if record_type != ALL and record_type not in record_types(setting):
        stop(f"{setting.policy.name}'s profile has no place for this kind of record.")
    if last and last > setting.today:
        stop("--to lies in the future; a record can't have been completed then.")
    if first and first > setting.days[1]:
        stop("--from is after the last day.")


def _shown(records: Iterable[Record], count: int) -> Iterator[Record]:
    """The records, with a bar on standard error when there are many and somebody is looking."""
    console = Console(stderr=True)
    yield from track(
        records, "Making records", total=count, console=console, disable=count <= _MANY or not console.is_terminal
    )


def _print(records: Iterable[Record], *, ndjson: bool) -> None:
    """To standard output, each record as soon as it is made."""
    opening, between, closing = ("", "\n", "\n") if ndjson else ("[\n", ",\n", "\n]\n")
    sys.stdout.write(opening)
    for number, record in enumerate(records):
        sys.stdout.write((between if number else "") + json.dumps(record, ensure_ascii=False))
    sys.stdout.write(closing)


def _write(records: Iterable[Record], folder: Path) -> None:
    """One file for each, named by its submission id."""
    folder.mkdir(parents=True, exist_ok=True)
    for record in records:
        text = json.dumps(record, indent=2, ensure_ascii=False)
        (folder / f"{record['submission_id']}.json").write_text(f"{text}\n", encoding="utf-8")
