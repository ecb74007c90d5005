"""`wise-bridge clients create`: machines that may sign in."""

from __future__ import annotations

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


def _fitting_scopes(authority: str, asked: tuple[str, ...], config: Path) -> list[str]:
    """A council's client never reads aggregates; the Hub's never reads records; the training register is asked for."""
    if authority != HUB and authority not in profiles(config):
        stop(f"There is no profile for {authority} in {config}.")
    may = possible_scopes(authority)
    wrong = [scope for scope in asked if scope not in may]
    if wrong:
        stop(f"A client of {authority} cannot have: {', '.join(wrong)}. It may have: {', '.join(may)}.")
    return list(asked or usual_scopes(authority))
