"""Who assessed, and who met (W1, W2, W3, M3, M5, M6, M7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.domain.faults import Findings
from service.domain.rules import Known
from tests.domain.test_rules_case import (
    POLICY,
    Case,
    assert_only_this_is_refused,
    assert_only_this_is_warned_of,
    findings,
    ids,
    places,
    where,
)
from tests.support.records import MISSING, example

EXPERIENCED = "Confirm the assessor is an experienced social worker."
DEPUTIES = replace(POLICY, deputies=("health", "youth_justice"))
HERE = Known(same_meeting=True)

CASES = [
    Case("W1", "wise", {"assessor__role": "health"}, "/assessor/role",
         "A social worker completes WISE. Other professionals can be listed in `/supporting`."),
    Case("W1", "oldham", {"assessor__role": "police"}, "/assessor/role", "", DEPUTIES),
    Case("W2", "wise", {"assessor__experienced_confirmed": False}, "/assessor/experienced_confirmed", EXPERIENCED),
    Case("W2", "oldham", {"assessor__experienced_confirmed": MISSING}, "/assessor/experienced_confirmed", EXPERIENCED),
    Case("W2", "wise", {"assessor__experienced_confirmed": None}, "/assessor/experienced_confirmed", EXPERIENCED),
    Case("W2", "nwg", {"assessor__experienced_confirmed": False}, "/assessor/experienced_confirmed",
         "has experience or a good understanding of exploitation"),
    Case("M5", "rise", {"attendees__2__professional_ref": "gmp-41"}, "/attendees/2/professional_ref",
         "The same person is listed twice."),
    Case("M6", "rise", {"data_capture_by__role": "police"}, "/data_capture_by/role",
         "A social worker captures what a RISE meeting says."),
    Case("M6", "rise", {"data_capture_by__role": "minute_taker"}, "/data_capture_by/role", "", DEPUTIES),
    Case("M6", "rise", {"data_capture_by__experienced_confirmed": False}, "/data_capture_by/experienced_confirmed",
         "is an experienced social worker"),
    Case("M6", "rise", {"data_capture_by__experienced_confirmed": MISSING}, "/data_capture_by/experienced_confirmed"),
    Case("M7", "rise", {}, "/attached_to/process_ref", "A RISE record for this meeting is already here.", known=HERE),
]  # fmt: skip

WARNED = [
    Case("W3", "wise", {"assessor__is_allocated_worker": False}, "/assessor/is_allocated_worker",
         "Usually the allocated social worker completes this."),
    Case("M3", "rise", {"attendees__2__agency": "housing"}, "/attendees",
         "No-one from health is listed. If they were invited, add them to absent"),
    Case("M3", "rise", {"attendees__1__agency": "housing"}, "/attendees", "No-one from the police is listed."),
    Case("M3", "rise", {"attendees__3__agency": "housing"}, "/attendees", "No-one from the third sector is listed."),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_record_that_breaks_one_of_these_is_told_just_that(case: Case) -> None:
    assert_only_this_is_refused(case)


@pytest.mark.parametrize("case", WARNED, ids=ids)
def test_a_record_that_trips_one_of_these_is_accepted_with_a_warning(case: Case) -> None:
    assert_only_this_is_warned_of(case)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("wise", {"assessor__is_allocated_worker": MISSING}),
        ("nwg", {"assessor__role": "health", "assessor__agency": "health_camhs"}),
        ("nwg", {"assessor__is_allocated_worker": False}),
        ("wise", {"supporting__0__experienced_confirmed": False}),
        ("rise", {"facilitator__role": "police", "facilitator__experienced_confirmed": False}),
        *(("rise", {"attendees__2__agency": health}) for health in ("health_acute", "health_camhs", "sexual_health")),
        ("rise", {"invited_absent": [{"agency": "health_acute"}], "attendees__2__agency": "housing"}),
        ("rise", {"attendees__2__agency": "police"} | {"invited_absent__0__agency": "health_camhs"}),
    ],
    ids=str,
)
def test_what_the_rules_allow_is_accepted_without_a_word(name: str, changes: dict[str, Any]) -> None:
    assert findings(example(name, **changes)) == Findings()


def test_a_deputy_may_assess_and_capture_where_the_profile_says_so() -> None:
    assert places(findings(example("wise", assessor__role="health"), DEPUTIES)) == []
    assert places(findings(example("rise", data_capture_by__role="youth_justice"), DEPUTIES)) == []


@pytest.mark.parametrize("role", ["Social Worker", 7, None, ["police"], {}])
def test_a_role_that_is_none_is_told_that_and_no_more(role: Any) -> None:
    found = [*findings(example("wise", assessor__role=role)).errors,
             *findings(example("rise", data_capture_by__role=role)).errors]  # fmt: skip
    assert all(fault.code.startswith("F-") and fault.pointer.endswith("/role") for fault in found)
    assert len(found) == 2


def test_each_agency_that_is_missed_is_a_warning_of_its_own_and_education_never() -> None:
    attendees = [
        {"professional_ref": f"sal-{agency}", "agency": agency, "role": "other"}
        for agency in ("childrens_social_care", "housing")
    ]
    warnings = findings(example("rise", attendees=attendees, invited_absent=[])).warnings
    assert where(warnings) == [("/attendees", "M3")] * 3
    assert not any("education" in fault.detail for fault in warnings)


def test_people_without_a_reference_are_not_one_person() -> None:
    nobody = [{"agency": agency, "role": "other"} for agency in ("childrens_social_care", "police", "housing")]
    assert {code for _, code in places(findings(example("rise", attendees=nobody)))} == {"F-missing"}


def test_the_same_meeting_is_no_matter_for_another_kind_of_record() -> None:
    assert places(findings(example("wise"), known=HERE)) == []
