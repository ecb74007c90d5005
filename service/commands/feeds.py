"""`wise-bridge feeds …`: keys with which a spreadsheet or a report pulls what is published, and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy import Connection

from service import settings
from service.api.scopes import HUB
from service.central.feeds import DAYS_MOST, all_feeds, create_feed, revoke_feed
from service.commands.output import as_json, stop, told_plainly
from service.ports import AuditEntry
from service.settings import Process
from service.store.audit_trail import AuditTrail
from service.store.engine import short_lived_engine
from service.store.errors import database_errors
from service.store.tenant import act_for

_JSON = click.option("--json", "json_wanted", is_flag=True)


@click.group()
def feeds() -> None:
    """Keys for Excel, Power BI and R. WISE_DATABASE_URL names the owner role."""


@feeds.command("create")
@click.option("--name", required=True, help="What pulls with it and whose it is, for people: e.g. “Hub dashboard”.")
@click.option("--days", type=click.IntRange(1, DAYS_MOST), default=90, show_default=True, help="How long it is good.")
@_JSON
def create(name: str, days: int, *, json_wanted: bool) -> None:
    """Make a key for one feed. It is shown once and kept nowhere."""
    plain = name.strip()
    if not plain or not plain.isprintable():
        stop("Give the feed a name of letters that people can read.")
    with told_plainly(), _owning() as connection:
        feed, key = create_feed(connection, plain, days)
        _note(connection, "feed_created", feed, {"days": str(days)})
    if json_wanted:
        as_json({"feed": feed, "key": key, "days": days})
        return
    click.echo(f"feed  {feed}\nkey   {key}\ndays  {days}")
    click.echo(
        "\nThis is the only time the key is shown. It is the password of the user `feed`; never put it in an address."
    )


@feeds.command("list")
@_JSON
def list_(*, json_wanted: bool) -> None:
    """List every feed, those that ended too."""
    with told_plainly(), _owning() as connection:
        found = all_feeds(connection)
    if json_wanted:
        as_json([{name: _iso(value) for name, value in vars(each).items()} for each in found])
        return
    for each in found:
        ended = f", revoked {each.revoked_at:%Y-%m-%d %H:%M}" if each.revoked_at else ""
        click.echo(f"{each.id}  {each.name}")
        click.echo(f"    made {each.created_at:%Y-%m-%d}, good until {each.expires_at:%Y-%m-%d %H:%M}{ended}")
    if not found:
        click.echo("There is no feed yet. Make one with `wise-bridge feeds create`.")


@feeds.command("revoke")
@click.argument("feed")
@click.option("--by", required=True, help="Who decides it, by name.")
def revoke(feed: str, by: str) -> None:
    """Let a feed pull no more, from its next request on. It stays listed; make a new one in its place."""
    with told_plainly(), _owning() as connection:
        if revoke_feed(connection, feed):
            _note(connection, "feed_revoked", feed, {"by": by})
    click.echo(f"{feed} pulls nothing any more.")


@contextmanager
def _owning() -> Iterator[Connection]:
    """One transaction of the owner's."""
    url = settings.load(Process.OWNER).database_url
    with database_errors(), short_lived_engine(url) as engine, engine.begin() as connection:
        yield connection


def _note(connection: Connection, action: str, feed: str, detail: dict[str, str]) -> None:
    """In the Hub's trail."""
    act_for(connection, HUB)
    AuditTrail(connection, HUB).add(AuditEntry("owner", action, "feed", feed, detail))


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
