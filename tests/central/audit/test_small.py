"""T1: what everybody sees. Each release here leaks in one way, and the audit says where."""

from __future__ import annotations

import numpy as np
import pytest

from service.central.audit import Report, audit
from service.central.audit.bounds import Interval, Search
from service.central.audit.solver import Deadline, Solver
from service.central.audit.subject import subject_of
from service.central.catalogue.model import Catalogue, Unit
from service.central.published import TOTAL, Status
from tests.central.audit.support import Publisher, catalogue, cohort, fact, facts, made_safe, table, with_figure

BY_SEX = table("by_sex", ("sex",))


def audited(publisher: Publisher) -> Report:
    return audit(publisher.of, [publisher.release()], [publisher.among])


def places(report: Report, test: str) -> set[tuple[str, tuple[str, ...]]]:
    return {(each.table, each.at) for each in report.findings if each.test == test}


def by_sex(**numbers: int) -> Publisher:
    among = facts(*(({"sex": sex, "authority": f"E080000{n:02}"}, 1) for sex, m in numbers.items() for n in spread(m)))
    return Publisher(catalogue(BY_SEX), "2026Q3", among)


def spread(number: int) -> list[int]:
    """Over the authorities, so that none of them knows much."""
    return [1 + each % 10 for each in range(number)]


def test_one_hidden_figure_in_a_row_is_told() -> None:
    """75 in all, 45 and 35 of them: at most one is left."""
    report = audited(by_sex(F=43, M=33, not_recorded=1))
    assert places(report, "T1") == {("by_sex", ("not_recorded",))}
    assert {each.what for each in report.findings} == {"a count under ten can be told"}
    assert not report.passed


def test_two_hidden_figures_protect_each_other() -> None:
    publisher = by_sex(F=43, M=33, not_recorded=1)
    report = audited(Publisher(publisher.of, "2026Q3", publisher.among, hidden=frozenset({("by_sex", ("M",))})))
    assert report.passed, report.findings
    assert report.tightest["T1"].is_safe


def test_none_is_protected_like_a_few() -> None:
    assert places(audited(by_sex(F=40)), "T1") == {("by_sex", ("M",)), ("by_sex", ("not_recorded",))}


def test_that_there_is_somebody_must_not_be_told_either() -> None:
    """80 in all, 40 and 30 of them: between 4 and 16 are left. It is wide, and yet not none."""
    report = audited(by_sex(F=42, M=32, not_recorded=4))
    assert places(report, "T1") == {("by_sex", ("not_recorded",))}
    assert {each.what for each in report.findings if each.test == "T1"} == {"it can be told that there is somebody"}


def test_the_school_rule_of_one_to_five_leaks() -> None:
    """Only one to five hidden, none and six shown: refused by the rule, and the hidden one is told."""
    publisher = by_sex(F=42, M=7, not_recorded=4)
    release = with_figure(publisher.release(), "by_sex", "M", status=Status.ROUNDED, value=5)
    report = audit(publisher.of, [release], [publisher.among])
    assert ("by_sex", ("M",)) in places(report, "T5")
    assert ("by_sex", ("not_recorded",)) in places(report, "T1")


def test_a_shown_nought_is_refused() -> None:
    publisher = by_sex(F=40, M=30)
    release = with_figure(publisher.release(), "by_sex", "not_recorded", status=Status.ROUNDED, value=0)
    assert ("by_sex", ("not_recorded",)) in places(audit(publisher.of, [release], [publisher.among]), "T5")


def aged(**bands: int) -> list[tuple[dict[str, str], int]]:
    return [({"age_band": band, "authority": f"E080000{n:02}"}, 1) for band, m in bands.items() for n in spread(m)]


