import math

from service.central.protection import Problem
from service.central.protection.relations import Relation, bounds_of, everything_known, relations_of, without_slack
from service.central.protection.view import view

REGION = Problem(
    counts={"region": 40, "girls": 25, "boys": 15, "north": 18, "south": 22, "north girls": 11, "south girls": 14},
    sums=(
        ("region", ("girls", "boys")),
        ("region", ("north", "south")),
        ("girls", ("north girls", "south girls")),
    ),
    unpublished=frozenset({"north", "south", "north girls", "south girls"}),
)


def test_what_adds_up_or_is_all_that_is_left_is_known_too() -> None:
    assert everything_known(REGION, {"north", "south", "girls"}) == {"north", "south", "girls", "region", "boys"}


def test_a_free_count_in_one_relation_makes_it_a_bound() -> None:
    kept, bounds = bounds_of(without_slack([Relation({"all": 1, "mine": -1, "theirs": -1}, 0, 0)], {"theirs"}))
    assert (kept[0].terms, kept[0].lower, kept[0].upper, bounds) == ({"all": 1, "mine": -1}, 0, math.inf, {})


def test_free_counts_that_bound_nothing_go_one_after_another() -> None:
    relations = [Relation({"whole": 1, "slack": -1, "free": -1}, 0, 0), Relation({"all": 1, "free": -1, "a": -1}, 0, 0)]
    (kept,) = without_slack(relations, {"whole", "slack", "free"})
    assert (kept.terms, kept.lower, kept.upper) == ({"all": 1, "a": -1}, 0, math.inf)


def test_a_relation_given_twice_is_kept_once() -> None:
    twice = relations_of(Problem({"all": 20, "a": 5, "b": 15}, (("all", ("a", "b")),) * 2))
    assert len(bounds_of(twice)[0]) == 1


def test_the_public_needs_none_of_what_no_table_shows() -> None:
    assert view(REGION, frozenset()).matrix.width == 3


def test_an_insider_knows_that_a_count_is_no_less_than_their_own_part() -> None:
    mine = view(REGION, {"north", "north girls"})
    assert (list(mine.floor), list(mine.own)) == ([18, 11, 0], [18, 11, 0])
    assert not mine.small.any()
