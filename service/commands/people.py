"""`wise-bridge people …` and `wise-bridge sign-in-link`: staff who sign in. As the owner role."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from service import settings
from service.api.people.reference import reference_of
from service.commands.output import as_json, stop, told_plainly
from service.configuration import profiles
from service.domain.people import HUB, OF_AN_ISSUER, Role, roles_of
from service.domain.records.shorthand import REF
from service.letting_in import issuers, people_key
from service.settings import Process
from service.store import staff_book
from service.store.engine import short_lived_engine
from service.store.errors import database_errors

_AUTHORITY = click.option("--authority", required=True, help=f"ONS code of their authority, or `{HUB}`.")
_BY = click.option("--by", required=True, help="Who decides it, by name.")
_CONFIG = click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=settings.ROOT / "config")


@click.group()
def people() -> None:
    """Staff who sign in, by reference. WISE_DATABASE_URL names the owner role."""


@people.command("list")
@click.option("--json", "json_wanted", is_flag=True)
def list_(*, json_wanted: bool) -> None:
    """List everybody who ever signed in, with the sessions that stand, and whoever is barred."""
    with told_plainly(), _owning() as connection:
        found = staff_book.members(connection)
    if json_wanted:
        as_json([{name: _iso(value) for name, value in vars(each).items()} for each in found])
        return
    for each in found:
        last = f"last {each.last_at:%Y-%m-%d %H:%M}" if each.last_at else "never signed in"
        barred = f", barred {each.barred_at:%Y-%m-%d %H:%M}" if each.barred_at else ""
        click.echo(f"{each.authority}  {each.reference}\n    {last}, {each.signed_in} signed in now{barred}")
    if not found:
        click.echo("Nobody has signed in yet.")


@people.command("end")
@click.argument("reference")
@_AUTHORITY
@_BY
def end(reference: str, authority: str, by: str) -> None:
    """End every session of a person, from their next request on. They may sign in again."""
    with told_plainly(), _owning() as connection:
        ended = staff_book.end(connection, authority, reference, by=by)
    click.echo(f"{ended} {'session' if ended == 1 else 'sessions'} of {reference} ended.")


@people.command("bar")
@click.argument("reference")
@_AUTHORITY
@_BY
@_CONFIG
def bar(reference: str, authority: str, by: str, config: Path) -> None:
    """Bar a person who has left: every session ends, and they sign in no more, whatever their issuer says."""
    if not re.fullmatch(REF, reference):
        stop("That is no reference. See `wise-bridge people list`, or work it out with `wise-bridge people reference`.")
    with told_plainly():
        _require_known(authority, config)
        with _owning() as connection:
            ended = staff_book.bar(connection, authority, reference, by=by)
    click.echo(f"{reference} is barred; {ended} {'session' if ended == 1 else 'sessions'} ended.")


@people.command("unbar")
@click.argument("reference")
@_AUTHORITY
@_BY
def unbar(reference: str, authority: str, by: str) -> None:
    """Let a person who was barred sign in again."""
    with told_plainly(), _owning() as connection:
        changed = staff_book.unbar(connection, authority, reference, by=by)
    click.echo(f"{reference} {'may sign in again' if changed else 'was not barred'}.")


@people.command("reference")
@click.option("--issuer", "name", required=True, help="The issuer's name in WISE_PEOPLE_FILE.")
@click.option("--subject", required=True, help="What the issuer calls them: `sub` of its tokens.", prompt=True)
@_CONFIG
def reference(name: str, subject: str, config: Path) -> None:
    """Say how a person is known here, from what their issuer calls them. Asks nobody, and keeps nothing.

    WISE_PEOPLE_FILE and WISE_PEOPLE_KEY_FILE are the ones of the web process.
    """
    with told_plainly():
        loaded = settings.load_optional()
        if loaded.people_file is None:
            stop("WISE_PEOPLE_FILE is not set.")
        key = people_key(loaded.people_key_file)
        found = {each.name: each for each in issuers(loaded.people_file, config)}
    if name not in found:
        stop(f"There is no issuer of this name. There are: {', '.join(sorted(found))}.")
    click.echo(f"{found[name].authority}  {reference_of(found[name].issuer, subject, key)}")


@click.command("sign-in-link")
@_AUTHORITY
@click.option("--role", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--by", required=True, help="The staff reference of whoever will use it, as stk-sw-21.")
@click.option("--at", default="http://localhost:8000", show_default=True, help="Where the web process listens.")
@_CONFIG
def sign_in_link(authority: str, role: str, by: str, at: str, config: Path) -> None:
    """Print a link that signs one person in once, on this machine, within five minutes. For sandboxes alone.

    The web process takes it where WISE_SANDBOX is set, it listens on loopback, and whoever asks is on this machine.
    """
    if not re.fullmatch(REF, by) or by.startswith(OF_AN_ISSUER):
        stop(f"--by is a staff reference of letters, digits and . _ / -, and does not begin with {OF_AN_ISSUER}.")
    if Role(role) not in roles_of(authority):
        stop(f"People of {authority} cannot be {role}. They can be: {', '.join(roles_of(authority))}.")
    link = secrets.token_urlsafe(32)
    with told_plainly():
        _require_known(authority, config)
        with _owning() as connection:
            staff_book.make_link(connection, link, authority=authority, reference=by, role=Role(role))
    click.echo(f"{at.rstrip('/')}/sign-in/link/{link}")
    click.echo("Good once, for five minutes, in a browser on this machine.", err=True)


def _require_known(authority: str, config: Path) -> None:
    if authority != HUB and authority not in profiles(config):
        stop(f"There is no profile for {authority} in {config}.")


@contextmanager
def _owning() -> Iterator[Connection]:
    """One transaction of the owner's."""
    url = settings.load(Process.OWNER).database_url
    with database_errors(), short_lived_engine(url) as engine, engine.begin() as connection:
        yield connection


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
