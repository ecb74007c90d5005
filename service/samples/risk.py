"""People, groups, places and online spaces that may pose risk: described, never named (domain model, 3.8)."""

from __future__ import annotations

from typing import Any

from service.domain import codes
from service.samples.dice import known
from service.samples.draft import Draft

_FAMILY = ("family_member", "carer")
_RELATIONSHIPS = {
    "person": ("peer_child", "adult_known", "adult_known", "adult_unknown", "adult_unknown"),
    "group": ("group", "adult_unknown"),
    "place": ("none_known",),
    "online_space": ("none_known", "adult_unknown"),
}


def risk_subjects(draft: Draft, safe: dict[str, Any]) -> list[dict[str, Any]]:
    """One to three, numbered within the record. Nobody of the family, where it is safe to involve the carers."""
    kinds = [draft.dice.choice(codes.RISK_SUBJECT_KINDS) for _ in range(draft.dice.randint(1, 3))]
    family = () if safe["safe_to_involve"] == "yes" else _FAMILY
    return [_subject(draft, f"rs-{number}", kind, family) for number, kind in enumerate(kinds, 1)]


def _subject(draft: Draft, reference: str, kind: str, family: tuple[str, ...]) -> dict[str, Any]:
    dice, teller = draft.dice, draft.teller
    is_professional = kind == "person" and draft.has("1.1") and dice.happens(0.35)
    relationship = (
        "professional"
        if is_professional
        else dice.choice((*_RELATIONSHIPS[kind], *(family if kind == "person" else ())))
    )
    living = kind in ("person", "group")
    status = dice.choice(codes.ALLEGATION_STATUS) if living else None
    return known(
        risk_subject_id=reference,
        kind=kind,
        descriptor=dice.perhaps(0.9, lambda: teller.line(f"support.risk.{kind}")),
        relationship_to_young_person=relationship if is_professional or dice.happens(0.9) else None,
        allegation_status=status,
        as_at=dice.perhaps(0.6, lambda: draft.before(40)) if status else None,
        information_source=dice.perhaps(0.6, lambda: teller.line("support.risk.source")),
        confidence=dice.perhaps(0.4, lambda: teller.line("support.risk.confidence")),
        police_intelligence_ref=dice.perhaps(0.3, lambda: f"INT-{dice.randrange(10**5):05}"),
        is_child=_is_child(draft, relationship) if living else None,
        also_exploited=dice.perhaps(0.7, lambda: dice.choice(codes.YES_NO_UNKNOWN)) if living else None,
        may_attend_meetings_or_hold_role=dice.perhaps(0.4, lambda: False) if living else None,
        visibility=dice.perhaps(0.8, lambda: dice.choice(codes.RISK_VISIBILITY)),
        do_not_show_to=dice.perhaps(0.3, lambda: [_outsider(draft)]),
        place_reference=dice.perhaps(0.5, lambda: teller.line("support.risk.places")),
        professional_ref=_outsider(draft) if is_professional else None,
    )


def _is_child(draft: Draft, relationship: str) -> str:
    if relationship == "peer_child":
        return "yes"
    return "no" if relationship.startswith("adult") else draft.dice.choice(codes.YES_NO_UNKNOWN)


def _outsider(draft: Draft) -> str:
    """Somebody of a kind that takes part in no sample, so that nobody who was there is meant."""
    return f"{draft.team.prefix}-volunteer-{draft.dice.randint(1, 30)}"
