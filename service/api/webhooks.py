"""`GET /v1/admin/webhooks`: where the authority's systems are told, and whether they hear it. No secret, no path."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify

from service.api.guard import caller, needs
from service.api.openapi import tells
from service.api.openapi.answers.officers import WEBHOOKS
from service.api.openapi.shapes import json
from service.api.paging import only_parameters
from service.api.services import services
from service.domain.webhooks import ALARMING, PAUSE_WORDS
from service.ports.webhooks import EndpointView

blueprint = Blueprint("webhooks", __name__, url_prefix="/v1/admin/webhooks")


@blueprint.get("")
@needs("webhooks:read")
@tells({200: json("All of them.", WEBHOOKS)}, query=())
def list_webhooks() -> Response:
    """All of them, in order of their numbers. They are made and changed by the operator's command."""
    only_parameters(())
    with services().webhooks.transaction(caller().authority) as tx:
        found = tx.endpoints.every()
    return jsonify({"webhooks": [shown(each) for each in found]})


def shown(view: EndpointView) -> dict[str, Any]:
    """An address as its authority sees it, on this side and by the operator's command."""
    why = view.paused_for
    return {
        "number": view.number,
        "name": view.name,
        "host": view.host,
        "state": "paused" if why else "on",
        "alarm": why in ALARMING or view.given_up > 0,
        "reason": why.value if why else None,
        "explanation": PAUSE_WORDS[why] if why else None,
        "paused_by": view.paused_by,
        "paused_note": view.paused_note,
        "paused_at": _at(view.paused_at),
        "failures_in_a_row": view.failures,
        "failing_since": _at(view.failing_since),
        "waiting": view.waiting,
        "oldest_waiting_at": _at(view.oldest_waiting_at),
        "given_up": view.given_up,
        "given_up_at": _at(view.given_up_at),
        "given_up_answer": view.given_up_answer,
        "made_by": view.made_by,
        "made_at": _at(view.made_at),
        "secret_changed_at": _at(view.rotated_at),
        "former_secret_until": _at(view.former_until),
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
