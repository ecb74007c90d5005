"""When the next review is due, and what day it is in London."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.london import add_months, age_on, in_words, london_date, quarter_of
from service.domain.reviews import next_due

DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
MONTHS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("anchor", "months", "due"),
    [
        ("2026-09-14", 3, "2026-12-14"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-08-31", 3, "2026-11-30"),
        ("2026-10-06", 3, "2027-01-06"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-01-31", -3, "2025-10-31"),
        ("2026-01-31", 0, "2026-01-31"),
    ],
)
def test_months_are_calendar_months_held_to_the_months_end(anchor: str, months: int, due: str) -> None:
    assert add_months(date.fromisoformat(anchor), months) == date.fromisoformat(due)


@settings(max_examples=200, deadline=None)
@given(DAYS, MONTHS)
def test_the_day_is_the_anchors_own_or_the_last_of_a_shorter_month(anchor: date, months: int) -> None:
    due = add_months(anchor, months)
    assert due.day == min(anchor.day, monthrange(due.year, due.month)[1])
    assert (due.year * 12 + due.month) - (anchor.year * 12 + anchor.month) == months


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(1, 6), st.integers(1, 6))
def test_a_chain_of_reviews_never_runs_behind_one_counted_from_the_anchor(anchor: date, step: int, times: int) -> None:
    """Held to a month's end a chain can lose days, but never win any: nobody is reviewed later for it."""
    chained = anchor
    for _ in range(times):
        chained = add_months(chained, step)
    anchored = add_months(anchor, step * times)
    assert anchored - timedelta(days=3) <= chained <= anchored


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(1, 12), st.none() | DAYS)
def test_a_review_is_never_due_after_its_anchored_date_nor_before_completion(
    completed: date, months: int, asked: date | None
) -> None:
    due = next_due(completed, months=months, asked_for=asked)
    assert completed <= due <= add_months(completed, months)
    assert due in (asked, add_months(completed, months))


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (None, "2026-12-14"),
        ("2026-10-01", "2026-10-01"),
        ("2026-09-14", "2026-09-14"),
        ("2026-12-14", "2026-12-14"),
        ("2026-12-15", "2026-12-14"),
        ("2027-12-14", "2026-12-14"),
        ("2026-09-13", "2026-12-14"),
    ],
)
def test_an_earlier_day_may_be_asked_for_and_a_later_one_changes_nothing(asked: str | None, due: str) -> None:
    wanted = date.fromisoformat(asked) if asked else None
    assert next_due(date(2026, 9, 14), months=3, asked_for=wanted) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 31, 22, 59, 59, tzinfo=UTC), "2026-07-31"),
        (datetime(2026, 7, 31, 23, 0, tzinfo=UTC), "2026-08-01"),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "2026-03-28"),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), "2026-03-30"),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "2026-12-31"),
        (datetime(2027, 1, 1, 8, 0, tzinfo=timezone(timedelta(hours=9))), "2026-12-31"),
    ],
)
def test_a_day_is_a_day_in_london_summer_and_winter(instant: datetime, day: str) -> None:
    assert london_date(instant) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ("2026-01-01", "2026Q1"),
        ("2026-03-31", "2026Q1"),
        ("2026-04-01", "2026Q2"),
        ("2026-06-30", "2026Q2"),
        ("2026-07-01", "2026Q3"),
        ("2026-10-01", "2026Q4"),
        ("2026-12-31", "2026Q4"),
        ("0031-05-05", "0031Q2"),
    ],
)
def test_quarters_are_those_of_the_calendar(day: str, quarter: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == quarter


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2010-05-02", "2026-05-01", 15),
        ("2010-05-02", "2026-05-02", 16),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2026-05-02", "2026-05-02", 0),
    ],
)
def test_an_age_is_completed_years(born: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


def test_a_date_in_words_is_as_people_here_write_it() -> None:
    assert in_words(date(2026, 9, 4)) == "4 September 2026"
