"""The next review, and why there is one now (R1, R2, R3, R4; R5 by design no rule)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
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
)
from tests.support.records import MISSING, example

DUE, EVENT, CHANGE = "/review/due_on", "/significant_event_ref", "/change_in_circumstances"
PLANNED = Known(review_due_on=date(2026, 12, 1))
NO_EVENT = {"significant_event_ref": MISSING, "significant_events": MISSING}
WHICH, WHAT = "Say which event this is about.", "Say which change in circumstances this is about."

CASES = [
    Case("R1", "wise", {"review__due_on": "2026-12-29"}, DUE,
         "Review is due by 14 December 2026 (about three months)."),
    Case("R1", "nwg", {"review__due_on": "2028-01-01"}, DUE, "20 January 2027"),
    Case("R1", "rise", {"review__due_on": "2027-01-06"}, DUE, "6 November 2026 (about one month)",
         replace(POLICY, review_months=1, review_window_days=30)),
    Case("R3", "wise", {"significant_event_ref": MISSING}, EVENT, WHICH),
    Case("R3", "wise", {"significant_event_ref": "ev-2"}, EVENT, WHICH),
    Case("R3", "wise", {"significant_events": MISSING}, EVENT, WHICH),
    Case("R3", "oldham", {"review__basis": "event"}, EVENT, WHICH),
    Case("R3", "oldham", {"review_trigger": "change_in_circumstances"}, CHANGE, WHAT),
    Case("R3", "oldham", {"review__basis": "change"}, CHANGE, WHAT),
    Case("R4", "wise", {"review__basis": "event"}, DUE, "can't be later than the one already planned (1 December 2026)",
         known=PLANNED),
    Case("R1", "nwg", {"completed_on": "2026-11-20", "review__due_on": "2027-03-07"}, DUE, "20 February 2027"),
    Case("R4", "nwg", {"review__basis": "event"}, DUE, "(20 November 2026)",
         known=Known(review_due_on=date(2026, 11, 20))),
    Case("R4", "nwg", {"review__basis": "change"}, DUE, "Give that date or an earlier one.", known=PLANNED),
]  # fmt: skip

WARNED = [
    Case("R2", "nwg", {"review__due_on": "2026-11-19"}, DUE, "The review date given is in the past"),
]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_record_that_breaks_one_of_these_is_told_just_that(case: Case) -> None:
    assert_only_this_is_refused(case)


@pytest.mark.parametrize("case", WARNED, ids=ids)
def test_a_record_that_trips_one_of_these_is_accepted_with_a_warning(case: Case) -> None:
    assert_only_this_is_warned_of(case)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("wise", {"review__due_on": "2026-12-28"}),
        ("wise", {"review__due_on": MISSING}),
        ("wise", {"review__due_on": "2026-11-19"}),
        ("nwg", {"review__due_on": "2026-11-20"}),
        ("wise", {"review_trigger": "change_in_circumstances"}),
        ("oldham", {"review_trigger": "change_in_circumstances", "change_in_circumstances": "A new carer."}),
        ("oldham", {"review__basis": "change", "change_in_circumstances": "A new carer."}),
        ("oldham", {"review_trigger": "scheduled"}),
        ("rise", {"review__basis": "event"}),
        ("nwg", {"review__due_on": "2099-01-01", "young_person__involvement_ended_on": "2026-11-01"}),
        ("nwg", {"review__due_on": "2026-10-21", "young_person__involvement_ended_on": "2026-11-01"}),
    ],
    ids=str,
)
def test_what_the_rules_allow_is_accepted_without_a_word(name: str, changes: dict[str, Any]) -> None:
    assert findings(example(name, **changes)) == Findings()


@pytest.mark.parametrize(
    ("changes", "planned"),
    [
        ({"review__basis": "event", "review__due_on": "2026-12-01"}, date(2026, 12, 1)),
        ({"review__basis": "three_monthly"}, date(2026, 12, 1)),
        ({"review__basis": "event"}, date(2026, 11, 19)),
        ({"review__basis": "event"}, None),
        ({"review__basis": "event", "submission_kind": "correction", "supersedes_submission_id": "SK-1"},
         date(2026, 12, 1)),
        ({"review__basis": "event", "young_person__involvement_ended_on": "2026-10-01"}, date(2026, 12, 1)),
    ],
    ids=str,
)  # fmt: skip
def test_a_planned_review_is_only_kept_for_where_it_can_be(changes: dict[str, Any], planned: date | None) -> None:
    assert places(findings(example("wise", **changes), known=Known(review_due_on=planned))) == []


@pytest.mark.parametrize(("completed", "latest"), [("2026-08-31", "30 November 2026"), ("2025-11-30", "28 February")])
def test_months_are_calendar_months_held_to_the_months_end(completed: str, latest: str) -> None:
    record = example("oldham", completed_on=completed, review__due_on="2027-06-01")
    assert latest in findings(record).errors[0].detail


def test_a_date_nobody_can_read_is_told_that_and_no_more() -> None:
    found = findings(example("wise", review__due_on="soon", completed_on="2026-13-01", significant_event_ref=MISSING))
    assert places(found) == [("/completed_on", "F-date"), ("/review/due_on", "F-date"), (EVENT, "R3")]
    assert places(findings(example("nwg", completed_on="2026-13-01"))) == [("/completed_on", "F-date")]


def test_of_a_day_that_is_still_to_come_no_review_is_counted() -> None:
    """Neither from tomorrow nor from the last day there is, three months before which nothing more comes."""
    for day in ("2026-11-21", "9999-12-31"):
        assert places(findings(example("nwg", completed_on=day, review__due_on=day))) == [("/completed_on", "E2")]


@pytest.mark.parametrize("ref", [["ev-1"], {}, 7, None])
def test_events_with_an_odd_reference_break_nothing(ref: Any) -> None:
    found = places(findings(example("wise", significant_events__0__ref=ref)))
    assert [place for place, code in found if code.startswith("F-")] == ["/significant_events/0/ref"]
