"""Feedback, supervision and the evaluation's extract."""

from __future__ import annotations

from service.api.openapi.shapes import DAY, FLAG, FREE, MOMENT, TEXT, UUID, json, or_null, page_of, shape

_TAKEN = shape(id=UUID, received_at=MOMENT, replayed=FLAG)
TAKEN_ANSWERS = {201: json("Kept.", _TAKEN), 200: json("Kept before.", _TAKEN)}
_CONSENT = shape(decision=or_null(TEXT), on=or_null(DAY), withdrawn_on=or_null(DAY))
CONSENT = shape(id=UUID, evaluation_consent=_CONSENT, changed=FLAG)
FEEDBACK = page_of(
    "feedback",
    shape(id=UUID, feedback_id=TEXT, given_by=TEXT, given_on=DAY, evaluation_consent=_CONSENT, received_at=MOMENT),
)
SUPERVISIONS = page_of(
    "reflective_supervisions",
    shape(id=UUID, supervision_id=TEXT, held_on=DAY, mode=TEXT, linked=FLAG, received_at=MOMENT),
)
SUPERVISION = {"type": "object", "properties": {"id": UUID}, "required": ["id"]}
"""As it was sent: the body of the POST describes it."""
EXTRACT = page_of("feedback", FREE)
