"""300 seeds: no record lost, none twice, none out of order, whatever is killed and whatever the case systems answer."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation.run import Result, run_seed

SEEDS, BLOCK = 300, 10
NEEDED = {
    "a new delivery is audited",
    "a person has looked before it goes again",
    "accepted is to be delivered",
    "an order is audited",
    "delivered means it is there",
    "in order for each young person",
    "looked up twice, a quiet period apart",
    "no more in flight than a lane allows",
    "no reference twice at a place",
    "sending is committed before the first byte",
    "the same is the same again",
    "two people doubt what was delivered",
    "what a person moves has its order",
    "what is to go again is not there",
    "what stops workers is kept apart",
}
"""Promises that a block of seeds must have come upon, or it has tried nothing."""


@pytest.mark.parametrize(
    "first", [pytest.param(first, marks=pytest.mark.xdist_group(f"seeds-{first}")) for first in range(0, SEEDS, BLOCK)]
)
def test_every_promise_holds(first: int) -> None:
    results = [run_seed(seed) for seed in range(first, first + BLOCK)]

    assert not [result for result in results if result.violation], "\n\n".join(
        result.told() for result in results if result.violation
    )
    checked: Counter[str] = sum((result.checked for result in results), Counter())
    assert checked.keys() >= NEEDED
    assert sum(result.killed for result in results) > 0
    assert sum(result.resends for result in results) > 0


def test_a_seed_is_one_run() -> None:
    once, again = run_seed(3), run_seed(3)

    assert _what(once) == _what(again)


def _what(result: Result) -> tuple[object, ...]:
    return result.steps, result.killed, result.look_ups, result.checked, result.last
