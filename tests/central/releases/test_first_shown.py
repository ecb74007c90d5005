"""A figure that is shown for the first time tells of few changes as well, beside older figures that hold it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from service.central.audit import audit
from service.central.catalogue.model import Table, Unit
from service.central.protection.problem import Problem
from service.central.published import TOTAL, Figure, Release, Status
from service.central.releases.past import Past
from service.domain.fact import Fact
from tests.central.releases.made import (
    BOLTON,
    BURY,
    NEXT,
    Q3,
    Q4,
    RISE,
    STOCKPORT,
    Hides,
    built,
    catalogue,
    cohort,
    fact,
    figure,
    past,
    shown,
    table,
    under_ten,
)

BY_AUTHORITY = table("records", ("authority",), unit=Unit.ASSESSMENTS)
BY_QUARTER = table("records", ("authority", "quarter"), unit=Unit.ASSESSMENTS)
EITHER = replace(BY_AUTHORITY, forms=(("authority", "quarter"), ("authority",)))
KINDS = table("kinds", ("kind",))
OF_RISE = table("of_rise", ("statement",), universe="rise")

YEAR = cohort(39, quarter=Q4)


def before(facts: Counter[Fact], *tables: Table) -> list[Past]:
    return [past(built(facts, Q4, tables=tables), facts, *tables)]


def too_soon(release: Release, facts: Counter[Fact], earlier: list[Past], *tables: Table) -> list[str]:
    """What the audit has to say of this release beside the earlier ones."""
    releases, known = [each.release for each in earlier], [each.facts for each in earlier]
    report = audit(catalogue(*tables), [*releases, release], [*known, facts])
    return [each.what for each in report.findings if each.test in ("T3", "doubt")]


def withheld(figure: Figure) -> Figure:
    return replace(figure, status=Status.WITHHELD, value=None)


def statuses(release: Release, name: str, place: int, code: str) -> set[Status]:
    return {each.status for each in shown(release, name).figures if each.at[place] == code}


@pytest.mark.parametrize("late", [1, 9])
def test_a_finer_form_does_not_tell_what_changed_in_the_coarser_one(late: int) -> None:
    """With one quarter more of ten the finer form shows enough; its figures add up to the authority's of now."""
    facts = YEAR + Counter({fact(quarter=Q3, authority=BOLTON): 10 - late})
    earlier = before(facts, EITHER)
    assert shown(earlier[0].release, "records").axes == ("authority",)
    now = facts + Counter({fact(quarter=Q3, authority=BOLTON): late})
    release = built(now, NEXT, past=earlier, tables=(EITHER,))
    assert too_soon(release, now, earlier, EITHER) == []
    assert shown(release, "records").figures == shown(earlier[0].release, "records").figures
    assert shown(release, "records").reasons == ("collapsed", "repeated")


def test_a_finer_form_shows_the_authorities_that_changed_enough() -> None:
    earlier = before(YEAR, BY_AUTHORITY)
    now = YEAR + Counter({fact(quarter=NEXT, authority=BOLTON): 10, fact(quarter=NEXT, authority=BURY): 9})
    release = built(now, NEXT, past=earlier, tables=(BY_QUARTER,))
    assert too_soon(release, now, earlier, BY_QUARTER) == []
    assert (figure(release, "records", BOLTON, Q4).value, figure(release, "records", BOLTON, NEXT).value) == (40, 10)
    assert figure(release, "records", TOTAL, NEXT).value == 20
    for resting in (BURY, STOCKPORT):
        assert statuses(release, "records", 0, resting) == {Status.WITHHELD}


def test_an_authoritys_first_figures_do_not_tell_what_changed_in_the_region() -> None:
    """By authority and statement they add up to the region's by statement."""
    coarse, fine = table("people", ("statement",)), table("people", ("authority", "statement"))
    release = built(YEAR + Counter([fact(quarter=NEXT)]), NEXT, past=before(YEAR, coarse), tables=(fine,))
    assert {each.status for each in shown(release, "people").figures} == {Status.WITHHELD}


def test_a_finer_form_that_rests_is_not_even_tried() -> None:
    facts = YEAR + Counter({fact(quarter=Q3, authority=BOLTON): 9})
    asked: list[Problem] = []

    def listens(problem: Problem) -> Hides:
        asked.append(problem)
        return under_ten(problem)

    now = facts + Counter([fact(quarter=Q3, authority=BOLTON)])
    built(now, NEXT, past=before(facts, EITHER), protect=listens, tables=(EITHER,))
    assert len(asked) == 1


def test_parts_that_were_told_without_their_whole_are_held_against_it() -> None:
    (earlier,) = before(YEAR, BY_QUARTER)
    (records,) = earlier.release.tables
    without = tuple(each if TOTAL not in each.at else withheld(each) for each in records.figures)
    earlier = replace(earlier, release=replace(earlier.release, tables=(replace(records, figures=without),)))
    release = built(YEAR + Counter([fact(quarter=NEXT)]), NEXT, past=[earlier], tables=(BY_QUARTER,))
    assert figure(release, "records", STOCKPORT, NEXT).status is Status.WITHHELD
    assert figure(release, "records", STOCKPORT, TOTAL).status is Status.WITHHELD


def test_a_new_table_of_some_records_rests_while_all_of_them_do() -> None:
    facts, statements = YEAR + Counter({fact(**RISE): 30}), table("statements", ("statement",))
    now = facts + Counter([fact(**RISE, quarter=NEXT)])
    release = built(now, NEXT, past=before(facts, statements), tables=(statements, OF_RISE))
    assert {each.status for each in shown(release, "of_rise").figures} == {Status.WITHHELD}


@pytest.mark.parametrize(("others", "of_rise", "is_withheld"), [(0, 1, True), (20, 9, True), (0, 10, False)])
def test_a_new_table_of_some_records_does_not_tell_what_changed_among_them(
    others: int, of_rise: int, *, is_withheld: bool
) -> None:
    """Their number was told in a table of all records, and the parts add up to it."""
    facts = YEAR + Counter({fact(**RISE): 30})
    now = facts + Counter({fact(quarter=NEXT): others, fact(**RISE, quarter=NEXT): of_rise})
    release = built(now, NEXT, past=before(facts, KINDS), tables=(KINDS, OF_RISE))
    found = {each.status for each in shown(release, "of_rise").figures}
    assert found == {Status.WITHHELD} if is_withheld else Status.WITHHELD not in found
