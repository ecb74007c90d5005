"""Deliveries, orders and lanes as officers see them; packs; and where senders are told."""

from __future__ import annotations

from service.api.openapi.answers.records import OWNER, REASON, RECORD_TYPE, STATE
from service.api.openapi.operation import JSON, Answer
from service.api.openapi.parameters import SAVED_AS
from service.api.openapi.shapes import (
    DAY,
    FLAG,
    FREE,
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
from service.domain.orders import Action
from service.ports.manual import PackState

ITEM_MEMBERS = {
    "reference": TEXT,
    "receipt_id": UUID,
    "kind": TEXT,
    "record_type": RECORD_TYPE,
    "state": STATE,
    "reason": or_null(REASON),
    "explanation": or_null(TEXT),
    "owner": or_null(OWNER),
    "since": MOMENT,
    "age_seconds": WHOLE,
    "too_old": FLAG,
    "attempts": WHOLE,
    "may_have_arrived": FLAG,
    "record_number": or_null(TEXT),
    "document_number": or_null(TEXT),
    "behind": or_null(TEXT),
    "links": shape(self=TEXT),
}
ITEM = shape(ITEM_MEMBERS)
ITEMS = page_of("deliveries", ITEM)
JUDGED = shape(possible=FLAG, leads_to=or_null(STATE), why=or_null(TEXT))
ORDER = shape(
    order_id=UUID,
    batch=or_null(UUID),
    action=one_of(Action),
    reference=or_null(TEXT),
    by=TEXT,
    client=TEXT,
    because=TEXT,
    explanation=TEXT,
    ticket=or_null(TEXT),
    detail=FREE,
    asked_at=MOMENT,
    approved_by=or_null(TEXT),
    approved_at=or_null(MOMENT),
    done_at=or_null(MOMENT),
    outcome=or_null(TEXT),
)
ORDERS, DECIDED = page_of("orders", ORDER), shape(orders=listed(ORDER))
_BREAKER = shape(
    open=FLAG,
    reason=or_null(REASON),
    explanation=or_null(TEXT),
    opened_at=or_null(MOMENT),
    tried_again_at=or_null(MOMENT),
    failures_in_a_row=WHOLE,
)
_LANE_MEMBERS = {
    "hold": TEXT,
    "held_by": or_null(TEXT),
    "because": or_null(TEXT),
    "held_at": or_null(MOMENT),
    "in_flight": WHOLE,
    "breaker": _BREAKER,
    "quiet_until": or_null(MOMENT),
    "swept_at": or_null(MOMENT),
}
LANE = shape(_LANE_MEMBERS, authority=TEXT)
_TRY = shape(
    number=WHOLE, phase=TEXT, outcome=or_null(TEXT), reason=or_null(REASON), started_at=MOMENT, ended_at=or_null(MOMENT)
)
INSPECTED = shape(
    ITEM_MEMBERS,
    note=or_null(TEXT),
    failures=WHOLE,
    lapses=WHOLE,
    workers_lost=WHOLE,
    absences=WHOLE,
    corrected=FLAG,
    withdrawn=FLAG,
    created_at=MOMENT,
    first_sent_at=or_null(MOMENT),
    due_at=MOMENT,
    changed_at=MOMENT,
    delivered_at=or_null(MOMENT),
    sent_through=shape(connector=or_null(TEXT), version=or_null(TEXT), profile_digest=or_null(TEXT)),
    tries=listed(_TRY),
    orders=listed(ORDER),
    lane=shape(_LANE_MEMBERS),
    can=by_name(JUDGED),
)
_DIFFERENCE = shape(
    optional=("now", "before"),
    code=TEXT,
    row=or_null(WHOLE),
    change=or_null(TEXT),
    length=or_null(WHOLE),
    length_before=or_null(WHOLE),
    now=or_null(TEXT),
    before=or_null(TEXT),
)
PREVIEW = shape(
    reference=TEXT,
    kind=TEXT,
    state=STATE,
    would=JUDGED,
    profile_digest=or_null(TEXT),
    last_sent_with=or_null(TEXT),
    compared=TEXT,
    problem=or_null(shape(reason=REASON, explanation=TEXT)),
    answers=listed(_DIFFERENCE),
)
_FITTING = shape(
    reference=TEXT, receipt_id=UUID, state=STATE, reason=REASON, leads_to=or_null(STATE), why_not=or_null(TEXT)
)
REPLAYS = shape(
    action=one_of(Action),
    batch=or_null(UUID),
    dry_run=FLAG,
    matching=WHOLE,
    matching_is_more=FLAG,
    listed=WHOLE,
    digest=SHA256,
    deliveries=listed(_FITTING),
)
PACK = shape(
    reference=TEXT,
    receipt_id=UUID,
    state=one_of(PackState),
    kind=TEXT,
    record_type=RECORD_TYPE,
    form=or_null(TEXT),
    about_number=or_null(TEXT),
    inbox=TEXT,
    due_on=or_null(DAY),
    withdrawn=FLAG,
    handed_over_at=MOMENT,
    taken_by=or_null(TEXT),
    taken_at=or_null(MOMENT),
    record_number=or_null(TEXT),
    document_number=or_null(TEXT),
    confirmed_by=or_null(TEXT),
    confirmed_at=or_null(MOMENT),
    refused=or_null(shape(reason=REASON, explanation=TEXT)),
    refused_by=or_null(TEXT),
    refused_at=or_null(MOMENT),
    links=shape(optional=("sheet", "document"), sheet=TEXT, document=TEXT),
)
PACKS = page_of("packs", PACK)
SHEET = shape(
    optional=("form", "about_number"),
    reference=TEXT,
    kind=TEXT,
    title=TEXT,
    form=TEXT,
    about_number=TEXT,
    restricted=FLAG,
    to_do=listed(TEXT),
    checks=listed(shape(code=TEXT, label=TEXT, value=TEXT)),
    lines=listed(shape(code=TEXT, row=or_null(WHOLE), label=TEXT, words=TEXT, quoted=FLAG)),
    document=FLAG,
)
SHEET_ANSWER = Answer(
    "Field by field what to type, in the form that Accept asks for.",
    {"text/html": TEXT, "text/csv": TEXT, JSON: SHEET},
    {"Content-Disposition": SAVED_AS, "Vary": "Accept."},
)
_WEBHOOK = shape(
    number=WHOLE,
    name=TEXT,
    host=TEXT,
    state=one_of(("on", "paused")),
    alarm=FLAG,
    reason=or_null(TEXT),
    explanation=or_null(TEXT),
    paused_by=or_null(TEXT),
    paused_note=or_null(TEXT),
    paused_at=or_null(MOMENT),
    failures_in_a_row=WHOLE,
    failing_since=or_null(MOMENT),
    waiting=WHOLE,
    oldest_waiting_at=or_null(MOMENT),
    given_up=WHOLE,
    given_up_at=or_null(MOMENT),
    given_up_answer=or_null(TEXT),
    made_by=TEXT,
    made_at=MOMENT,
    secret_changed_at=or_null(MOMENT),
    former_secret_until=or_null(MOMENT),
)
WEBHOOKS = shape(webhooks=listed(_WEBHOOK))
