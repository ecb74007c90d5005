from dataclasses import replace

import pytest

from service.central.protection import Key, Problem, protect
from service.central.protection.primary import certain, primary, small
from tests.central.protection.attack import alike, leaks
from tests.central.protection.made import linked, table

LEAKING = table([[42, 22, 9], [38, 52, 31], [27, 33, 44]])


@pytest.mark.parametrize("seed", range(8))
def test_the_public_learns_no_small_count_from_linked_tables(seed: int) -> None:
    problem = replace(linked(seed, 60 + 30 * seed, 3), known=())
    assert leaks(problem, protect(problem).hidden) == []


@pytest.mark.parametrize("seed", range(3))
def test_neither_one_authority_nor_two_learn_one(seed: int) -> None:
    problem = linked(seed, 120 + 60 * seed, 4)
    assert leaks(problem, protect(problem).hidden) == []


@pytest.mark.parametrize("seed", range(4))
def test_of_no_shown_group_is_it_learnt_that_its_members_are_alike(seed: int) -> None:
    problem = linked(seed, 200 + 60 * seed, 4, alike=0.9)
    hidden = protect(problem).hidden
    assert (leaks(problem, hidden), alike(problem, hidden)) == ([], [])


def test_an_authority_whose_own_differ_would_learn_that_all_others_are_alike() -> None:
    problem = linked(2, 320, 4, alike=0.9)
    public_only = protect(replace(problem, certain=())).hidden
    assert {who for who, _ in alike(problem, {**public_only, **certain(problem, primary(problem))})} - {0}


def test_it_would_be_learnt_if_only_the_small_were_hidden() -> None:
    problem = replace(linked(3, 150, 3), known=())
    assert leaks(problem, primary(problem)) != []
    assert [(who, key, min(values)) for who, key, values in leaks(LEAKING, small(LEAKING))] == [(0, (0, 2), 9)]


def test_it_would_be_learnt_if_insiders_were_forgotten() -> None:
    problem = linked(1, 300, 3)
    assert leaks(problem, protect(replace(problem, known=())).hidden) != []


def test_a_figure_of_assessments_bounds_that_of_young_people() -> None:
    rows = {"people": (9, 12, 12), "assessments": (29, 12, 12)}
    counts: dict[Key, int] = {(unit, at): count for unit, row in rows.items() for at, count in enumerate(row)}
    counts |= {(unit, "total"): sum(row) for unit, row in rows.items()}
    sums = tuple(((unit, "total"), tuple((unit, at) for at in range(3))) for unit in rows)
    bounds = tuple((("people", at), ("assessments", at)) for at in (0, 1, 2, "total"))
    problem = Problem(counts, sums, bounds)
    assert leaks(problem, protect(problem).hidden) == []
    assert leaks(problem, protect(replace(problem, at_most=())).hidden) != []
