import numpy as np
import pytest

from service.central.protection import Problem, ProtectionDoubt
from service.central.protection.pattern import Pattern
from service.central.protection.secondary import hide_more, intruders, show_again

# 173 is shown as 175, so at least 173; 142 as 140 and 22 as 20, so at most 142 and 22: nine at least would be left.
PROBLEM = Problem({"all": 173, "large": 142, "medium": 22, "small": 9}, (("all", ("large", "medium", "small")),))


def hidden_after_a_second_look(*hidden: str) -> list[object]:
    pattern = Pattern(PROBLEM, {"small", *hidden})
    everybody = intruders(PROBLEM, pattern)
    hide_more(everybody, pattern)
    show_again(everybody, pattern, np.array([key in hidden for key in pattern.keys]))
    return [key for key, is_hidden in zip(pattern.keys, pattern.is_hidden, strict=True) if is_hidden]


def test_what_turns_out_not_to_be_needed_is_shown_again_the_most_valuable_first() -> None:
    assert hidden_after_a_second_look("all", "large", "medium") == ["medium", "small"]


def test_what_is_needed_stays_hidden() -> None:
    assert hidden_after_a_second_look("large") == ["large", "small"]


def test_a_table_counts_only_if_it_is_whole_within_bounds_and_adds_up() -> None:
    pattern = Pattern(PROBLEM, {"small", "medium"})
    (public,) = intruders(PROBLEM, pattern)
    bounds = public.bounds(pattern)
    for refused in ([173, 142, 30.5, 0.5], [178, 142, 36, 0], [173, 142, 30, 0]):
        assert not public.learn(np.array(refused, float), *bounds)
    assert len(public.tables) == 1
    assert public.learn(np.array([173.0, 142, 31, 0]), *bounds)
    assert len(public.tables) == 2


def test_a_gap_that_was_found_is_known_until_it_is_closed_and_again_once_it_is_open() -> None:
    pattern = Pattern(PROBLEM, {"small"})
    (public,) = intruders(PROBLEM, pattern)
    assert not public.has_known_gap(pattern)
    assert public.first_gap(pattern) is not None
    assert public.has_known_gap(pattern)
    hide_more([public], pattern)
    assert not public.has_known_gap(pattern)
    public.tables = public.tables[:1]
    pattern.is_hidden[:] = [key == "small" for key in pattern.keys]
    assert public.has_known_gap(pattern)


def test_a_table_that_deceives_two_authorities_deceives_each_of_them_and_the_public() -> None:
    problem = Problem(
        {"all": 30, "north": 5, "south": 12, "west": 13},
        (("all", ("north", "south", "west")),),
        known=(frozenset({"south"}), frozenset({"south", "west"})),
    )
    public, one, two = intruders(problem, Pattern(problem, {"north"}))
    assert (two.less_informed, one.less_informed, public.less_informed) == ([public, one], [public], [])


def test_what_cannot_be_protected_at_all_is_a_doubt() -> None:
    known = (frozenset({"most"}),)
    problem = Problem({"most": 3, "less": 2}, (), at_most=(("less", "most"),), known=known)
    pattern = Pattern(problem, {"most", "less"})
    with pytest.raises(ProtectionDoubt):
        hide_more(intruders(problem, pattern), pattern)
