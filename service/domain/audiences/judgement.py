"""Whether one field of a record is in one copy: the treatments of the table, put into effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.domain import codes
from service.domain.audiences.choices import Choices
from service.domain.audiences.treatments import WITHIN, Audience, Row, Treatment

Item = Mapping[str, Any]
"""The entry of a list that a field belongs to; empty for a field that is in no list."""

ROLES = frozenset((*codes.AGENCIES, *codes.ROLES, "young_person", "parent_carer"))
"""What may stand for somebody in a copy. Anything else is a reference."""

OWN_CHOICE: dict[Audience, str] = {
    Audience.FAMILY: "ok_with_family",
    Audience.PROFESSIONALS: "ok_with_professionals",
}
"""The choice for one saying that opens it. One never implies the other: the family is not a room of professionals."""

FAMILY_ACTIONS = frozenset((
    "living_arrangement", "education_issues", "multi_agency_early_help", "single_agency_support",
    "preventative_group_or_setting", "review_date_agreed", "step_down_or_closure", "other",
))  # fmt: skip
"""Kinds of action that the family may read of. Health, police, legal and specialist help is not told by a copy."""

FAMILY_NOT_BY = frozenset(("sexual_health", "health_camhs"))
"""Agencies whose part in a plan is the young person's private matter."""

NOT_FOR_YOUNG_PERSON = frozenset((
    "police_intelligence", "disruption", "legal_advice", "line_manager_or_safeguarding_lead",
))  # fmt: skip
"""Kinds of action that are about other people or among professionals. On paper at home they could endanger somebody."""


@dataclass(frozen=True)
class Judge:
    """Decides for one copy. `holds` are the sections that are being checked for other people's details."""

    audience: Audience
    choices: Choices
    holds: frozenset[str] = frozenset()

    def shows(self, row: Row, item: Item, value: Any) -> bool:
        """Whether the table puts this value into the copy, holds aside."""
        return _TESTS[row.treatments[self.audience]](self, row, item, value)

    def is_held(self, row: Row, item: Item) -> bool:
        """Whether the section of this field is being checked. The case file holds everything all the same."""
        named = {row.section, WITHIN.get(row.section), _area(item) if row.section == "contributions" else None}
        return self.audience is not Audience.CASE_FILE and bool(self.holds & named)


def _area(item: Item) -> str:
    return str(item.get("area", ""))


def _unless_declined(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    return not judge.choices.closes(row.section)


def _if_agreed(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    return judge.choices.opens(row.section)


def _by_sharing(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    if row.section in judge.choices.overridden:
        return True
    if judge.choices.closes(row.section):
        return False
    chosen = item.get("sharing")
    return chosen == OWN_CHOICE[judge.audience] or (chosen == "ask_each_time" and judge.choices.opens(row.section))


def _may_know(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    known = item.get("who_may_know") or []
    return "professionals" in known and "social_worker_only" not in known and not judge.choices.closes(row.section)


def _by_area(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    return not judge.choices.closes(_area(item))


def _plan_item(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    if judge.choices.closes(row.section):
        return False
    action = item.get("action_code", item.get("code"))
    if judge.audience is Audience.FAMILY:
        return action in (None, *FAMILY_ACTIONS) and item.get("who_will") not in FAMILY_NOT_BY
    return action not in NOT_FOR_YOUNG_PERSON and not _is_code_alone(item)


def _is_code_alone(item: Item) -> bool:
    """An action of the NWG form that nobody described: its code says nothing to a young person."""
    return "code" in item and not item.get("text")


def _plan_role(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    return value in ROLES and _plan_item(judge, row, item, value)


def _always(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    return True


def _never(judge: Judge, row: Row, item: Item, value: Any) -> bool:
    return False


_TESTS: dict[Treatment, Callable[[Judge, Row, Item, Any], bool]] = {
    Treatment.SHOW: _always,
    Treatment.OMIT: _never,
    Treatment.RESTRICTED_PART: _always,
    Treatment.UNLESS_DECLINED: _unless_declined,
    Treatment.IF_AGREED: _if_agreed,
    Treatment.BY_SHARING: _by_sharing,
    Treatment.MAY_KNOW: _may_know,
    Treatment.BY_AREA: _by_area,
    Treatment.PLAN_ITEM: _plan_item,
    Treatment.PLAN_ROLE: _plan_role,
}
