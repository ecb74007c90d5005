"""How the young person and their carers took part, what they agreed to share, and the panel's and review's parts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.domain import codes
from service.domain.london import add_months
from service.samples.banks import phrases
from service.samples.dice import known
from service.samples.draft import Draft
from service.samples.people import age_of

PANEL = "Staying Safe"
"""The panel's name, where the authority lists none of its own."""

_HEARD = ("PN1", "PN2", "PN3", "PN5", "PN6", "wise_conversation")
_NOT_HEARD = {
    "not_ready": ("PN4", "PN5"),
    "in_crisis": ("PN7",),
    "declined": ("PN4", "PN7"),
    "not_seen": ("PN7",),
    "communication_need_not_met": ("PN3", "PN4"),
}


def carers(draft: Draft) -> dict[str, Any]:
    """Whether it is safe to involve the carers, and why not: said the same wherever a record asks for it."""
    safe = draft.dice.choice(("yes", "yes", "yes", "no", "unknown"))
    bank = {"no": "areas.family_friends.not_safe", "unknown": "areas.family_friends.unclear"}.get(safe)
    return known(safe_to_involve=safe, reason=draft.teller.line(bank) if bank else None)


def participation(draft: Draft, safe: dict[str, Any], own_words: dict[str, Any]) -> dict[str, Any]:
    """The block. `safe` is `carers(draft)`; `own_words` the young person's area, whose sharing choices it keeps."""
    dice = draft.dice
    return known(
        young_person=_young_person(draft, own_words.get("own_words_reason")),
        core_questions=dice.perhaps(0.3, lambda: _core_questions(draft)),
        parent_carer=dice.perhaps(0.85, lambda: _parent_carer(draft, safe)),
        friends_invited=dice.perhaps(0.4, lambda: dice.choice(codes.YES_NO_NOT_KNOWN)),
        interpreter_used=dice.perhaps(0.3, lambda: dice.happens(0.3)),
        communication_needs=dice.perhaps(0.3, lambda: draft.teller.line("support.participation.needs")),
        evaluation_consent=dice.perhaps(0.6, lambda: _evaluation_consent(draft)),
        sharing=dice.perhaps(0.6, lambda: _sharing(draft, own_words.get("own_words", []))),
    )


def _young_person(draft: Draft, no_words: str | None) -> dict[str, Any]:
    dice, teller = draft.dice, draft.teller
    told = [dice.choice(("yes", "yes", "yes", "no")) for _ in range(2)]
    why = teller.line("support.participation.not_told") if "no" in told else None
    return known(
        method=dice.choice(_NOT_HEARD[no_words] if no_words else _HEARD),
        told_worried=told[0] if why or dice.happens(0.8) else None,
        told_how_information_used=told[1] if why or dice.happens(0.8) else None,
        not_told_reason=why,
        views_of_process=dice.perhaps(0.4, lambda: teller.phrase("own_words.process.views")),
    )


def _core_questions(draft: Draft) -> list[dict[str, Any]]:
    keys = draft.dice.some(phrases("own_words.process.question_keys"), 1, 3)
    return [{"question_key": key, "answer_text": draft.teller.phrase("own_words.process.answers")} for key in keys]


def _parent_carer(draft: Draft, safe: dict[str, Any]) -> dict[str, Any]:
    asked = draft.dice.choice(codes.CARER_METHODS[:-1])
    same_reason = {"reason": f"As said under family and friends. {safe['reason']}"} if "reason" in safe else {}
    if safe["safe_to_involve"] != "yes":
        return {"method": "none", **safe, **same_reason}
    return known(method=draft.dice.perhaps(0.9, lambda: asked), **safe)


def _evaluation_consent(draft: Draft) -> dict[str, Any]:
    decision = draft.dice.choice(codes.CONSENT)
    if decision == "not_asked":
        return {"young_person": decision}
    on = draft.before(10)
    withdrawn = draft.dice.perhaps(0.25, lambda: draft.after(30)) if decision == "given" else None
    return known(
        young_person=decision,
        assent_or_consent="consent" if age_of(draft) >= 16 else "assent",
        by_whom=draft.assessor["professional_ref"],
        form_version=draft.dice.perhaps(
            0.7, lambda: f"evaluation/{draft.dice.choice(('easy-read', '2026.1', '2026.2'))}"
        ),
        on=on,
        withdrawn_on=withdrawn,
    )


def _sharing(draft: Draft, own_words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One decision for each section and audience at most; what was to stay between us is never agreed for a carer."""
    pairs = [(section, audience) for section in codes.SHARING_SECTIONS for audience in codes.SHARING_AUDIENCES]
    family_may_read = all(each["sharing"] == "ok_with_family" for each in own_words)
    return [
        _decision(draft, section, audience, agreeable=family_may_read or audience != "parent_carer")
        for section, audience in draft.dice.some(pairs, 1, 4)
    ]


def _decision(draft: Draft, section: str, audience: str, *, agreeable: bool) -> dict[str, Any]:
    own = section in ("own_words", "young_person")
    decisions = codes.SHARING_DECISIONS if agreeable or not own else codes.SHARING_DECISIONS[1:]
    decision = draft.dice.choice(decisions)
    if decision == "overridden_for_safety":
        reason: str | None = draft.teller.line("support.participation.override")
    else:
        reason = draft.dice.perhaps(0.3, lambda: draft.teller.line("support.participation.sharing_reason"))
    return known(section=section, audience=audience, decision=decision, reason=reason)


def panel_referral(draft: Draft) -> dict[str, Any]:
    """A judgement and why."""
    decision = draft.dice.choice(codes.PANEL_DECISIONS)
    decided = decision != "not_considered"
    names = draft.setting.policy.panels or (PANEL,)
    return known(
        panel_name=draft.dice.choice(names) if decided and draft.dice.happens(0.8) else None,
        decision=decision,
        rationale=draft.teller.text(f"statements.panel.{decision}"),
        decided_by_ref=draft.assessor["professional_ref"] if decided else None,
        decided_on=draft.after(5) if decided and draft.dice.happens(0.8) else None,
    )


def review(draft: Draft, basis: str) -> dict[str, Any]:
    """The next review. A date is given only where it still lies ahead, and within the authority's interval.

    After an event it may not be later than what an earlier record planned (rule R4). A sample does not know what that
    was, so that where young people have several records the bridge is left to work it out.
    """
    policy, after_event = draft.setting.policy, basis in ("event", "change")
    due = add_months(draft.completed_on, policy.review_months)
    if after_event:
        due = draft.dice.day(draft.completed_on + timedelta(days=14), due)
    ahead = due >= draft.setting.today and "involvement_ended_on" not in draft.young_person
    given = ahead and draft.dice.happens(0.9) and not (after_event and draft.setting.children)
    return known(
        basis=basis,
        due_on=due.isoformat() if given else None,
        window_days=draft.dice.perhaps(0.6, lambda: policy.review_window_days),
    )
