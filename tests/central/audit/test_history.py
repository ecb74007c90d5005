"""T3: releases side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from service.central.audit import Report, audit
from service.central.catalogue.model import Unit
from service.central.published import Release, Status
from service.domain.fact import Fact
from tests.central.audit.support import Publisher, catalogue, facts, table, with_figure

BY_SEX = table("by_sex", ("sex",), unit=Unit.ASSESSMENTS)
OF = catalogue(BY_SEX)
OLD, NEW = "2026Q2", "2026Q3"


def people(quarter: str = OLD, **numbers: int) -> Counter[Fact]:
    return facts(
        *(
            ({"sex": sex, "quarter": quarter, "authority": f"E080000{1 + each % 10:02}"}, 1)
            for sex, number in numbers.items()
            for each in range(number)
        )
    )


FIRST = people(F=40, M=50, not_recorded=40)


def made(quarter: str, among: Counter[Fact], *hidden: str) -> Release:
    return Publisher(OF, quarter, among, hidden=frozenset(("by_sex", (each,)) for each in hidden)).release()


def both(before: Counter[Fact], after: Counter[Fact]) -> Report:
    return audit(OF, [made(OLD, before), made(NEW, after)], [before, after])


def places(report: Report) -> set[tuple[str, tuple[str, ...]]]:
    return {(each.test, each.at) for each in report.findings}


def test_a_figure_that_moved_by_one_joiner_is_found() -> None:
    before = people(F=42, M=50, not_recorded=40)
    report = both(before, before + people(NEW, F=1))
    assert places(report) == {("T3", ("F",)), ("T3", ("total",))}


def test_a_changed_fact_has_joined_and_left() -> None:
    before = people(F=43, M=52, not_recorded=40)
    after = before - people(F=1) + people(M=1)
    assert places(both(before, after)) == {("T3", ("F",)), ("T3", ("M",))}


def test_figures_that_do_not_move_tell_nothing_of_one_joiner() -> None:
    report = both(FIRST, FIRST + people(NEW, F=1))
    assert report.passed, report.findings


def test_ten_changes_are_enough() -> None:
    report = both(FIRST, FIRST + people(NEW, F=6, M=6, not_recorded=6))
    assert report.passed, report.findings


def test_a_repeated_figure_tells_nothing_new() -> None:
    before = people(F=42, M=50, not_recorded=40)
    after = before + people(NEW, F=1)
    release = made(NEW, after)
    for at in ("F", "total", "M", "not_recorded"):
        old = next(figure for figure in made(OLD, before).tables[0].figures if figure.at == (at,))
        release = with_figure(release, "by_sex", at, status=old.status, value=old.value, as_of=OLD)
    report = audit(OF, [made(OLD, before), release], [before, after])
    assert report.passed, report.findings


def test_being_succeeded_is_no_change_that_a_count_of_assessments_shows() -> None:
    """Ten changes are needed that figures could show; else one joiner could be hidden behind ten that show nothing."""
    before = people(F=42, M=50, not_recorded=40)
    after = Counter({replace(fact, succeeded_in=NEW): number for fact, number in before.items()})
    report = both(before, after + people(NEW, F=1))
    assert places(report) == {("T3", ("F",)), ("T3", ("total",))}


def test_that_all_who_joined_are_of_one_group_is_found() -> None:
    """At most 12 before, at least 23 after, and eleven joined."""
    before = people(F=12, M=50, not_recorded=40)
    report = both(before, before + people(NEW, F=11))
    assert places(report) == {("T3", ("F",))}


def test_that_all_who_left_were_of_one_group_is_found() -> None:
    before = people(F=23, M=50, not_recorded=40)
    assert places(both(before, before - people(F=11))) == {("T3", ("F",))}


def test_that_no_other_group_can_have_grown_is_found() -> None:
    """Of the joiners only the figure for girls and that of all moved, and the others stand at their highest."""
    of_two = replace(OF, tables=(table("kinds", ("own_words",), unit=Unit.ASSESSMENTS, universe="stated"),))
    before = facts(({"own_words": "yes"}, 12), ({"own_words": "no"}, 62))
    after = before + facts(({"own_words": "yes", "quarter": NEW}, 11))
    releases = [Publisher(of_two, OLD, before).release(), Publisher(of_two, NEW, after).release()]
    report = audit(of_two, releases, [before, after])
    assert ("T3", ("yes",)) in places(report)


def test_an_older_figure_of_what_has_not_changed_is_still_known() -> None:
    """Each release hides another of three; whoever knows that nothing changed has both."""
    before = people(F=43, M=33, not_recorded=1)
    releases = [made(OLD, before, "F"), made(NEW, before, "M")]
    assert audit(OF, releases[1:], [before]).passed
    assert ("T3", ("not_recorded",)) in places(audit(OF, releases, [before, before]))


def test_an_earlier_release_that_is_not_at_hand_is_a_doubt() -> None:
    before = people(F=42, M=50, not_recorded=40)
    oldest = with_figure(made(OLD, before), "by_sex", "F", as_of="2026Q1")
    after = before + people(NEW, F=1)
    report = audit(OF, [oldest, made(NEW, after)], [before, after])
    assert [each.test for each in report.findings] == ["doubt"]


@pytest.mark.parametrize("status", [Status.ROUNDED, Status.SUPPRESSED])
def test_a_figure_as_of_a_release_that_does_not_hold_it_is_refused(status: Status) -> None:
    release = made(NEW, FIRST)
    value = 45 if status == Status.ROUNDED else None
    changed = with_figure(release, "by_sex", "F", status=status, value=value, as_of=OLD)
    report = audit(OF, [made(OLD, FIRST), changed], [FIRST, FIRST])
    assert ("T5", ("F",)) in places(report)
