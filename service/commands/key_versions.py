"""`wise-bridge keys …`: under which keys everything lies, and replacing them while all goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service import settings
from service.commands.adapter.showing import console as screen
from service.commands.adapter.showing import json_option, table
from service.commands.output import as_json, stop, told_plainly
from service.errors import NotPossible
from service.keyring import keys_folder, masters
from service.settings import Process, Settings
from service.store.engine import short_lived_engine
from service.store.key_changes import KeyFolder
from service.store.key_floor import GRACE, KeyLedger
from service.store.keyfile import KeyFile
from service.store.keys import KeyRing
from service.store.rewrap import Counts, Rewrapped, Rewrapper

dir_option = click.option("--dir", "folder", type=click.Path(path_type=Path), envvar="WISE_KEYS_DIR", required=True)
authority_option = click.option("--authority", required=True, help="Its ONS code, as E08000007.")


@contextmanager
def _files(folder: Path) -> Iterator[KeyFolder]:
    with told_plainly():
        yield KeyFolder(folder, masters(settings.load_optional()))


@dataclass(frozen=True)
class _Keeping:
    """The key folder, the rows that lie under its keys, and where changes are kept."""

    files: KeyFolder
    rows: Rewrapper
    ledger: KeyLedger


@contextmanager
def _keeping() -> Iterator[_Keeping]:
    """As the role wise_keeper."""
    with told_plainly():
        given: Settings = settings.load(Process.REKEY)
        folder, known = keys_folder(given), masters(given)
        with short_lived_engine(given.database_url) as engine:
            yield _Keeping(KeyFolder(folder, known), Rewrapper(engine, KeyRing(folder, known)), KeyLedger(engine))


@click.command()
@dir_option
def wrap(folder: Path) -> None:
    """Wrap key files that are still plain by the master key. Running processes take them up."""
    with _files(folder) as files:
        done = files.wrap()
    click.echo(f"{done} key files were wrapped. Delete what copies there are of the plain ones.")


@click.command("rotate-master")
def rotate_master() -> None:
    """Wrap every key file anew by the master key that is set now. As the role wise_keeper.

    The one before is given as WISE_FORMER_MASTER_KEY_FILE, here and to every process, until this was run.
    """
    with _keeping() as here:
        authorities = here.files.authorities()
        here.ledger.require_there(authorities)
        done = here.files.rotate_master()
        for each in authorities:
            here.ledger.note(each, "master_key_rotated")
    click.echo(f"{done} key files are under the master key of now. The former one opens none of them any more.")


@click.command()
@authority_option
def rotate(authority: str) -> None:
    """Add a version to an authority's keys. It seals from within a minute on; what is there stays readable.

    A quarter of an hour later the database takes nothing more that was sealed under an older one. As wise_keeper.
    """
    with _keeping() as here, here.ledger.change(authority) as change:
        change.require_newest(here.files.newest(authority))
        number = here.files.rotate(authority)
        change.set_floor(number)
        change.note("key_rotated", version=number)
    minutes = int(GRACE.total_seconds() // 60)
    click.echo(f"{authority} has version {number}. In {minutes} minutes nothing older seals any more.")
    click.echo(f"Then: wise-bridge keys rewrap --authority {authority}")


@click.command()
@authority_option
def rewrap(authority: str) -> None:
    """Wrap everything of an authority under the newest version, while all goes on. Stopped, it goes on when run again.

    As the role wise_keeper. Exit code 1: some rows can be opened by no key there is.
    """
    with _keeping() as here:
        with here.ledger.change(authority) as change:
            change.require_newest(here.files.newest(authority))
        done = _with_bar(here.rows, authority)
        here.ledger.note(authority, "keys_rewrapped", rows=done.done, left=done.left)
        _show_counts({authority: here.rows.counts(authority)})
    click.echo(f"{done.done} wrapped anew.")
    if done.left:
        stop(f"{done.left} are not under the newest version: held by others, or opened by no key.", 1)


@click.command()
@authority_option
@click.option("--version", type=click.IntRange(1), required=True, help="The one to destroy.")
def retire(authority: str, version: int) -> None:
    """Destroy a version nothing lies under any more. There is no way back, not even for backups. As wise_keeper."""
    with _keeping() as here:
        here.files.require_old(authority, version)
        _require_floor(here, authority, version)
        left = here.rows.under(authority, version)
        if left:
            places = ", ".join(f"{name} {count}" for name, count in left.items())
            stop(
                f"{sum(left.values())} rows lie under version {version} of {authority}: {places}. Rewrap them first.", 1
            )
        with here.ledger.change(authority) as change:
            here.files.retire(authority, version)
            change.note("key_retired", version=version)
    click.echo(
        f"Version {version} of {authority} is gone. Backups from before need a copy of the key file that has it."
    )


@click.command()
@click.option("--authority", "wanted", multiple=True, help="ONS code, once for each; left out, all in the key folder.")
@json_option
def status(wanted: tuple[str, ...], *, json_wanted: bool) -> None:
    """How many rows lie under which version, by authority and table. As the role wise_keeper."""
    with _keeping() as here:
        files, rows = here.files, here.rows
        authorities = list(wanted) or files.authorities()
        under = {each: [_file(file) for file in files.look(each)] for each in authorities}
        counts = {each: rows.counts(each) for each in authorities}
    if json_wanted:
        as_json({each: {"files": under[each], "rows": counts[each]} for each in authorities})
        return
    for each in authorities:
        for file in files.look(each):
            click.echo(f"{each}  {_told(file)}")
    _show_counts(counts)


def _require_floor(here: _Keeping, authority: str, version: int) -> None:
    """Raises `NotPossible` until nothing can be sealed under this version any more."""
    newest = here.files.newest(authority)
    with here.ledger.change(authority) as change:
        change.require_newest(newest)
        left = change.until_settled(version, newest)
    if left:
        raise NotPossible(
            f"Something may still be sealed under version {version} of {authority} for {left} minutes. Then try again."
        )


def _told(file: KeyFile) -> str:
    numbers = ", ".join(str(each.id) for each in file.versions)
    return f"{file.kind}: {numbers}; {f'under the master key: {file.under}' if file.under else 'plain'}"


def _file(file: KeyFile) -> dict[str, object]:
    return {"kind": file.kind, "under": file.under, "versions": [each.id for each in file.versions]}


def _show_counts(counts: dict[str, Counts]) -> None:
    made = table("authority", "where", "version", "rows")
    lines = [
        (authority, place, str(version), str(rows))
        for authority, places in counts.items()
        for place, versions in places.items()
        for version, rows in sorted(versions.items(), key=str)
    ]
    for line in lines:
        made.add_row(*line)
    screen().print(made if lines else "Nothing is sealed.")


def _with_bar(rows: Rewrapper, authority: str) -> Rewrapped:
    """With a bar on standard error, where somebody looks."""
    bar_screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    total = sum(count for place in rows.counts(authority).values() for count in place.values())
    with Progress(*columns, console=bar_screen, disable=not bar_screen.is_terminal, transient=True) as bar:
        task = bar.add_task(f"{authority}: wrapped anew", total=total)
        told: Callable[[int], None] = lambda more: bar.advance(task, more)  # noqa: E731 - a name for its type
        return rows.rewrap(authority, told)


COMMANDS = (wrap, rotate_master, rotate, rewrap, retire, status)
