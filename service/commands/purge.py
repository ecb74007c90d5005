"""`wise-bridge purge`: take away what is no longer needed, list shredded bodies, apply the list after a restore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from service import settings
from service.adapters.checkpoints import write_shred_list
from service.commands import ending
from service.commands.adapter.showing import FINDINGS, config_option, console, json_option, table, told
from service.commands.certificates import show_certificate
from service.commands.output import as_json, stop
from service.domain.london import LONDON
from service.domain.retention import MEANING
from service.keeping import make_cutter, make_forgetter, make_purger
from service.settings import Process
from service.store.engine import short_lived_engine
from service.usecases.ends import Left
from service.usecases.purge import Counts, Purger
from service.usecases.shred_list import NotOurList, certificate, read, written

_authority = click.option("--authority", "authorities", multiple=True, help="ONS code, once for each; left out, all.")


@click.group()
def purge() -> None:
    """Bodies that are no longer needed: which, shred them, prove it. docs/retention.md has the rules.

    WISE_DATABASE_URL names the role wise_purge.
    """


@contextmanager
def _engine() -> Iterator[Engine]:
    with told(), short_lived_engine(settings.load(Process.PURGE).database_url) as engine:
        yield engine


@contextmanager
def _purger(config: Path) -> Iterator[Purger]:
    with _engine() as engine:
        yield make_purger(engine, config)


@purge.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@_authority
@json_option
@config_option
def run(authorities: tuple[str, ...], config: Path, *, dry_run: bool, json_wanted: bool) -> None:
    """Shred bodies that are due, forget records 12 months later, cut off trails after six years.

    Run again, it goes on; two at once do no harm.
    """
    with _engine() as engine:
        purger = make_purger(engine, config)
        wanted = authorities or sorted(purger.windows)
        found = [(purger.dry_run if dry_run else purger.run)(each) for each in wanted]
        left = ending.forgotten(make_forgetter(engine, config), wanted, dry=dry_run)
        cuts = ending.cut(make_cutter(engine, config), authorities, dry=dry_run)
    if json_wanted:
        as_json(_documents(found, left, cuts))
        return
    _show(found)
    what = sum(each.due for each in found) if dry_run else sum(each.shredded for each in found)
    click.echo(f"{what:,} bodies {'would be' if dry_run else 'were'} shredded.")
    ending.show(left, cuts, dry=dry_run)


@purge.command("list")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the list to this file.")
@json_option
@config_option
def list_(out: Path | None, config: Path, *, json_wanted: bool) -> None:
    """Every body that was shredded: receipt ids and times. Keep the file apart from the database's backups."""
    with _purger(config) as purger:
        entries = list(purger.shredded())
        whole = written(entries, purger.bodies.now())
    if out is not None:
        try:
            write_shred_list(out, whole)
        except OSError as error:
            stop(f"{out} was not written: {error.strerror}.")
        click.echo(f"{len(entries):,} entries in {out}.", err=json_wanted)
    if json_wanted:
        click.echo(whole, nl=False)
    elif out is None:
        made = table("authority", "receipt", "shredded")
        for each in entries:
            made.add_row(each.authority, str(each.submission_id), _when(each.at))
        console().print(made if entries else "No body was shredded yet.")


@purge.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
@config_option
def reapply(file: Path, config: Path, *, json_wanted: bool) -> None:
    """After a restore: shred again what the backup brought back. Exit code 1 when some of it had to stay for now."""
    try:
        entries = read(file.read_text(encoding="ascii"))
    except (NotOurList, OSError, UnicodeDecodeError):
        stop(f"{file} is no list of shredded bodies, or was changed or cut off. `wise-bridge purge list` makes one.")
        raise
    with _purger(config) as purger:
        done = purger.reapply(entries)
    if json_wanted:
        stays = [str(each) for each in done.stays]
        as_json({"entries": len(entries), "taken": done.taken, "noted": done.noted, "stays": stays})
    else:
        click.echo(f"{len(entries):,} entries: {done.taken:,} bodies were back and are gone again.")
        for each in done.stays:
            click.echo(f"  {each} stays: open here, under a legal hold, or in use just now.")
        if done.stays:
            click.echo("Apply the list again once they are looked up, and in any case before you forget.")
    raise SystemExit(FINDINGS if done.stays else 0)


@purge.command("certificate")
@click.option("--authority", required=True, help="Its ONS code, as E08000007.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="A day in London.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="WISE_KEYS_DIR",
    help="Key folder; with it the certificate is signed with the key of receipts.",
)
@json_option
@config_option
def certificate_(authority: str, day: datetime, folder: Path | None, config: Path, *, json_wanted: bool) -> None:
    """What was shredded on one day: how many, from which receipt to which, and a digest over all. No name, no word."""
    with _purger(config) as purger:
        found = _certificate(purger, authority, day.date())
        show_certificate(found, folder, json_wanted=json_wanted)


def _certificate(purger: Purger, authority: str, day: date) -> dict[str, Any]:
    return certificate(authority, day, purger.bodies.shredded(authority, day))


def _show(found: list[Counts]) -> None:
    made = table("authority", "window", "due", "shredded", "next", "stay for a reason")
    for each in found:
        reasons = "; ".join(f"{count:,}: {MEANING[why]}" for why, count in sorted(each.keeps.items()))
        upcoming = f"{each.waiting:,} from {_when(each.next_due)}" if each.next_due else "none"
        made.add_row(
            each.authority, f"{each.days} days", f"{each.due:,}", f"{each.shredded:,}", upcoming, reasons or "none"
        )
    console().print(made)


def _documents(found: list[Counts], left: list[Left], cuts: list[ending.Cut]) -> list[dict[str, Any]]:
    """One for each authority whose bodies are looked at, then those that have nothing but a trail."""
    trails = {each.authority: ending.cut_document(each) for each in cuts}
    made = [
        _document(counts) | {"records": ending.left_document(remains), "trail": trails.pop(counts.authority, None)}
        for counts, remains in zip(found, left, strict=True)
    ]
    return [*made, *({"authority": authority, "trail": trail} for authority, trail in trails.items())]


def _document(counts: Counts) -> dict[str, Any]:
    return {
        "authority": counts.authority,
        "days": counts.days,
        "due": counts.due,
        "shredded": counts.shredded,
        "waiting": counts.waiting,
        "next_due": counts.next_due.isoformat() if counts.next_due else None,
        "keeps": {why.value: count for why, count in sorted(counts.keeps.items())},
    }


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"
