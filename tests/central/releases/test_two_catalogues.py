"""Releases after New Year: by a new catalogue, beside figures that an old one told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import service.central.releases.resting as rule
from service.central.audit import Report, audit
from service.central.catalogue.model import Catalogue, Table, Unit
from service.central.protection import protect
from service.central.published import TOTAL, Release, Status
from service.central.releases.building import build
from service.central.releases.canonical import from_bytes
from service.central.releases.history import History
from service.central.releases.layout import Ground
from service.central.releases.past import Past
from service.commands.release.composing import in_force
from service.domain.fact import Fact
from tests.central.releases.conftest import MakeDesk, Put
from tests.central.releases.made import (
    AXES,
    BOLTON,
    BURY,
    NEXT,
    Q4,
    STOCKPORT,
    axis,
    catalogue,
    cohort,
    fact,
    figure,
    group,
    maker,
    shown,
    table,
    under_ten,
)
from tests.central.releases.next_year import FIRST, LAST, around_new_year, two_catalogues
from tests.central.releases.test_desk import released

YEAR = cohort(quarter=Q4)
PEOPLE = table("people", ("authority", "statement"))
RISE = {"record_type": "rise_meeting_output", "agencies": "one"}


def by_old(facts: Counter[Fact], *tables: Table) -> Past:
    of = catalogue(*tables)
    return Past(build(Ground(of, Q4, facts, (), History([])), under_ten), of, facts)


def new(*tables: Table) -> Catalogue:
    return replace(catalogue(*tables, version="2026"), digest="d" * 64)


def by_new(before: Past, facts: Counter[Fact], of: Catalogue) -> Release:
    return build(Ground(of, NEXT, facts, (), History([before], of)), under_ten)


def joined(number: int, **said: str) -> Counter[Fact]:
    return Counter({fact(quarter=NEXT, **said): number})


def test_a_table_of_another_name_repeats_the_figures_of_its_counts() -> None:
    before = by_old(YEAR, PEOPLE)
    release = by_new(before, YEAR + joined(9), new(replace(PEOPLE, name="persons")))
    assert shown(release, "persons").figures == shown(before.release, "people").figures
    assert shown(release, "persons").reasons == ("repeated",)


def test_a_table_of_another_name_is_made_anew_after_ten() -> None:
    release = by_new(by_old(YEAR, PEOPLE), YEAR + joined(10), new(replace(PEOPLE, name="persons")))
    assert figure(release, "persons", STOCKPORT, TOTAL).as_of == NEXT
    assert figure(release, "persons", BURY, TOTAL).as_of == Q4


def test_an_old_name_with_another_meaning_repeats_nothing() -> None:
    """The code `experiencing` now holds those at risk too."""
    statement = axis(
        "statement",
        group("experiencing", "experiencing", "at_risk"),
        group("no_known_risk_or_manageable"),
        field="exploitation",
        sensitive=True,
    )
    of = new(table("people", ("statement",)))
    of = replace(of, axes={**of.axes, "statement": statement})
    release = by_new(by_old(YEAR, table("people", ("statement",))), YEAR + joined(3), of)
    assert figure(release, "people", "experiencing").status is Status.WITHHELD
    assert figure(release, "people", "no_known_risk_or_manageable").as_of == Q4
    assert "withheld" in shown(release, "people").reasons


def ages(each: int, quarter: str = Q4) -> Counter[Fact]:
    bands = ("under_10", "10_13", "14_15", "16_17", "18_plus", "not_recorded")
    return Counter({fact(quarter=quarter, age_band=band): each for band in bands})


@pytest.mark.parametrize(
    ("came", "went", "is_shown"),
    [(0, 0, False), (9, 0, False), (60, 0, False), (60, 9, False), (0, 30, False), (9, 30, False), (10, 10, True)],
)
def test_a_group_that_merges_older_ones_is_shown_when_ten_came_and_ten_went(
    came: int, went: int, is_shown: bool
) -> None:
    facts = ages(30) - Counter({fact(age_band="14_15"): went}) + joined(came, age_band="14_15")
    release = by_new(by_old(ages(30), table("ages", ("age",))), facts, new(table("ages", ("age_coarse",))))
    assert (figure(release, "ages", "under_14").status is Status.ROUNDED) == is_shown


def test_a_coarser_form_of_the_older_table_is_no_new_grouping() -> None:
    """The older catalogue has both groupings, so that it is the count it was."""
    both = table("ages", ("age",), ("age_coarse",))
    release = by_new(by_old(ages(30), both), ages(30) + joined(60), new(table("ages", ("age_coarse",))))
    assert figure(release, "ages", "under_14").value == 60


@pytest.mark.parametrize(("came", "went", "is_shown"), [(10, 10, True), (10, 9, False), (9, 10, False)])
def test_a_universe_within_an_older_one_waits_for_its_own_changes(came: int, went: int, is_shown: bool) -> None:
    """All changed much, the RISE meetings by few: old less new would tell the others."""
    by_statement = table("statements", ("statement",), unit=Unit.ASSESSMENTS)
    facts = YEAR + Counter({fact(**RISE): 40})
    later = facts - Counter({fact(**RISE): went, fact(): 8}) + joined(30) + joined(came, **RISE)
    release = by_new(by_old(facts, by_statement), later, new(replace(by_statement, universe="rise")))
    assert (figure(release, "statements", "at_risk").status is Status.ROUNDED) == is_shown


def test_of_releases_that_share_no_quarter_nobody_needs_to_have_left_both_universes() -> None:
    by_statement = table("statements", ("statement",), unit=Unit.ASSESSMENTS)
    of = new(replace(by_statement, universe="rise"))
    facts = Counter({fact(**RISE, quarter="2026Q4"): 60})
    release = build(Ground(of, "2026Q4", facts, (), History([by_old(YEAR, by_statement)], of)), under_ten)
    assert figure(release, "statements", "at_risk").value == 60


def test_a_breakdown_that_was_never_told_is_shown_as_soon_as_its_scope_changed() -> None:
    sexes = axis("sex", group("F"), group("M"), group("not_recorded"))
    of = new(PEOPLE, table("sexes", ("sex",)))
    of = replace(of, axes={each.name: each for each in (*AXES, sexes)})
    before = by_old(YEAR, PEOPLE)
    assert figure(by_new(before, YEAR + joined(9), of), "sexes", "not_recorded").status is Status.WITHHELD
    assert figure(by_new(before, YEAR + joined(10), of), "sexes", "not_recorded").value == 100


def test_a_later_release_repeats_from_whichever_told_the_count_last() -> None:
    of = new(replace(PEOPLE, name="persons"))
    before = [by_old(YEAR, PEOPLE)]
    second = YEAR + joined(10)
    before.append(Past(by_new(before[0], second, of), of, second))
    third = build(Ground(of, "2026Q2", second + joined(1), (), History(before, of)), under_ten)
    assert {each.as_of for each in shown(third, "persons").figures} == {Q4, NEXT}
    assert shown(third, "persons").figures == shown(before[1].release, "persons").figures


def test_two_persons_release_by_a_new_catalogue_after_an_old_one(desk: MakeDesk, put: Put) -> None:
    put(cohort())
    released(desk())
    renamed = new(*(replace(each, name=f"new_{each.name}") for each in catalogue().tables))
    both = {each.version: each for each in (catalogue(), renamed)}
    steps = desk(maker(catalogue=renamed, catalogues=both))
    put(joined(1))
    assert released(steps, NEXT) == 2
    made = from_bytes(steps.rows.ledger()[1].standing.build.content)
    assert made.catalogue == "2026"
    assert figure(made, "new_by_authority", STOCKPORT).as_of == Q4
    assert steps.verify() is None
    assert released(desk(maker(catalogue=renamed, catalogues=both), today=date(2027, 1, 1)), "2026Q3") == 3


ALL = ("renamed", "one less", "one more", "other ages", "another universe")


def around(catalogues: dict[str, Catalogue], seed: int, size: int) -> tuple[Past, Past, Report]:
    """The last release by the old catalogue and the first by the new, with the real protection and audit."""
    of = catalogues["2026"], catalogues["2027"]
    facts = around_new_year(seed, size)
    last = Past(build(Ground(of[0], LAST, facts[0], (), History([])), protect), of[0], facts[0])
    first = Past(build(Ground(of[1], FIRST, facts[1], (), History([last], of[1])), protect), of[1], facts[1])
    report = audit(of[1], [last.release, first.release], list(facts), earlier=[of[0]])
    return last, first, report


def test_a_release_is_made_by_the_catalogue_of_its_own_year(tmp_path: Path) -> None:
    catalogues = two_catalogues(tmp_path, *ALL)
    assert [in_force(catalogues, each).version for each in (LAST, FIRST)] == ["2026", "2027"]


LIVELY, QUIET = 5, 11
"""Seeds of the intruder's cohorts: in a quiet one nothing changes before the last release."""


