"""`wise-bridge restore`: the way back to usual after a backup was restored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from service import settings
from service.adapters.registry import needs
from service.commands.adapter.showing import FINDINGS, config_option, console, json_option, table, told
from service.commands.output import as_json, stop
from service.configuration import profiles
from service.domain.london import LONDON
from service.ports.restore import Gap
from service.settings import Process
from service.store.engine import short_lived_engine
from service.store.restore import RestoreRows
from service.usecases.restore import LOOK, RECONCILE, RestoreDesk, Way

_by = click.option("--by", required=True, help="Who does this: a staff reference.")
_manifest = click.option(
    "--manifest",
    "manifests",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A manifest from before the restore; once for each.",
)
_NEXT = {
    RECONCILE: "Nothing is sent. Next: wise-bridge restore look --by …",
    LOOK: "What was open is being looked up. Have the gaps sent again, then: wise-bridge restore finish --by …",
}


@click.group()
def restore() -> None:
    """After a backup was restored: begin (it mostly begins by itself), look, finish. docs/restore.md goes through it.

    WISE_DATABASE_URL names the owner role.
    """


@contextmanager
def _desk(config: Path) -> Iterator[RestoreDesk]:
    with told(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        known = profiles(config)
        by_hand = frozenset(code for code, each in known.items() if "confirmations" in needs(each.connector))
        yield RestoreDesk(RestoreRows(engine), frozenset(known), by_hand)


@restore.command()
@_manifest
@json_option
@config_option
def status(manifests: tuple[Path, ...], config: Path, *, json_wanted: bool) -> None:
    """Where it stands, and what has to be sent again. Exit code 1 while a restore is under way."""
    with _desk(config) as desk:
        way, gone = desk.way(), _gone(desk, manifests)
    if json_wanted:
        as_json(_document(way, gone))
    else:
        _say(way, gone)
    raise SystemExit(FINDINGS if way.standing.mode != "usual" else 0)


@restore.command()
@_by
@click.option("--reason", required=True, help="Why. Nothing about a young person.")
@click.option("--backup-at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), help="When the backup was made, if known.")
@config_option
def begin(by: str, reason: str, backup_at: datetime | None, config: Path) -> None:
    """Say that a backup was restored, where the bridge has not noticed by itself. Nothing is sent from now on."""
    with _desk(config) as desk:
        desk.begin(by=by, reason=reason, alive_until=backup_at.astimezone(UTC) if backup_at else None)
        _say(desk.way(), {})


@restore.command()
@_by
@config_option
def look(by: str, config: Path) -> None:
    """Let the workers look up everything that is open, before any of it is sent."""
    with _desk(config) as desk:
        moved = desk.look(by=by)
        click.echo(f"{sum(moved.values()):,} deliveries may have arrived already, and are looked up first.")
        _say(desk.way(), {})


@restore.command()
@_by
@click.option("--nothing-was-lost", is_flag=True, help="A planned move, or a standby that had everything.")
@click.option(
    "--nothing-was-shredded", is_flag=True, help="No body was ever shredded here, so there is no list of them."
)
@_manifest
@config_option
def finish(
    by: str, manifests: tuple[Path, ...], config: Path, *, nothing_was_lost: bool, nothing_was_shredded: bool
) -> None:
    """Go on as usual. Prints what the senders have to send again, now or later."""
    with _desk(config) as desk:
        way = desk.finish(by=by, nothing_was_lost=nothing_was_lost, nothing_was_shredded=nothing_was_shredded)
        gone = _gone(desk, manifests)
    if not nothing_was_lost:
        _show_gaps(way.gaps)
        _show_gone(gone)
    click.echo("The bridge works as usual again.")


def _gone(desk: RestoreDesk, manifests: tuple[Path, ...]) -> dict[str, list[str]]:
    """By authority, what a manifest from before names and this database does not have."""
    found: dict[str, list[str]] = {}
    for file in manifests:
        try:
            whole = json.loads(file.read_text())
            authority, ids = str(whole["authority"]), [str(each["submission_id"]) for each in whole["submissions"]]
        except (OSError, ValueError, KeyError, TypeError):
            stop(f"{file} is no manifest. `wise-bridge receipts manifest` fetches one.")
            raise
        found[authority] = sorted({*found.get(authority, ()), *desk.absent(authority, ids)})
    return found


def _say(way: Way, gone: dict[str, list[str]]) -> None:
    standing = way.standing
    click.echo(f"{standing.mode.replace('_', ' ')}, since {_when(standing.since)}. {standing.reason or ''}".rstrip())
    if standing.mode == "usual":
        return
    made = table("authority", "open, by state")
    for authority, states in way.doubted.items():
        made.add_row(authority, ", ".join(f"{count:,} {state}" for state, count in sorted(states.items())))
    if way.doubted:
        console().print(made)
    if way.reviews_to_raise:
        click.echo(f"{way.reviews_to_raise:,} reviews are due and not raised yet; their tasks are looked up first.")
    _show_gaps(way.gaps)
    _show_gone(gone)
    if not standing.reapplied:
        click.echo("BODIES THAT WERE SHREDDED MAY BE BACK: wise-bridge purge reapply FILE, with the list of them.")
    click.echo(_NEXT[standing.mode])


def _show_gaps(gaps: tuple[Gap, ...]) -> None:
    made = table("authority", "client", "name", "send again from", "until")
    for gap in gaps:
        begins = _when(gap.begins) if gap.begins else "the beginning"
        made.add_row(gap.authority, gap.client_id, gap.name, begins, _when(gap.ends))
    console().print(made if gaps else "No client may have sent anything that is gone.")


def _show_gone(gone: dict[str, list[str]]) -> None:
    for authority, ids in gone.items():
        click.echo(f"{authority}: {len(ids):,} of its manifests' records are gone{':' if ids else '.'}")
        for each in ids:
            click.echo(f"  {each if each.isprintable() else repr(each)}")


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M:%S}"


def _document(way: Way, gone: dict[str, list[str]]) -> dict[str, Any]:
    standing = {name: _plain(value) for name, value in asdict(way.standing).items()}
    gaps = [{name: _plain(value) for name, value in asdict(gap).items()} for gap in way.gaps]
    return standing | {
        "doubted": way.doubted,
        "reviews_to_raise": way.reviews_to_raise,
        "gaps": gaps,
        "gone": gone,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
