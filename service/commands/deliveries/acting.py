"""`deliveries hold`, `cancel`, `supersede`, `delivered` and `approve`."""

from __future__ import annotations

from typing import Any

import click

from service.commands.client import BridgeClient
from service.commands.deliveries.asking import (
    json_option,
    not_there_option,
    order_of,
    ordering,
    post,
    reference_argument,
    shown_or_json,
)
from service.commands.deliveries.showing import item_line, orders_shown
from service.commands.signing_in import connected
from service.domain.orders import Action


@click.command()
@reference_argument
@ordering(Action.HOLD)
@json_option
@connected
def hold(client: BridgeClient, reference: str, *, json_wanted: bool, **order: Any) -> None:
    """Let one delivery wait for a person."""
    _tell(client, reference, "hold", order_of(**order), json_wanted=json_wanted)


@click.command()
@reference_argument
@ordering(Action.CANCEL)
@not_there_option
@json_option
@connected
def cancel(client: BridgeClient, reference: str, *, not_there: bool, json_wanted: bool, **order: Any) -> None:
    """End one delivery. To take a record off a young person's file, its sender withdraws it instead."""
    _tell(client, reference, "cancel", order_of(**order, not_there=not_there or None), json_wanted=json_wanted)


@click.command()
@reference_argument
@ordering(Action.SUPERSEDE)
@not_there_option
@json_option
@connected
def supersede(client: BridgeClient, reference: str, *, not_there: bool, json_wanted: bool, **order: Any) -> None:
    """Set one delivery aside for the correction that names its record."""
    _tell(client, reference, "supersede", order_of(**order, not_there=not_there or None), json_wanted=json_wanted)


@click.command()
@reference_argument
@click.option("--number", required=True, help="The number that the case system gave it.")
@click.option("--document-number", help="The number it gave the document, where it has one.")
@click.option("--seen-by", required=True, help="Who saw it there: their staff reference.")
@click.option("--seen-at", required=True, help="When, with its offset: 2026-11-20T10:00:00+00:00.")
@ordering(Action.EVIDENCE)
@json_option
@connected
def delivered(
    client: BridgeClient,
    reference: str,
    *,
    number: str,
    document_number: str | None,
    seen_by: str,
    seen_at: str,
    json_wanted: bool,
    **order: Any,
) -> None:
    """Mark one as delivered: somebody has seen it in the case system."""
    seen: dict[str, Any] = {
        "record_number": number,
        "document_number": document_number,
        "seen_by_ref": seen_by,
        "seen_at": seen_at,
    }
    _tell(client, reference, "evidence", order_of(**order, **seen), json_wanted=json_wanted)


@click.command()
@click.argument("order")
@click.option("--by", required=True, help="The second officer: their staff reference.")
@click.option("--decline", is_flag=True, help="Say no instead.")
@json_option
@connected
def approve(client: BridgeClient, order: str, *, by: str, decline: bool, json_wanted: bool) -> None:
    """Say yes as a second officer to an order, or to all of a batch. Never to one's own."""
    body = {"by_ref": by, "decision": "decline" if decline else "approve"}
    found = post(client, f"/orders/{order}/approval", body)["orders"]
    shown_or_json(found, orders_shown, json_wanted=json_wanted)


def _tell(client: BridgeClient, reference: str, verb: str, body: dict[str, Any], *, json_wanted: bool) -> None:
    shown_or_json(post(client, f"/deliveries/{reference}/{verb}", body), item_line, json_wanted=json_wanted)
