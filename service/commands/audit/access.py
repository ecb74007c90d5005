"""`wise-bridge audit access`: who saw or touched one record, in order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click

from service import settings
from service.commands.audit.surroundings import known
from service.commands.output import as_json, stop, told_plainly
from service.domain.trail.words import by_whom, in_words, is_shown
from service.errors import NotThere
from service.ports.trail import Touch
from service.settings import Process
from service.store.engine import short_lived_engine
from service.store.trail_reading import AccessRows


@click.command("access")
@click.argument("receipt_id", type=click.UUID)
@click.option("--authority", required=True, help="ONS code of the authority that it is of.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON document instead of sentences.")
def access_(receipt_id: UUID, authority: str, *, json_wanted: bool) -> None:
    """List who saw or touched a record, in order. That it was asked is added to the trail.

    WISE_DATABASE_URL names the owner role.
    """
    with told_plainly():
        known([authority])
        with short_lived_engine(settings.load(Process.OWNER).database_url) as engine:
            try:
                found = AccessRows(engine).of(authority, receipt_id, actor="owner")
            except NotThere as problem:
                stop(str(problem), 1)
    if json_wanted:
        as_json([_document(each) for each in found])
    for each in () if json_wanted else found:
        saw = "SAW " if is_shown(each.action, each.detail) else "    "
        click.echo(f"{each.at:%Y-%m-%d %H:%M:%S} {saw} {by_whom(each.actor, each.detail)}: {in_words(each.action)}")


def _document(touch: Touch) -> dict[str, Any]:
    return {
        "at": touch.at.isoformat(),
        "by": by_whom(touch.actor, touch.detail),
        "action": touch.action,
        "saw": is_shown(touch.action, touch.detail),
        "what": in_words(touch.action),
    }
