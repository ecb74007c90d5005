"""Release days, and the quarters that a release counts."""

from __future__ import annotations

from datetime import date

import pytest

from service.central.catalogue import is_due, period, read, release_day
from service.central.catalogue.__main__ import NEWEST

CATALOGUE = read(NEWEST)


@pytest.mark.parametrize(
    ("quarter", "quarters"),
    [
        ("2026Q3", ("2025Q4", "2026Q1", "2026Q2", "2026Q3")),
        ("2026Q4", ("2026Q1", "2026Q2", "2026Q3", "2026Q4")),
        ("2027Q1", ("2026Q2", "2026Q3", "2026Q4", "2027Q1")),
    ],
)
def test_a_release_counts_four_quarters(quarter: str, quarters: tuple[str, ...]) -> None:
    assert period(quarter) == quarters


@pytest.mark.parametrize(
    ("quarter", "day"),
    [
        ("2026Q1", date(2026, 5, 15)),
        ("2026Q2", date(2026, 8, 15)),
        ("2026Q3", date(2026, 11, 15)),
        ("2026Q4", date(2027, 2, 15)),
    ],
)
def test_a_release_is_due_from_its_day_on(quarter: str, day: date) -> None:
    assert release_day(CATALOGUE, quarter) == day
    assert is_due(CATALOGUE, quarter, day)
    assert not is_due(CATALOGUE, quarter, date.fromordinal(day.toordinal() - 1))


@pytest.mark.parametrize("quarter", ["2026Q5", "2026q3", "26Q3", "2026Q3\n", "२०२६Q3", "0000Q1", ""])
def test_what_is_no_quarter_is_refused(quarter: str) -> None:
    with pytest.raises(ValueError, match="2026Q3"):
        period(quarter)
    with pytest.raises(ValueError, match="2026Q3"):
        release_day(CATALOGUE, quarter)
