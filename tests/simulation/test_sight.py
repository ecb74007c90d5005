"""The simulation sees what it is there to see: each world here has one fault, and must end with its violation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.simulation.baton import Violation
from tests.simulation.memory import Change
from tests.simulation.world import World

SEED = 1


def world_with(committed: Callable[[Change], Change]) -> World:
    """A world in which every change is shown to the promises as `committed` makes it."""
    world = World(SEED)
    look = world.check.committed

    def shown(changes: Sequence[Change]) -> None:
        look([committed(change) for change in changes])

    world.check.committed = shown  # type: ignore[method-assign]
    return world


def test_a_fault_that_the_dispatcher_logs_and_survives_ends_the_run() -> None:
    world = World(SEED)

    def fails(*_: Any, **__: Any) -> list[Any]:
        raise ZeroDivisionError

    for lane in world.lanes.values():
        lane.adapter.answers = fails

    with pytest.raises(Violation, match=r"a fault of ours.*ZeroDivisionError"):
        world.run()


def test_a_change_without_its_line_of_the_trail_is_seen() -> None:
    world = world_with(lambda change: replace(change, table="-") if change.table == "audit" else change)

    with pytest.raises(Violation, match="audited"):
        world.run()


def test_an_end_that_is_none_is_seen() -> None:
    def ended(change: Change) -> Change:
        claimed = change.table == "delivery" and change.before and change.after["state"] == "in_flight"
        return replace(change, before={**change.before, "state": "cancelled"}) if claimed else change

    with pytest.raises(Violation, match="an end is an end"):
        world_with(ended).run()


def test_a_delivery_that_is_gone_is_seen() -> None:
    world = World(SEED)
    deliveries = world.memory.tables["delivery"]
    before = world.check.step

    def step() -> None:
        if len(deliveries) > 3:
            deliveries.popitem()
        before()

    world.check.step = step  # type: ignore[method-assign]

    with pytest.raises(Violation, match="everything taken in is somewhere"):
        world.run()
