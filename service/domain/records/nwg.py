"""The NWG assessment: narrative child sexual exploitation assessment with one opinion (NWG, 2017; model 3.7)."""

from service.domain import codes
from service.domain.fields import Field, Group, Klass, Text
from service.domain.records.common import (
    ENVELOPE,
    PANEL_REFERRAL,
    PARTICIPATION,
    REVIEW,
    RISK_SUBJECT,
    TRAINING_EXCEPTION,
    YOUNG_PERSON,
)
from service.domain.records.shorthand import coded, flag, group, many, narrative, on, professional

QUESTIONS = (
    "trafficking",
    "learning_disability",
    "other_children_at_risk_or_exploited",
    "risky_locations",
    "alleged_perpetrators",
)


def _views(*, words: bool) -> dict[str, Field]:
    names = ("needs_and_risks", "short_term_want", "long_term_want")
    klass = Klass.NARRATIVE if words else Klass.THIRD_PARTY
    return {name: Text(klass=klass, words=words) for name in names}


def _question() -> Group:
    return group(
        required=True,
        answer=coded(codes.YES_NO_NOT_KNOWN, required=True),
        detail=narrative(klass=Klass.THIRD_PARTY),
    )


NWG_ASSESSMENT: Group = Group(
    fields={
        **ENVELOPE,
        "young_person": YOUNG_PERSON,
        "completed_on": on(required=True),
        "assessor": professional(required=True),
        "supporting": many(professional()),
        "child_views": Group(fields=_views(words=True), required=True),
        "carer_views": Group(fields=_views(words=False)),
        "strengths_and_protective": narrative(),
        "analysis": narrative(required=True),
        "professional_opinion": coded(codes.NWG_OPINIONS, required=True),
        "on_balance_of_probability": flag(required=True, only_true=True),
        "other_forms_noted": many(coded(codes.EXPLOITATION_FORMS)),
        "questions": Group(fields={name: _question() for name in QUESTIONS}, required=True),
        "plan": group(
            required=True,
            short_term=narrative(),
            long_term=narrative(),
            how_will_you_know=narrative(required=True),
            professional_support_needed=narrative(required=True),
        ),
        "actions": many(
            group(
                code=coded(codes.NWG_ACTIONS, required=True),
                status=coded(codes.PLAN_STATUS),
                text=narrative(),
            )
        ),
        "explained_to_child": group(
            required=True,
            told_worried=coded(codes.YES_NO),
            told_what_happens_next=coded(codes.YES_NO),
            on=on(),
            reason_not=narrative(),
        ),
        "panel_referral": PANEL_REFERRAL,
        "participation": PARTICIPATION,
        "review": REVIEW,
        "risk_subjects": many(RISK_SUBJECT),
        "training_exception": TRAINING_EXCEPTION,
    }
)
