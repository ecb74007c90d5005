"""Who met and for what, the NWG assessment's own rules, and what is taken at all (M1, M2, M4, N1–N5, K-2, K-3)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from service.domain.codes import AGENCIES, NWG_OPINIONS, RISE_PROCESSES
from service.domain.faults import Findings
from service.domain.records.nwg import QUESTIONS
from tests.domain.test_rules_case import (
    POLICY,
    Case,
    assert_only_this_is_refused,
    assert_only_this_is_warned_of,
    findings,
    ids,
    places,
)
from tests.support.records import MISSING, example

TWO_AGENCIES = "A RISE meeting needs people from at least two agencies. We can see only"
SOCIAL_CARE = "Someone from children's social care must be at a RISE meeting."
WHICH = "Say which existing meeting or process this RISE is part of."
ANSWER = "Answer yes, no or not known. 'Not known' is fine."


def people(*agencies: str) -> list[dict[str, str]]:
    return [{"professional_ref": f"p-{i}", "agency": agency, "role": "other"} for i, agency in enumerate(agencies)]


CASES = [
    Case("M1", "rise", {"attendees": people("childrens_social_care", "childrens_social_care")}, "/attendees",
         f"{TWO_AGENCIES} children's social care."),
    Case("M1", "rise", {"attendees": people("other_local_authority")}, "/attendees",
         f"{TWO_AGENCIES} another local authority."),
    Case("M2", "rise", {"attendees": people("police", "health_acute", "education")}, "/attendees", SOCIAL_CARE),
    Case("M4", "rise", {"attached_to": MISSING}, "/attached_to", WHICH),
    Case("M4", "rise", {"attached_to": None}, "/attached_to", WHICH),
    Case("M4", "rise", {"attached_to": {}}, "/attached_to/process", WHICH),
    Case("M4", "rise", {"attached_to__process": "a chat"}, "/attached_to/process", WHICH),
    Case("M4", "rise", {"attached_to__process": "other"}, "/attached_to/process_other", WHICH),
    Case("N1", "nwg", {"professional_opinion": MISSING}, "/professional_opinion", "Choose one."),
    Case("N1", "nwg", {"professional_opinion": list(NWG_OPINIONS[:2])}, "/professional_opinion", "Choose one."),
    Case("N1", "nwg", {"professional_opinion": "at_risk"}, "/professional_opinion", "Choose one."),
    Case("N1", "nwg", {"professional_opinion": None}, "/professional_opinion", "Choose one."),
    Case("N2", "nwg", {"plan__how_will_you_know": MISSING}, "/plan/how_will_you_know", "empty"),
    Case("N2", "nwg", {"plan__how_will_you_know": " "}, "/plan/how_will_you_know", "empty"),
    Case("N2", "nwg", {"plan__professional_support_needed": "-"}, "/plan/professional_support_needed", "empty"),
    *(Case("N3", "nwg", {f"questions__{name}": MISSING}, f"/questions/{name}", ANSWER) for name in QUESTIONS),
    *(Case("N3", "nwg", {f"questions__{name}__answer": ""}, f"/questions/{name}/answer", ANSWER) for name in QUESTIONS),
    Case("N3", "nwg", {"questions__trafficking__answer": "unknown"}, "/questions/trafficking/answer", ANSWER),
    Case("N3", "nwg", {"questions__trafficking__answer": True}, "/questions/trafficking/answer", ANSWER),
    Case("N2", "nwg", {"plan__short_term": MISSING, "plan__long_term": MISSING}, "/plan/short_term",
         "neither a short term nor a long term"),
    Case("N4", "nwg", {"questions__alleged_perpetrators": {"answer": "yes", "detail": "Somebody by name."}},
         "/questions/alleged_perpetrators/detail", "Put people in `risk_subjects`, not here."),
    Case("K-3", "wise", {}, "/template_version", "Choose one of: pen-picture-passport/2027.1, another/1.",
         replace(POLICY, templates={"wise_assessment": ("pen-picture-passport/2027.1", "another/1")})),
    Case("K-2", "nwg", {}, "/record_type", "Stockport's profile has no place for this kind of record.",
         replace(POLICY, instruments={"wise_assessment": "a form"})),
]  # fmt: skip


REFERRED = {"code": "nrm_first_responder", "status": "done"}
SCHOOL = {"professional_ref": "tam-ed-2", "role": "education", "agency": "education", "experienced_confirmed": True}
WARNED = [
    Case("N5", "nwg", {"assessor": SCHOOL, "actions__1": REFERRED}, "/actions/1",
         "The NRM referral is made by a First Responder."),
    Case("N5", "nwg", {"assessor": SCHOOL, "supporting": [SCHOOL], "actions__0": REFERRED}, "/actions/0"),
]  # fmt: skip


@pytest.mark.parametrize("case", WARNED, ids=ids)
def test_a_record_that_trips_one_of_these_is_accepted_with_a_warning(case: Case) -> None:
    assert_only_this_is_warned_of(case)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_record_that_breaks_one_of_these_is_told_just_that(case: Case) -> None:
    assert_only_this_is_refused(case)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("rise", {"attendees": people("childrens_social_care", "police")}),
        ("rise", {"attendees": people("childrens_social_care", "childrens_social_care", "education")}),
        ("rise", {"invited_absent": MISSING}),
        ("rise", {"attached_to": {"process": "other", "process_other": "A school's own round table"}}),
        *(("rise", {"attached_to": {"process": name}}) for name in RISE_PROCESSES if name != "other"),
        *(("nwg", {"professional_opinion": opinion}) for opinion in NWG_OPINIONS),
        *(("nwg", {"questions__trafficking__answer": answer}) for answer in ("yes", "no", "not_known")),
        ("nwg", {"plan__short_term": MISSING}),
        ("nwg", {"plan__long_term": MISSING}),
        ("nwg", {"questions__alleged_perpetrators": {"answer": "yes"}}),
        ("nwg", {"questions__alleged_perpetrators": {"answer": "not_known", "detail": "Nobody has said."}}),
        ("nwg", {"questions__risky_locations__detail": "Near an interchange."}),
    ],
    ids=str,
)
def test_what_the_rules_allow_is_accepted(name: str, changes: dict[str, Any]) -> None:
    assert places(findings(example(name, **changes))) == []


@pytest.mark.parametrize("agency", AGENCIES)
def test_the_only_agency_is_named_in_words(agency: str) -> None:
    detail = findings(example("rise", attendees=people(agency))).errors[0].detail
    assert "_" not in detail


def test_nobody_is_blamed_for_an_agency_that_is_not_on_the_list() -> None:
    for agencies in (("childrens_social_care", "scouts"), ("police", "education", "scouts"), ("scouts",)):
        found = places(findings(example("rise", attendees=people(*agencies))))
        assert found == [(f"/attendees/{len(agencies) - 1}/agency", "F-code")]


@pytest.mark.parametrize(
    "who",
    [
        {"assessor__agency": "police"},
        {"assessor__role": "police"},
        *({"supporting": [SCHOOL | {"agency": agency}]} for agency in (
            "childrens_social_care", "youth_justice", "third_sector", "other_local_authority")),
        {"actions__1__status": "active"},
        {"actions__1": {"code": "nrm_first_responder"}},
    ],
    ids=str,
)  # fmt: skip
def test_a_referral_is_only_asked_after_when_nobody_here_could_have_made_it(who: dict[str, Any]) -> None:
    changes = deepcopy({"assessor": SCHOOL, "actions__1": REFERRED} | who)
    assert findings(example("nwg", **changes)) == Findings()


def test_a_referral_in_a_plan_is_asked_after_too_unless_its_item_says_who_made_it() -> None:
    item = {"what": "Referred", "who_will": "nhs-7", "action_code": "nrm_first_responder", "status": "done"}
    doctor = {"professional_ref": "nhs-7", "role": "health", "agency": "health_acute", "experienced_confirmed": True}
    known = {"assessor": doctor, "supporting": [], "support_plan__items": [item]}
    assert [(each.pointer, each.code) for each in findings(example("wise", **known)).warnings] == [
        ("/support_plan/items/0", "N5")
    ]
    for change in ({"who_will": "police"}, {"status": "active"}, {"action_code": "gp_review"}):
        record = example("wise", **known | {"support_plan__items": [item | change]})
        assert findings(record).warnings == ()


@pytest.mark.parametrize("place", ["authorised_by", "facilitator", "data_capture_by", "attendees"])
def test_whoever_could_have_referred_may_stand_anywhere(place: str) -> None:
    """A RISE has somebody of social care by its own rules, so these are asked of a record that is not quite one."""
    item = {"what": "Referred", "who_will": "nhs-7", "action_code": "nrm_first_responder", "status": "done"}
    police = {"professional_ref": "gmp-1", "role": "police", "agency": "police"}
    record = {"record_type": "rise_meeting_output", "support_plan": {"items": [item]}}
    assert [fault.code for fault in findings(record).warnings] == ["N5"]
    there = [police] if place == "attendees" else police
    assert "N5" not in [fault.code for fault in findings(record | {place: there}).warnings]


@pytest.mark.parametrize("odd", ["x", [], None, 7])
def test_a_plan_that_is_none_is_told_that_and_no_more(odd: Any) -> None:
    assert [place for place, _ in places(findings(example("nwg", plan=odd)))] == ["/plan"]


def test_a_profile_without_instruments_takes_every_record() -> None:
    assert places(findings(example("nwg"), replace(POLICY, instruments={}))) == []
