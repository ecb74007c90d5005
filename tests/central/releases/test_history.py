"""Nothing is made anew while fewer than ten things changed; what is repeated says since when it stands."""

from __future__ import annotations

from collections import Counter

import pytest

from service.central.published import TOTAL, Release, Status
from service.central.releases.past import Past
from service.domain.fact import Fact
from tests.central.releases.made import (
    BOLTON,
    BURY,
    NEXT,
    Q4,
    STOCKPORT,
    built,
    cohort,
    fact,
    figure,
    past,
    shown,
    table,
)

PEOPLE = table("people", ("authority", "statement"))
YEAR = cohort(quarter=Q4)  # counted by the releases of 2025Q4 and of 2026Q1 alike

RISE = {"record_type": "rise_meeting_output", "agencies": "one"}


def first(facts: Counter[Fact] = YEAR) -> list[Past]:
    return [past(built(facts, Q4, tables=(PEOPLE,)), facts, PEOPLE)]


def then(facts: Counter[Fact], before: list[Past], quarter: str = NEXT) -> Release:
    return built(facts, quarter, past=before, tables=(PEOPLE,))


@pytest.mark.parametrize("joiners", [1, 9])
def test_fewer_than_ten_joiners_change_nothing(joiners: int) -> None:
    release = then(YEAR + Counter({fact(quarter=NEXT): joiners}), first())
    assert shown(release, "people").reasons == ("repeated",)
    before = first()[0].release
    assert shown(release, "people").figures == shown(before, "people").figures
    assert {each.as_of for each in shown(release, "people").figures} == {Q4}


def test_ten_joiners_are_counted() -> None:
    release = then(YEAR + Counter({fact(quarter=NEXT): 10}), first())
    stockport = figure(release, "people", STOCKPORT, TOTAL)
    assert (stockport.value, stockport.as_of) == (40, NEXT)
    assert figure(release, "people", TOTAL, TOTAL).as_of == NEXT


def test_the_other_authorities_figures_are_repeated() -> None:
    release = then(YEAR + Counter({fact(quarter=NEXT): 10}), first())
    assert figure(release, "people", BURY, TOTAL).as_of == Q4
    assert shown(release, "people").reasons == ("repeated",)


def test_a_changed_fact_is_counted_twice() -> None:
    four, five = (YEAR - Counter({fact(): n}) + Counter({fact(sex="F"): n}) for n in (4, 5))
    assert figure(then(four, first()), "people", TOTAL, TOTAL).as_of == Q4
    assert figure(then(five, first()), "people", TOTAL, TOTAL).as_of == NEXT


def test_what_no_figure_can_show_is_no_change() -> None:
    """Ten who were assessed again later are counted as before; one joiner among them would stand alone."""
    later = Counter({fact(succeeded_in="2026Q2"): 10})
    facts = YEAR - Counter({fact(): 10}) + later + Counter([fact(quarter=NEXT)])
    assert figure(then(facts, first()), "people", TOTAL, TOTAL).as_of == Q4


@pytest.mark.parametrize(("joiners", "as_of"), [(9, Q4), (10, NEXT)])
def test_a_count_is_repeated_in_every_table_when_it_rests_in_the_scope_of_one(joiners: int, as_of: str) -> None:
    """All changed much, those of RISE meetings by nine: the table of RISE meetings, new, would show just those."""
    kinds = table("kinds", ("kind",))
    facts = YEAR + Counter({fact(**RISE): 20})
    before = [past(built(facts, Q4, tables=(kinds,)), facts, kinds)]
    later = facts + Counter({fact(quarter=NEXT): 20, fact(**RISE, quarter=NEXT): joiners})
    release = built(later, NEXT, past=before, tables=(kinds, table("rise", ("kind",), universe="rise")))
    assert figure(release, "kinds", "rise_meeting_output").as_of == as_of
    assert figure(release, "kinds", "wise_assessment").as_of == NEXT
    assert (figure(release, "rise", TOTAL).status is Status.WITHHELD) == (joiners < 10)