@pytest.mark.parametrize("seed", [LIVELY, QUIET])
def test_the_shipped_catalogue_and_one_changed_in_every_way_pass_the_real_audit(seed: int, tmp_path: Path) -> None:
    last, first, report = around(two_catalogues(tmp_path, *ALL), seed, 50)
    assert report.passed, report.findings
    again = [each for table in first.release.tables for each in table.figures if each.as_of == last.release.quarter]
    assert again, "nothing is repeated over New Year"


def with_the_real_parts(facts: Counter[Fact], later: Counter[Fact]) -> tuple[Release, Report]:
    """Ages as they are, then in wider bands, protected and audited in earnest."""
    old, of = catalogue(table("ages", ("age",))), new(table("ages", ("age_coarse",)))
    last = build(Ground(old, Q4, facts, (), History([])), protect)
    first = build(Ground(of, NEXT, later, (), History([Past(last, old, facts)], of)), protect)
    return first, audit(of, [last, first], [facts, later], earlier=[old])


def of_three_authorities(**numbers: int) -> Counter[Fact]:
    return Counter(
        {
            fact(authority=each, age_band=band.lstrip("_")): number
            for each in (BOLTON, BURY, STOCKPORT)
            for band, number in numbers.items()
        }
    )


FEW_UNDER_TEN = of_three_authorities(under_10=2, _10_13=20, _14_15=21, _16_17=22, _18_plus=23, not_recorded=24)


