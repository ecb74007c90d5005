"""The WISE assessment: first or review, for each of the reasons to look again."""

from __future__ import annotations

from typing import Any

from service.domain import codes
from service.samples import participation, statements
from service.samples.areas import areas
from service.samples.dice import known
from service.samples.draft import Draft
from service.samples.envelope import envelope, training_exception
from service.samples.people import young_person
from service.samples.risk import risk_subjects

_EVENT, _CHANGE = "significant_event", "change_in_circumstances"
_BASES = {"initial": ("initial",), "scheduled": ("three_monthly",), _EVENT: ("event", "three_monthly"),
          _CHANGE: ("change", "three_monthly")}  # fmt: skip


def wise_assessment(draft: Draft) -> dict[str, Any]:
    """One record."""
    dice = draft.dice
    draft.young_person = young_person(draft)
    safe = participation.carers(draft)
    risk = dice.perhaps(1 / 3, lambda: risk_subjects(draft, safe))
    supporting = dice.perhaps(0.6, draft.team.supporting)
    trigger = dice.choice(codes.REVIEW_TRIGGERS[1:]) if draft.is_review else "initial"
    looked_at = areas(draft, safe, risk or [])
    authorised = dice.happens(0.5)
    return {
        **envelope(draft),
        "young_person": draft.young_person,
        "completed_on": draft.completed_on.isoformat(),
        "first_or_review": "review" if draft.is_review else "first",
        "review_trigger": trigger,
        **_why_now(draft, trigger),
        "assessor": draft.assessor,
        **known(
            supporting=supporting,
            authorised_by=draft.team.manager() if authorised else None,
            authorised_on=draft.after(5) if authorised else None,
        ),
        "areas": looked_at,
        "analysis_narrative": statements.analysis(draft),
        "exploitation": statements.exploitation(draft, sorted({each["agency"] for each in supporting or []})),
        "stability": statements.stability(draft),
        **known(support_plan=statements.support_plan(draft)),
        "panel_referral": participation.panel_referral(draft),
        "participation": participation.participation(draft, safe, looked_at["young_person"]),
        "review": participation.review(draft, dice.choice(_BASES[trigger])),
        **known(
            risk_subjects=risk,
            evaluation_outcome=statements.evaluation_outcome(draft),
            training_exception=training_exception(draft),
        ),
    }


def _why_now(draft: Draft, trigger: str) -> dict[str, Any]:
    """The event a review answers to; a change may be told instead."""
    if trigger == _CHANGE and draft.dice.happens(0.5):
        return {"change_in_circumstances": draft.teller.line("support.review.reason")}
    if trigger not in (_EVENT, _CHANGE):
        return {}
    events = [_event(draft, f"ev-{number}") for number in range(1, draft.dice.randint(2, 3))]
    return {"significant_event_ref": "ev-1", "significant_events": events}


def _event(draft: Draft, reference: str) -> dict[str, Any]:
    dice = draft.dice
    happened, known_on, recorded = sorted(draft.before(20) for _ in range(3))
    return known(
        ref=reference,
        event_type=dice.choice(codes.EVENT_TYPES),
        happened_on=happened,
        known_on=dice.perhaps(0.8, lambda: known_on),
        recorded_on=dice.perhaps(0.8, lambda: recorded),
        summary=dice.perhaps(0.6, lambda: draft.teller.line("support.review.summary")),
        reported_by_ref=dice.perhaps(0.5, lambda: draft.assessor["professional_ref"]),
        makes_review_due="yes" if reference == "ev-1" else dice.perhaps(0.7, lambda: dice.choice(codes.YES_NO)),
        reason=dice.perhaps(0.4, lambda: draft.teller.line("support.review.reason")),
    )
