"""The young person's reference, and the dates (Y1 to Y8, E1, E2, M8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.domain.faults import Findings
from service.domain.policy import Result
from service.domain.rules.young_person import is_nhs_number
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

DUTY = replace(POLICY, nhs_number_required=True)
ITEM = {"what": "A bus pass", "who_will": "sal-sw-9"}
DUE = "review__due_on"
NHS, AGE, WHY = "/young_person/nhs_number", "young_person__age_at_completion", "/young_person/out_of_usual_age_reason"
NOT_VALID = "This isn't a valid NHS number. Check it, or leave it out."
FUTURE = "date is in the future."


def usual(age: int) -> str:
    return f"The young person is {age}. WISE is usually for 11 to 18. If this is right, choose a reason."


CASES = [
    Case("Y1", "wise", {"young_person__nhs_number": "9990000019"}, NHS, NOT_VALID),
    Case("Y1", "wise", {"young_person__nhs_number": "999 000 0018"}, NHS, NOT_VALID),
    Case("Y1", "nwg", {"young_person__nhs_number": "٩٩٩٠٠٠٠٠١٨"}, NHS, NOT_VALID),
    Case("Y1", "rise", {"young_person__nhs_number": "999000001"}, NHS, NOT_VALID),
    Case("Y3", "wise", {AGE: 10}, WHY, usual(10)),
    Case("Y3", "nwg", {AGE: 19}, WHY, usual(19)),
    Case("Y3", "rise", {"young_person__out_of_usual_age_reason": MISSING}, WHY, usual(10)),
    Case("Y3", "oldham", {"young_person__date_of_birth": "2015-08-22"}, WHY, usual(10)),
    Case("Y3", "oldham", {"young_person__date_of_birth": "2007-08-21"}, WHY, usual(19)),
    Case("Y3", "oldham", {"young_person__date_of_birth": "2026-08-22"}, "/young_person/date_of_birth", "after the"),
    Case("Y6", "wise", {"young_person__disabilities": ["COMM", "NONE"]}, "/young_person/disabilities", "NONE"),
    Case("Y6", "wise", {"young_person__disabilities": ["LD", "COMM", "LD"]}, "/young_person/disabilities/2", "twice"),
    Case("Y6", "wise", {"young_person__disabilities": ["NONE", "NONE"]}, "/young_person/disabilities/1", "twice"),
    Case("Y7", "wise", {"young_person__ethnicity": "CNHE"}, "/young_person/ethnicity",
         "That ethnicity code isn't on the list. Did you mean Chinese (CHNE)?"),
    Case("E1", "wise", {"entered_on": MISSING}, "/entered_on", "This was on paper. Give the date it was typed in."),
    Case("E1", "nwg", {"capture_mode": "paper"}, "/entered_on"),
    Case("E2", "wise", {"entered_on": "2026-09-13"}, "/entered_on", "Check both dates."),
    Case("E2", "nwg", {"completed_on": "2026-11-21"}, "/completed_on", f"The completed {FUTURE}"),
    Case("E2", "rise", {"meeting_on": "2026-11-21", "support_plan__items": [ITEM]}, "/meeting_on",
         f"The meeting {FUTURE}"),
    Case("Y1b", "nwg", {}, NHS, "Give the NHS number, or choose a reason", DUTY),
    Case("Y3", "rise", {}, f"{WHY}/code", "Choose one of: disability, other.",
         replace(POLICY, age_reasons=("disability", "other"))),
    Case("Y4", "wise", {"young_person__responsible_authority": "E08000005"}, "/young_person/host_authority",
         "Say which authority is responsible and which is hosting"),
    Case("Y5", "wise", {"young_person__la_child_id": "40211"}, "/young_person/la_child_id",
         "Use the child reference from your own case system.", replace(POLICY, child_id="STK[0-9]{7}")),
    Case("Y5", "wise", {"young_person__la_child_id": "STK 417"}, "/young_person/la_child_id"),
    Case("M8", "rise", {"entered_on": "2026-10-05"}, "/meeting_on", "The meeting is after the date it was typed in."),
]  # fmt: skip

WARNED = [
    Case("Y2", "wise", {AGE: MISSING}, "/young_person/age_at_completion",
         "Age isn't given, so this record can't be counted by age"),
    Case("E2", "wise", {"completed_on": "2025-05-19", DUE: MISSING}, "/completed_on",
         "more than twelve months before involvement"),
    Case("E2", "rise", {"meeting_on": "2025-09-22", DUE: MISSING}, "/meeting_on",
         "more than twelve months before involvement"),
    Case("Y1", "wise", {"young_person__nhs_number": "9990000019"}, NHS, NOT_VALID,
         replace(POLICY, nhs_number_faulty=Result.WARN)),
    Case("Y8", "rise", {"young_person__legal_status": "X9"}, "/young_person/legal_status", "passed on as it stands"),
    Case("E2", "wise", {"young_person__involvement_started_on": "9999-12-31"}, "/completed_on", "Check both dates."),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_record_that_breaks_one_of_these_is_told_just_that(case: Case) -> None:
    assert_only_this_is_refused(case)


@pytest.mark.parametrize("case", WARNED, ids=ids)
def test_a_record_that_trips_one_of_these_is_accepted_with_a_warning(case: Case) -> None:
    assert_only_this_is_warned_of(case)


@pytest.mark.parametrize("age", [10, 19, 0, 25])
def test_an_unusual_age_is_welcome_with_a_reason(age: int) -> None:
    record = example("wise", young_person__age_at_completion=age)
    record["young_person"]["out_of_usual_age_reason"] = {"code": "sibling_or_peer_concern"}
    assert places(findings(record)) == []


@pytest.mark.parametrize("age", range(11, 19))
def test_a_usual_age_needs_none(age: int) -> None:
    assert places(findings(example("wise", young_person__age_at_completion=age))) == []


@pytest.mark.parametrize(("born", "fine"), [("2015-08-21", True), ("2015-08-22", False), ("2007-08-22", True)])
def test_age_is_counted_to_the_day_of_completion(born: str, fine: bool) -> None:
    assert findings(example("oldham", young_person__date_of_birth=born)).valid is fine


def test_the_age_as_given_goes_before_the_one_from_the_date_of_birth() -> None:
    record = example("oldham", young_person__date_of_birth="2000-01-01", young_person__age_at_completion=17)
    assert places(findings(record)) == []


@pytest.mark.parametrize("age", [26, -1, 9990000018, 15.5, "15", True])
def test_what_cannot_be_an_age_is_told_once_and_not_repeated(age: Any) -> None:
    found = findings(example("wise", young_person__age_at_completion=age))
    assert places(found) == [("/young_person/age_at_completion", "F-number")]
    assert "9990000018" not in str(found.as_dict())


@pytest.mark.parametrize("number", ["9990000018", "9990000174", "9990001235", "9990000050"])
def test_a_real_nhs_number_is_accepted(number: str) -> None:
    assert places(findings(example("wise", young_person__nhs_number=number))) == []


def test_nine_digits_whose_check_would_be_ten_make_no_number() -> None:
    assert not any(is_nhs_number(f"999000000{last}") for last in range(10))


def test_one_digit_or_two_swapped_is_always_seen() -> None:
    right = "9990001235"
    wrong = {right[:i] + digit + right[i + 1 :] for i in range(10) for digit in "0123456789"} - {right}
    swapped = {right[:i] + right[i + 1] + right[i] + right[i + 2 :] for i in range(9)} - {right}
    assert not any(is_nhs_number(number) for number in wrong | swapped)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("wise", {"young_person__disabilities": ["NONE"]}),
        ("wise", {"young_person__disabilities": []}),
        ("wise", {"young_person__ethnicity": "CHNE"}),
        ("wise", {"entered_on": "2026-09-14"}),
        ("wise", {"young_person__nhs_number": MISSING}),
        ("wise", {"completed_on": "2025-05-20", DUE: MISSING}),
        ("wise", {"young_person__responsible_authority": "E08000005", "young_person__placing_authority": "E08000005"}),
        ("wise", {"young_person__responsible_authority": "E08000005", "young_person__host_authority": "E08000007"}),
        ("rise", {"young_person__legal_status": "V4"}),
        ("wise", {"young_person__involvement_started_on": "0001-01-01"}),
        ("nwg", {"completed_on": "2026-11-20"}),
        ("rise", {"entered_on": "2026-10-06"}),
        ("oldham", {"young_person__age_at_completion": 16, "young_person__date_of_birth": MISSING}),
    ],
    ids=str,
)
def test_what_the_rules_allow_is_accepted_without_a_word(name: str, changes: dict[str, Any]) -> None:
    assert findings(example(name, **changes)) == Findings()


@pytest.mark.parametrize("odd", ["Stockport", "", 7, None, ["E08000007"]])
@pytest.mark.parametrize("place", ["authority", "young_person__responsible_authority"])
def test_an_authority_that_is_none_is_not_another_one(place: str, odd: Any) -> None:
    assert [where for where, _ in places(findings(example("wise", **{place: odd})))] == [f"/{place.replace('__', '/')}"]


@pytest.mark.parametrize("withheld", ["more_detrimental", "unknown_would_delay", "not_yet_held"])
def test_where_the_number_is_a_duty_a_reason_will_do(withheld: str) -> None:
    assert places(findings(example("nwg", young_person__identifier_withheld_reason=withheld), DUTY)) == []
    assert places(findings(example("wise"), DUTY)) == []
    assert places(findings(example("nwg"))) == []


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_first_and_the_last_day_there_are_break_nothing(day: str) -> None:
    for field in ("completed_on", "young_person__involvement_started_on", "young_person__date_of_birth", DUE):
        assert findings(example("oldham", **{field: day}))
        assert findings(example("nwg", **{field: day}))


@pytest.mark.parametrize("day", ["2026-W37-1", "2026-02-30", "2026-9-14", "２０２６-09-14", "2026-09-14T00"])
def test_a_date_is_year_month_day_and_nothing_else(day: str) -> None:
    assert places(findings(example("wise", completed_on=day))) == [("/completed_on", "F-date")]


def test_a_warning_holds_no_date_of_the_record() -> None:
    days = {"young_person__involvement_started_on": "2031-07-19", "completed_on": "2019-03-01", DUE: MISSING}
    found = findings(example("wise", **days))
    assert [fault.code for fault in found.warnings] == ["E2"]
    assert not any(part in str(found.as_dict()) for part in ("2031", "2019", "July", "March"))
