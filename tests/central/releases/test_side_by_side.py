"""What two releases would tell only together: older figures that are still true, and what all who joined share."""

from __future__ import annotations

from collections import Counter

import pytest

from service.central.audit import audit
from service.central.catalogue.model import Table, Unit
from service.central.protection import protect
from service.central.protection.problem import Problem
from service.central.published import TOTAL, Release
from service.central.releases.past import Past
from service.domain.fact import Fact
from tests.central.releases.made import (
    BOLTON,
    BURY,
    NEXT,
    Q4,
    RISE,
    STOCKPORT,
    Hides,
    built,
    catalogue,
    fact,
    figure,
    past,
    shown,
    table,
    under_ten,
)

STATEMENTS = ("experiencing", "at_risk", "no_known_risk_or_manageable")
BY_QUARTER = table("by_quarter", ("quarter",), unit=Unit.ASSESSMENTS)
KINDS = table("kinds", ("kind",))
BY_KIND, OF_RISE = table("by_kind", ("kind", "statement")), table("of_rise", ("age_coarse",), universe="rise")


def spread(numbers: tuple[int, int, int], **said: str) -> Counter[Fact]:
    """So many of each statement, in three authorities in turn."""
    return Counter(
        fact(authority=(BOLTON, BURY, STOCKPORT)[each % 3], exploitation=statement, **said)
        for statement, number in zip(STATEMENTS, numbers, strict=True)
        for each in range(number)
    )


@pytest.mark.parametrize(
    ("rise", "wise", "joiners"),
    [((22, 7, 20), (38, 19, 32), (20, 18, 11)), ((22, 4, 13), (26, 32, 32), (10, 14, 9))],
)
def test_older_figures_of_what_has_not_changed_are_reckoned_with(
    rise: tuple[int, int, int], wise: tuple[int, int, int], joiners: tuple[int, int, int]
) -> None:
    """None of RISE meetings joined: how many there are is still known, and another pattern would tell a few."""
    tables: tuple[Table, ...] = (BY_KIND, OF_RISE)
    facts = spread(rise, **RISE) + spread(wise)
    earlier = past(built(facts, Q4, protect=protect, tables=tables), facts, *tables)
    now = facts + spread(joiners, quarter=NEXT)
    release = built(now, NEXT, past=[earlier], protect=protect, tables=tables)
    assert figure(release, "of_rise", TOTAL).as_of == Q4
    report = audit(catalogue(*tables), [earlier.release, release], [facts, now])
    assert report.passed, report.findings


def told_of(now: Counter[Fact], earlier: Past, *tables: Table) -> Problem:
    """What protection is asked."""
    asked: list[Problem] = []

    def listens(problem: Problem) -> Hides:
        asked.append(problem)
        return under_ten(problem)

    built(now, NEXT, past=[earlier], protect=listens, tables=tables)
    return asked[0]


def test_protection_is_told_how_large_an_unchanged_count_can_be_and_who_knows_it() -> None:
    facts, more = spread((20, 20, 20), **RISE), spread((4, 4, 4), quarter=NEXT)
    earlier = past(built(facts, Q4, tables=(BY_KIND, OF_RISE)), facts, BY_KIND, OF_RISE)
    problem = told_of(facts + more, earlier, BY_KIND, OF_RISE)
    rise = next(name for name, count in problem.counts.items() if count == 60 and name in problem.fixed)
    assert {("least", rise), ("most", rise)} <= problem.known[-1]
    assert (problem.counts["least", rise], problem.counts["most", rise]) == (58, 62)
    assert {(("least", rise), rise), (rise, ("most", rise))} <= set(problem.at_most)
    assert problem.known[-1] <= problem.unpublished


def test_a_quarter_that_stays_is_not_reckoned_with_when_the_year_has_moved_on() -> None:
    """What left with the oldest quarter would else be told by what stayed, and could not be hidden any more."""
    facts = Counter({fact(quarter="2025Q1"): 15, fact(quarter=Q4): 30})
    earlier = past(built(facts, Q4, tables=(BY_QUARTER,)), facts, BY_QUARTER)
    insiders = 3 + 3  # each authority, and each two
    assert len(told_of(Counter({fact(quarter=Q4): 30}), earlier, BY_QUARTER).known) == insiders


def kinds(wise: int, rise: int, changed: int = 0) -> Counter[Fact]:
    return Counter({fact(): wise - changed, fact(sex="F"): changed, fact(**RISE): rise})


def second(before: Counter[Fact], now: Counter[Fact]) -> Release:
    return built(now, NEXT, past=[past(built(before, Q4, tables=(KINDS,)), before, KINDS)], tables=(KINDS,))


@pytest.mark.parametrize(("before", "now"), [((12, 30), (23, 30)), ((23, 30), (12, 30)), ((12, 30), (33, 30))])
def test_a_group_that_all_who_joined_or_left_are_surely_in_is_not_made_anew(
    before: tuple[int, int], now: tuple[int, int]
) -> None:
    """Ten stands for at most twelve, 25 for at least 23, and 35 for at least 33."""
    release = second(kinds(*before), kinds(*now))
    assert {each.as_of for each in shown(release, "kinds").figures} == {Q4}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (kinds(13, 29), kinds(24, 29)),  # 15 and 25: six joined at the least; that all are among all is no news
        (kinds(12, 30), kinds(23, 31)),  # one of them is in another group
        (kinds(12, 30, changed=1), kinds(23, 30)),  # somebody left as well, so that nobody can say who joined
    ],
)
def test_figures_that_leave_open_where_they_are_are_made_anew(before: Counter[Fact], now: Counter[Fact]) -> None:
    assert figure(second(before, now), "kinds", TOTAL).as_of == NEXT
