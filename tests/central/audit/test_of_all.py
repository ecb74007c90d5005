"""T3: what is certain of all who joined or left, and of all of a quarter, to somebody who knows how many they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from service.central.audit import Report, audit
from service.central.audit.history import MOVERS, WHOLE_QUARTER
from service.central.catalogue.model import Catalogue, Unit
from service.domain.fact import Fact
from tests.central.audit.support import Publisher, catalogue, fact, table
from tests.central.audit.test_history import NEW, OLD, people

NWG = {"record_type": "nwg_assessment"}
BY_SEX = table("by_sex", ("sex",), unit=Unit.ASSESSMENTS)
STATED = table("stated", (), unit=Unit.ASSESSMENTS, universe="stated")
ALL = table("all", (), unit=Unit.ASSESSMENTS)
BY_QUARTER = table("by_quarter", ("quarter", "first_or_review"), unit=Unit.ASSESSMENTS)


def many(number: int, **values: str) -> Counter[Fact]:
    """Spread over the ten authorities."""
    return Counter(fact(1 + each % 10, **values) for each in range(number))


def found(of: Catalogue, before: Counter[Fact], after: Counter[Fact], what: str) -> set[tuple[str, ...]]:
    """Where the audit of the second release says this."""
    releases = [Publisher(of, OLD, before).release(), Publisher(of, NEW, after).release()]
    return at(audit(of, releases, [before, after]), what)


def at(report: Report, what: str) -> set[tuple[str, ...]]:
    return {(each.table, *each.at) for each in report.findings if each.what == what}


@pytest.mark.parametrize(("joined", "is_certain"), [(11, True), (12, False)])
def test_all_who_joined_are_of_one_group_though_others_left(joined: int, is_certain: bool) -> None:
    """At most 12 before, at least 23 after; who knows that eleven joined knows that all of them are girls."""
    before = people(F=12, M=52, not_recorded=40)
    after = before + people(NEW, F=11, M=joined - 11) - people(M=3)
    assert found(catalogue(BY_SEX), before, after, MOVERS) == ({("by_sex", "F")} if is_certain else set())


@pytest.mark.parametrize(("left", "is_certain"), [(11, True), (12, False)])
def test_all_who_left_were_of_one_group_though_others_joined(left: int, is_certain: bool) -> None:
    before = people(F=23, M=52, not_recorded=40)
    after = before - people(F=11, M=left - 11) + people(NEW, M=3)
    assert found(catalogue(BY_SEX), before, after, MOVERS) == ({("by_sex", "F")} if is_certain else set())


def test_a_universe_is_a_group_as_well() -> None:
    """In the region eleven joined and one left; the universe of those with a statement grew by all eleven."""
    nwg = many(5, quarter=OLD, **NWG)
    before = many(12, quarter=OLD) + nwg
    after = before + many(11, quarter=NEW) - Counter([next(iter(nwg))])
    assert ("stated",) in found(catalogue(STATED, ALL), before, after, MOVERS)


def test_which_kinds_of_record_are_used_is_no_secret() -> None:
    """Where nobody ever made another kind, that all who joined have it is told by no figure."""
    before = many(12, quarter=OLD)
    assert found(catalogue(STATED, ALL), before, before + many(11, quarter=NEW), MOVERS) == set()


def test_that_all_of_a_quarter_are_alike_is_found_by_who_knows_how_many_they_are() -> None:
    """In all at least 68 first ones, in three quarters at most 17 each: in the fourth 17 or more, and it has 17."""
    quarters = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
    firsts = sum((many(17, quarter=each) for each in quarters), Counter[Fact]())
    reviews = sum((many(9, quarter=each, first_or_review="review") for each in quarters[1:]), Counter[Fact]())
    of = catalogue(BY_QUARTER)
    hidden = frozenset({("by_quarter", (quarters[0], "first")), ("by_quarter", (quarters[0], "total"))})
    among = firsts + reviews
    told = Publisher(of, NEW, among, hidden=hidden).release()
    assert ("by_quarter", quarters[0], "first") in at(audit(of, [told], [among]), WHOLE_QUARTER)
    looser = among + many(1, quarter=quarters[0], first_or_review="review")
    safe = Publisher(of, NEW, looser, hidden=hidden).release()
    assert at(audit(of, [safe], [looser]), WHOLE_QUARTER) == set()


def test_a_release_of_another_year_says_nothing_of_who_joined() -> None:
    before = people(F=12, M=52, not_recorded=40)
    later = Counter({replace(each, quarter="2027Q3"): number for each, number in people(F=23).items()})
    of = catalogue(BY_SEX)
    releases = [Publisher(of, OLD, before).release(), Publisher(of, "2027Q3", later).release()]
    assert at(audit(of, releases, [before, later]), MOVERS) == set()
