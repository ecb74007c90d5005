"""`wise-bridge clients …`: machines that may sign in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from service import settings
from service.api.scopes import HUB, SCOPES, possible_scopes, usual_scopes
from service.commands.output import as_json, stop, told_plainly
from service.configuration import profiles
from service.settings import Process
from service.store.clients import ClientRows
from service.store.engine import short_lived_engine


@click.group()
def clients() -> None:
    """Machines that may sign in."""


@clients.command("create")
@click.option("--authority", required=True, help=f"ONS code of the one authority it acts for, or `{HUB}`.")
@click.option("--name", required=True, help="What it is, for people: e.g. “Stockport forms server”.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(list(SCOPES)), help="Default: the usual.")
@click.option("--config", type=click.Path(path_type=Path, file_okay=False), default=settings.ROOT / "config")
@click.option("--json", "json_wanted", is_flag=True)
def create_client(authority: str, name: str, scopes: tuple[str, ...], config: Path, *, json_wanted: bool) -> None:
    """Create a client bound to one authority and to scopes. The secret is shown once and kept nowhere.

    WISE_DATABASE_URL names the owner role.
    """
    with told_plainly():
        fitting = _fitting_scopes(authority, scopes, config)
        with short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
            client_id, secret = ClientRows(engine).create(authority=authority, name=name, scopes=fitting)
    if json_wanted:
        as_json({"client_id": client_id, "secret": secret, "authority": authority, "scopes": fitting})
        return
    click.echo(f"client id  {client_id}\nsecret     {secret}\nauthority  {authority}\nscopes     {' '.join(fitting)}")
    click.echo("\nThis is the only time the secret is shown.")


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
    """Let a client sign in no more. What it was given before holds for WISE_TOKEN_MINUTES at the most.

    It stays listed, and cannot be let in again: make a new one. WISE_DATABASE_URL names the owner role.
    """
    with told_plainly(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        revoked_at = ClientRows(engine).revoke(client_id, by=by)
    click.echo(f"{client_id} gets no token any more, since {revoked_at:%Y-%m-%d %H:%M} UTC.")
    click.echo("A token it has already ends by itself, at the latest after the minutes in WISE_TOKEN_MINUTES.")


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
