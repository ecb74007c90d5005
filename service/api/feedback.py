"""`/v1/feedback`: core questions and feedback in somebody's own words, and whether an evaluation may use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify

from service.api.guard import caller, needs
from service.api.openapi import tells
from service.api.openapi.answers.participation import CONSENT, TAKEN_ANSWERS
from service.api.openapi.answers.participation import FEEDBACK as FEEDBACK_LIST
from service.api.openapi.bodies import body_of
from service.api.openapi.parameters import NEXT, PAGED
from service.api.openapi.shapes import json
from service.api.own_items import judged_body, own_authority, taken_answer
from service.api.paging import only_parameters, page_limit, page_of, since_moment
from service.api.parsing import uuid_of
from service.api.schemas.structure import build_schema
from service.api.services import services
from service.domain.faults import Fault
from service.domain.participation.consent import EVALUATION_CONSENT, Consent, consent_faults
from service.domain.participation.feedback import FEEDBACK, feedback_faults
from service.ports.participation import FeedbackView

blueprint = Blueprint("feedback", __name__, url_prefix="/v1/feedback")
_FEEDBACK, _CONSENT = build_schema(FEEDBACK), build_schema(EVALUATION_CONSENT)


@blueprint.post("")
@needs("records:write")
@tells(TAKEN_ANSWERS, query=(), body=body_of("Feedback", _FEEDBACK), problems=(403, 409))
def post_feedback() -> Response:
    """Keeps it, sealed. Whatever was answered about the evaluation, the words are taken."""
    only_parameters(())
    sent = judged_body(_FEEDBACK, feedback_faults)
    client = caller()
    return taken_answer(services().feedback.take(sent, authority=client.authority, client_id=client.client_id))


@blueprint.get("")
@needs("records:read")
@tells({200: json("A page, in order of arrival.", FEEDBACK_LIST, Link=NEXT)}, query=PAGED)
def list_feedback() -> Response:
    """In order of arrival: ids, days, who gave it and what holds about the evaluation. Never the words."""
    only_parameters({"cursor", "limit"})
    limit = page_limit()
    after = since_moment()
    with services().casework.transaction(own_authority()) as tx:
        found = tx.feedback.page(after=after, limit=limit + 1)
    return page_of("feedback", found, limit, _shown, lambda each: (each.received_at, each.id))


@blueprint.post("/<feedback_id>/consent")
@needs("records:write")
@tells(
    {200: json("What holds now.", CONSENT)},
    query=(),
    body=body_of("EvaluationConsent", _CONSENT),
    problems=(410,),
)
def post_consent(feedback_id: str) -> Response:
    """Notes an answer, or that one was taken back; says what holds now."""
    only_parameters(())
    said, client = judged_body(_CONSENT, _change_faults), caller()
    wanted = uuid_of(feedback_id, "There is no such feedback.")
    noted = services().feedback.note_consent(wanted, said, authority=client.authority, client_id=client.client_id)
    return jsonify({"id": str(wanted), "evaluation_consent": _consent(noted.consent), "changed": noted.changed})


def _change_faults(said: Mapping[str, Any], today: date) -> Iterable[Fault]:
    return consent_faults(said, today, changes=True)


def _shown(view: FeedbackView) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "feedback_id": view.sender_ref,
        "given_by": view.given_by,
        "given_on": view.given_on.isoformat(),
        "evaluation_consent": _consent(view.consent),
        "received_at": view.received_at.isoformat(),
    }


def _consent(consent: Consent) -> dict[str, str | None]:
    """`null` where nothing was said: that is neither a yes nor a no."""
    return {
        "decision": consent.decision,
        "on": consent.on.isoformat() if consent.on else None,
        "withdrawn_on": consent.withdrawn_on.isoformat() if consent.withdrawn_on else None,
    }
