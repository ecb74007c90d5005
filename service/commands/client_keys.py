"""`wise-bridge clients keys …`: the public keys of one client. Two are good while it changes from one to the next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from service import settings
from service.api.client_keys import PublicKey, read_public_key
from service.commands.output import as_json, told_plainly
from service.errors import NotPossible
from service.settings import Process
from service.store.client_keys import ClientKeyRows, ListedKey
from service.store.engine import short_lived_engine

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("keys")
def client_keys() -> None:
    """The public keys a client signs in with. WISE_DATABASE_URL names the owner role."""


@client_keys.command("add")
@click.argument("client_id")
@click.option("--public-key", type=FILE, required=True, help="A JSON Web Key or PEM: `wise-bridge keys new`.")
@click.option("--by", required=True, help="Who decides it, by name.")
@click.option("--days", type=click.IntRange(1, 1100), help="How long it is good; left out, until it is revoked.")
def add(client_id: str, public_key: Path, by: str, days: int | None) -> None:
    """One more key for a client, beside those it has; three are good at once at the most.

    To change keys: add the new one, let the client use it, revoke the old one.
    """
    with told_plainly():
        key = public_key_of(public_key)
        with short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
            ClientKeyRows(engine).add(client_id, key.kid, key.jwk, by=by, days=days)
    click.echo(f"{client_id} may sign in with the key {key.kid}.")


@client_keys.command("list")
@click.argument("client_id")
@click.option("--json", "json_wanted", is_flag=True)
def list_keys(client_id: str, *, json_wanted: bool) -> None:
    """Every key a client has or had, the oldest first."""
    with told_plainly(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        found = ClientKeyRows(engine).all(client_id)
    if json_wanted:
        as_json([{name: _iso(value) for name, value in vars(each).items()} for each in found])
        return
    for each in found:
        click.echo(f"{each.kid}  {_words(each)}")
    if not found:
        click.echo("This client has no key. Give it one with `wise-bridge clients keys add`.")


@client_keys.command("revoke")
@click.argument("client_id")
@click.argument("kid")
@click.option("--by", required=True, help="Who decides it, by name.")
def revoke(client_id: str, kid: str, by: str) -> None:
    """Let a client sign in with this key no more; the tokens it got with it are refused within seconds.

    The key stays listed, and cannot be registered for this client again.
    """
    with told_plainly(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        revoked_at = ClientKeyRows(engine).revoke(client_id, kid, by=by)
    click.echo(f"{kid} is no good any more, since {revoked_at:%Y-%m-%d %H:%M} UTC.")


def public_key_of(file: Path) -> PublicKey:
    """Raises `NotPossible`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NotPossible(f"{file} cannot be read: {error.strerror}.") from None
    return read_public_key(content)


def _words(key: ListedKey) -> str:
    until = f", good until {key.not_after:%Y-%m-%d %H:%M}" if key.not_after else ""
    ended = f", revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
    return f"added {key.added_at:%Y-%m-%d}{until}{ended}"


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
