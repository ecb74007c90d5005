"""`GET /v1/reviews`: the authority's open reviews, soonest first, by cursor."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from service.api.guard import caller, needs
from service.api.openapi import Parameter, tells
from service.api.openapi.answers.records import REVIEWS
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import DAY, json
from service.api.paging import cursor_parts, only_parameters, page_limit, page_of
from service.api.services import services
from service.domain.london import as_date
from service.errors import Malformed
from service.ports import ReviewView

blueprint = Blueprint("reviews", __name__, url_prefix="/v1/reviews")
_DUE_BY = Parameter("due_by", DAY, "Only those due on this London day or before.")


@blueprint.get("")
@needs("reviews:read")
@tells({200: json("A page of reviews.", REVIEWS, Link=NEXT)}, query=(_DUE_BY, *PAGED))
def list_reviews() -> Response:
    """Open reviews. A review names its record's receipt; the young person's reference stays in the case system."""
    only_parameters({"due_by", "cursor", "limit"})
    after = cursor_parts(lambda day, review_id: (date.fromisoformat(day), UUID(review_id)))
    due_by, limit = _due_by(), page_limit()
    with services().casework.transaction(caller().authority) as tx:
        found = tx.reviews.page(due_by=due_by, after=after, limit=limit + 1)
    today = services().clock.today()
    return page_of("reviews", found, limit, lambda each: _shown(each, today), lambda each: (each.due_on, each.id))


def _shown(review: ReviewView, today: date) -> dict[str, Any]:
    return {
        "receipt_id": str(review.submission_id),
        "record_type": review.record_type,
        "anchor_on": review.anchor_on.isoformat(),
        "due_on": review.due_on.isoformat(),
        "window_days": review.window_days,
        "basis": review.basis,
        "status": review.status,
        "is_due": review.due_on <= today,
        "raised_at": review.raised_at.isoformat() if review.raised_at else None,
    }


def _due_by() -> date | None:
    given = request.args.get("due_by")
    if given is not None and as_date(given) is None:
        raise Malformed("`due_by` is a date like 2026-12-14.")
    return as_date(given)