def test_changes_add_up_until_they_are_ten() -> None:
    before = first()
    five = YEAR + Counter({fact(quarter=NEXT): 5})
    second = then(five, before)
    before.append(past(second, five, PEOPLE))
    ten = YEAR + Counter({fact(quarter=NEXT): 5, fact(quarter="2026Q2"): 5})
    release = then(ten, before, "2026Q2")
    assert figure(release, "people", STOCKPORT, TOTAL).as_of == "2026Q2"


def test_going_back_and_forth_does_not_put_one_joiner_beside_the_first_release() -> None:
    """Each step has more than ten changes; the third release differs from the first by one."""
    before = first()
    many = YEAR + Counter({fact(quarter=NEXT): 20})
    before.append(past(then(many, before), many, PEOPLE))
    release = then(YEAR + Counter([fact(quarter=NEXT)]), before, "2026Q2")
    assert figure(release, "people", STOCKPORT, TOTAL).as_of == NEXT


def test_a_figure_that_was_never_told_is_withheld_while_its_scope_rests() -> None:
    coarse = table("people", ("authority",))
    before = [past(built(YEAR, Q4, tables=(coarse,)), YEAR, coarse)]
    release = then(YEAR + Counter([fact(quarter=NEXT)]), before)
    assert {each.status for each in shown(release, "people").figures} == {Status.WITHHELD}
    assert shown(release, "people").reasons == ("withheld",)


def test_a_table_goes_back_to_the_form_that_can_be_repeated() -> None:
    coarse, both = table("people", ("authority",)), table("people", ("authority", "statement"), ("authority",))
    before = [past(built(YEAR, Q4, tables=(coarse,)), YEAR, coarse)]
    release = built(YEAR + Counter([fact(quarter=NEXT)]), NEXT, past=before, tables=(both,))
    assert figure(release, "people", STOCKPORT).value == 30
    assert shown(release, "people").reasons == ("collapsed", "repeated")


def test_a_quarter_that_stays_is_not_made_anew_for_a_late_record() -> None:
    facts = cohort(quarter=Q4)
    before = [past(built(facts, Q4), facts)]
    late = facts + Counter([fact(quarter=Q4)]) + Counter({fact(quarter=NEXT): 15})
    release = built(late, NEXT, past=before)
    assert figure(release, "by_quarter", Q4).as_of == Q4
    assert figure(release, "by_quarter", NEXT).value == 15
    assert figure(release, "by_quarter", TOTAL).as_of == NEXT


def test_an_authority_that_was_missing_has_no_earlier_figure_to_repeat() -> None:
    without = Counter({each: number for each, number in YEAR.items() if each.authority != BOLTON})
    before = [past(built(without, Q4, tables=(PEOPLE,), missing=(BOLTON,)), without, PEOPLE)]
    release = then(YEAR, before)
    assert figure(release, "people", BOLTON, TOTAL).value == 30
    assert figure(release, "people", TOTAL, TOTAL).value == 90


def test_a_count_that_rests_in_one_table_rests_in_all() -> None:
    tables = table("people", ("authority",)), table("statements", ("statement",))
    before = [past(built(YEAR, Q4, tables=tables), YEAR, *tables)]
    release = built(YEAR + Counter([fact(quarter=NEXT)]), NEXT, past=before, tables=tables)
    totals = [figure(release, name, TOTAL) for name in ("people", "statements")]
    assert {(each.value, each.as_of) for each in totals} == {(90, Q4)}


def test_that_all_who_joined_are_of_one_group_is_not_told_though_others_left() -> None:
    """Twelve at risk, then 23: at least eleven more. Eleven joined, so all of them are at risk, whoever left."""
    of = table("people", ("statement",))
    first = Counter({fact(): 12, fact(exploitation="experiencing"): 32})
    earlier = [past(built(first, Q4, tables=(of,)), first, of)]
    after = first + Counter({fact(quarter=NEXT): 11}) - Counter({fact(exploitation="experiencing"): 2})
    assert figure(built(after, NEXT, past=earlier, tables=(of,)), "people", "at_risk").as_of == Q4
    after += Counter({fact(quarter=NEXT, exploitation="experiencing"): 1})
    assert figure(built(after, NEXT, past=earlier, tables=(of,)), "people", "at_risk").as_of == NEXT