def test_a_coarser_banding_tells_a_hidden_group_of_the_finer() -> None:
    """Under 10 and 14 to 15 hide each other, until the other table shows those under 14 together."""
    among = facts(*aged(**{"under_10": 4, "10_13": 30, "14_15": 28, "16_17": 30, "18_plus": 33, "not_recorded": 20}))
    fine = table("fine", ("age_band",), universe="all")
    hidden = frozenset({("fine", ("14_15",))})
    assert audited(Publisher(catalogue(fine), "2026Q3", among, hidden=hidden)).passed
    both = catalogue(fine, table("wide", ("age_bands_wide",)))
    assert ("fine", ("under_10",)) in places(audited(Publisher(both, "2026Q3", among, hidden=hidden)), "T1")


def reviewed(number: int, **values: str) -> list[tuple[dict[str, str], int]]:
    return [({"authority": f"E080000{n:02}", **values}, 1) for n in spread(number)]


def test_the_same_count_in_two_tables_is_one_count() -> None:
    """Reviews by timeliness has the total that the other table hides."""
    late = {"first_or_review": "review", "review_timeliness": "late_over_14_days"}
    early = {"first_or_review": "review", "review_timeliness": "early"}
    among = facts(*reviewed(30, **late), *reviewed(40, **early), *reviewed(6))
    kinds = table("kinds", ("first_or_review",), unit=Unit.ASSESSMENTS)
    hidden = frozenset({("kinds", ("review",))})
    assert audited(Publisher(catalogue(kinds), "2026Q3", among, hidden=hidden)).passed
    timed = table("timed", ("review_timeliness",), unit=Unit.ASSESSMENTS, universe="reviews")
    report = audited(Publisher(catalogue(kinds, timed), "2026Q3", among, hidden=hidden))
    assert ("kinds", ("first",)) in places(report, "T1")


def test_young_people_cannot_be_more_than_their_assessments() -> None:
    among = facts(*reviewed(43, sex="F"), *reviewed(33, sex="M"), *reviewed(1, sex="not_recorded"))
    people = table("people", ("sex",))
    hidden = frozenset({("people", ("M",))})
    assert audited(Publisher(catalogue(people), "2026Q3", among, hidden=hidden)).passed
    both = catalogue(people, table("assessed", ("sex",), unit=Unit.ASSESSMENTS))
    report = audited(Publisher(both, "2026Q3", among, hidden=hidden))
    assert ("people", ("not_recorded",)) in places(report, "T1")


def test_a_part_cannot_be_more_than_what_it_is_within() -> None:
    """Reviews of no recorded sex are among all of no recorded sex, which are few for sure."""
    review = {"first_or_review": "review"}
    among = facts(
        *reviewed(43, sex="F", **review), *reviewed(33, sex="M", **review), *reviewed(1, sex="not_recorded", **review)
    )
    some = table("some", ("sex",), universe="reviews")
    hidden = frozenset({("some", ("M",)), ("some", ("F",)), ("some", (TOTAL,))})
    assert audited(Publisher(catalogue(some), "2026Q3", among, hidden=hidden)).passed
    both = catalogue(some, table("everybody", ("sex",)))
    assert ("some", ("not_recorded",)) in places(audited(Publisher(both, "2026Q3", among, hidden=hidden)), "T1")


def test_the_only_authority_is_the_region() -> None:
    """With one authority missing of two, what is told of the region is told of the other."""
    region = dict.fromkeys(("E08000001", "E08000002"), "Exampleton")
    of = catalogue(
        table("by_sex", ("sex",)), table("cross", ("authority", "looked_after"), universe="all"), authorities=region
    )
    among = facts(
        *(({"looked_after": code}, number) for code, number in (("yes", 42), ("no", 32), ("not_recorded", 4)))
    )
    hidden = frozenset(("cross", ("E08000001", code)) for code in ("yes", "no", TOTAL))
    report = audited(Publisher(of, "2026Q3", among, missing=("E08000002",), hidden=hidden))
    assert ("cross", ("E08000001", "not_recorded")) in places(report, "T1")


