"""The RISE meeting output: what a multi-agency meeting captured about one young person (Salford; model 3.4)."""

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
from service.domain.records.shorthand import coded, flag, group, many, narrative, on, professional, ref
from service.domain.records.variants import required, since

RISE_MEETING_OUTPUT: Group = Group(
    fields={
        **ENVELOPE,
        "young_person": YOUNG_PERSON,
        "meeting_on": on(required=True),
        "format": coded(codes.RISE_FORMATS, required=True),
        "secure_format_confirmed": flag(required=True, only_true=True),
        "meeting_ref": ref(),
        "attached_to": group(
            required=True,
            process=coded(codes.RISE_PROCESSES, required=True),
            process_ref=ref(),
            process_other=narrative(klass=Klass.OPERATIONAL),
        ),
        "facilitator": professional(required=True),
        "data_capture_by": professional(required=True),
        "attendees": many(professional(), required=True, low=1),
        "invited_absent": many(
            group(agency=coded(codes.AGENCIES, required=True, klass=Klass.PROFESSIONAL), reason=narrative())
        ),
        "capture_agreed_on": on(),
        "contributions": many(
            group(
                attendee_ref=ref(required=True, klass=Klass.PROFESSIONAL),
                area=coded(codes.AREAS, required=True),
                text=narrative(required=True),
            )
        ),
        "areas": AREAS,
        "analysis_narrative": narrative(required=True),
        "exploitation": EXPLOITATION,
        "stability": STABILITY,
        "support_plan": SUPPORT_PLAN,
        "panel_referral": PANEL_REFERRAL,
        "reflection_in_meeting": narrative(),
        "participation": required(PARTICIPATION),
        "review": required(REVIEW),
        "risk_subjects": many(RISK_SUBJECT),
        "evaluation_outcome": since("1.1", EVALUATION_OUTCOME),
        "training_exception": TRAINING_EXCEPTION,
    }
)
