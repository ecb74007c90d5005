"""Forms, hidden and missing figures, and what protection is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from service.central.catalogue.model import Table, Unit
from service.central.counting import is_regional
from service.central.protection.problem import Problem, ProtectionDoubt
from service.central.published import TOTAL, Status
from service.central.releases.hanging import Meaning, below, sums_of
from service.domain.codes import RECORD_TYPES
from service.domain.fact import Fact
from tests.central.releases.made import (
    BOLTON,
    BURY,
    Q1,
    Q2,
    Q3,
    Q4,
    STOCKPORT,
    Hides,
    built,
    cohort,
    fact,
    figure,
    in_doubt,
    shown,
    table,
    under_ten,
)

WITH = ("record_type", frozenset({"wise_assessment", "rise_meeting_output"}))
WISE_AND_RISE: Any = Unit.ASSESSMENTS, frozenset({WITH})

REVIEW = {"first_or_review": "review", "review_trigger": "scheduled", "review_timeliness": "on_time"} | dict.fromkeys(
    ("exploitation_before", "education_before"), "not_recorded"
)


def spread(each: int) -> Counter[Fact]:
    """So many in every group of age and statement, all in one authority."""
    return Counter(
        {
            fact(age_band=age, exploitation=statement): each
            for age in ("under_10", "10_13", "14_15", "16_17", "18_plus", "not_recorded")
            for statement in ("experiencing", "at_risk", "no_known_risk_or_manageable")
        }
    )


def test_figures_are_rounded_from_ten_and_hidden_under_it() -> None:
    release = built(Counter({fact(): 13, fact(authority=BURY): 9}))
    assert figure(release, "by_authority", STOCKPORT).value == 15
    assert figure(release, "by_authority", BURY).status is Status.SUPPRESSED
    assert figure(release, "by_authority", BURY).value is None
    assert figure(release, "by_authority", BOLTON).status is Status.SUPPRESSED  # none is hidden like few
    assert figure(release, "by_authority", TOTAL).value == 20


def test_a_table_stays_in_its_finest_form_while_that_shows_enough() -> None:
    found = shown(built(spread(12)), "by_age")
    assert found.axes == ("age", "statement")
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("each", "axes", "reasons"),
    [
        (5, ("age_coarse", "statement"), ("collapsed",)),
        (2, ("statement",), ("collapsed",)),
        (1, ("statement",), ("collapsed", "total_only")),
    ],
)
def test_a_table_that_shows_too_little_is_tried_more_coarsely(
    each: int, axes: tuple[str, ...], reasons: tuple[str, ...]
) -> None:
    found = shown(built(spread(each)), "by_age")
    assert (found.axes, found.reasons) == (axes, reasons)


@pytest.mark.parametrize(("more", "axes"), [(0, ("quarter",)), (1, ("quarter", "first"))])
def test_a_quarter_of_which_all_could_be_told_to_be_alike_is_shown_as_a_whole(more: int, axes: tuple[str, ...]) -> None:
    """All first ones are 68 at the least, those of three quarters 17 each at the most: the fourth has 17 in all."""
    by_quarter = table("q", ("quarter", "first"), ("quarter",), unit=Unit.ASSESSMENTS, universe="all")
    facts = Counter({fact(quarter=each): 17 for each in (Q1, Q2, Q3, Q4)})
    facts += Counter({fact(quarter=each, **REVIEW): 12 for each in (Q2, Q3, Q4)})
    facts += Counter({fact(quarter=Q1, **REVIEW): more})
    assert shown(built(facts, tables=(by_quarter,)), "q").axes == axes


def test_a_table_that_shows_nothing_in_its_last_form_is_withheld() -> None:
    found = shown(built(Counter({fact(): 9})), "by_age")
    assert found.axes == ("statement",)
    assert {each.status for each in found.figures} == {Status.WITHHELD}
    assert found.reasons == ("withheld",)


def test_every_cell_of_a_form_is_there_whatever_was_counted() -> None:
    for facts in (Counter({fact(): 12}), spread(12)):
        assert len(shown(built(facts), "by_authority").figures) == 4
        assert len(shown(built(facts), "by_quarter").figures) == 5


def test_a_missing_authority_is_not_none_and_in_no_total() -> None:
    facts = Counter({fact(): 30, fact(authority=BURY): 30})
    release = built(facts, missing=(BOLTON,))
    assert release.missing == (BOLTON,)
    assert figure(release, "by_authority", BOLTON).status is Status.MISSING
    assert figure(release, "by_authority", TOTAL).value == 60


def test_what_protection_hides_is_hidden_and_no_more() -> None:
    def hides_the_largest(problem: Problem) -> Hides:
        largest = max(problem.counts.values())
        hidden = {name: "protects_another" for name, count in problem.counts.items() if count == largest}
        return Hides({**hidden, **under_ten(problem).hidden})

    release = built(Counter({fact(): 30, fact(authority=BURY): 20}), protect=hides_the_largest)
    statuses = {each.at: each.status for each in shown(release, "by_authority").figures}
    assert statuses == {
        (BOLTON,): Status.SUPPRESSED,
        (BURY,): Status.ROUNDED,
        (STOCKPORT,): Status.ROUNDED,
        (TOTAL,): Status.SUPPRESSED,
    }


def test_a_small_count_that_protection_forgot_stops_the_build() -> None:
    with pytest.raises(ValueError, match="a count under the threshold is not shown"):
        built(cohort(), protect=lambda _: Hides({}))


def test_doubt_stops_the_build() -> None:
    with pytest.raises(ProtectionDoubt):
        built(cohort(), protect=in_doubt)


def all_regional(names: Iterable[Any]) -> set[Any]:
    return {name for name in names if is_regional(name)}


def the_problem(facts: Counter[Fact], *tables: Table, missing: tuple[str, ...] = ()) -> Problem:
    told: list[Problem] = []

    def listens(problem: Problem) -> Hides:
        told.append(problem)
        return under_ten(problem)

    built(facts, protect=listens, tables=tables, missing=missing)
    return told[0]


def test_protection_is_told_of_everything_that_hangs_together() -> None:
    both = table("people", ("authority", "statement")), table("records", ("statement",), unit=Unit.ASSESSMENTS)
    problem = the_problem(cohort(), *both)
    published = problem.counts.keys() - problem.unpublished
    assert len(published) == 4 * 4 + 4
    counted: Iterable[Any] = problem.counts
    people = {name for name in counted if name[0] is Unit.YOUNG_PEOPLE}
    assert {pair[0] for pair in problem.at_most} == people  # each has its number of records beside it
    assert problem.shares.keys() == all_regional(published)
    assert all(sum(each) == problem.counts[name] for name, each in problem.shares.items())
    assert len(problem.known) == 3 + 3
    margins = (
        4 + 4 + 1
    )  # people by statement in each authority and all, by authority in each statement and all; records
    regional = len(problem.shares)
    assert len([each for each in problem.sums if each[0] in published]) >= margins + regional - 4
    assert {len(parts) for _, parts in problem.certain} == {3}
    assert len(problem.certain) == 4 + 1


def test_protection_is_not_told_of_a_missing_authority() -> None:
    facts = Counter({fact(): 30, fact(authority=BURY): 30})
    problem = the_problem(facts, table("people", ("authority", "statement")), missing=(BOLTON,))
    names: Iterable[Any] = problem.counts
    assert not any(("authority", frozenset({BOLTON})) in name[1] for name in names)
    assert {len(each) for each in problem.shares.values()} == {2}


def test_an_authoritys_parts_are_tied_to_its_published_margins() -> None:
    problem = the_problem(cohort(), table("a", ("authority", "statement")), table("b", ("age", "statement")))
    by_age = [whole for whole, parts in problem.sums if len(parts) == 6]
    assert len(by_age) - len(all_regional(by_age)) == 3 * 4  # each authority's, in each statement and in all


def test_a_quarter_is_one_of_four() -> None:
    facts = Counter({fact(): 12, fact(quarter="2025Q1"): 11})
    found = {each.at[0]: each.value for each in shown(built(facts), "by_quarter").figures}
    assert found == {"2025Q1": 10, "2025Q2": None, "2025Q3": None, Q4: 10, TOTAL: 25}


def test_two_bandings_of_one_axis_are_told_to_hang_together() -> None:
    problem = the_problem(cohort(), table("a", ("age",)), table("b", ("age_coarse",)))
    young: Any = Unit.YOUNG_PEOPLE, frozenset({WITH, ("age_band", frozenset({"under_10", "10_13"}))})
    parts = [set(each) for whole, each in problem.sums if whole == young]
    bands = {(young[0], frozenset({WITH, ("age_band", frozenset({band}))})) for band in ("under_10", "10_13")}
    assert bands in parts


def test_bandings_that_cut_across_each_other_are_told_by_the_pieces() -> None:
    names: list[Any] = [
        (Unit.ASSESSMENTS, frozenset({("age_band", frozenset(bands))}))
        for bands in (("under_10", "10_13"), ("10_13", "14_15"))
    ]
    sums = dict(sums_of(names, Meaning(Q4, (STOCKPORT,))))
    pieces = [{next(iter(part[1]))[1] for part in sums[name]} for name in names]
    assert pieces == [
        {frozenset({"under_10"}), frozenset({"10_13"})},
        {frozenset({"10_13"}), frozenset({"14_15"})},
    ]


def test_a_universe_is_told_as_the_sum_of_its_kinds() -> None:
    def kinds(*values: str) -> Any:
        return Unit.ASSESSMENTS, frozenset({("record_type", frozenset(values))} if values else ())

    names = [kinds(), WISE_AND_RISE, *(kinds(each) for each in RECORD_TYPES)]
    sums = list(sums_of(names, Meaning(Q4, (STOCKPORT,))))
    assert (kinds(), tuple(kinds(each) for each in sorted(RECORD_TYPES))) in sums
    assert (WISE_AND_RISE, (kinds("rise_meeting_output"), kinds("wise_assessment"))) in sums


def test_what_lies_within_another_count_cannot_exceed_it() -> None:
    experiencing: Any = Unit.ASSESSMENTS, WISE_AND_RISE[1] | {("exploitation", frozenset({"experiencing"}))}
    people: Any = Unit.YOUNG_PEOPLE, experiencing[1]
    everything: Any = Unit.ASSESSMENTS, frozenset()
    names = [everything, WISE_AND_RISE, experiencing, people]
    found = list(below(names, Meaning(Q4, (STOCKPORT,))))
    assert found == [(WISE_AND_RISE, everything), (experiencing, WISE_AND_RISE), (people, experiencing)]
