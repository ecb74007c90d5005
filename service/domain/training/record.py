"""One attendance of one professional: its fields, the rules about its dates, and what may change later.

No name, no mark, no result: the register says that somebody was there (domain model, 3.12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.faults import Fault, pointer
from service.domain.fields import Date, Group, Klass
from service.domain.london import as_date
from service.domain.records.shorthand import authority, coded, group, many, on, ref

COURSES = ("wise_core", "wise_tools", "nwg_assessment_tool", "nwg_foundation", "nwg_advanced", "other")
DELIVERED_BY = ("wise_team", "hub", "trained_local_trainer", "nwg")
MODES = (
    "online_workshop", "in_person_workshop", "team_reflective_activity", "one_to_one_mentoring", "group_online",
    "question_session", "e_learning", "other",
)  # fmt: skip
TOPICS = (
    "critical_review_of_risk_tools", "equity_diversity_inclusion", "working_with_adolescents",
    "contextual_safeguarding", "trauma_informed_practice", "social_graces", "the_tools_themselves", "self_care",
    "other",
)  # fmt: skip
"""Sources: pilot evaluation, training summary; NWG training suite."""

_LATER = Date(klass=Klass.PROFESSIONAL, nullable=True)
"""A date that may follow later, and be taken away again with null."""

TRAINING_RECORD: Group = group(
    authority=authority(required=True),
    professional_ref=ref(required=True, klass=Klass.PROFESSIONAL),
    course=coded(COURSES, required=True, klass=Klass.PROFESSIONAL),
    topics=many(coded(TOPICS, klass=Klass.PROFESSIONAL), high=len(TOPICS)),
    delivered_by=coded(DELIVERED_BY, required=True),
    trainer_ref=ref(klass=Klass.PROFESSIONAL),
    mode=coded(MODES),
    training_version=ref(),
    attended_on=on(required=True, klass=Klass.PROFESSIONAL),
    evaluation_completed_on=_LATER,
    valid_until=_LATER,
    revoked_on=_LATER,
)

KEY = ("authority", "professional_ref", "course", "attended_on")
"""Who was where, and when: the same four are the same attendance."""

CHANGEABLE = ("training_version", "evaluation_completed_on", "valid_until", "revoked_on")
FIXED = tuple(name for name in TRAINING_RECORD.fields if name not in (*KEY, *CHANGEABLE))


@dataclass(frozen=True, repr=False, kw_only=True)
class TrainingRecord:
    """An attendance. `said` are the fields its sender named: what was left out changes nothing that is registered."""

    authority: str
    professional_ref: str
    course: str
    attended_on: date
    delivered_by: str
    topics: tuple[str, ...] = ()
    trainer_ref: str | None = None
    mode: str | None = None
    training_version: str | None = None
    evaluation_completed_on: date | None = None
    valid_until: date | None = None
    revoked_on: date | None = None
    said: frozenset[str] = frozenset()


def training_record(item: Mapping[str, Any]) -> TrainingRecord:
    """An item without faults as a record."""
    given = {name: _value(name, each) for name, each in item.items()}
    return TrainingRecord(**given, said=frozenset(item))


def _value(name: str, given: Any) -> Any:
    if isinstance(TRAINING_RECORD.fields[name], Date):
        return as_date(given)
    return tuple(sorted(set(given))) if name == "topics" else given


def date_faults(item: Mapping[str, Any], today: date) -> Iterator[Fault]:
    """What is wrong with an item's dates, as far as they can be read. `today` is London's.

    `valid_until` alone may lie ahead: it is the one date that tells of the future.
    """
    attended = as_date(item.get("attended_on"))
    for name in ("attended_on", "evaluation_completed_on", "valid_until", "revoked_on"):
        day = as_date(item.get(name))
        if day is None:
            continue
        if day > today and name != "valid_until":
            yield Fault(pointer(name), "TR-1", "This date is in the future.", "Register it once it has happened.")
        elif attended and day < attended:
            yield Fault(pointer(name), "TR-2", "This is before the day of the training.", "Check both dates.")


def changes(held: TrainingRecord, sent: TrainingRecord) -> dict[str, Any]:
    """What a later word on the same attendance changes."""
    return {name: getattr(sent, name) for name in CHANGEABLE if name in sent.said and _differ(held, sent, name)}


def contradictions(held: TrainingRecord, sent: TrainingRecord) -> tuple[str, ...]:
    """Fields that say something else than is registered and cannot change: one of the two is a mistake."""
    return tuple(name for name in FIXED if name in sent.said and _differ(held, sent, name))


def _differ(held: TrainingRecord, sent: TrainingRecord, name: str) -> bool:
    return bool(getattr(held, name) != getattr(sent, name))
