"""Facts for tests: a WISE review of 2026Q3 in Stockport, with as much changed as a test wants."""

from __future__ import annotations

from typing import Any

from service.domain.fact import CHARACTERISTICS, FIRST, NOT_A_REVIEW, NOT_ASKED, NOT_RECORDED, Fact, characteristics_of

GOOD = {
    "quarter": "2026Q3",
    "authority": "E08000007",
    "record_type": "wise_assessment",
    "first_or_review": "review",
    "review_trigger": "scheduled",
    "exploitation": "at_risk",
    "forms": "criminal",
    "age_band": "14_15",
    "sex": "F",
    "ethnic_group": "white_minority",
    "disability": "yes",
    "looked_after": "no",
    "review_timeliness": "on_time",
    "took_part": "attended",
    "carer_involved": "yes",
    "own_words": "yes",
    "areas_complete": "some",
    "plan_items": "1_to_3",
    "panel_decision": "not_referred",
    "agencies": NOT_ASKED,
    "supervision": NOT_RECORDED,
    "training_current": "yes",
    "characteristics": "all_recorded",
    "education": "low_attendance",
    "exploitation_before": "experiencing",
    "education_before": "not_attending",
    "succeeded_in": "not_yet",
}


def codes(**changes: Any) -> dict[str, Any]:
    """The codes of a fact that agree with each other; what is changed brings along what goes with it."""
    made = {**GOOD, **changes}
    goes_along: dict[str, Any] = {}
    if made["record_type"] == "nwg_assessment":
        names = ("exploitation", "forms", "education", "own_words", "areas_complete", "plan_items")
        goes_along |= dict.fromkeys((*names, "exploitation_before", "education_before"), NOT_ASKED)
    elif made["first_or_review"] == FIRST:
        goes_along |= {"exploitation_before": FIRST, "education_before": FIRST}
    if made["first_or_review"] == FIRST:
        goes_along |= {"review_trigger": "initial", "review_timeliness": NOT_A_REVIEW}
    goes_along["agencies"] = "two_or_three" if made["record_type"] == "rise_meeting_output" else NOT_ASKED
    made |= {name: value for name, value in goes_along.items() if name not in changes}
    if "characteristics" not in changes:
        made["characteristics"] = characteristics_of({name: made[name] for name in CHARACTERISTICS})
    return made


def a_fact(**changes: Any) -> Fact:
    """The same, as a fact."""
    return Fact(**codes(**changes))
