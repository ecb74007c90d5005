"""`wise-bridge conservation`: whether what was accepted is all accounted for."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import click

from service import settings
from service.commands.adapter.showing import FINDINGS, config_option, console, json_option, table, told
from service.commands.output import as_json, stop
from service.configuration import profiles
from service.settings import Process
from service.store.conservation import DAYS, Balance, balances
from service.store.engine import short_lived_engine

_NUMBERS = tuple(field.name for field in fields(Balance))[2:]


@click.command()
@click.option("--authority", "authorities", multiple=True, help="ONS code; once for each. Left out, all.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help=f"A London day. Left out, the last {DAYS} and today.")
@json_option
@config_option
def conservation(authorities: tuple[str, ...], since: datetime | None, config: Any, *, json_wanted: bool) -> None:
    """Show accepted = delivered + superseded + cancelled + open, per authority and London day of acceptance.

    WISE_DATABASE_URL names the owner role. Exit code 0: the books balance. 1: they do not. 2: could not be looked at.
    """
    with told():
        known = profiles(config)
        if strangers := [each for each in authorities if each not in known]:
            stop(f"There is no profile for {', '.join(strangers)} in {config}.")
        with short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
            found = balances(engine, authorities or sorted(known), since.date() if since else None)
    broken = [each for each in found if each.difference]
    if json_wanted:
        as_json([asdict(each) | {"day": each.day.isoformat(), "difference": each.difference} for each in found])
    else:
        _show(found, broken)
    raise SystemExit(FINDINGS if broken else 0)


def _show(found: list[Balance], broken: list[Balance]) -> None:
    made = table("authority", "day", *_NUMBERS)
    for each in found:
        made.add_row(each.authority, each.day.isoformat(), *(f"{getattr(each, name):,}" for name in _NUMBERS))
    console().print(made if found else "Nothing was accepted in that time.")
    for each in broken:
        click.echo(f"{each.authority}, {each.day:%d %B %Y}: {_words(each)}.")
    click.echo("docs/conservation.md says what to do." if broken else "The books balance.")


def _words(balance: Balance) -> str:
    missing = f"{balance.missing:,} accepted and not accounted for" if balance.missing else ""
    unasked = f"{balance.unasked:,} there that nobody accepted, or once too often" if balance.unasked else ""
    return " and ".join(part for part in (missing, unasked) if part)
