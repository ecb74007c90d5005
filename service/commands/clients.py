"""`wise-bridge clients …`: machines that may sign in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from service import settings
from service.api.client_keys import PublicKey
from service.api.scopes import HUB, SCOPES, possible_scopes, usual_scopes
from service.commands.client_keys import FILE, client_keys, public_key_of
from service.commands.output import as_json, stop, told_plainly
from service.configuration import profiles
from service.settings import Process
from service.store.clients import ClientRows
from service.store.engine import short_lived_engine


@click.group()
def clients() -> None:
    """Machines that may sign in."""


clients.add_command(client_keys)


@clients.command("create")
@click.option("--authority", required=True, help=f"ONS code of the one authority it acts for, or `{HUB}`.")
@click.option("--name", required=True, help="What it is, for people: e.g. “Stockport forms server”.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(list(SCOPES)), help="Default: the usual.")
@click.option("--public-key", type=FILE, help="Its public key, a JSON Web Key or PEM: `wise-bridge keys new`.")
@click.option("--sandbox-secret", is_flag=True, help="A secret instead: good where WISE_SANDBOX is set, nowhere else.")
@click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=settings.ROOT / "config")
@click.option("--json", "json_wanted", is_flag=True)
def create_client(
    authority: str,
    name: str,
    scopes: tuple[str, ...],
    *,
    public_key: Path | None,
    sandbox_secret: bool,
    config: Path,
    json_wanted: bool,
) -> None:
    """Create a client bound to one authority and to scopes, which signs in with a key of its own.

    A sandbox's secret is shown once and kept nowhere. WISE_DATABASE_URL names the owner role.
    """
    if (public_key is None) is not sandbox_secret:
        stop("Give --public-key with the client's public key, or, for a sandbox alone, --sandbox-secret.")
    with told_plainly():
        fitting = _fitting_scopes(authority, scopes, config)
        key = public_key_of(public_key) if public_key else None
        with short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
            made = _create(ClientRows(engine), key, authority=authority, name=name, scopes=fitting)
    if json_wanted:
        as_json(made | {"authority": authority, "scopes": fitting})
        return
    for what, value in (made | {"authority": authority, "scopes": " ".join(fitting)}).items():
        click.echo(f"{what.replace('_', ' '):10} {value}")
    if key is None:
        click.echo(
            "\nThis is the only time the secret is shown. It is good where WISE_SANDBOX is set, and nowhere else."
        )


def _create(rows: ClientRows, key: PublicKey | None, *, authority: str, name: str, scopes: list[str]) -> dict[str, str]:
    if key is None:
        client_id, secret = rows.create(authority=authority, name=name, scopes=scopes)
        return {"client_id": client_id, "secret": secret}
    named = rows.create_with_key(authority=authority, name=name, scopes=scopes, kid=key.kid, jwk=key.jwk)
    return {"client_id": named, "kid": key.kid}


@clients.command("list")
@click.option("--json", "json_wanted", is_flag=True)
def list_clients(*, json_wanted: bool) -> None:
    """List every client with its scopes, revoked ones too. WISE_DATABASE_URL names the owner role."""
    with told_plainly(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        found = ClientRows(engine).all()
    if json_wanted:
        as_json(
            [vars(each) | {"created_at": _iso(each.created_at), "revoked_at": _iso(each.revoked_at)} for each in found]
        )
        return
    for each in found:
        ended = f", revoked {each.revoked_at:%Y-%m-%d %H:%M}" if each.revoked_at else ""
        click.echo(f"{each.client_id}  {each.authority}  {each.name}")
        click.echo(f"    made {each.created_at:%Y-%m-%d}{ended}; {' '.join(each.scopes)}")
    if not found:
        click.echo("There is no client yet. Make one with `wise-bridge clients create`.")


@clients.command("revoke")
@click.argument("client_id")
@click.option("--by", required=True, help="Who decides it, by name.")
def revoke_client(client_id: str, by: str) -> None:
    """Let a client sign in no more. Its tokens end with it: within seconds at the casework side, at the Hub's when due.

    It stays listed, and cannot be let in again: make a new one. WISE_DATABASE_URL names the owner role.
    """
    with told_plainly(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        revoked_at = ClientRows(engine).revoke(client_id, by=by)
    click.echo(f"{client_id} gets no token any more, since {revoked_at:%Y-%m-%d %H:%M} UTC.")
    click.echo(
        "A token it has is refused at the casework side within seconds. The Hub's side cannot ask: there it ends by"
    )
    click.echo("itself, at the latest after the minutes in WISE_TOKEN_MINUTES.")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _fitting_scopes(authority: str, asked: tuple[str, ...], config: Path) -> list[str]:
    """A council's client never reads aggregates; the Hub's never reads records; the training register is asked for."""
    if authority != HUB and authority not in profiles(config):
        stop(f"There is no profile for {authority} in {config}.")
    may = possible_scopes(authority)
    wrong = [scope for scope in asked if scope not in may]
    if wrong:
        stop(f"A client of {authority} cannot have: {', '.join(wrong)}. It may have: {', '.join(may)}.")
    return list(asked or usual_scopes(authority))
