"""What crosses to the central side, code by code, and which fields of a record each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.fact import CHARACTERISTICS, CODES, FIELDS
from service.domain.projection.parts import HEADINGS
from service.domain.words.facts import TITLES

_DAY = ("/completed_on", "/meeting_on")
_WHICH = ("/first_or_review", "/submission_kind")
_EARLIER = "the young person's earlier records here"
_AREA = "/areas/family_friends/carer_involvement"
_CARER = "/participation/parent_carer"

_OWN: Mapping[str, tuple[str, ...]] = {
    "age_band": ("/young_person/date_of_birth", "/young_person/age_at_completion", *_DAY),
    "sex": ("/young_person/sex",),
    "ethnic_group": ("/young_person/ethnicity",),
    "disability": ("/young_person/disabilities",),
    "looked_after": ("/young_person/looked_after",),
}

SOURCES: Mapping[str, tuple[str, ...]] = {
    "quarter": _DAY,
    "authority": (),
    "record_type": ("/record_type",),
    "first_or_review": _WHICH,
    "review_trigger": ("/review_trigger", *_WHICH),
    "exploitation": ("/exploitation/category",),
    "forms": ("/exploitation/forms",),
    **_OWN,
    "review_timeliness": (*_WHICH, *_DAY),
    "took_part": ("/participation/young_person/method",),
    "carer_involved": (
        f"{_AREA}/safe_to_involve", f"{_AREA}/done", f"{_CARER}/safe_to_involve", f"{_CARER}/method",
    ),
    "own_words": ("/areas/young_person/own_words",),
    "areas_complete": tuple(f"/areas/{area}/{name}" for area, names in HEADINGS.items() for name in names),
    "plan_items": ("/support_plan/items",),
    "panel_decision": ("/panel_referral/decision",),
    "agencies": ("/attendees/*/agency",),
    "supervision": ("/reflection_in_meeting",),
    "training_current": _DAY,
    "characteristics": tuple(dict.fromkeys(path for name in CHARACTERISTICS for path in _OWN[name])),
    "education": ("/evaluation_outcome/education_training_employment",),
    "exploitation_before": _WHICH,
    "education_before": _WHICH,
    "succeeded_in": (),
}  # fmt: skip
"""The fields of a record each code is made of; a path stands for all below it. A test changes records to prove it."""

ELSEWHERE: Mapping[str, str] = {
    "authority": "the sender's token",
    "first_or_review": _EARLIER,
    "review_trigger": _EARLIER,
    "review_timeliness": "the review that an earlier record planned",
    "training_current": "the training register, for who made the assessment",
    "exploitation_before": _EARLIER,
    "education_before": _EARLIER,
    "succeeded_in": "the young person's next record here: its quarter alone",
}
"""What a code depends on besides its record."""


@dataclass(frozen=True)
class Crossing:
    """One code of the fact: what it says, how many values it may have (None: of a form), and what it is made of."""

    name: str
    title: str
    values: int | None
    sources: tuple[str, ...]
    elsewhere: str


def crossings() -> tuple[Crossing, ...]:
    """All there is, in the fact's own order."""
    return tuple(
        Crossing(
            name, TITLES[name], len(CODES[name]) if name in CODES else None, SOURCES[name], ELSEWHERE.get(name, "")
        )
        for name in FIELDS
    )
