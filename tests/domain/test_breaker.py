"""A lane's breaker: when it opens, for how long, who is let try, and how it is let go on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.delivery.breaker import IN_A_ROW, Breaker, after, slots
from service.domain.delivery.failures import Weight

LIMIT = 8
CLOSED = Breaker()
EVENTS = st.lists(st.tuples(st.sampled_from(Weight), st.booleans()), max_size=60)
LIMITS = st.integers(1, 64)


def told(breaker: Breaker, *weights: Weight, cooled: bool = True, limit: int = LIMIT) -> Breaker:
    for weight in weights:
        breaker = after(breaker, weight, cooled=cooled, limit=limit)
    return breaker


def opened(times: int = 1) -> Breaker:
    """Closed by something a person has to mend, so often in a row, each time by the one that was let try."""
    return told(CLOSED, *[Weight.CLOSES] * times)


def away(times: int = 1) -> Breaker:
    """Out of reach, and still so for each that was let try."""
    return told(CLOSED, *[Weight.COUNTS] * (IN_A_ROW + times - 1))


def test_a_lane_that_is_well_gives_as_many_as_the_authority_takes() -> None:
    assert [slots(CLOSED, cooled=True, in_flight=n, limit=LIMIT) for n in (0, 3, 8, 20)] == [8, 5, 0, 0]


def test_four_failures_in_a_row_leave_it_closed_and_the_fifth_opens_it() -> None:
    four = told(CLOSED, *[Weight.COUNTS] * 4)
    assert not four.is_open
    assert told(four, Weight.COUNTS).open_for == 2


def test_ten_failures_among_the_last_twenty_open_it_however_they_are_mixed() -> None:
    mixed = told(CLOSED, *[Weight.COUNTS, Weight.ANSWERED] * 9)
    assert not mixed.is_open
    assert told(mixed, Weight.COUNTS).is_open


def test_ten_failures_over_a_longer_time_do_not() -> None:
    assert not told(CLOSED, *([Weight.COUNTS] + [Weight.ANSWERED] * 3) * 40).is_open


def test_an_answer_in_between_ends_the_row() -> None:
    assert not told(CLOSED, *[Weight.COUNTS] * 4, Weight.ANSWERED, *[Weight.COUNTS] * 4).is_open


def test_what_closes_a_lane_opens_the_breaker_at_once() -> None:
    assert opened().open_for == 30


def test_what_a_person_has_to_mend_is_tried_after_half_a_minute_and_ever_more_seldom() -> None:
    assert [opened(times).open_for for times in range(1, 9)] == [30, 60, 120, 240, 480, 600, 600, 600]


def test_what_is_out_of_reach_is_tried_every_two_seconds_for_half_a_minute_and_then_more_and_more_seldom() -> None:
    waits = [away(times).open_for for times in range(1, 40)]
    assert waits[:15] == [2] * 15
    assert waits[15:25] == [4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    assert set(waits[25:]) == {600}


@pytest.mark.parametrize("times", range(16, 24))
def test_an_outage_is_at_most_about_twice_as_long_for_us_as_it_was(times: int) -> None:
    gone = sum(away(each).open_for for each in range(1, times))
    assert away(times).open_for <= gone


def test_the_one_that_was_let_try_and_failed_opens_it_again_for_its_own_reason() -> None:
    assert told(opened(), Weight.CLOSES).open_for == 60
    assert told(opened(), Weight.COUNTS).open_for == 2
    assert told(away(2), Weight.CLOSES).open_for == 120


def test_after_it_was_well_again_it_begins_anew() -> None:
    well = told(opened(5), *[Weight.ANSWERED] * 10)
    assert well == CLOSED
    assert told(well, Weight.CLOSES).open_for == 30


@pytest.mark.parametrize("weight", Weight)
def test_while_it_is_open_a_straggler_changes_nothing(weight: Weight) -> None:
    assert told(opened(3), weight, cooled=False) == opened(3)


def test_open_lets_nothing_go_and_half_open_exactly_one() -> None:
    assert slots(opened(), cooled=False, in_flight=0, limit=LIMIT) == 0
    assert slots(opened(), cooled=True, in_flight=0, limit=LIMIT) == 1
    assert slots(opened(), cooled=True, in_flight=1, limit=LIMIT) == 0


def test_what_says_nothing_of_the_lane_lets_another_try() -> None:
    assert told(opened(), Weight.NOTHING) == opened()


def test_after_an_answer_one_two_four_and_then_all_may_go() -> None:
    breaker, seen = told(opened(), Weight.ANSWERED), []
    for _ in range(4):
        seen.append(slots(breaker, cooled=True, in_flight=0, limit=LIMIT))
        breaker = told(breaker, Weight.ANSWERED)
    assert (seen, breaker) == ([1, 2, 4, 8], CLOSED)


def test_a_relapse_while_it_is_let_go_on_is_not_taken_for_a_first_time() -> None:
    going_on = told(opened(2), Weight.ANSWERED, Weight.ANSWERED)
    assert told(going_on, Weight.CLOSES).open_for == 120
    assert told(going_on, *[Weight.COUNTS] * 5).openings == 3


def test_what_was_answered_and_then_met_silence_counts_like_any_failure_while_the_lane_is_open_to_all() -> None:
    assert told(CLOSED, *[Weight.FALTERS] * IN_A_ROW) == away()


def test_let_try_and_answered_before_the_silence_the_lane_goes_on_with_one_at_a_time() -> None:
    reached = told(away(20), Weight.FALTERS)
    assert not reached.is_open
    assert slots(reached, cooled=True, in_flight=0, limit=LIMIT) == 1
    assert told(reached, *[Weight.FALTERS] * (IN_A_ROW - 1)).open_for == away().open_for


def test_a_system_that_answers_questions_and_loses_every_other_answer_is_asked_through_to_the_end() -> None:
    """However many there are: no wait between two tries grows."""
    breaker, waits = away(), []
    for _ in range(500):
        breaker = told(breaker, Weight.FALTERS)
        waits.append(breaker.open_for)
    assert set(waits) == {0, away().open_for}


def test_a_lane_for_one_alone_goes_on_with_one() -> None:
    breaker = after(opened(), Weight.ANSWERED, cooled=True, limit=1)
    assert slots(breaker, cooled=True, in_flight=0, limit=1) == 1
    assert after(breaker, Weight.ANSWERED, cooled=True, limit=1) == CLOSED


def test_what_asks_us_to_slow_down_halves_what_may_go_and_opens_nothing() -> None:
    seen, breaker = [], CLOSED
    for _ in range(5):
        breaker = told(breaker, Weight.SLOW_DOWN)
        seen.append(slots(breaker, cooled=True, in_flight=0, limit=LIMIT))
    assert (seen, breaker.is_open) == ([4, 2, 1, 1, 1], False)
    assert told(breaker, *[Weight.ANSWERED] * 3) == CLOSED


@given(EVENTS, LIMITS, st.integers(0, 70), st.booleans())
def test_there_are_never_more_slots_than_the_limit_leaves(
    events: list[tuple[Weight, bool]], limit: int, in_flight: int, cooled: bool
) -> None:
    breaker = CLOSED
    for weight, then_cooled in events:
        breaker = after(breaker, weight, cooled=then_cooled, limit=limit)
        free = slots(breaker, cooled=cooled, in_flight=in_flight, limit=limit)
        assert 0 <= free <= max(0, limit - in_flight)
        if breaker.is_open:
            assert free <= (1 if cooled and in_flight == 0 else 0)


@given(EVENTS, LIMITS)
def test_it_never_stays_open_for_less_than_two_seconds_nor_more_than_ten_minutes(
    events: list[tuple[Weight, bool]], limit: int
) -> None:
    breaker = CLOSED
    for weight, cooled in events:
        breaker = after(breaker, weight, cooled=cooled, limit=limit)
        assert breaker.open_for == 0 or 2 <= breaker.open_for <= 600
        assert len(breaker.recent) <= 20
        assert set(breaker.recent) <= {".", "x"}


@given(EVENTS, LIMITS)
def test_whatever_it_has_been_through_enough_answers_make_it_well(
    events: list[tuple[Weight, bool]], limit: int
) -> None:
    breaker = CLOSED
    for weight, cooled in events:
        breaker = after(breaker, weight, cooled=cooled, limit=limit)
    for _ in range(40):
        breaker = after(breaker, Weight.ANSWERED, cooled=True, limit=limit)
    assert breaker.is_pristine


@given(EVENTS, LIMITS)
def test_a_lane_always_lets_somebody_try_in_the_end(events: list[tuple[Weight, bool]], limit: int) -> None:
    breaker = CLOSED
    for weight, cooled in events:
        breaker = after(breaker, weight, cooled=cooled, limit=limit)
        assert slots(breaker, cooled=True, in_flight=0, limit=limit) >= 1


def test_a_breaker_with_anything_to_remember_is_not_pristine() -> None:
    assert CLOSED.is_pristine
    for changes in ({"in_a_row": 1}, {"recent": "x"}, {"open_for": 30}, {"openings": 1}, {"ramp": 1}):
        assert not replace(CLOSED, **changes).is_pristine
