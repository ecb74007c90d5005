"""The WISE assessment: the written, strengths-based form (Stockport's Pen Picture/Passport; model 3.3)."""

from service.domain import codes
from service.domain.fields import Group, Klass
from service.domain.records.assessment import AREAS, EVALUATION_OUTCOME, EXPLOITATION, STABILITY, SUPPORT_PLAN
from service.domain.records.common import (
    ENVELOPE,
    PANEL_REFERRAL,
    PARTICIPATION,
    REVIEW,
    RISK_SUBJECT,
    TRAINING_EXCEPTION,
    YOUNG_PERSON,
)
from service.domain.records.shorthand import coded, group, many, narrative, on, professional, ref
from service.domain.records.variants import required, since

SIGNIFICANT_EVENT: Group = group(
    ref=ref(required=True),
    event_type=coded(codes.EVENT_TYPES, required=True),
    happened_on=on(required=True),
    known_on=on(),
    recorded_on=on(),
    summary=narrative(),
    reported_by_ref=ref(klass=Klass.PROFESSIONAL),
    makes_review_due=coded(codes.YES_NO),
    reason=narrative(),
)

WISE_ASSESSMENT: Group = Group(
    fields={
        **ENVELOPE,
        "young_person": YOUNG_PERSON,
        "completed_on": on(required=True),
        "first_or_review": coded(codes.FIRST_OR_REVIEW, required=True),
        "review_trigger": coded(codes.REVIEW_TRIGGERS, required=True),
        "significant_event_ref": ref(),
        "significant_events": many(SIGNIFICANT_EVENT),
        "change_in_circumstances": narrative(),
        "assessor": professional(required=True),
        "supporting": many(professional()),
        "authorised_by": professional(),
        "authorised_on": on(),
        "areas": AREAS,
        "analysis_narrative": narrative(required=True),
        "exploitation": EXPLOITATION,
        "stability": STABILITY,
        "support_plan": SUPPORT_PLAN,
        "panel_referral": required(PANEL_REFERRAL),
        "participation": required(PARTICIPATION),
        "review": required(REVIEW),
        "risk_subjects": many(RISK_SUBJECT),
        "evaluation_outcome": since("1.1", EVALUATION_OUTCOME),
        "training_exception": TRAINING_EXCEPTION,
    }
)
