"""The analysis, the two statements, which are thrown apart from each other, and the support plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.domain import codes
from service.samples.banks import tables
from service.samples.dice import known
from service.samples.draft import Draft
from service.samples.people import age_of

_SETTLED = "no_known_risk_or_manageable"
_DOMAINS = ("home", "school_or_learning", "professionals")
_UNDER_16 = [code for code in codes.EDUCATION_TRAINING_EMPLOYMENT if code.islower()]
_SIXTEEN_PLUS = [code for code in codes.EDUCATION_TRAINING_EMPLOYMENT if not code.islower()]


def analysis(draft: Draft) -> str:
    """Strengths first, then what is happening and who does it, then what is not known."""
    return draft.teller.text(
        "statements.analysis.opening", f"statements.analysis.{draft.statement}", "statements.analysis.closing"
    )


def exploitation(draft: Draft, agencies: list[str]) -> dict[str, Any]:
    """The statement. `agencies` are those that may see it differently."""
    dice = draft.dice
    basis = dice.choice(codes.EXPLOITATION_BASIS) if draft.statement == _SETTLED else None
    told_basis = basis if dice.happens(0.7) else None
    return known(
        category=draft.statement,
        basis=told_basis,
        forms=_forms(draft, basis),
        narrative=draft.teller.text(f"statements.exploitation.{basis or draft.statement}"),
        decided_by_ref=draft.assessor["professional_ref"],
        dissent=dice.perhaps(0.2, lambda: _dissent(draft, agencies)) if agencies else None,
    )


def _forms(draft: Draft, basis: str | None) -> list[str] | None:
    dice = draft.dice
    if basis == "no_known_risk":
        return dice.perhaps(0.3, list)
    if dice.happens(0.1):
        return ["not_yet_known"]
    forms = dice.some(codes.EXPLOITATION_FORMS[:-1], 1, 3)
    return forms if basis is None or dice.happens(0.6) else None


def _dissent(draft: Draft, agencies: list[str]) -> list[dict[str, Any]]:
    return [
        {"agency": agency, "text": draft.teller.line("statements.exploitation.dissent")}
        for agency in draft.dice.some(agencies, 1, 2)
    ]


def stability(draft: Draft) -> dict[str, Any]:
    """Three narratives and no level."""
    overall = draft.dice.perhaps(0.4, lambda: draft.teller.text("statements.stability.overall"))
    return known(**{name: _domain(draft, name) for name in _DOMAINS}, overall_narrative=overall)


def _domain(draft: Draft, name: str) -> dict[str, Any]:
    if draft.dice.happens(0.08) and (name == "professionals" or age_of(draft) >= 16):
        reason = draft.teller.line(f"statements.stability.not_applicable_{name}")
        return {"applicable": "not_applicable", "not_applicable_reason": reason}
    told = draft.dice.perhaps(0.8, lambda: "yes")
    return known(applicable=told, narrative=draft.teller.text(f"statements.stability.{name}"))


def support_plan(draft: Draft) -> dict[str, Any] | None:
    """Up to as many things as the authority allows, and at a review sometimes what has come to an end.

    Where nothing is planned although harm is feared, the plan says when it will follow.
    """
    cap = draft.setting.policy.plan_items_max
    needed = draft.statement != _SETTLED
    if not needed and draft.dice.happens(0.15):
        return None
    later = draft.dice.happens(0.08) or (cap < 1 and needed)
    kinds = draft.dice.sample(tables("support.items"), min(6, cap, draft.dice.randint(1 if needed else 0, 6)))
    items = [] if later else [_item(draft, number, kind) for number, kind in enumerate(kinds, 1)]
    if items and draft.is_review and draft.dice.happens(0.4):
        items.append(_ended(draft, len(items) + 1))
    return known(items=items, follows_on=_days_on(draft, 5, 28) if later else None)


def _item(draft: Draft, number: int, kind: dict[str, Any]) -> dict[str, Any]:
    dice, teller = draft.dice, draft.teller
    dated = dice.happens(0.6)
    return known(
        item_ref=dice.perhaps(0.5, lambda: f"p{number}"),
        what=_filled(draft, kind),
        who_will=dice.choice((*kind["who"], draft.assessor["professional_ref"])),
        by_when=_days_on(draft, 3, 85) if dated else None,
        ongoing=None if dated else dice.perhaps(0.7, lambda: True),
        area=dice.perhaps(0.7, lambda: kind["area"]),
        young_person_agrees=dice.perhaps(0.7, lambda: dice.choice(codes.PLAN_AGREES)),
        term=dice.perhaps(0.4, lambda: dice.choice(codes.PLAN_TERMS)),
        action_code=dice.perhaps(0.3, lambda: dice.choice(kind["codes"])),
        status=dice.perhaps(0.5, lambda: dice.choice(("proposed", "active"))),
        how_we_will_know=dice.perhaps(0.5, lambda: teller.line("support.plan.how")),
    )


def _ended(draft: Draft, number: int) -> dict[str, Any]:
    """Something of the last plan. A referral by a first responder is not among what samples say was done."""
    kind = draft.dice.choice([each for each in tables("support.items") if "nrm_first_responder" not in each["codes"]])
    status = draft.dice.choice(("done", "not_taken_forward"))
    return {
        "item_ref": f"p{number}",
        "what": f"From the last plan: {_filled(draft, kind)}",
        "who_will": draft.dice.choice(kind["who"]),
        "status": status,
        "status_reason": draft.teller.line(f"support.plan.reason_{'done' if status == 'done' else 'dropped'}"),
    }


def _filled(draft: Draft, kind: dict[str, Any]) -> str:
    return draft.teller.filled(draft.dice.choice(kind["what"]))


def _days_on(draft: Draft, low: int, high: int) -> str:
    return (draft.completed_on + timedelta(days=draft.dice.randint(low, high))).isoformat()


def evaluation_outcome(draft: Draft) -> dict[str, Any] | None:
    """How things stand at a review; the lists for learning and work differ below and from sixteen."""
    if not (draft.is_review and draft.has("1.1") and draft.dice.happens(0.7)):
        return None
    listed = _SIXTEEN_PLUS if age_of(draft) >= 16 else _UNDER_16
    return known(
        education_training_employment=draft.dice.perhaps(0.9, lambda: draft.dice.choice(listed)),
        young_person_feedback_given=draft.dice.perhaps(0.8, lambda: draft.dice.choice(codes.YES_NO_NOT_KNOWN)),
    )
