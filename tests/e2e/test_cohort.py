"""The demonstration's made-up facts tell one story a young person, and the same one each time."""

from __future__ import annotations

from collections import Counter

from service.demo.cohort import AUTHORITIES, YOUNG_PEOPLE, made_up

QUARTERS = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")


def test_the_same_facts_each_time_nearly_two_hundred_of_four_authorities_and_quarters() -> None:
    facts = made_up(QUARTERS)
    assert facts == made_up(QUARTERS)
    assert 150 <= len(facts) <= 200
    assert {fact.quarter for fact in facts} == set(QUARTERS)
    assert {fact.authority for fact in facts} == set(AUTHORITIES)


def test_each_young_person_begins_once_ends_once_and_every_review_follows_what_it_tells_of() -> None:
    facts = made_up(QUARTERS)
    assert sum(fact.first_or_review == "first" for fact in facts) == YOUNG_PEOPLE
    assert sum(fact.succeeded_in == "not_yet" for fact in facts) == YOUNG_PEOPLE
    succeeded = Counter((fact.authority, fact.succeeded_in) for fact in facts if fact.succeeded_in != "not_yet")
    assert succeeded == Counter((fact.authority, fact.quarter) for fact in facts if fact.first_or_review == "review")


def test_a_review_after_an_nwg_assessment_knows_no_statement_before() -> None:
    facts = made_up(QUARTERS)
    told = Counter((fact.authority, fact.exploitation_before) for fact in facts if fact.first_or_review == "review")
    left = Counter((fact.authority, fact.exploitation) for fact in facts if fact.succeeded_in != "not_yet")
    assert sum(number for (_, before), number in told.items() if before == "not_recorded") >= 1
    for (authority, before), number in told.items():
        if before not in ("not_recorded", "not_asked"):
            assert number <= left[(authority, before)]
