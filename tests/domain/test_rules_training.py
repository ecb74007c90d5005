"""T1 and T3: the assessor's training, the day of the assessment, the authority's choice, and the exception."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.domain.faults import Fault
from service.domain.policy import Policy, Result
from service.domain.rules import Subject, training
from service.domain.rules.catalogue import RULES
from service.domain.rules.known import NOTHING_KNOWN
from service.domain.training.standing import Trained
from tests.support.records import MISSING, example

BEFORE, DAY = Trained("wise_core", date(2026, 9, 13)), Trained("wise_core", date(2026, 9, 14))
EXCEPTION = {"reason": "Nobody else was on duty.", "approved_by": "stk-sm-2"}
OURS = [rule for rule in RULES if rule.check.__module__ == training.__name__]
NONE, ENDED = (Result.REJECT, "T1"), (Result.HOLD, "T3")


def found(
    *trained: Trained, name: str = "wise", policy: Policy | None = None, known: bool = True, **changes: Any
) -> list[tuple[Result, Fault]]:
    """What the rules of this file say of an example, when this is what the register holds of its assessor."""
    record = example(name, **changes)
    judged = policy or Policy(record["authority"], "Somewhere")
    world = replace(NOTHING_KNOWN, training=trained if known else None)
    subject = Subject(record, record["record_type"], judged, date(2026, 9, 20), known=world)
    ours = [rule for rule in OURS if subject.record_type in rule.record_types]
    return [(rule.result(judged), fault) for rule in ours for fault in rule.faults(subject)]


def codes(*trained: Trained, **given: Any) -> list[tuple[Result, str]]:
    return [(result, fault.code) for result, fault in found(*trained, **given)]


def test_trained_the_day_before_is_trained() -> None:
    assert example("wise")["completed_on"] == "2026-09-14"
    assert found(BEFORE) == []


def test_untrained_is_told_what_is_missing_and_whom_to_ask() -> None:
    ((result, fault),) = found()
    assert result is Result.REJECT
    assert (fault.pointer, fault.code) == ("/assessor/professional_ref", "T1")
    assert fault.detail == (
        "WISE training must come before the assessment. "
        "We have no training record for this worker before 14 September 2026."
    )
    assert fault.fix == "Ask the Hub if the record is missing."


def test_the_day_it_was_typed_in_does_not_count() -> None:
    """Trained on the 15th, typed in on the 16th, made on the 14th: not trained."""
    late = Trained("wise_core", date(2026, 9, 15))
    assert codes(late, capture_mode="paper", entered_on="2026-09-16") == [NONE]


def test_the_same_day_counts_only_where_the_authority_says_so() -> None:
    said = Policy("E08000007", "Somewhere", training_same_day=True)
    assert (codes(DAY), codes(DAY, policy=said)) == ([NONE], [])
    ((_, fault),) = found(policy=said)
    assert fault.detail.endswith("for this worker on or before 14 September 2026.")


@pytest.mark.parametrize("result", Result)
def test_the_authority_chooses_what_follows(result: Result) -> None:
    assert codes(policy=Policy("E08000007", "Somewhere", training=result)) == [(result, "T1")]


def test_ended_training_is_held() -> None:
    assert codes(replace(BEFORE, valid_until=date(2026, 9, 13))) == [ENDED]
    assert codes(replace(BEFORE, revoked_on=date(2026, 9, 14))) == [ENDED]


@pytest.mark.parametrize("trained", [(), (replace(BEFORE, revoked_on=date(2026, 9, 13)),)], ids=["none", "ended"])
@pytest.mark.parametrize("result", Result)
def test_an_exception_lets_an_urgent_record_go_on_and_is_flagged(trained: tuple[Trained, ...], result: Result) -> None:
    policy = Policy("E08000007", "Somewhere", training=result)
    ((followed, fault),) = found(*trained, policy=policy, training_exception=EXCEPTION)
    assert followed is Result.WARN
    assert fault.detail.startswith("Accepted under an exception:")
    assert EXCEPTION["reason"] not in fault.detail


def test_an_exception_nobody_needed_is_not_mentioned() -> None:
    assert found(BEFORE, training_exception=EXCEPTION) == []


def test_something_else_than_an_exception_is_none() -> None:
    assert codes(training_exception="yes") == [NONE]


def test_where_the_register_is_not_known_nothing_is_said() -> None:
    assert found(known=False) == []


@pytest.mark.parametrize("change", [{"completed_on": "soon"}, {"completed_on": MISSING}, {"assessor": "x"}])
def test_where_the_record_is_broken_nothing_is_said(change: dict[str, Any]) -> None:
    assert found(**change) == []


@pytest.mark.parametrize("ref", ["Inventa Nobody", "", "stk-sw-21\n", "x" * 65])
def test_what_is_no_reference_is_not_looked_for_in_the_register(ref: str) -> None:
    assert found(assessor__professional_ref=ref) == []


def test_a_rise_asks_after_who_captured_it_and_nobody_else() -> None:
    ((_, fault),) = found(name="rise")
    assert (fault.pointer, fault.code) == ("/data_capture_by/professional_ref", "T1")
    assert "meeting_on" in example("rise")


@pytest.mark.parametrize(
    ("trained", "code"),
    [
        ((), "T1"),
        ((Trained("wise_core", date(2020, 1, 1)),), "T1"),
        ((Trained("nwg_foundation", date(2020, 1, 1), valid_until=date(2021, 1, 1)),), "T3"),
    ],
)
def test_an_nwg_assessment_is_never_stopped(trained: tuple[Trained, ...], code: str) -> None:
    assert codes(*trained, name="nwg") == [(Result.WARN, code)]
    assert codes(Trained("nwg_foundation", date(2020, 1, 1)), name="nwg") == []


def test_no_rule_asks_after_who_supported_or_typed_it_in() -> None:
    """T2 is no rule."""
    assert {rule.code for rule in OURS} == {"T1", "T3"}
    assert found(BEFORE, entered_by_ref="stk-admin-4") == []
