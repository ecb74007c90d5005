"""`GET /v1/submissions/{receipt_id}/access`: who saw or touched a record, for the authority's own officers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from service.api.guard import caller, needs
from service.api.openapi import tells
from service.api.openapi.answers.records import ACCESS
from service.api.openapi.shapes import json
from service.api.paging import only_parameters
from service.api.parsing import uuid_of
from service.api.services import services
from service.domain.trail.words import by_whom, in_words, is_shown
from service.ports.trail import Touch

blueprint = Blueprint("access", __name__, url_prefix="/v1/submissions/<receipt_id>/access")


@blueprint.get("")
@needs("audit:read")
@tells({200: json("Who saw or touched it, in order.", ACCESS)}, query=())
def get_access(receipt_id: str) -> Response:
    """In order, in plain words. That it was asked stands in the trail, and last in the answer."""
    only_parameters(())
    client, wanted = caller(), uuid_of(receipt_id, "There is no such submission.")
    found = services().access.of(client.authority, wanted, actor=client.actor)
    return jsonify({"receipt_id": str(wanted), "access": [_shown(each) for each in found]})


def _shown(touch: Touch) -> dict[str, Any]:
    return {
        "at": touch.at.isoformat(),
        "by": by_whom(touch.actor, touch.detail),
        "action": touch.action,
        "what": in_words(touch.action),
        "saw": is_shown(touch.action, touch.detail),
    }
