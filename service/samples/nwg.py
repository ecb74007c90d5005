"""The NWG assessment: the young person's and the carers' views, one opinion, and answers that may be "not known"."""

from __future__ import annotations

from typing import Any

from service.domain import codes
from service.domain.records.nwg import QUESTIONS
from service.samples import participation
from service.samples.dice import known
from service.samples.draft import Draft
from service.samples.envelope import envelope, training_exception
from service.samples.people import has_learning_disability, young_person
from service.samples.risk import risk_subjects

_NO_FORMS = ("no_concern_or_age_appropriate", "vulnerable_to_cse")
_NOT_DONE_HERE = "nrm_first_responder"


def nwg_assessment(draft: Draft) -> dict[str, Any]:
    """One record."""
    dice, teller = draft.dice, draft.teller
    draft.young_person = young_person(draft)
    safe, answers = participation.carers(draft), _answers(draft)
    named_apart = answers["alleged_perpetrators"] == "yes" or dice.happens(0.15)
    risk = risk_subjects(draft, safe) if named_apart else None
    return {
        **envelope(draft),
        "young_person": draft.young_person,
        "completed_on": draft.completed_on.isoformat(),
        "assessor": draft.assessor,
        **known(supporting=dice.perhaps(0.5, draft.team.supporting)),
        "child_views": _child_views(draft),
        **known(
            carer_views=_carer_views(draft) if safe["safe_to_involve"] == "yes" and dice.happens(0.8) else None,
            strengths_and_protective=dice.perhaps(0.8, lambda: teller.text("support.nwg.strengths")),
        ),
        "analysis": teller.text(
            "statements.analysis.opening", f"support.nwg.{draft.statement}", "statements.analysis.closing"
        ),
        "professional_opinion": draft.statement,
        "on_balance_of_probability": True,
        **known(other_forms_noted=_other_forms(draft)),
        "questions": {name: _question(draft, name, answers[name]) for name in QUESTIONS},
        "plan": _plan(draft),
        **known(actions=dice.perhaps(0.8, lambda: _actions(draft))),
        "explained_to_child": _explained(draft),
        **known(
            panel_referral=dice.perhaps(0.5, lambda: participation.panel_referral(draft)),
            participation=dice.perhaps(0.8, lambda: participation.participation(draft, safe, {})),
            review=dice.perhaps(0.8, lambda: participation.review(draft, _basis(draft))),
            risk_subjects=risk,
            training_exception=training_exception(draft),
        ),
    }


def _basis(draft: Draft) -> str:
    return "three_monthly" if draft.is_review else "initial"


def _child_views(draft: Draft) -> dict[str, Any]:
    names = ["needs_and_risks", *draft.dice.some(("short_term_want", "long_term_want"), 1, 2)]
    return {name: " ".join(draft.teller.phrase(f"own_words.nwg.{name}") for _ in range(2)) for name in names}


def _carer_views(draft: Draft) -> dict[str, Any]:
    bank, dice = "support.nwg", draft.dice
    return known(
        needs_and_risks=draft.teller.text(f"{bank}.carer_needs"),
        short_term_want=dice.perhaps(0.7, lambda: draft.teller.line(f"{bank}.carer_short")),
        long_term_want=dice.perhaps(0.7, lambda: draft.teller.line(f"{bank}.carer_long")),
    )


def _other_forms(draft: Draft) -> list[str] | None:
    """Other exploitation is named where that is the opinion; it may stand beside three of the other boxes, too."""
    if draft.statement == "other_exploitation":
        return draft.dice.some(codes.EXPLOITATION_FORMS[1:-1], 1, 3)
    if draft.statement in _NO_FORMS:
        return draft.dice.perhaps(0.2, list)
    return draft.dice.perhaps(0.4, lambda: draft.dice.some(codes.EXPLOITATION_FORMS[1:], 1, 2))


def _answers(draft: Draft) -> dict[str, str]:
    """Yes, no or not known; a learning disability that is recorded is not denied here."""
    answers = {name: draft.dice.choice(codes.YES_NO_NOT_KNOWN) for name in QUESTIONS}
    if has_learning_disability(draft):
        answers["learning_disability"] = "yes"
    return answers


def _question(draft: Draft, name: str, answer: str) -> dict[str, Any]:
    """People are described in the restricted part, so that no detail stands beside the answer about them."""
    bank = {"yes": f"support.nwg.{name}", "not_known": "support.nwg.not_known"}.get(answer)
    may_tell = bank is not None and not (name == "alleged_perpetrators" and answer == "yes")
    return known(answer=answer, detail=draft.teller.line(str(bank)) if may_tell and draft.dice.happens(0.6) else None)


def _plan(draft: Draft) -> dict[str, Any]:
    """One of the first two at least, and both of the others (rule N2)."""
    shown = draft.dice.choice((("short_term",), ("long_term",), ("short_term", "long_term")))
    banks = {"short_term": "plan_short", "long_term": "plan_long"}
    return {
        **{name: draft.teller.text(f"support.nwg.{banks[name]}") for name in shown},
        "how_will_you_know": draft.teller.text("support.nwg.plan_know"),
        "professional_support_needed": draft.teller.text("support.nwg.plan_support"),
    }


def _actions(draft: Draft) -> list[dict[str, Any]]:
    """Two to six of the tool's actions. That a first responder has referred is not among what samples say was done."""
    return [_action(draft, code) for code in draft.dice.some(codes.NWG_ACTIONS, 2, 6)]


def _action(draft: Draft, code: str) -> dict[str, Any]:
    dice = draft.dice
    statuses = [each for each in codes.PLAN_STATUS if code != _NOT_DONE_HERE or each != "done"]
    says = code == "other" or dice.happens(0.3)
    return known(
        code=code,
        status=dice.perhaps(0.8, lambda: dice.choice(statuses)),
        text=draft.teller.line("support.nwg.action") if says else None,
    )


def _explained(draft: Draft) -> dict[str, Any]:
    """Both told, and when; or why not yet."""
    if draft.dice.happens(0.75):
        day = draft.dice.perhaps(0.9, lambda: draft.before(5))
        return known(told_worried="yes", told_what_happens_next="yes", on=day)
    told = draft.dice.choice(codes.YES_NO)
    reason = draft.teller.line("support.nwg.not_explained")
    return {"told_worried": told, "told_what_happens_next": "no", "reason_not": reason}
