"""The two statements, the areas, the plan and the young person's words (X-3, X-4, X-5, X-9, A-1, P1–P4, V1, V2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.domain.records.assessment import AREAS
from service.domain.rules.areas import NARRATIVES
from tests.domain.test_rules_case import POLICY, Case, assert_only_this_is_refused, findings, ids, places
from tests.support.records import MISSING, example

ITEM = {"what": "A bus pass", "who_will": "stk-sw-21"}
UP_TO_FOUR = (
    "A WISE support plan holds up to four things so people can concentrate. Finish or merge one, or put the rest in "
    "the statutory plan."
)
CHOOSE = "Choose one statement: experiencing, at_risk, or no_known_risk_or_manageable. We don't choose for you."
BASIS = "`/exploitation/basis` only applies when the statement is no known risk or manageable."
FORMS = "Say which form(s) of exploitation, or 'not_yet_known'."
THEIRS = "If these aren't their own words, put them in analysis."
YOUNG = "areas__young_person"


def plan(*statuses: str | None) -> dict[str, Any]:
    items = [ITEM | ({"status": status} if status else {}) for status in statuses]
    return {"support_plan__items": items}


CASES = [
    Case("X-3", "wise", {"exploitation__category": MISSING}, "/exploitation/category", CHOOSE),
    Case("X-3", "rise", {"exploitation": MISSING}, "/exploitation/category", CHOOSE),
    Case("X-3", "rise", {"exploitation": None}, "/exploitation/category", CHOOSE),
    Case("X-4", "wise", {"exploitation__basis": "manageable"}, "/exploitation/basis", BASIS),
    Case("X-4", "rise", {"exploitation__basis": "no_known_risk"}, "/exploitation/basis", BASIS),
    Case("X-5", "wise", {"exploitation__forms": []}, "/exploitation/forms", FORMS),
    Case("X-5", "rise", {"exploitation__forms": MISSING}, "/exploitation/forms", FORMS),
    Case("X-9", "wise", {"stability__home": MISSING}, "/stability/home/narrative",
         "Say something about stability at home, or mark it not applicable and why."),
    Case("X-9", "rise", {"stability__school_or_learning": {}}, "/stability/school_or_learning/narrative",
         "Say something about stability in learning, or mark it not applicable and why."),
    Case("X-9", "wise", {"stability__professionals__narrative": MISSING}, "/stability/professionals/narrative",
         "Say something about stability with professionals, or mark it not applicable and why."),
    Case("X-9", "wise", {"stability__home": {"applicable": "not_applicable"}}, "/stability/home/not_applicable_reason",
         "Say why it doesn't apply."),
    Case("X-3", "wise", {"exploitation__category": None}, "/exploitation/category", CHOOSE),
    Case("A-1", "wise", {"areas__family_friends": {"carer_involvement": {"safe_to_involve": "unknown"}}},
         "/areas/family_friends", "Fill in at least one of: relationships, functioning"),
    Case("A-1", "rise", {"areas__people_places__context_summary": MISSING}, "/areas/people_places"),
    Case("A-1", "rise", {"areas__professional_contexts__resources": MISSING}, "/areas/professional_contexts"),
    Case("P1", "wise", {"support_plan": MISSING}, "/support_plan",
         "Add what will happen next, or say when a plan will follow"),
    Case("P1", "rise", {"support_plan": {"items": []}}, "/support_plan"),
    Case("P1", "oldham", {"support_plan": None}, "/support_plan"),
    Case("P3", "wise", {"support_plan__items__0__by_when": "2026-09-13"}, "/support_plan/items/0/by_when",
         "before the date of the assessment"),
    Case("P3", "rise", {"support_plan": {"items": [], "follows_on": "2026-10-05"}}, "/support_plan/follows_on"),
    Case("P4", "wise", {"panel_referral__panel_name": "Some other panel"}, "/panel_referral/panel_name",
         "That isn't the name of a panel of Stockport. Choose one of: Staying Safe, Second.",
         replace(POLICY, panels=("Staying Safe", "Second"))),
    Case("P2", "wise", plan(None, "proposed", "active", None, "active"), "/support_plan/items", UP_TO_FOUR),
    Case("P2", "rise", plan(*["active"] * 5), "/support_plan/items", UP_TO_FOUR),
    Case("P2", "wise", plan(None, None, None), "/support_plan/items", "holds up to two things",
         replace(POLICY, plan_items_max=2)),
    Case("P2", "wise", plan(*[None] * 13), "/support_plan/items", "holds up to 12 things",
         replace(POLICY, plan_items_max=12)),
    Case("V1", "wise", {f"{YOUNG}__own_words": []}, "/areas/young_person/own_words",
         "(not ready, in crisis, declined, not seen, communication need not met)."),
    Case("V1", "rise", {f"{YOUNG}__own_words_reason": MISSING}, "/areas/young_person/own_words",
         "Add the young person's words, or say why not yet"),
    Case("V2", "wise", {f"{YOUNG}__own_words__1__said_by_young_person": False},
         "/areas/young_person/own_words/1/said_by_young_person", THEIRS),
    Case("V2", "oldham", {f"{YOUNG}__own_words__0__said_by_young_person": MISSING},
         "/areas/young_person/own_words/0/said_by_young_person", THEIRS),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_record_that_breaks_one_of_these_is_told_just_that(case: Case) -> None:
    assert_only_this_is_refused(case)


THIRD = {"category": "no_known_risk_or_manageable", "narrative": "Calm now.", "decided_by_ref": "stk-sw-21"}


@pytest.mark.parametrize("wrong", [{"exploitation__forms": "criminal"}, {"support_plan": "None yet."},
                                   {"support_plan__items": "None yet."}, {"support_plan__items": {}}])  # fmt: skip
def test_what_is_of_the_wrong_kind_is_told_that_and_no_more(wrong: dict[str, Any]) -> None:
    assert [code for _, code in places(findings(example("wise", **wrong)))] == ["F-type"]


@pytest.mark.parametrize(
    "changes",
    [
        {"exploitation": THIRD},
        {"exploitation": THIRD | {"basis": "manageable"}},
        {"exploitation": THIRD | {"forms": ["other"]}},
        {"exploitation__forms": ["not_yet_known"]},
        {"stability__home": {"applicable": "not_applicable", "not_applicable_reason": "Lives on her own."}},
        {"stability__home": {"narrative": "Calm."}},
        {"support_plan": {"items": [], "follows_on": "2026-09-14"}},
        {"support_plan": MISSING, "exploitation": THIRD},
        {"support_plan__items__0__by_when": "2026-09-14"},
        {
            "support_plan__items__0": {
                "what": "Done since",
                "who_will": "police",
                "by_when": "2026-07-01",
                "status": "done",
            }
        },
        {"panel_referral__panel_name": "Any name, where a profile lists none"},
        {
            "areas__family_friends": {
                "carer_involvement": {"safe_to_involve": "unknown"},
                "relationships_to_strengthen": ["Grandmother"],
            }
        },
        plan(*[None] * 4, "done", "not_taken_forward", "done"),
        {"support_plan__items__0__status": "done"},
    ],
    ids=str,
)
def test_what_the_rules_allow_is_accepted(changes: dict[str, Any]) -> None:
    assert places(findings(example("wise", **changes))) == []


@pytest.mark.parametrize(("area", "name"), [(area, name) for area, names in NARRATIVES.items() for name in names])
def test_one_narrative_is_enough_for_an_area(area: str, name: str) -> None:
    record = example("wise")
    kept = {key: value for key, value in record["areas"][area].items() if key not in NARRATIVES[area]}
    assert places(findings(example("wise", **{f"areas__{area}": kept}))) == [(f"/areas/{area}", "A-1")]
    said = ["Her grandmother."] if name == "relationships_to_strengthen" else "Somebody who listens."
    assert places(findings(example("wise", **{f"areas__{area}": kept | {name: said}}))) == []


def test_every_narrative_of_the_form_is_one_that_is_enough() -> None:
    fields = {area: set(AREAS.fields[area].fields) for area in NARRATIVES}  # type: ignore[attr-defined]
    assert fields == {
        "family_friends": {*NARRATIVES["family_friends"], "carer_involvement"},
        "people_places": {*NARRATIVES["people_places"], "risk_subject_refs"},
        "professional_contexts": {*NARRATIVES["professional_contexts"], "professionals_count"},
    }


def test_a_panel_of_theirs_and_no_panel_are_both_fine() -> None:
    theirs = replace(POLICY, panels=("Another", "Staying Safe"))
    for name in ("wise", "oldham", "rise", "nwg"):
        assert places(findings(example(name), theirs)) == []


@pytest.mark.parametrize(("cap", "said"), [(0, "no"), (1, "one"), (3, "three"), (5, "five"), (6, "six"), (7, "seven"),
                                           (8, "eight"), (9, "nine"), (10, "ten"), (11, "11")])  # fmt: skip
def test_the_cap_is_said_in_words(cap: int, said: str) -> None:
    record = example("wise", **plan(*[None] * (cap + 1)))
    (fault,) = findings(record, replace(POLICY, plan_items_max=cap)).errors
    assert f"up to {said} things" in fault.detail


def test_a_plan_is_not_dated_by_a_day_nobody_can_read() -> None:
    record = example("wise", completed_on="2026-13-01", support_plan__items__0__by_when="2020-01-01")
    assert ("/support_plan/items/0/by_when", "P3") not in places(findings(record))


def test_own_words_may_wait_with_a_reason() -> None:
    for reason in ("not_ready", "in_crisis", "declined", "not_seen", "communication_need_not_met"):
        record = example("wise", areas__young_person__own_words=[], areas__young_person__own_words_reason=reason)
        assert places(findings(record)) == []


def test_stability_that_is_missing_is_asked_for_domain_by_domain() -> None:
    assert places(findings(example("wise", stability=MISSING))) == [
        ("/stability/home/narrative", "X-9"),
        ("/stability/professionals/narrative", "X-9"),
        ("/stability/school_or_learning/narrative", "X-9"),
    ]


def test_stability_that_is_not_an_object_is_told_that_and_no_more() -> None:
    assert places(findings(example("wise", stability="calm"))) == [("/stability", "F-type")]


def test_an_nwg_assessment_is_not_asked_for_a_statement_or_stability() -> None:
    assert {code for _, code in places(findings(example("nwg", exploitation={}, stability={})))} == {"X-1"}
