"""Which counts lie within which, against the rule said pair by pair."""

from __future__ import annotations

from itertools import pairwise, product

from service.central.catalogue import read
from service.central.catalogue.model import Unit
from service.central.catalogue.naming import Name, cells, count_name
from service.central.releases.hanging import Meaning, below
from tests.support.config import CONFIG

QUARTER = "2026Q3"
CATALOGUE = read(CONFIG / "catalogue" / "2026.yaml")
MEANING = Meaning(QUARTER, CATALOGUE.authorities)
NAMES = tuple(
    dict.fromkeys(
        count_name(CATALOGUE, table, table.forms[-1], at, QUARTER)
        for table in CATALOGUE.tables
        for at in cells(CATALOGUE, table, table.forms[-1], QUARTER)
    )
)


def is_within(name: Name, other: Name) -> bool:
    """No fact is in the one and not in the other."""
    if name[0] is Unit.ASSESSMENTS and other[0] is Unit.YOUNG_PEOPLE:
        return False
    return all(MEANING.of(field, name[1]) <= values for field, values in other[1])


def test_the_nearest_ones_are_told_and_the_others_follow_from_them() -> None:
    told = list(below(NAMES, MEANING))
    assert told
    assert len(told) == len(set(told))
    assert all(less != most and is_within(less, most) for less, most in told)
    reached = {name: {most for less, most in told if less == name} for name in NAMES}
    for _ in NAMES:
        wider = {name: found.union(*(reached[each] for each in found)) for name, found in reached.items()}
        if wider == reached:
            break
        reached = wider
    for name, other in product(NAMES, NAMES):
        assert (other in reached[name] - {name}) == (name != other and is_within(name, other))


def test_they_come_in_the_order_of_the_counts() -> None:
    place = {name: number for number, name in enumerate(NAMES)}
    order = [(place[less], place[most]) for less, most in below(NAMES, MEANING)]
    assert all(one < other for one, other in pairwise(order))


def test_what_is_between_two_leaves_out_the_wider_one() -> None:
    """Two authorities within three, and those within all of them."""
    narrow, middle, wide = (
        (Unit.ASSESSMENTS, frozenset({("authority", frozenset(list(CATALOGUE.authorities)[:number]))}))
        for number in (1, 2, 3)
    )
    assert list(below((wide, narrow, middle), MEANING)) == [(narrow, middle), (middle, wide)]
