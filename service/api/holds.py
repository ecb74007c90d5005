"""`GET /v1/holds`: what may not be passed on until a person has looked; `POST /v1/holds/{id}/release`: they have."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify, request

from service.api.guard import caller, needs
from service.api.openapi import Body, tells
from service.api.openapi.answers.records import HOLDS, RELEASED_HOLD
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import TEXT, json, shape
from service.api.paging import only_parameters, page_limit, page_of, since_moment
from service.api.parsing import json_body, uuid_of
from service.api.services import services
from service.api.who import in_own_name
from service.domain.delivery import Owner, owner_of
from service.domain.records.shorthand import REF
from service.domain.rules.catalogue import words_of
from service.errors import Malformed, NotThere
from service.ports import HoldView
from service.usecases.incoming import HELD_DELIVERY

blueprint = Blueprint("holds", __name__, url_prefix="/v1/holds")
_WHO = TEXT | {"pattern": f"^(?:{REF})$", "description": "The reference of whoever looked."}
_DECISION = Body(lambda: {"HoldDecision": shape(decided_by_ref=_WHO)})


@blueprint.get("")
@needs("holds:read")
@tells({200: json("A page of open holds.", HOLDS, Link=NEXT)}, query=PAGED)
def list_holds() -> Response:
    """Open ones, oldest first: the rule, the place and the receipt, whose it is, and what to do. Never a value."""
    only_parameters({"cursor", "limit"})
    limit = page_limit()
    after = since_moment()
    with services().casework.transaction(caller().authority) as tx:
        found = tx.holds.page(after=after, limit=limit + 1)
    return page_of("holds", found, limit, _listed, lambda each: (each.raised_at, each.id))


@blueprint.post("/<hold_id>/release")
@needs("holds:write")
@tells({200: json("Released.", RELEASED_HOLD)}, body=_DECISION)
def release_hold(hold_id: str) -> Response:
    """Somebody has looked and says that it may be passed on; `decided_by_ref` says who."""
    by, client = _decided_by(in_own_name(json_body(request)[0], "decided_by_ref")), caller()
    releaser = services().releaser
    if not releaser.release(
        client.authority, uuid_of(hold_id, "There is no such open hold."), by=by, actor=client.actor
    ):
        raise NotThere("There is no such open hold.")
    return jsonify({"hold_id": hold_id, "released_by": by})


def _listed(hold: HoldView) -> dict[str, Any]:
    return hold_shown(hold) | {"receipt_id": str(hold.submission_id)}


def hold_shown(hold: HoldView) -> dict[str, Any]:
    """A hold as its authority sees it."""
    detail, fix = words_of(hold.rule)
    return {
        "hold_id": str(hold.id),
        "code": hold.rule,
        "pointer": hold.pointer,
        "detail": detail,
        "fix": fix,
        "owner": _owner(hold.rule).value,
        "raised_at": hold.raised_at.isoformat(),
        "released_at": hold.released_at.isoformat() if hold.released_at else None,
        "released_by": hold.released_by,
    }


def _owner(rule: str) -> Owner:
    return owner_of(HELD_DELIVERY[rule]) if rule in HELD_DELIVERY else Owner.SOCIAL_WORK_TEAM


def _decided_by(body: dict[str, Any]) -> str:
    by = body.get("decided_by_ref")
    if not (isinstance(by, str) and re.fullmatch(REF, by)) or len(body) != 1:
        raise Malformed('Send {"decided_by_ref": "stk-sw-21"}: the reference of whoever looked, and nothing else.')
    return by
