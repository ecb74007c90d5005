from service.central.protection import Problem, Reason, protect
from tests.central.protection.attack import leaks
from tests.central.protection.made import TOTAL, table

SMALL, OTHER = Reason.UNDER_TEN, Reason.PROTECTS_ANOTHER


def test_rounding_alone_hides_what_is_far_from_its_bounds() -> None:
    """68 to 72, less 38 to 42 and 23 to 27, leaves anything from none to eleven."""
    problem = table([[41, 23, 4], [38, 52, 31], [27, 33, 44]])
    assert protect(problem).hidden == {(0, 2): SMALL}


def test_a_small_count_that_all_roundings_give_away_needs_others_hidden_in_its_row_and_column() -> None:
    """73 to 77, less at most 42 and at most 22, leaves nine at least."""
    hidden = protect(table([[42, 22, 9], [38, 52, 31], [27, 33, 44]])).hidden
    assert hidden[0, 2] == SMALL
    assert OTHER in {reason for key, reason in hidden.items() if key in {(0, 0), (0, 1), (0, TOTAL)}}


def test_of_several_ways_the_one_that_loses_least_is_taken() -> None:
    problem = Problem({"all": 173, "large": 142, "medium": 22, "small": 9}, (("all", ("large", "medium", "small")),))
    assert protect(problem).hidden == {"small": SMALL, "medium": OTHER}


def test_with_nothing_small_everything_is_shown() -> None:
    assert protect(table([[41, 23], [38, 52]])).hidden == {}


def test_with_everything_small_everything_is_hidden() -> None:
    problem = table([[1, 2], [3, 0]])
    assert set(protect(problem).hidden) == set(problem.counts)


def test_an_empty_table_is_hidden_too() -> None:
    problem = table([[0, 0], [0, 0]])
    assert set(protect(problem).hidden) == set(problem.counts)


def test_no_counts_give_no_answer_to_give() -> None:
    assert protect(Problem({}, ())).hidden == {}


def test_the_same_counts_give_the_same_answer() -> None:
    rows = [[9, 12, 31, 0], [4, 42, 22, 17], [61, 3, 12, 28]]
    first, second = protect(table(rows)), protect(table(rows))
    assert list(first.hidden.items()) == list(second.hidden.items())
    assert leaks(table(rows), first.hidden) == []
