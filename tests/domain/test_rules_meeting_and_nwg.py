"""Who met and for what, the NWG assessment's own rules, and what is taken at all (M1, M2, M4, N1–N3, K-1, K-2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.domain.codes import AGENCIES, NWG_OPINIONS, RISE_PROCESSES
from service.domain.records.nwg import QUESTIONS
from tests.domain.test_rules_case import POLICY, Case, assert_only_this_is_refused, findings, ids, places
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
    Case("K-1", "wise", {"submission_kind": "correction"}, "/submission_kind", "Nothing was stored here."),
    Case("K-1", "nwg", {"submission_kind": "withdrawal"}, "/submission_kind", "not yet corrections or withdrawals"),
    Case("K-2", "nwg", {}, "/record_type", "Stockport's profile has no place for this kind of record.",
         replace(POLICY, instruments={"wise_assessment": "a form"})),
]  # fmt: skip


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
        ("nwg", {"plan__short_term": MISSING, "plan__long_term": MISSING}),
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
    found = findings(example("rise", attendees=people("childrens_social_care", "scouts")))
    assert ("/attendees/1/agency", "F-code") in places(found)


def test_a_profile_without_instruments_takes_every_record() -> None:
    assert places(findings(example("nwg"), replace(POLICY, instruments={}))) == []
