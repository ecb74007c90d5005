"""`/v1/admin/orders`: what officers ordered, and the second officer's yes or no."""

from __future__ import annotations

from flask import Response, jsonify, request

from service.api.admin.asked import admin_blueprint, officer, sent, staff
from service.api.admin.shown import order_shown
from service.api.guard import caller, needs
from service.api.openapi import Parameter, tells
from service.api.openapi.answers.officers import DECIDED, ORDERS
from service.api.openapi.bodies import body_of
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import json, one_of
from service.api.paging import only_parameters, page_limit, page_of, since_moment
from service.api.parsing import uuid_of
from service.api.schemas.structure import build_schema
from service.api.services import services
from service.domain.fields import Klass
from service.domain.records.shorthand import coded, group
from service.errors import Malformed
from service.usecases.orders.approve import NO_ORDER, decide
from service.usecases.orders.look import orders

blueprint = admin_blueprint("orders", "orders")
_OPEN = Parameter("open", one_of(("true", "false")), "`true`: only those that wait for a second officer.")

_DECISION = build_schema(
    group(by_ref=staff(), decision=coded(("approve", "decline"), required=True, klass=Klass.OPERATIONAL))
)


@blueprint.get("")
@needs("deliveries:read")
@tells({200: json("A page of orders, oldest first.", ORDERS, Link=NEXT)}, query=(_OPEN, *PAGED))
def list_orders() -> Response:
    """All of them, oldest first; with `open=true` those that wait for a second officer."""
    only_parameters({"open", "cursor", "limit"})
    limit = page_limit()
    found = orders(services().orders, caller().authority, only_open=_only_open(), after=since_moment(), limit=limit + 1)
    return page_of("orders", found, limit, order_shown, lambda each: (each.asked_at, each.id))


@blueprint.post("/<order_id>/approval")
@needs("deliveries:approve")
@tells({200: json("What was decided.", DECIDED)}, body=body_of("Decision", _DECISION), problems=(409,))
def decide_order(order_id: str) -> Response:
    """One order, or by their `batch` all that were given at once. Never by who asked, nor through the same client."""
    body = sent(_DECISION)
    decided = decide(
        services().orders,
        caller().authority,
        uuid_of(order_id, NO_ORDER),
        officer(body),
        approve=body["decision"] == "approve",
    )
    return jsonify({"orders": [order_shown(each) for each in decided]})


def _only_open() -> bool:
    given = request.args.get("open", "false")
    if given not in ("true", "false"):
        raise Malformed("`open` is true or false.")
    return given == "true"
