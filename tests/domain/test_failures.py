"""What each failure means for its delivery and for its lane: a row for every reason, none against itself."""

from __future__ import annotations

import pytest

from service.domain.delivery import Owner, Reason, owner_of
from service.domain.delivery.failures import FAILURES, Course, Failure, Weight

AWAY = {Reason.UNAVAILABLE, Reason.UNREACHABLE, Reason.NO_CLEAR_ANSWER, Reason.UNEXPECTED_ANSWER}
SHUT = {
    Reason.MAINTENANCE,
    Reason.SIGN_IN_REFUSED,
    Reason.HOST_KEY_CHANGED,
    Reason.CERTIFICATE_NOT_TRUSTED,
    Reason.ADDRESS_NOT_ALLOWED,
}
OF_THIS_RECORD = {
    Reason.PERSON_NOT_FOUND,
    Reason.DOB_MISMATCH,
    Reason.NO_OPEN_EPISODE,
    Reason.CONTENT_REFUSED,
    Reason.DOCUMENT_TOO_LARGE,
    Reason.NOT_PERMITTED,
    Reason.LOCKED,
}
BEFORE_ANYBODY_WAS_ASKED = {
    Reason.MAPPING_INCOMPLETE,
    Reason.BODY_UNREADABLE,
    Reason.BODY_SHREDDED,
    Reason.DOCUMENT_FAILED,
    Reason.TRAINING_NOT_FOUND,
    Reason.STOPS_WORKERS,
    Reason.HELD_BY_OFFICER,
    Reason.RESTORED,
    Reason.NOT_SUPPORTED,
}


def test_every_reason_has_its_row() -> None:
    assert set(FAILURES) == set(Reason)
    assert all(isinstance(row, Failure) for row in FAILURES.values())


def test_every_course_and_weight_is_used() -> None:
    assert {row.course for row in FAILURES.values()} == set(Course)
    from_the_attempt = {Weight.FALTERS}  # not from the reason: it depends on what was answered before
    assert {row.weight for row in FAILURES.values()} == set(Weight) - from_the_attempt


def test_what_is_wrong_with_the_way_there_closes_the_lane_and_spends_no_delivery() -> None:
    """One wrong password must not leave a thousand records with a person."""
    assert {reason for reason, row in FAILURES.items() if row.weight is Weight.CLOSES} == SHUT
    assert {FAILURES[reason].course for reason in SHUT} == {Course.RETRY}


def test_what_shows_that_the_case_system_is_away_counts_against_the_lane() -> None:
    assert {reason for reason, row in FAILURES.items() if row.weight is Weight.COUNTS} == AWAY


@pytest.mark.parametrize("reason", sorted(OF_THIS_RECORD))
def test_a_refusal_of_one_record_is_an_answer_and_holds_no_other_up(reason: Reason) -> None:
    assert FAILURES[reason].weight is Weight.ANSWERED


@pytest.mark.parametrize("reason", sorted(BEFORE_ANYBODY_WAS_ASKED))
def test_what_is_found_before_anybody_was_asked_says_nothing_of_the_lane(reason: Reason) -> None:
    assert FAILURES[reason].weight is Weight.NOTHING


def test_what_asks_us_to_slow_down_is_obeyed_and_no_failure() -> None:
    assert FAILURES[Reason.THROTTLED] == Failure(Course.RETRY, Weight.SLOW_DOWN)


def test_a_doubt_is_looked_up_and_never_simply_tried_again() -> None:
    assert FAILURES[Reason.NO_CLEAR_ANSWER].course is Course.LOOK_UP
    assert FAILURES[Reason.RESTORED].course is Course.LOOK_UP


@pytest.mark.parametrize("reason", [each for each in Reason if FAILURES[each].course is Course.PERSON])
def test_what_waits_for_a_person_is_not_the_bridges_own(reason: Reason) -> None:
    assert owner_of(reason) is not Owner.BRIDGE


@pytest.mark.parametrize("reason", [each for each in Reason if owner_of(each) is Owner.BRIDGE])
def test_what_is_the_bridges_own_waits_for_no_person(reason: Reason) -> None:
    assert FAILURES[reason].course is not Course.PERSON
