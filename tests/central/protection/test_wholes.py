"""Whether all of a whole can be told to be in one part of it."""

from __future__ import annotations

from service.central.protection.problem import Problem
from service.central.protection.wholes import told_of_wholes

WHOLES = ("one", "two")


def problem(**others: int) -> Problem:
    """Two wholes, each of two parts, and the sums of the parts."""
    counts = {"one-a": 17, "one-b": 0, "two-a": 17, "two-b": 12, **others}
    counts |= {"one": counts["one-a"] + counts["one-b"], "two": counts["two-a"] + counts["two-b"]}
    counts |= {"a": counts["one-a"] + counts["two-a"]}
    return Problem(
        counts=counts,
        sums=(("one", ("one-a", "one-b")), ("two", ("two-a", "two-b")), ("a", ("one-a", "two-a"))),
    )


def told(given: Problem, *hidden: str) -> list[object]:
    pairs = [("one", "one-a"), ("one", "one-b"), ("two", "two-a"), ("two", "two-b")]
    return list(told_of_wholes(given, hidden, pairs, WHOLES))


def test_a_part_that_must_be_all_of_its_whole_is_told() -> None:
    """All of `a` are 33 at the least, 16 of them in `two` at the most: 17 in `one`, and it is known to have 17."""
    tight = problem(**{"two-a": 16, "two-b": 13})
    assert told(tight, "one", "one-b", "two", "two-a", "two-b") == []
    assert told(tight, "one", "one-b", "two", "two-b") == []  # shown as 15: 13 to 17
    assert told(tight, "one-a", "one-b", "two-a", "two-b", "a") == []
    exact = problem(**{"two-a": 18, "two-b": 11})  # `a` as 35: 33 to 37; `two-a` as 20: 18 to 22
    assert told(exact, "one", "one-a", "one-b", "two", "two-b") == []
    low = problem(**{"one-a": 13, "two-a": 17, "two-b": 12})  # `one-a` shown as 15: 13 to 17, and there are 13
    assert told(low, "one", "one-b", "two", "two-b") == ["one-a"]


def test_a_part_that_is_not_all_cannot_be_told_to_be() -> None:
    assert told(problem(**{"one-a": 13, "one-b": 1}), "one", "one-b", "two", "two-b") == []


def test_an_empty_whole_tells_of_nobody() -> None:
    assert told(problem(**{"one-a": 0}), "one", "one-a", "one-b", "two-b") == []
