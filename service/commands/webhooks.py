"""`wise-bridge webhooks`: where an authority's own systems are told what became of their records."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from service import settings
from service.adapters.webhooks import read_address
from service.api.webhooks import shown
from service.commands.adapter.showing import config_option, json_option, table
from service.commands.adapter.showing import console as screen
from service.commands.output import CANNOT, as_json, stop, told_plainly
from service.configuration import profiles
from service.domain.webhooks import FORMER_SECRET_HOURS, PAUSE_WORDS, message_name
from service.errors import NotPossible
from service.keyring import key_ring
from service.ports.webhooks import EndpointView, Sent
from service.settings import Process
from service.store.engine import short_lived_engine
from service.store.vault import KeyedVault
from service.store.webhooks import WebhookRows
from service.usecases.webhooks.look_after import WebhookDesk

authority_argument = click.argument("authority")
number_argument = click.argument("number", type=int)
by_option = click.option("--by", required=True, help="Who does this: a staff reference.")
ONCE = "This is the only time the secret is shown. Give it to the receiver, and to nobody else."


@click.group()
def webhooks() -> None:
    """Where an authority's systems are told of changes: up to three addresses, numbered from 1.

    WISE_DATABASE_URL names the owner role. WISE_KEYS_DIR names the authorities' keys, under which addresses and secrets
    are sealed. AUTHORITY is an ONS code, as E08000007.
    """


@contextmanager
def _desk() -> Iterator[WebhookDesk]:
    with told_plainly():
        given = settings.load(Process.OWNER)
        vault = KeyedVault(key_ring(given))
        with short_lived_engine(given.database_url) as engine:
            yield WebhookDesk(WebhookRows(engine), vault, read_address)


@webhooks.command()
@authority_argument
@click.option("--url", required=True, help="https://…, of the receiver. Its path is kept sealed and never shown.")
@click.option("--name", required=True, help="What it is, for people: e.g. “Stockport forms server”.")
@click.option("--network", "networks", multiple=True, help="Where an inner address must lie, as 10.20.0.0/16.")
@by_option
@config_option
@json_option
def make(
    *, authority: str, url: str, name: str, networks: tuple[str, ...], by: str, config: Path, json_wanted: bool
) -> None:
    """Make a webhook. It is told what changes from now on. The secret is shown once."""
    with _desk() as desk:
        if authority not in profiles(config):
            raise NotPossible(f"There is no profile for {authority} in {config}.")
        number, secret = desk.make(authority, url, name=name, networks=networks, by=by)
    _show_secret(authority, number, secret, json_wanted=json_wanted)


@webhooks.command("list")
@click.argument("authority", required=False)
@config_option
@json_option
def list_webhooks(authority: str | None, config: Path, *, json_wanted: bool) -> None:
    """How they stand, of one authority or of all."""
    with _desk() as desk:
        wanted = [authority] if authority else sorted(profiles(config))
        found = [(each, view) for each in wanted for view in desk.every(each)]
    if json_wanted:
        as_json([{"authority": each} | shown(view) for each, view in found])
        return
    made = table("authority", "number", "name", "host", "stands", "waiting")
    for each, view in found:
        made.add_row(each, str(view.number), view.name, view.host, _stands(view), str(view.waiting))
    screen().print(made if found else "No webhooks.")


def _stands(view: EndpointView) -> str:
    if view.paused_for:
        return f"paused: {PAUSE_WORDS[view.paused_for]} {view.paused_note or ''}".strip()
    if view.failing_since:
        return f"no answer we can use since {view.failing_since:%Y-%m-%d %H:%M}"
    return f"on; {view.given_up} given up, the last answered {view.given_up_answer}" if view.given_up else "on"


@webhooks.command()
@authority_argument
@number_argument
@click.option(
    "--hours",
    type=click.IntRange(0, 168),
    default=FORMER_SECRET_HOURS,
    show_default=True,
    help="How long messages are signed with the former secret, too. 0: not at all, when it is no secret any more.",
)
@by_option
@json_option
def rotate(authority: str, number: int, hours: int, by: str, *, json_wanted: bool) -> None:
    """Give it another secret. It is shown once."""
    with _desk() as desk:
        secret = desk.rotate(authority, number, former_for=timedelta(hours=hours), by=by)
    _show_secret(authority, number, secret, json_wanted=json_wanted)


def _show_secret(authority: str, number: int, secret: str, *, json_wanted: bool) -> None:
    if json_wanted:
        as_json({"authority": authority, "number": number, "secret": secret})
        return
    click.echo(f"authority  {authority}\nnumber     {number}\nsecret     {secret}\n\n{ONCE}")


@webhooks.command()
@authority_argument
@number_argument
@by_option
@click.option("--reason", required=True, help="Why. Nothing about a young person.")
def pause(authority: str, number: int, by: str, reason: str) -> None:
    """Tell nothing there for now. What changes meanwhile is told when it goes on."""
    with _desk() as desk:
        desk.pause(authority, number, by=by, reason=reason)
    click.echo(f"{authority} webhook {number} is paused.")


@webhooks.command()
@authority_argument
@number_argument
@by_option
def resume(authority: str, number: int, by: str) -> None:
    """Let it go on from where it stood, and tell it again what it refused until that was given up."""
    with _desk() as desk:
        desk.resume(authority, number, by=by)
    click.echo(f"{authority} webhook {number} goes on.")


@webhooks.command()
@authority_argument
@number_argument
@by_option
def remove(authority: str, number: int, by: str) -> None:
    """Take it away, with its secret and what was not told yet."""
    with _desk() as desk:
        desk.remove(authority, number, by=by)
    click.echo(f"{authority} webhook {number} is removed.")


@webhooks.command()
@authority_argument
@number_argument
@by_option
@click.option("--wait", type=click.FloatRange(0, 600), default=30.0, show_default=True, help="Seconds.")
def test(authority: str, number: int, by: str, wait: float) -> None:
    """Have the worker send a test message, and wait for what comes of it."""
    with _desk() as desk:
        message_id = desk.test(authority, number, by=by)
        deadline = time.monotonic() + wait
        sent = desk.sent(authority, message_id)
        while (sent is None or sent.answer is None) and time.monotonic() < deadline:
            time.sleep(0.2)
            sent = desk.sent(authority, message_id)
    _tell(message_name(message_id), sent)


def _tell(name: str, sent: Sent | None) -> None:
    if sent is None or sent.answer is None:
        stop(f"{name} waits to be sent. Is a worker running?", CANNOT)
    elif not sent.told:
        stop(f"{name} was not taken: {sent.answer}. It is tried again.", 1)
    else:
        click.echo(f"{name} was taken: {sent.answer}.")
