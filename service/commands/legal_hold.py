"""`wise-bridge legal-hold`: no body that a hold is about is shredded. Two people place one, and two people lift it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import click

from service import settings
from service.commands.adapter.showing import console, json_option, plain, table, told
from service.commands.output import as_json, stop
from service.domain.legal_holds import LIFTING, MEANING, PLACING, Because, Event, Scope
from service.domain.london import LONDON
from service.domain.records.shorthand import REF
from service.errors import NotThere
from service.ports.retention import HoldAsked, LegalHold
from service.settings import Process
from service.store.engine import short_lived_engine
from service.store.legal_holds import LegalHoldRows
from service.usecases.legal_hold import LegalHoldDesk

_authority = click.option("--authority", required=True, help="Its ONS code, as E08000007.")
_by = click.option("--by", required=True, help="Who does this: a staff reference.")
_hold = click.argument("hold", type=click.UUID)


def _ticket(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(REF, value):
        raise click.BadParameter("Up to 64 letters, digits and . _ / -, beginning with a letter or a digit.")
    return value


_ticket_option = click.option(
    "--ticket", callback=_ticket, help="Where more about it stands, in your own service desk. No name."
)


@click.group("legal-hold")
def legal_hold() -> None:
    """Legal holds. In force from the moment one is asked for. docs/retention.md goes through it.

    WISE_DATABASE_URL names the role wise_purge.
    """


@contextmanager
def _desk() -> Iterator[LegalHoldDesk]:
    with told(), short_lived_engine(settings.load(Process.PURGE).database_url) as engine:
        try:
            yield LegalHoldDesk(LegalHoldRows(engine))
        except NotThere as problem:
            stop(problem.detail)


@legal_hold.command()
@_authority
@click.option("--receipt", type=click.UUID, help="Of the record; left out, everything of the authority is held.")
@click.option("--young-person", is_flag=True, help="Every record of the young person whom that receipt is about.")
@click.option("--because", type=click.Choice([each.value for each in PLACING]), required=True)
@_ticket_option
@_by
@json_option
def place(
    authority: str,
    receipt: UUID | None,
    because: str,
    ticket: str | None,
    by: str,
    *,
    young_person: bool,
    json_wanted: bool,
) -> None:
    """Ask for a hold. It is in force at once; another person approves it."""
    if young_person and receipt is None:
        stop("Say with --receipt whose records: any record of the young person will do.")
    scope = Scope.YOUNG_PERSON if young_person else Scope.SUBMISSION if receipt else Scope.AUTHORITY
    with _desk() as desk:
        hold = desk.place(authority, HoldAsked(scope, receipt, Because(because), ticket, by))
    if json_wanted:
        as_json({"hold": str(hold), "scope": scope.value, "in_force": True})
    else:
        click.echo(f"{hold} is in force: {scope.value.replace('_', ' ')}.")
        click.echo(f"Another person: wise-bridge legal-hold approve {hold} --authority {authority} --by …")


@legal_hold.command()
@_hold
@_authority
@_by
def approve(hold: UUID, authority: str, by: str) -> None:
    """Say yes, as a second person, to what was asked for last: to place the hold, or to lift it."""
    with _desk() as desk:
        event = desk.approve(authority, hold, by)
    click.echo("The hold is lifted." if event is Event.LIFTED else "The hold is approved, and in force until lifted.")


@legal_hold.command()
@_hold
@_authority
@click.option("--because", type=click.Choice([each.value for each in LIFTING]), required=True)
@_ticket_option
@_by
def lift(hold: UUID, authority: str, because: str, ticket: str | None, by: str) -> None:
    """Ask for a hold to be lifted. It stays in force until another person approves."""
    with _desk() as desk:
        desk.lift(authority, hold, because=Because(because), ticket=ticket, by=by)
    click.echo(f"Asked for. Another person: wise-bridge legal-hold approve {hold} --authority {authority} --by …")


@legal_hold.command("list")
@_authority
@click.option("--all", "wanted_all", is_flag=True, help="Those that were lifted as well.")
@json_option
def list_(authority: str, *, wanted_all: bool, json_wanted: bool) -> None:
    """The holds of an authority: what about, why, who, and what is still to be approved."""
    with _desk() as desk:
        found = [each for each in desk.every(authority) if wanted_all or each.in_force]
    if json_wanted:
        as_json([_document(each) for each in found])
        return
    made = table("hold", "about", "why", "what happened")
    for each in found:
        made.add_row(
            plain(str(each.id)), _about(each), MEANING[each.events[0].because or Because.COURT], plain(_told(each))
        )
    console().print(made if found else "No hold.")


def _about(hold: LegalHold) -> str:
    return f"receipt {hold.receipt_id}" if hold.receipt_id else hold.scope.value.replace("_", " ")


def _told(hold: LegalHold) -> str:
    return "\n".join(
        f"{each.event.value.replace('_', ' ')} {each.at.astimezone(LONDON):%Y-%m-%d %H:%M} by {each.by}"
        for each in hold.events
    )


def _document(hold: LegalHold) -> dict[str, Any]:
    events = [
        {
            "event": each.event.value,
            "by": each.by,
            "at": each.at.isoformat(),
            "because": each.because.value if each.because else None,
            "ticket": each.ticket,
        }
        for each in hold.events
    ]
    receipt = str(hold.receipt_id) if hold.receipt_id else None
    return {
        "hold": str(hold.id),
        "scope": hold.scope.value,
        "receipt_id": receipt,
        "in_force": hold.in_force,
        "events": events,
    }
