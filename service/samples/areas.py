"""The four areas of focus, the young person's first (pilot evaluation, overview table)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.domain import codes
from service.samples.banks import phrases
from service.samples.dice import known
from service.samples.draft import Draft

_TRAITS = ("communication", "faith", "language", "gender", "culture", "health", "being_a_carer", "migration")


def areas(draft: Draft, safe: dict[str, Any], risk: list[dict[str, Any]]) -> dict[str, Any]:
    """All four. `safe` is what is said of involving the carers, `risk` what is kept apart and only referred to."""
    return {
        "young_person": _young_person(draft),
        "family_friends": _family_friends(draft, safe),
        "people_places": _people_places(draft, risk),
        "professional_contexts": _professional_contexts(draft),
    }


def _young_person(draft: Draft) -> dict[str, Any]:
    dice, teller = draft.dice, draft.teller
    heard, has_strengths = dice.happens(0.75), dice.happens(0.9)
    bank = "areas.young_person"
    return known(
        own_words=own_words(draft) if heard else [],
        own_words_reason=None if heard else dice.choice(codes.OWN_WORDS_REASONS),
        strengths=[teller.line(f"{bank}.strengths") for _ in range(dice.randint(1, 4))] if has_strengths else None,
        strengths_reason=None if has_strengths else teller.line(f"{bank}.strengths_reason"),
        good_day=dice.perhaps(0.6, lambda: teller.text(f"{bank}.good_day")),
        hopes=dice.perhaps(0.6, lambda: teller.text(f"{bank}.hopes")),
        interests=dice.perhaps(0.6, lambda: teller.line(f"{bank}.interests")),
        identities=dice.perhaps(0.5, lambda: _identities(draft)),
        identity_influence_on_response=teller.text(f"{bank}.influence"),
    )


def own_words(draft: Draft) -> list[dict[str, Any]]:
    """One to four sayings to different questions, now and then in another language or with a sign instead of words."""
    prompts = draft.dice.some(phrases("own_words.prompts"), 1, 4)
    return [_saying(draft, prompt) for prompt in prompts]


def _saying(draft: Draft, prompt: str) -> dict[str, Any]:
    dice, teller = draft.dice, draft.teller
    words = [teller.phrase(f"own_words.sayings.{prompt}") for _ in range(dice.randint(1, 2))]
    if dice.happens(0.15):
        words = [teller.phrase("own_words.other_languages.say") for _ in range(2)]
    if dice.happens(0.3):
        words.append(teller.phrase("own_words.extra.say"))
    return known(
        prompt=prompt,
        text=" ".join(words),
        captured_on=draft.before(14),
        captured_by_ref=draft.assessor["professional_ref"],
        said_by_young_person=True,
        method=dice.perhaps(0.8, lambda: dice.choice(codes.OWN_WORDS_METHODS)),
        sharing=dice.choice(codes.OWN_WORDS_SHARING),
    )


def _identities(draft: Draft) -> list[dict[str, Any]]:
    dice = draft.dice
    return [
        known(
            trait=trait,
            self_description=dice.perhaps(0.8, lambda: draft.teller.phrase("areas.young_person.self_description")),
            source=dice.perhaps(0.8, lambda: dice.choice(codes.ETHNICITY_SOURCE[:3])),
            who_may_know=dice.perhaps(0.8, lambda: dice.some(codes.IDENTITY_AUDIENCES, 1, 2)),
        )
        for trait in dice.some(_TRAITS, 1, 2)
    ]


def _some_texts(draft: Draft, area: str, names: Iterable[str], always: str) -> dict[str, Any]:
    """Texts of an area by chance, and one that is always there: an area with nothing in it was not looked at."""
    wanted = [name for name in names if name == always or draft.dice.happens(0.55)]
    return {name: draft.teller.text(f"areas.{area}.{_BANKS.get(name, name)}") for name in wanted}


_BANKS = {
    "safe_or_supportive": "safe",
    "context_summary": "context",
    "skills_gaps": "skills",
    "bias_reflection": "bias",
}


def _family_friends(draft: Draft, safe: dict[str, Any]) -> dict[str, Any]:
    dice, teller = draft.dice, draft.teller
    seen = safe["safe_to_involve"] == "yes"
    names = ["relationships", "functioning", "narratives", *(["carer_views"] if seen else []), "friendships"]
    done = dice.choice(("yes", "yes", "no")) if seen else "no"
    strengthen = dice.perhaps(
        0.4, lambda: [teller.line("areas.family_friends.strengthen") for _ in range(dice.randint(1, 3))]
    )
    return known(
        **_some_texts(draft, "family_friends", names, always=dice.choice(("relationships", "friendships"))),
        relationships_to_strengthen=strengthen,
        carer_involvement={**safe, **known(done=dice.perhaps(0.8, lambda: done))},
    )


def _people_places(draft: Draft, risk: list[dict[str, Any]]) -> dict[str, Any]:
    references = [subject["risk_subject_id"] for subject in risk]
    return known(
        **_some_texts(draft, "people_places", ("safe_or_supportive", "context_summary"), always="safe_or_supportive"),
        risk_subject_refs=references if references or draft.dice.happens(0.3) else None,
    )


def _professional_contexts(draft: Draft) -> dict[str, Any]:
    names = ("resources", "appropriateness", "skills_gaps", "bias_reflection")
    return known(
        **_some_texts(draft, "professional_contexts", names, always=draft.dice.choice(names)),
        professionals_count=draft.dice.perhaps(0.7, lambda: draft.dice.randint(1, 11)),
    )
