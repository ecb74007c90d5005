"""`wise-bridge release send`, `sendings`: what goes to the central team's address, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from service import settings
from service.central.catalogue import read_all
from service.central.formats.publication import Publication
from service.central.releases.served import PublishedReleases
from service.central.sending.asking import SendingDesk
from service.central.sending.files import PublishedFiles
from service.commands.adapter.showing import FINDINGS, console, json_option, plain, table, told
from service.commands.output import as_json
from service.commands.release.making import as_quarter, by_option, quarter_argument
from service.domain.sending import WORDS, Shown, State
from service.errors import NotPossible
from service.settings import Process
from service.store.engine import short_lived_engine

NO_ADDRESS = "Set WISE_CENTRAL_URL to the central team's address, written as the courier has it. Nothing was changed."


@contextmanager
def _desk() -> Iterator[SendingDesk]:
    loaded = settings.load(Process.RELEASE)
    with told(), short_lived_engine(loaded.database_url) as engine:
        catalogues = [*read_all(loaded.config_dir / "catalogue").values()]
        yield SendingDesk(engine, PublishedFiles(Publication(PublishedReleases(engine), catalogues)).bytes_of)


@click.command()
@quarter_argument
@by_option
@json_option
def send(quarter: str, by: str, *, json_wanted: bool) -> None:
    """Have a published release's files sent to WISE_CENTRAL_URL by the courier. Asked again, what stopped goes on.

    Exit code 0: it is on its way, or there. 2: refused, and why.
    """
    loaded = settings.load(Process.RELEASE)
    with _desk() as desk:
        if not loaded.central_url:
            raise NotPossible(NO_ADDRESS)
        found = desk.ask(quarter, loaded.central_url, by=by)
    if loaded.broker_url:
        from service.worker import wake_courier  # noqa: PLC0415 - Celery takes half a second to import

        wake_courier(loaded.broker_url)
    _show(found, json_wanted=json_wanted)


@click.command()
@click.argument("quarter", required=False, callback=as_quarter)
@json_option
def sendings(quarter: str | None, *, json_wanted: bool) -> None:
    """What was sent to the central team, and what waits and why.

    Exit code 0: nothing needs a person. 1: something does. 2: it could not be looked at.
    """
    with _desk() as desk:
        found = desk.all(quarter)
    _show(found, json_wanted=json_wanted)
    raise SystemExit(FINDINGS if any(each.state is State.NEEDS_HUMAN for each in found) else 0)


def _show(found: list[Shown], *, json_wanted: bool) -> None:
    if json_wanted:
        as_json([_document(each) for each in found])
        return
    made = table("quarter", "file", "state", "tries", "asked by", "remarks")
    for each in found:
        remarks = "" if each.state is State.SENT else WORDS[each.why]
        made.add_row(each.quarter, each.file, each.state, str(each.attempts), plain(each.asked_by), remarks)
    console().print(made if found else "Nothing is to be sent. Begin with `wise-bridge release send`.")


def _document(each: Shown) -> dict[str, Any]:
    return {
        "quarter": each.quarter,
        "file": each.file,
        "state": each.state.value,
        "reason": each.why.value,
        "attempts": each.attempts,
        "may_have_arrived": each.may_have_arrived,
        "due_at": each.due_at.isoformat(),
        "digest": each.digest,
        "receipt": dict(each.receipt),
        "asked_by": each.asked_by,
        "asked_at": each.asked_at.isoformat(),
        "sent_at": each.sent_at.isoformat() if each.sent_at else None,
    }
