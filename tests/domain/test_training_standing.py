"""Whether a worker was trained on the day of an assessment: before it, still holding, of a kind that counts."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.codes import RECORD_TYPES
from service.domain.records import RECORDS
from service.domain.training.record import COURSES
from service.domain.training.standing import ASSESSOR, COUNTS_FOR, Standing, Trained, standing

DAY = date(2026, 9, 14)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
WISE = COUNTS_FOR["wise_assessment"]


def stood(*records: Trained, same_day: bool = False, record_type: str = "wise_assessment") -> Standing:
    return standing(records, courses=COUNTS_FOR[record_type], completed_on=DAY, same_day_counts=same_day)


def test_nobody_is_trained_by_nothing() -> None:
    assert stood() is Standing.NONE_BEFORE


@pytest.mark.parametrize(
    ("attended", "same_day", "expected"),
    [
        (BEFORE, False, Standing.TRAINED),
        (BEFORE, True, Standing.TRAINED),
        (DAY, False, Standing.NONE_BEFORE),
        (DAY, True, Standing.TRAINED),
        (AFTER, False, Standing.NONE_BEFORE),
        (AFTER, True, Standing.NONE_BEFORE),
        (date(1999, 1, 1), False, Standing.TRAINED),
    ],
)
def test_training_comes_before_the_assessment(attended: date, same_day: bool, expected: Standing) -> None:
    assert stood(Trained("wise_core", attended), same_day=same_day) is expected


@pytest.mark.parametrize(
    ("valid_until", "revoked_on", "expected"),
    [
        (None, None, Standing.TRAINED),
        (DAY, None, Standing.TRAINED),
        (BEFORE, None, Standing.ENDED),
        (None, AFTER, Standing.TRAINED),
        (None, DAY, Standing.ENDED),
        (None, BEFORE, Standing.ENDED),
        (AFTER, BEFORE, Standing.ENDED),
        (BEFORE, AFTER, Standing.ENDED),
    ],
)
def test_training_may_end(valid_until: date | None, revoked_on: date | None, expected: Standing) -> None:
    assert stood(Trained("wise_core", date(2026, 3, 2), valid_until, revoked_on)) is expected


def test_what_ended_after_the_assessment_does_not_reach_back() -> None:
    """A record that was made by somebody trained stays so, however late it is typed in."""
    assert stood(Trained("wise_core", BEFORE, valid_until=DAY, revoked_on=AFTER)) is Standing.TRAINED


def test_one_that_holds_is_enough_whatever_the_order() -> None:
    ended, holds = Trained("wise_core", date(2025, 1, 1), valid_until=BEFORE), Trained("wise_tools", BEFORE)
    assert stood(ended, holds) is stood(holds, ended) is Standing.TRAINED
    assert stood(ended, Trained("wise_core", AFTER)) is Standing.ENDED


@pytest.mark.parametrize(
    ("record_type", "counting"),
    [
        ("wise_assessment", {"wise_core", "wise_tools"}),
        ("rise_meeting_output", {"wise_core", "wise_tools"}),
        ("nwg_assessment", {"nwg_assessment_tool", "nwg_foundation", "nwg_advanced"}),
    ],
)
def test_each_record_asks_for_its_own_training(record_type: str, counting: set[str]) -> None:
    found = {
        course for course in COURSES if stood(Trained(course, BEFORE), record_type=record_type) is Standing.TRAINED
    }
    assert found == counting


def test_an_evaluation_can_not_be_asked_after() -> None:
    """22 attended and 18 completed the evaluation: attendance is what counts, and the rule is given nothing else."""
    assert {each.name for each in fields(Trained)} == {"course", "attended_on", "valid_until", "revoked_on"}


def test_every_kind_of_record_names_its_assessor() -> None:
    assert set(COUNTS_FOR) == set(ASSESSOR) == set(RECORD_TYPES)
    for record_type, place in ASSESSOR.items():
        person, field = place.strip("/").split("/")
        assert field in RECORDS[record_type].fields[person].fields  # type: ignore[attr-defined] # a group


DAYS = st.dates(date(2026, 9, 10), date(2026, 9, 18))
RECORD = st.builds(
    Trained,
    course=st.sampled_from(COURSES),
    attended_on=DAYS,
    valid_until=st.none() | DAYS,
    revoked_on=st.none() | DAYS,
)


@given(st.lists(RECORD, max_size=5), RECORD, st.booleans())
def test_one_more_record_never_takes_training_away(records: list[Trained], more: Trained, same_day: bool) -> None:
    order = [Standing.NONE_BEFORE, Standing.ENDED, Standing.TRAINED]
    without, with_it = stood(*records, same_day=same_day), stood(*records, more, same_day=same_day)
    assert order.index(with_it) >= order.index(without)
    assert stood(more, *records, same_day=same_day) is with_it
