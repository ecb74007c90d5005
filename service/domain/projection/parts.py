"""What a record says of a young person and of the practice around them, as values of the fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.domain.fact import CONTENT, NOT_ASKED, NOT_RECORDED, characteristics_of
from service.domain.london import age_on, as_date
from service.domain.projection import groupings as by
from service.domain.rules.areas import NARRATIVES

Record = Mapping[str, Any]
OVER = ("done", "not_taken_forward")
"""Items of a plan that are not to be done any more; they are not counted, as in rule P2."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "young_person": ("own_words", "strengths", "good_day", "hopes", "interests"),
    **NARRATIVES,
}
"""What each area of focus asks for in words; an area is complete when it says something under each."""


def person(record: Record, completed_on: date) -> dict[str, str]:
    """The five characteristics, and how many of them are recorded."""
    found = record.get("young_person", {})
    known = {
        "age_band": by.age_band(_age(found, completed_on)),
        "sex": by.grouped("sex", by.SEX, found.get("sex")),
        "ethnic_group": by.grouped("ethnic_group", by.ETHNIC_GROUP, found.get("ethnicity")),
        "disability": by.disability(found.get("disabilities", ())),
        "looked_after": by.grouped("looked_after", by.LOOKED_AFTER, found.get("looked_after")),
    }
    return known | {"characteristics": characteristics_of(known)}


def practice(record: Record) -> dict[str, str]:
    """How it was done, as far as every kind of record may say it."""
    took_part = _at(record, "participation", "young_person", "method")
    panel = _at(record, "panel_referral", "decision")
    return {
        "took_part": by.grouped("took_part", by.TOOK_PART, took_part),
        "carer_involved": _carer_involved(record),
        "panel_decision": by.grouped("panel_decision", by.PANEL_DECISION, panel),
        # Supervision itself never crosses; a meeting's own reflection is part of its record.
        "supervision": "yes" if record.get("reflection_in_meeting") else NOT_RECORDED,
    }


def content(record: Record, *, record_type: str) -> dict[str, str]:
    """What WISE and RISE ask for and NWG does not."""
    agencies = NOT_ASKED
    if record_type == "rise_meeting_output":
        agencies = by.agencies(len({each.get("agency") for each in record.get("attendees", ())}))
    if record_type == "nwg_assessment":
        names = ("exploitation", "forms", "education", *CONTENT)
        return dict.fromkeys(names, NOT_ASKED) | {"agencies": agencies}
    education = _at(record, "evaluation_outcome", "education_training_employment")
    items = _at(record, "support_plan", "items") or ()
    return {
        "exploitation": str(_at(record, "exploitation", "category")),
        "forms": by.forms(_at(record, "exploitation", "forms") or ()),
        "education": by.grouped("education", by.EDUCATION, education),
        "own_words": "yes" if _at(record, "areas", "young_person", "own_words") else "no",
        "areas_complete": _areas_complete(record.get("areas", {})),
        "plan_items": by.plan_items(sum(item.get("status") not in OVER for item in items)),
        "agencies": agencies,
    }


def _age(found: Mapping[str, Any], completed_on: date) -> int | None:
    """By the date of birth, also an estimated one; else as the sender says."""
    born = as_date(found.get("date_of_birth"))
    said = found.get("age_at_completion")
    return age_on(born, completed_on) if born else said if isinstance(said, int) else None


def _carer_involved(record: Record) -> str:
    """Two places may say it. That it is not safe outweighs the rest, and any yes outweighs a no."""
    area = _at(record, "areas", "family_friends", "carer_involvement") or {}
    taking_part = _at(record, "participation", "parent_carer") or {}
    if "no" in (area.get("safe_to_involve"), taking_part.get("safe_to_involve")):
        return "not_safe"
    method = by.grouped("carer_involved", by.CARER_METHOD, taking_part.get("method"))
    said = {area.get("done"), method}
    return next((answer for answer in ("yes", "no") if answer in said), NOT_RECORDED)


def _areas_complete(areas: Mapping[str, Any]) -> str:
    complete = [all(areas.get(area, {}).get(name) for name in names) for area, names in HEADINGS.items()]
    return "all" if all(complete) else "some" if any(complete) else "none"


def _at(record: Any, *path: str) -> Any:
    """What is at a path; None where there is nothing."""
    for name in path:
        if not isinstance(record, Mapping):
            return None
        record = record.get(name)
    return record
