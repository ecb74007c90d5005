"""`/v1/reflective-supervisions`: for the workers' own supervision record, never for a young person's file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from service.api.guard import caller, needs
from service.api.openapi import tells
from service.api.openapi.answers.participation import SUPERVISION as OPENED
from service.api.openapi.answers.participation import SUPERVISIONS, TAKEN_ANSWERS
from service.api.openapi.bodies import body_of
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import json
from service.api.own_items import judged_body, own_authority, taken_answer
from service.api.paging import only_parameters, page_limit, page_of, since_moment
from service.api.parsing import uuid_of
from service.api.schemas.structure import build_schema
from service.api.services import services
from service.domain.participation.supervision import SUPERVISION, supervision_faults
from service.ports.participation import SupervisionView

blueprint = Blueprint("supervision", __name__, url_prefix="/v1/reflective-supervisions")
_SUPERVISION = build_schema(SUPERVISION)


@blueprint.post("")
@needs("records:write")
@tells(TAKEN_ANSWERS, query=(), body=body_of("ReflectiveSupervision", _SUPERVISION), problems=(403, 409))
def post_supervision() -> Response:
    """Keeps it, sealed. It may come before, after or without any record."""
    only_parameters(())
    sent, client = judged_body(_SUPERVISION, supervision_faults), caller()
    return taken_answer(services().supervision.take(sent, authority=client.authority, client_id=client.client_id))


@blueprint.get("")
@needs("records:read")
@tells({200: json("A page, in order of arrival.", SUPERVISIONS, Link=NEXT)}, query=PAGED)
def list_supervisions() -> Response:
    """In order of arrival: that it took place, when and in which form. Nobody's reference, and no notes."""
    only_parameters({"cursor", "limit"})
    limit = page_limit()
    after = since_moment()
    with services().casework.transaction(own_authority()) as tx:
        found = tx.supervision.page(after=after, limit=limit + 1)
    return page_of("reflective_supervisions", found, limit, _shown, lambda each: (each.received_at, each.id))


@blueprint.get("/<supervision_id>")
@needs("supervision:read")
@tells({200: json("All of it.", OPENED)}, query=(), problems=(410,))
def get_supervision(supervision_id: str) -> Response:
    """All of one, for the authority's supervision system. That it was opened stands in the audit trail."""
    only_parameters(())
    wanted, client = uuid_of(supervision_id, "There is no such supervision."), caller()
    found = services().supervision.open(wanted, authority=own_authority(), client_id=client.client_id)
    return jsonify({"id": str(wanted), **found})


def _shown(view: SupervisionView) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "supervision_id": view.sender_ref,
        "held_on": view.held_on.isoformat(),
        "mode": view.mode,
        "linked": view.linked,
        "received_at": view.received_at.isoformat(),
    }
