"""The rules of how long a body stays, against an oracle that was written apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.delivery import TERMINAL, State
from service.domain.retention import MEANING, Keep, Situation, Stand, judge, tombstone_until, trail_until
from tests.retention.oracle import may_go

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
MOMENTS = st.integers(-120, 0).map(lambda days: NOON + timedelta(days=days))
FLAGS = ("held", "reopening", "review_to_come", "sibling_open", "legal_hold")
STANDS = st.builds(Stand, st.sampled_from(State), MOMENTS, st.booleans())
ENDED = st.builds(Stand, st.sampled_from(sorted(TERMINAL)), MOMENTS, st.just(True))
ANY = st.builds(Situation, MOMENTS, st.lists(STANDS, max_size=3), **{name: st.booleans() for name in FLAGS})
SETTLED = st.builds(Situation, MOMENTS, st.lists(ENDED, max_size=3))


@settings(max_examples=400, deadline=None)
@given(st.one_of(ANY, SETTLED), st.integers(0, 90))
def test_a_body_goes_when_the_oracle_says_so_and_never_else(found: Situation, days: int) -> None:
    assert judge(found, days).may_shred(NOON) == may_go(found, days, NOON)


@settings(deadline=None)
@given(SETTLED, st.integers(0, 90))
def test_the_moment_is_the_first_at_which_it_may_go(found: Situation, days: int) -> None:
    after = judge(found, days).after
    assert after is not None
    assert may_go(found, days, after)
    assert not may_go(found, days, after - timedelta(microseconds=1))


@settings(deadline=None)
@given(ANY, st.integers(0, 90))
def test_there_is_a_reason_or_a_moment_and_never_both(found: Situation, days: int) -> None:
    verdict = judge(found, days)
    assert bool(verdict.keeps) != (verdict.after is not None)


@pytest.mark.parametrize("state", sorted(set(State) - TERMINAL))
def test_what_is_open_stays_however_old(state: State) -> None:
    found = Situation(NOON, [Stand(State.DELIVERED, NOON, proven=True), Stand(state, NOON, proven=True)])
    verdict = judge(found, 0)
    assert verdict.keeps == (Keep.OPEN,)
    assert not verdict.may_shred(NOON + timedelta(days=10_000))


@pytest.mark.parametrize("days", [-1, 91])
def test_a_window_has_its_bounds(days: int) -> None:
    with pytest.raises(ValueError, match="0 to 90"):
        judge(Situation(NOON, []), days)


def test_every_reason_has_words() -> None:
    assert set(MEANING) == set(Keep)


def test_what_stays_longer_than_a_body() -> None:
    late = datetime(2026, 7, 31, 23, 30, tzinfo=UTC)  # the first of August in London
    assert tombstone_until(late) == date(2027, 8, 1)
    assert trail_until(late) == date(2032, 8, 1)
    assert tombstone_until(datetime(2024, 2, 29, 12, tzinfo=UTC)) == date(2025, 2, 28)
