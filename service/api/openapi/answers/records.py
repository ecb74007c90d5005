"""Receipts, findings, batches and the lists of what stands where."""

from __future__ import annotations

from service.api.openapi.common import A_FAULT
from service.api.openapi.shapes import (
    DAY,
    FLAG,
    MOMENT,
    SHA256,
    TEXT,
    UUID,
    WHOLE,
    by_name,
    listed,
    one_of,
    or_null,
    page_of,
    shape,
)
from service.domain.codes import RECORD_TYPES
from service.domain.delivery import Owner, Reason, State

STATE, REASON, OWNER = one_of(State), one_of(Reason), one_of(Owner)
RECORD_TYPE = one_of(RECORD_TYPES)
_HOLD_MEMBERS = {
    "hold_id": UUID,
    "code": TEXT,
    "pointer": TEXT,
    "detail": TEXT,
    "fix": TEXT,
    "owner": OWNER,
    "raised_at": MOMENT,
    "released_at": or_null(MOMENT),
    "released_by": or_null(TEXT),
}
HOLD = shape(_HOLD_MEMBERS, about="What may not be passed on before a person has looked.")
HOLDS = page_of("holds", shape(_HOLD_MEMBERS, receipt_id=UUID))
ACCESS = shape(
    receipt_id=UUID,
    access=listed(shape(at=MOMENT, by=TEXT, action=TEXT, what=TEXT, saw=FLAG)),
    about="Who saw or touched a record, in order. `saw`: whether words of it were shown.",
)
RELEASED_HOLD = shape(hold_id=UUID, released_by=TEXT)
RECEIPT = shape(
    about="What the sender keeps. `receipt` is signed; /.well-known/wise-bridge-receipts.json has the keys.",
    receipt_id=UUID,
    received_at=MOMENT,
    status_url=TEXT,
    version=WHOLE,
    replayed=FLAG,
    holds=listed(HOLD),
    warnings=listed(A_FAULT),
    receipt=TEXT,
)
FINDINGS = shape(valid=FLAG, errors=listed(A_FAULT), holds=listed(A_FAULT), warnings=listed(A_FAULT))
_ITEM_PROBLEM = shape(optional=("title", "errors"), type=TEXT, title=TEXT, detail=TEXT, errors=listed(A_FAULT))
_ITEM = shape(optional=("receipt", "problem"), index=WHOLE, status=WHOLE, receipt=RECEIPT, problem=_ITEM_PROBLEM)
BATCH = shape(items=listed(_ITEM), counts=shape(received=WHOLE, replayed=WHOLE, refused=WHOLE))
_DELIVERY_MEMBERS = {
    "reference": TEXT,
    "kind": TEXT,
    "case_system": or_null(TEXT),
    "state": STATE,
    "reason": or_null(REASON),
    "explanation": or_null(TEXT),
    "owner": or_null(OWNER),
    "attempts": WHOLE,
    "record_number": or_null(TEXT),
    "document_number": or_null(TEXT),
    "created_at": MOMENT,
    "changed_at": MOMENT,
    "delivered_at": or_null(MOMENT),
}
SUBMISSIONS = shape(
    optional=("cursor",),
    about="`cursor` comes with `changed_since`: the next question begins there.",
    submissions=listed(shape(_DELIVERY_MEMBERS, receipt_id=UUID)),
    cursor=TEXT,
    links=shape(optional=("next",), next=TEXT),
)
_REVIEW = shape(due_on=DAY, window_days=WHOLE, basis=TEXT, status=TEXT, raised_at=or_null(MOMENT))
SUBMISSION = shape(
    receipt_id=UUID,
    submission_id=TEXT,
    record_type=RECORD_TYPE,
    submission_kind=TEXT,
    schema_version=TEXT,
    version=WHOLE,
    supersedes=or_null(UUID),
    superseded_by=or_null(UUID),
    withdrawn_by=or_null(UUID),
    received_at=MOMENT,
    warnings=listed(A_FAULT),
    deliveries=listed(shape(_DELIVERY_MEMBERS)),
    review=or_null(_REVIEW),
    shredded_at=or_null(MOMENT),
    holds=listed(HOLD),
)
DOCUMENTS = shape(documents=by_name(TEXT))
REVIEWS = page_of(
    "reviews",
    shape(
        receipt_id=UUID,
        record_type=RECORD_TYPE,
        anchor_on=DAY,
        due_on=DAY,
        window_days=WHOLE,
        basis=TEXT,
        status=TEXT,
        is_due=FLAG,
        raised_at=or_null(MOMENT),
    ),
)
_ACCEPTED = shape(submission_id=TEXT, receipt_id=UUID, received_at=MOMENT, state=TEXT)
MANIFEST = shape(
    optional=("authority", "day", "sent_by", "closed", "counts", "ids_sha256"),
    about="The totals of the whole day stand on the first page.",
    authority=TEXT,
    day=DAY,
    sent_by=or_null(TEXT),
    closed=FLAG,
    counts=shape(accepted=WHOLE, by_state=by_name(WHOLE)),
    ids_sha256=SHA256,
    submissions=listed(_ACCEPTED),
    links=shape(optional=("next",), next=TEXT),
)
