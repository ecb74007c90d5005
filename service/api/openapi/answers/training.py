"""The training register."""

from __future__ import annotations

from service.api.openapi.common import A_FAULT
from service.api.openapi.shapes import DAY, MOMENT, TEXT, UUID, WHOLE, by_name, listed, one_of, or_null, page_of, shape
from service.domain.training.record import COURSES
from service.ports.training import Outcome

OUTCOME = one_of((*Outcome, "refused"))
REGISTERED = shape(id=UUID, outcome=OUTCOME)
_RESULT = shape(
    optional=("item", "row", "id", "errors"),
    item=WHOLE,
    row=WHOLE,
    status=WHOLE,
    outcome=OUTCOME,
    id=UUID,
    errors=listed(A_FAULT),
)
RESULTS = shape(counts=by_name(WHOLE), results=listed(_RESULT))
RECORDS = page_of(
    "training_records",
    shape(
        id=UUID,
        authority=TEXT,
        professional_ref=TEXT,
        course=one_of(COURSES),
        topics=listed(TEXT),
        delivered_by=TEXT,
        trainer_ref=or_null(TEXT),
        mode=or_null(TEXT),
        training_version=or_null(TEXT),
        attended_on=DAY,
        evaluation_completed_on=or_null(DAY),
        valid_until=or_null(DAY),
        revoked_on=or_null(DAY),
        registered_at=MOMENT,
        registered_by=TEXT,
    ),
)
