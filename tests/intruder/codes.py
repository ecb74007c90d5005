"""What is public about a fact: its fields and their codes, as docs/fact.md prints them. Written out again, on purpose.

The attacker may import nothing of the service, and what is wrong there must not be wrong here in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping

STATEMENTS = ("experiencing", "at_risk", "no_known_risk_or_manageable")
NOT_ASKED, NOT_RECORDED = "not_asked", "not_recorded"
_EDUCATION = ("attending", "low_attendance", "not_attending", "work_or_training", NOT_RECORDED, NOT_ASKED)
_ASKED = (NOT_RECORDED,)

CODES: Mapping[str, tuple[str, ...]] = {
    "record_type": ("wise_assessment", "rise_meeting_output", "nwg_assessment"),
    "first_or_review": ("first", "review"),
    "review_trigger": ("initial", "scheduled", "significant_event", "change_in_circumstances", *_ASKED),
    "exploitation": (*STATEMENTS, NOT_ASKED),
    "forms": ("sexual", "criminal", "sexual_and_criminal", "other", NOT_RECORDED, NOT_ASKED),
    "age_band": ("under_10", "10_13", "14_15", "16_17", "18_plus", NOT_RECORDED),
    "sex": ("F", "M", NOT_RECORDED),
    "ethnic_group": ("white_british", "white_minority", "mixed", "asian", "black", "other", NOT_RECORDED),
    "disability": ("yes", "no", NOT_RECORDED),
    "looked_after": ("yes", "no", NOT_RECORDED),
    "review_timeliness": (
        "early",
        "on_time",
        "late_up_to_14_days",
        "late_over_14_days",
        NOT_RECORDED,
        "not_a_review",
    ),
    "took_part": ("attended", "by_other_means", "did_not", "under_4", NOT_RECORDED),
    "carer_involved": ("yes", "no", "not_safe", NOT_RECORDED),
    "own_words": ("yes", "no", NOT_ASKED),
    "areas_complete": ("all", "some", "none", NOT_ASKED),
    "plan_items": ("none", "1_to_3", "4_to_6", "7_or_more", NOT_ASKED),
    "panel_decision": ("referred", "not_referred", "deferred", "not_considered", NOT_RECORDED),
    "agencies": ("one", "two_or_three", "four_or_more", NOT_ASKED),
    "supervision": ("yes", "no", NOT_RECORDED),
    "training_current": ("yes", "no", NOT_RECORDED),
    "characteristics": ("all_recorded", "some_recorded", "none_recorded"),
    "education": _EDUCATION,
    "exploitation_before": (*STATEMENTS, "first", NOT_RECORDED, NOT_ASKED),
    "education_before": ("first", *_EDUCATION),
}
FIELDS = ("quarter", "authority", *CODES, "succeeded_in")
NOT_YET = "not_yet"
NOT_ASKED_BY_NWG = (
    "exploitation",
    "forms",
    "own_words",
    "areas_complete",
    "plan_items",
    "education",
    "exploitation_before",
    "education_before",
)
CHARACTERISTICS = ("sex", "ethnic_group", "disability", "looked_after", "age_band")


def may_stand_together(first: str, one: str, second: str, other: str) -> bool:
    """Whether a fact may hold `one` in the field `first` and `other` in `second`, by what the codes mean."""
    rules = (
        _by_record_type(first, one, second, other),
        _by_kind(first, one, second, other),
        _by_completeness(first, one, second, other),
    )
    return all(rules)


def _by_record_type(first: str, one: str, second: str, other: str) -> bool:
    if second != "record_type":
        return True
    if first in NOT_ASKED_BY_NWG:
        return (one == NOT_ASKED) == (other == "nwg_assessment")
    return first != "agencies" or (one == NOT_ASKED) == (other != "rise_meeting_output")


def _by_kind(first: str, one: str, second: str, other: str) -> bool:
    if second != "first_or_review":
        return True
    if first in ("exploitation_before", "education_before"):
        return one == NOT_ASKED or (one == "first") == (other == "first")
    only_first = {"review_timeliness": "not_a_review", "review_trigger": "initial"}.get(first)
    return only_first is None or (one == only_first) == (other == "first")


def _by_completeness(first: str, one: str, second: str, other: str) -> bool:
    if second != "characteristics" or first not in CHARACTERISTICS:
        return True
    return other != ("all_recorded" if one == NOT_RECORDED else "none_recorded")


TIED = tuple(
    (first, second)
    for second in ("record_type", "first_or_review", "characteristics")
    for first in CODES
    if any(not may_stand_together(first, one, second, other) for one in CODES[first] for other in CODES[second])
)
"""Pairs of fields of which one says something about the other."""


def quarter_after(quarter: str, steps: int = 1) -> str:
    """The quarter so many later, or earlier where `steps` is negative: `2025Q4` and 1 is `2026Q1`."""
    at = int(quarter[:4]) * 4 + int(quarter[5]) - 1 + steps
    return f"{at // 4:04}Q{at % 4 + 1}"


def window(quarter: str) -> tuple[str, ...]:
    """The four quarters of a release, oldest first."""
    return tuple(quarter_after(quarter, back) for back in (-3, -2, -1, 0))
