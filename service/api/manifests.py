"""`GET /v1/manifests/{day}`: what was accepted on a London day, to be held against the sender's own list."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from service.api.guard import caller, needs
from service.api.openapi import Parameter, tells
from service.api.openapi.answers.records import MANIFEST
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import json as json_answer
from service.api.openapi.shapes import one_of
from service.api.paging import only_parameters, page_limit, page_of, since_moment
from service.api.services import services
from service.domain.london import as_date
from service.errors import Malformed, NotThere
from service.ports.manifest import Accepted

blueprint = Blueprint("manifests", __name__, url_prefix="/v1/manifests")
_SENT_BY = Parameter("sent_by", one_of(("me",)), "Without what the authority's other clients sent.")


@blueprint.get("/<day>")
@needs("records:read")
@tells({200: json_answer("A page of what was accepted that day.", MANIFEST, Link=NEXT)}, query=(_SENT_BY, *PAGED))
def get_manifest(day: str) -> Response:
    """Counts and a digest over the whole day on the first page, and the records in order of arrival on all of them.

    `sent_by=me` leaves out what the authority's other clients sent.
    """
    only_parameters({"sent_by", "cursor", "limit"})
    wanted, client_id, after, limit = _day(day), _client(), since_moment(), page_limit()
    authority, manifests = caller().authority, services().manifests
    found = manifests.page(authority, wanted, client_id, after=after, limit=limit + 1)
    head = _totals(authority, wanted, client_id) if after is None else {}
    response = page_of("submissions", found, limit, _shown, lambda each: (each.received_at, each.receipt_id))
    response.set_data(json.dumps(head | response.get_json()))
    return response


def _totals(authority: str, day: date, client_id: str | None) -> dict[str, Any]:
    totals = services().manifests.totals(authority, day, client_id)
    return {
        "authority": authority,
        "day": day.isoformat(),
        "sent_by": client_id,
        "closed": totals.closed,
        "counts": {"accepted": sum(totals.by_state.values()), "by_state": dict(totals.by_state)},
        "ids_sha256": totals.ids_sha256,
    }


def _shown(each: Accepted) -> dict[str, Any]:
    return {
        "submission_id": each.submission_id,
        "receipt_id": str(each.receipt_id),
        "received_at": each.received_at.isoformat(),
        "state": each.state,
    }


def _day(text: str) -> date:
    day = as_date(text)
    if day is None or not date(2000, 1, 1) <= day <= services().clock.today():
        raise NotThere("A day's address is /v1/manifests/2026-09-14, today's London date at the latest.")
    return day


def _client() -> str | None:
    given = request.args.get("sent_by")
    if given not in (None, "me"):
        raise Malformed("`sent_by` is `me`, or left out for everything the authority's clients sent.")
    return caller().client_id if given else None
