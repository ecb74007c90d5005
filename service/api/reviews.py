"""`GET /v1/reviews`: the authority's open reviews, soonest first, by cursor."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request, url_for

from service.api.guard import caller, needs
from service.api.services import services
from service.domain.faults import Fault
from service.domain.rules.subject import as_date
from service.errors import Malformed
from service.ports import ReviewView

blueprint = Blueprint("reviews", __name__, url_prefix="/v1/reviews")
LIMIT_MAX = 200
PARAMETERS = frozenset({"due_by", "cursor", "limit"})


@blueprint.get("")
@needs("reviews:read")
def list_reviews() -> Response:
    """Open reviews. A review names its record's receipt; the young person's reference stays in the case system."""
    due_by, after, limit = _parameters()
    with services().casework.transaction(caller().authority) as tx:
        found = tx.reviews.page(due_by=due_by, after=after, limit=limit + 1)
    page, more = found[:limit], len(found) > limit
    today = services().clock.today()
    response = jsonify({"reviews": [_shown(review, today) for review in page], "links": {}})
    if more:
        onward = url_for("reviews.list_reviews", due_by=due_by, limit=limit, cursor=_cursor(page[-1]))
        response = jsonify({"reviews": [_shown(review, today) for review in page], "links": {"next": onward}})
        response.headers["Link"] = f'<{onward}>; rel="next"'
    return response


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


def _parameters() -> tuple[date | None, tuple[date, UUID] | None, int]:
    unknown = sorted(set(request.args) - PARAMETERS)
    if unknown:
        raise Malformed(
            "There is a query parameter this address does not take.",
            faults=[Fault("", "Q-1", "Unknown query parameter.", f"Use any of: {', '.join(sorted(PARAMETERS))}.")],
        )
    due_by = request.args.get("due_by")
    if due_by is not None and as_date(due_by) is None:
        raise Malformed("`due_by` is a date like 2026-12-14.")
    return as_date(due_by), _after(request.args.get("cursor")), _limit(request.args.get("limit", "50"))


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LIMIT_MAX):
        raise Malformed(f"`limit` is a number from 1 to {LIMIT_MAX}.")
    return int(text)


def _cursor(review: ReviewView) -> str:
    return base64.urlsafe_b64encode(f"{review.due_on.isoformat()} {review.id}".encode()).decode()


def _after(cursor: str | None) -> tuple[date, UUID] | None:
    if cursor is None:
        return None
    try:
        day, review_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return date.fromisoformat(day), UUID(review_id)
    except (ValueError, binascii.Error):
        raise Malformed("`cursor` is not one of ours. Follow `links.next`.") from None
