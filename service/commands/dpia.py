"""`wise-bridge dpia`: a data-protection impact pack for one authority, from what is there."""

from __future__ import annotations

from pathlib import Path

import click

from service import settings
from service.adapters.profiles import Profile
from service.commands.adapter.showing import config_option, told
from service.commands.output import as_json, stop
from service.officer.connecting import environment
from service.officer.impact.pack import as_document, pack, page
from service.officer.impact.seeing import Machine, machine
from service.officer.meant import load_of_authority
from service.settings import Process
from service.store.clients import ClientRows
from service.store.engine import short_lived_engine


@click.command()
@click.option("--authority", required=True, help="ONS code, a name or a file's name.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A new file; never overwrites.")
@click.option("--clients", "clients_wanted", is_flag=True, help="Also its clients, from the database, as wise_owner.")
@click.option("--json", "json_wanted", is_flag=True, help="The same facts as one JSON document.")
@config_option
def dpia(authority: str, out: Path | None, config: Path, *, clients_wanted: bool, json_wanted: bool) -> None:
    """Write what is held of people, why, where it goes, who sees it, for how long, and what is left over.

    From the profile, the code and this terminal's settings; no value of a secret and nothing of a record. Calls nobody
    unless --clients asks the database. Exit code 0: written. 2: it could not be.
    """
    with told():
        profile = load_of_authority(config, authority)
        machines = _machines(profile) if clients_wanted else None
        found = pack(profile, settings.as_they_are(), environment(), machines)
    if out:
        _write(out, page(found))
    if json_wanted:
        as_json(as_document(found))
    elif not out:
        click.echo(page(found), nl=False)


def _machines(profile: Profile) -> tuple[Machine, ...]:
    with short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        rows = ClientRows(engine).all()
    mine = sorted((each for each in rows if each.authority == profile.authority), key=lambda each: each.client_id)
    return tuple(machine(each.client_id, each.name, each.scopes, revoked=each.revoked_at is not None) for each in mine)


def _write(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        stop(f"{out} is there already. Give another name.")
    except OSError as error:
        stop(f"{out}: {error.strerror or 'cannot be written'}.")
    click.echo(f"Written: {out}", err=True)