def test_who_is_succeeded_later_still_stands() -> None:
    among = facts(
        *reviewed(43, succeeded_in="2026Q4"), *reviewed(40, sex="M"), *reviewed(30, sex="F", succeeded_in="2026Q3")
    )
    report = audited(Publisher(catalogue(table("people", ("sex",))), "2026Q3", among))
    assert report.passed, report.findings


def test_whole_numbers_tell_more_than_fractions() -> None:
    """Twice a count is one to three."""
    solver = Solver(np.zeros(1), np.full(1, 9.0), [(1.0, 3.0, (0,), (2.0,))], Deadline.after(60))
    assert solver.bounds(0) == (0.5, 1.5)
    solver.whole_numbers()
    assert solver.bounds(0) == (1.0, 1.0)


def test_what_cannot_be_tells_nothing() -> None:
    """Who makes a statement was asked: that none was not asked is known by meaning, and is no finding."""
    among = facts(
        *reviewed(40, exploitation="at_risk"), *reviewed(40), *reviewed(40, exploitation="no_known_risk_or_manageable")
    )
    report = audited(Publisher(catalogue(table("asked", ("exploitation",), universe="stated")), "2026Q3", among))
    assert report.passed, report.findings


def tiny(seed: int) -> Publisher:
    of = catalogue(table("tiny", ("first_or_review", "own_words"), unit=Unit.ASSESSMENTS, universe="stated"))
    random = np.random.default_rng(seed)
    among = facts(
        *(
            ({"first_or_review": kind, "own_words": words}, int(random.integers(0, 18)))
            for kind in ("first", "review")
            for words in ("yes", "no")
        )
    )
    return Publisher(of, "2026Q3", among)


@pytest.mark.parametrize("seed", range(12))
def test_the_bounds_are_those_found_by_trying_every_table(seed: int) -> None:
    """All four inner counts from 0 to 29, against every figure of the table."""
    publisher = tiny(seed)
    release = publisher.release()
    grid = np.indices((30, 30, 30, 30)).reshape(4, -1)
    cells = dict(zip([("first", "yes"), ("first", "no"), ("review", "yes"), ("review", "no")], grid, strict=True))
    fits = np.ones(grid.shape[1], dtype=bool)
    for figure in release.tables[0].figures:
        if figure.value is not None and "not_asked" not in figure.at:
            value = summed(cells, figure.at)
            fits &= (value >= max(10, figure.value - 2)) & (value <= figure.value + 2)
    subject = subject_of([publisher.of], [release], [publisher.among], Deadline.after(60))
    numbers = {cell.at: subject.candidate.counts.number[cell.name] for cell in subject.candidate.cells}
    search = Search(subject.candidate.view.solver(subject.deadline), np.zeros(len(subject.candidate.true)), [], [])
    for at in cells:
        true = summed(cells, at)[fits]
        if true.max() < 29:
            low, high = int(true.min()), int(true.max())
            assert search.exact([numbers[at]])[numbers[at]] == Interval(high - low, low, high)


def summed(cells: dict[tuple[str, str], np.ndarray], at: tuple[str, ...]) -> np.ndarray:
    return sum(
        (
            values
            for code, values in cells.items()
            if all(own in {TOTAL, each} for own, each in zip(at, code, strict=True))
        ),
        start=np.zeros(1, dtype=int),
    )


def test_a_cohort_can_be_published_safely() -> None:
    of: Catalogue = catalogue(
        table("statement_by_sex", ("sex", "statement"), universe="stated"),
        table("people", ("authority",)),
        table("kinds", ("quarter", "first_or_review"), unit=Unit.ASSESSMENTS),
    )
    among = cohort(3, 300)
    release = made_safe(Publisher(of, "2026Q3", among))
    report = audit(of, [release], [among])
    assert report.passed
    assert report.tried.pairs == 45
    assert any(figure.status == Status.ROUNDED for each in release.tables for figure in each.figures)


def test_a_fact_is_consistent() -> None:
    assert fact(record_type="nwg_assessment").exploitation == "not_asked"