def test_a_merged_group_would_tell_a_hidden_one_and_is_withheld() -> None:
    release, report = with_the_real_parts(FEW_UNDER_TEN, FEW_UNDER_TEN)
    assert report.passed, report.findings
    assert figure(release, "ages", "under_14").status is Status.WITHHELD


def test_without_the_history_rule_the_audit_finds_the_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A positive control: the merged group is made anew, though nothing has changed."""
    monkeypatch.setattr(rule, "is_too_little", lambda *_: False)
    monkeypatch.setattr(rule, "is_one_sided", lambda *_: False)
    release, report = with_the_real_parts(FEW_UNDER_TEN, FEW_UNDER_TEN)
    assert figure(release, "ages", "under_14").status is Status.ROUNDED
    assert ("T3", ("under_10",)) in {(each.test, each.at) for each in report.findings}


def test_ten_who_only_came_do_not_hide_the_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten changes are enough for a count that was told before; of another grouping the audit finds what is left."""
    later = FEW_UNDER_TEN + joined(12, age_band="under_10")
    release, report = with_the_real_parts(FEW_UNDER_TEN, later)
    assert report.passed, report.findings
    monkeypatch.setattr(rule, "is_one_sided", lambda *_: False)
    release, report = with_the_real_parts(FEW_UNDER_TEN, later)
    assert figure(release, "ages", "under_14").as_of == NEXT
    assert "T3" in {each.test for each in report.findings}
