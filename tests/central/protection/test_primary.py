from dataclasses import replace

from service.central.protection import Problem, Reason, protect
from service.central.protection.primary import certain, one_authority, primary, settled, small
from tests.central.protection.attack import Tables

SPREAD = Problem(
    counts={"region": 31, "north": 23, "south": 5, "west": 3},
    sums=(("region", ("north", "south", "west")),),
    shares={"region": (23, 5, 3)},
    unpublished=frozenset({"north", "south", "west"}),
    known=(frozenset({"north"}), frozenset({"south"}), frozenset({"west"})),
)
GROUP = Problem(
    counts={"all": 50, "one": 46, "other": 4, "rest": 0},
    sums=(("all", ("one", "other", "rest")),),
    certain=(("all", ("one", "other", "rest")),),
)


def test_nine_and_none_are_hidden_and_ten_is_shown() -> None:
    problem = Problem({"none": 0, "nine": 9, "ten": 10}, ())
    assert protect(problem).hidden == {"none": Reason.UNDER_TEN, "nine": Reason.UNDER_TEN}


def test_a_count_with_a_small_rest_beside_the_largest_authority_is_hidden() -> None:
    assert one_authority(SPREAD) == {"region": Reason.ONE_AUTHORITY}
    assert protect(SPREAD).hidden["region"] == Reason.ONE_AUTHORITY


def test_the_largest_authority_would_have_seen_that_rest() -> None:
    assert "region" not in small(SPREAD)
    seen = Tables(SPREAD, small(SPREAD), SPREAD.known[0]).possible("region", 23)
    unseen = Tables(SPREAD, protect(SPREAD).hidden, SPREAD.known[0]).possible("region", 23)
    assert (seen, unseen) == ((5, 6, 7, 8, 9), (0, 1, 2, 3, 4, 5))


def test_a_count_of_one_authority_only_is_hidden_unless_it_is_its_own() -> None:
    alone = Problem({"region": 25}, (), shares={"region": (25, 0, 0)})
    assert one_authority(alone) == {"region": Reason.ONE_AUTHORITY}
    assert protect(replace(alone, shares={})).hidden == {}


def test_a_rest_of_ten_may_be_seen() -> None:
    assert one_authority(Problem({"region": 33}, (), shares={"region": (23, 6, 4)})) == {}


def test_the_parts_of_a_group_in_which_nearly_all_have_one_value_are_hidden() -> None:
    assert certain(GROUP, small(GROUP)) == dict.fromkeys(("one", "other", "rest"), Reason.CERTAIN)
    assert primary(replace(GROUP, certain=())) == dict.fromkeys(("other", "rest"), Reason.UNDER_TEN)
    assert protect(GROUP).hidden["one"] == Reason.CERTAIN


def test_a_group_in_which_nine_tenths_do_not_have_it_is_left() -> None:
    counts = {"all": 50, "one": 44, "other": 6}
    assert certain(Problem(counts, (), certain=(("all", ("one", "other")),)), {}) == {}


def test_a_group_that_is_hidden_itself_needs_no_more() -> None:
    assert certain(GROUP, {"all": Reason.ONE_AUTHORITY}) == {}


def test_a_settled_figure_is_neither_hidden_nor_shown_anew() -> None:
    problem = replace(GROUP, fixed={"one": 45, "other": None})
    assert settled(problem) == {"other": Reason.UNDER_TEN}
    assert protect(problem).hidden == {"other": Reason.UNDER_TEN, "rest": Reason.UNDER_TEN}


def test_a_settled_figure_says_nothing_of_the_present_count() -> None:
    problem = Problem({"all": 73, "a": 42, "b": 22, "c": 9}, (("all", ("a", "b", "c")),))
    assert Reason.PROTECTS_ANOTHER in protect(problem).hidden.values()
    assert protect(replace(problem, fixed={"a": 40})).hidden == {"c": Reason.UNDER_TEN}


def test_what_no_table_shows_is_hidden() -> None:
    hidden = protect(SPREAD).hidden
    assert [hidden[each] for each in ("north", "south", "west")] == [Reason.UNPUBLISHED] * 3
