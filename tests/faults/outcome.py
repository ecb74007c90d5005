"""What a scenario hands back, and the list of all scenarios. A file in `scenarios/` registers itself."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.world import World


class Size(StrEnum):
    """Seconds, for CI; or the numbers of the reliability study."""

    SHORT = "short"
    FULL = "full"


@dataclass(frozen=True)
class Outcome:
    """One line of the table. `size` in words; `recovered_in` in seconds since the last fault, None where none fits.

    `unknown`: accepted and neither delivered nor lost, but listed for a look-up or a person. `remark` says what
    failed, or what is worth knowing.
    """

    scenario: str
    size: str
    lost: int
    duplicated: int
    unknown: int
    recovered_in: float | None
    passed: bool
    remark: str = ""


Play = Callable[["World", Any], Outcome]

LEASE_SECONDS = 30
"""For scenarios whose numbers have no `lease` of their own: more than any delivery takes in them."""


@dataclass(frozen=True)
class Scenario:
    """`sizes` are the numbers of each size, a dataclass of the scenario's own. `alone`: in a world of its own."""

    number: int
    name: str
    sizes: Mapping[Size, Any]
    play: Play
    alone: bool = False

    def lease(self, size: Size) -> int:
        """The lease it is played with, in seconds."""
        return int(getattr(self.sizes[size], "lease", LEASE_SECONDS))

    def run(self, world: World, size: Size) -> Outcome:
        """Plays it. A fault of the scenario itself is a failure, never an end of the whole run."""
        try:
            world.hurried = size is Size.SHORT
            world.tune(lease_seconds=self.lease(size))
            return self.play(world, self.sizes[size])
        except Exception as error:  # noqa: BLE001 - the others are still to be played
            notes = "; ".join(getattr(error, "__notes__", []))
            told = f"broke off: {type(error).__name__}: {str(error)[:300]} {notes}".rstrip()
            return Outcome(self.name, str(size), 0, 0, 0, None, passed=False, remark=told)

    @property
    def criterion(self) -> str:
        """What it does and when it passes, as its function says."""
        return inspect.cleandoc(self.play.__doc__ or "")


SCENARIOS: dict[int, Scenario] = {}


def scenario(number: int, name: str, *, short: Any, full: Any, alone: bool = False) -> Callable[[Play], Play]:
    """Registers a function as a scenario of the study, under its number there."""

    def add(play: Play) -> Play:
        if number in SCENARIOS:
            raise ValueError(f"there are two scenarios with the number {number}")
        SCENARIOS[number] = Scenario(number, name, {Size.SHORT: short, Size.FULL: full}, play, alone)
        return play

    return add


def in_worlds(chosen: list[Scenario], size: Size) -> list[list[Scenario]]:
    """Those that share a running bridge, and the others one by one. A full one never shares.

    Those that share stand in an order in which the worker is seldom started with another lease.
    """
    shared = [each for each in chosen if size is Size.SHORT and not each.alone]
    shared.sort(key=lambda each: (-each.lease(size), each.number))
    return [*([shared] if shared else []), *([each] for each in chosen if each not in shared)]


def all_scenarios() -> list[Scenario]:
    """Everything in `scenarios/`, by number."""
    package = importlib.import_module("tests.faults.scenarios")
    for each in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{each.name}")
    return [SCENARIOS[number] for number in sorted(SCENARIOS)]
