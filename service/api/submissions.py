"""`GET /v1/submissions`: what is open and why, or what changed since; `…/{receipt_id}`: where one record stands."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from service.api import cursors
from service.api.guard import caller, needs
from service.api.holds import hold_shown
from service.api.openapi import Parameter, tells
from service.api.openapi.answers.records import STATE, SUBMISSION, SUBMISSIONS
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import TEXT, json
from service.api.paging import only_parameters, page_limit, page_of, since_moment
from service.api.parsing import uuid_of
from service.api.services import services
from service.domain.delivery import TERMINAL, State, owner_of, words_for
from service.errors import Malformed, NotThere
from service.ports import DeliveryView, ReviewView, StoredSubmission

blueprint = Blueprint("submissions", __name__, url_prefix="/v1/submissions")
_STATE = Parameter("state", STATE, "Only those in this state.")
_SINCE = Parameter(
    "changed_since",
    TEXT,
    f"Empty for everything, `{cursors.NOW}` for from now on, or the `cursor` of an earlier answer. With `limit` alone.",
)


@blueprint.get("")
@needs("records:read")
@tells({200: json("A page of deliveries.", SUBMISSIONS, Link=NEXT)}, query=(_STATE, _SINCE, *PAGED), problems=(410,))
def list_submissions() -> Response:
    """Deliveries in the asked state, oldest first; without one, everything that is not done. Each names its receipt.

    With `changed_since`, those whose state, reason or number changed since, whatever state they are in.
    """
    if "changed_since" in request.args:
        return _changed_since(request.args["changed_since"])
    only_parameters({"state", "cursor", "limit"})
    authority, states, limit = caller().authority, _states(), page_limit()
    after = since_moment()
    with services().casework.transaction(authority) as tx:
        found = tx.deliveries.page(states, after=after, limit=limit + 1)

    return page_of(
        "submissions", found, limit, lambda each: _listed(each, authority), lambda each: (each.created_at, each.id)
    )


def _changed_since(since: str) -> Response:
    """In the order of the changes. The next question begins at `cursor`; `links.next`, while this run goes on."""
    only_parameters({"changed_since", "limit"})
    authority, limit, feed = caller().authority, page_limit(), services().changes
    if since == cursors.NOW:
        return jsonify({"submissions": [], "cursor": cursors.written(feed.now(authority)), "links": {}})
    found = feed.read(authority, cursors.read(since) if since else None, limit)
    if found is None:
        raise cursors.start_again()
    cursor = cursors.written(found.place)
    onward = url_for(".list_submissions", changed_since=cursor, limit=limit)
    listed = [_listed(each, authority) for each in found.deliveries]
    return jsonify({"submissions": listed, "cursor": cursor, "links": {"next": onward} if found.more else {}})


def _listed(view: DeliveryView, authority: str) -> dict[str, Any]:
    return {"receipt_id": str(view.submission_id)} | _delivery(view, authority)


def _states() -> frozenset[State]:
    given = request.args.get("state")
    if given is None:
        return frozenset(State) - TERMINAL
    if given not in set(State):
        raise Malformed(f"`state` is one of: {', '.join(State)}.")
    return frozenset({State(given)})


@blueprint.get("/<receipt_id>")
@needs("records:read", shows_receipts=True)
@tells({200: json("Where the record stands.", SUBMISSION)})
def get_submission(receipt_id: str) -> Response:
    """One record's way so far. What is another authority's looks like what is not there."""
    authority = caller().authority
    with services().casework.transaction(authority) as tx:
        found = tx.submissions.get(uuid_of(receipt_id, "There is no such submission."))
        if found is None:
            raise NotThere("There is no such submission.")
        deliveries, review = tx.deliveries.of_submission(found.id), tx.reviews.of_submission(found.id)
        holds, shredded_at = tx.holds.of_submission(found.id), tx.submissions.shredded_at(found.id)
    shown = _shown(found, deliveries, review, authority)
    gone = {"shredded_at": shredded_at.isoformat() if shredded_at else None}
    return jsonify(shown | gone | {"holds": [hold_shown(each) for each in holds]})


def _shown(
    found: StoredSubmission, deliveries: list[DeliveryView], review: ReviewView | None, authority: str
) -> dict[str, Any]:
    return {
        "receipt_id": str(found.id),
        "submission_id": found.sender_ref,
        "record_type": found.record_type,
        "submission_kind": found.kind,
        "schema_version": found.schema_version,
        "version": found.version,
        "supersedes": str(found.supersedes) if found.supersedes else None,
        "superseded_by": str(found.superseded_by) if found.superseded_by else None,
        "withdrawn_by": str(found.withdrawn_by) if found.withdrawn_by else None,
        "received_at": found.received_at.isoformat(),
        "warnings": list(found.warnings),
        "deliveries": [_delivery(each, authority) for each in deliveries],
        "review": _review(review) if review else None,
    }


def _delivery(view: DeliveryView, authority: str) -> dict[str, Any]:
    """A delivery in plain words: its state, and when it is not done, why and whose it is."""
    done = view.state is State.DELIVERED
    return {
        "reference": view.reference,
        "kind": view.kind,
        "case_system": services().case_systems.get(authority),
        "state": view.state.value,
        "reason": None if done else view.reason.value,
        "explanation": None if done else _explanation(view),
        "owner": None if done else owner_of(view.reason).value,
        "attempts": view.attempts,
        "record_number": view.record_number,
        "document_number": view.document_number,
        "created_at": view.created_at.isoformat(),
        "changed_at": view.changed_at.isoformat(),
        "delivered_at": view.delivered_at.isoformat() if view.delivered_at else None,
    }


def _explanation(view: DeliveryView) -> str:
    if view.behind_earlier:
        return "Waiting behind an earlier record of the same young person, which is still open."
    return words_for(view.reason)


def _review(review: ReviewView) -> dict[str, Any]:
    return {
        "due_on": review.due_on.isoformat(),
        "window_days": review.window_days,
        "basis": review.basis,
        "status": review.status,
        "raised_at": review.raised_at.isoformat() if review.raised_at else None,
    }
