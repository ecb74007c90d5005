"""`deliveries list`, `show`, `preview` and `orders`: nothing changes."""

from __future__ import annotations

import click

from service.commands.client import BridgeClient
from service.commands.deliveries.asking import get, json_option, pages, reference_argument, shown_or_json
from service.commands.deliveries.showing import inspected, list_shown, orders_shown, previewed
from service.commands.signing_in import connected
from service.domain.delivery import Reason, State

limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=200, show_default=True, help="No more than these."
)


@click.command("list")
@click.option(
    "--state",
    type=click.Choice([each.value for each in State]),
    help="One state; left out, everything that is not done.",
)
@click.option("--reason", type=click.Choice([each.value for each in Reason]), help="One reason.")
@click.option("--older-than", help="How long it has been there: 90m, 4h, 2d.")
@limit_option
@json_option
@connected
def list_(
    client: BridgeClient,
    *,
    state: str | None,
    reason: str | None,
    older_than: str | None,
    limit: int,
    json_wanted: bool,
) -> None:
    """What is not done, or in another state: why, since when, and whose it is."""
    given = {"state": state, "reason": reason, "older_than": older_than}
    query = {name: value for name, value in given.items() if value is not None}
    found = pages(client, "/deliveries", "deliveries", limit, **query)
    shown_or_json(found, list_shown, json_wanted=json_wanted)


@click.command()
@reference_argument
@json_option
@connected
def show(client: BridgeClient, reference: str, *, json_wanted: bool) -> None:
    """One delivery: attempts, orders, lane, what goes before it, what can be done. Nothing of the record is opened."""
    shown_or_json(get(client, f"/deliveries/{reference}"), inspected, json_wanted=json_wanted)


@click.command()
@reference_argument
@click.option(
    "--words", is_flag=True, help="With the words of the record; needs deliveries:open and --by, and is noted."
)
@click.option("--by", help="Who reads the words: their staff reference.")
@json_option
@connected
def preview(client: BridgeClient, reference: str, *, words: bool, by: str | None, json_wanted: bool) -> None:
    """A dry run: what would be sent now, against the profile of the last attempt; and what the table would do."""
    path = f"/deliveries/{reference}/preview"
    found = get(client, f"{path}/words", by_ref=by or "") if words else get(client, path)
    shown_or_json(found, previewed, json_wanted=json_wanted)


@click.command()
@click.option("--open", "only_open", is_flag=True, help="Only those that wait for a second officer.")
@limit_option
@json_option
@connected
def orders(client: BridgeClient, *, only_open: bool, limit: int, json_wanted: bool) -> None:
    """What officers ordered, oldest first."""
    query = {"open": "true"} if only_open else {}
    found = pages(client, "/orders", "orders", limit, **query)
    shown_or_json(found, orders_shown, json_wanted=json_wanted)
