import numpy as np
import pytest

from service.central.protection import Key, Problem
from service.central.protection.relations import Parts, Relations, everything_known, relations_of
from service.central.protection.view import view

INF = float("inf")
REGION = Problem(
    counts={"region": 40, "girls": 25, "boys": 15, "north": 18, "south": 22, "north girls": 11, "south girls": 14},
    sums=(
        ("region", ("girls", "boys")),
        ("region", ("north", "south")),
        ("girls", ("north girls", "south girls")),
    ),
    unpublished=frozenset({"north", "south", "north girls", "south girls"}),
)
PLACE: dict[Key, int] = {key: number for number, key in enumerate(REGION.counts)}


def said(relations: Relations) -> list[tuple[dict[int, float], float, float]]:
    """The relations that have an entry, each with its signs by count."""
    rows: dict[int, dict[int, float]] = {}
    for row, column, sign in zip(relations.row, relations.column, relations.sign, strict=True):
        rows.setdefault(int(row), {})[int(column)] = float(sign)
    return [(signs, float(relations.lower[row]), float(relations.upper[row])) for row, signs in rows.items()]


def flags(number: int, *places: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(np.arange(number), places)


def test_what_adds_up_or_is_all_that_is_left_is_known_too() -> None:
    known = flags(7, *(PLACE[key] for key in ("north", "south", "girls")))
    found = everything_known(Parts.of(REGION.sums, PLACE), known)
    assert {key for key, place in PLACE.items() if found[place]} == {"north", "south", "girls", "region", "boys"}


def test_the_known_counts_are_taken_out() -> None:
    settled = relations_of(REGION, PLACE).without_known(flags(7, PLACE["girls"]), np.array([0.0, 25, 0, 0, 0, 0, 0]))
    assert said(settled) == [({0: 1, 2: -1}, 25, 25), ({0: 1, 3: -1, 4: -1}, 0, 0), ({5: -1, 6: -1}, -25, -25)]


def test_a_free_count_in_one_relation_makes_it_a_bound() -> None:
    kept = Relations.of([{0: 1, 1: -1, 2: -1}], [0], [0]).without_slack(flags(3, 2))
    assert said(kept.of_several()) == [({0: 1, 1: -1}, 0, INF)]


def test_free_counts_that_bound_nothing_go_one_after_another() -> None:
    """The first has two of them, so it bounds nothing; what it shared with the second then stands there alone."""
    relations = Relations.of([{0: 1, 1: -1, 2: -1}, {3: 1, 2: -1, 4: -1}], [0, 0], [0, 0])
    assert said(relations.without_slack(flags(5, 0, 1, 2))) == [({3: 1, 4: -1}, 0, INF)]


@pytest.mark.parametrize(("sign", "bounds"), [(1, (3, 8)), (-1, (0, INF))])
def test_a_relation_of_a_single_count_is_a_bound(sign: int, bounds: tuple[float, float]) -> None:
    low, high = Relations.of([{1: sign}, {0: 1, 1: 1}], [3, 0], [8, 0]).bounds(2)
    assert (low[1], high[1]) == (bounds if sign > 0 else (0, -3))
    assert (low[0], high[0]) == (0, INF)


def test_a_relation_given_twice_is_kept_once() -> None:
    twice = Problem({"all": 20, "a": 5, "b": 15}, (("all", ("a", "b")), ("all", ("b", "a"))))
    kept = relations_of(twice, {"all": 0, "a": 1, "b": 2}).of_several()
    assert said(kept) == [({0: 1, 1: -1, 2: -1}, 0, 0)]


def test_relations_of_the_same_counts_with_other_signs_or_bounds_are_others() -> None:
    relations = Relations.of([{0: 1, 1: -1}, {0: 1, 1: 1}, {0: 1, 1: -1}], [0, 0, 0], [0, 0, 1])
    assert len(said(relations.of_several())) == 3


def test_the_public_needs_none_of_what_no_table_shows() -> None:
    assert view(REGION, frozenset()).matrix.width == 3


def test_an_insider_knows_that_a_count_is_no_less_than_their_own_part() -> None:
    mine = view(REGION, {"north", "north girls"})
    assert (list(mine.floor), list(mine.own)) == ([18, 11, 0], [18, 11, 0])
    assert not mine.small.any()
