"""`wise-bridge alarms`: what is not as it should be, from the database, whether or not any process runs."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from service import settings
from service.commands.adapter.showing import config_option, json_option, told
from service.commands.output import as_json
from service.configuration import profiles
from service.domain.editions import read_authorities
from service.domain.telling import Alarm, sentence, to_do
from service.domain.words import authority_words
from service.ports.alarms import Watching
from service.settings import Process
from service.store.alarms import AlarmRows
from service.store.engine import short_lived_engine

NOBODY_LOOKS_AFTER = timedelta(minutes=3)


@click.command()
@json_option
@config_option
def alarms(*, json_wanted: bool, config: Path) -> None:
    """List the open alarms. Exit code 1: there are some, or nobody looks for them.

    WISE_DATABASE_URL names the owner role.
    """
    with told(), short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
        book = AlarmRows(engine)
        known = sorted({*read_authorities(), *profiles(config)})
        found = [alarm for authority in (None, *known) for alarm in book.open(authority)]
        watching = book.watching()
    unwatched = watching.ended_at is None or watching.now - watching.ended_at > NOBODY_LOOKS_AFTER
    if json_wanted:
        as_json({"looked_at": _iso(watching.ended_at), "alarms": [_document(each) for each in found]})
    else:
        _show(found, watching, unwatched=unwatched)
    sys.exit(1 if found or unwatched else 0)


def _show(found: list[Alarm], watching: Watching, *, unwatched: bool) -> None:
    if unwatched:
        since = f"since {_time(watching.ended_at)}" if watching.ended_at else "yet"
        click.echo(f"Nobody has looked for alarms {since}. Web processes and workers do: is one running?")
    for each in found:
        place = authority_words(each.authority) if each.authority else "All authorities"
        click.echo(f"{place}: {sentence(each)}")
        click.echo(f"  since {_time(each.since)}, raised {_time(each.raised_at)}; {each.owner.value}")
        click.echo(f"  {to_do(each)}")
    if not found:
        click.echo("No open alarm.")


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _document(alarm: Alarm) -> dict[str, Any]:
    return {
        "alarm_id": str(alarm.id),
        "authority": alarm.authority,
        "kind": alarm.kind.value,
        "subject": alarm.subject,
        "owner": alarm.owner.value,
        "count": alarm.count,
        "since": alarm.since.isoformat(),
        "raised_at": alarm.raised_at.isoformat(),
        "last_seen_at": alarm.last_seen_at.isoformat(),
        "sentence": sentence(alarm),
        "to_do": to_do(alarm),
    }
