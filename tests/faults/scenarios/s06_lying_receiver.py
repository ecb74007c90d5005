"""Scenario 6: the case system says yes and does nothing."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass

from tests.faults.checker import ask_all
from tests.faults.outcome import Outcome, scenario
from tests.faults.papers import Paper
from tests.faults.towns import Town
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "lying receiver"
LIES = ("login_page", "empty", "accepted", "fault_inside", "fault_as_asked")


@dataclass(frozen=True)
class Numbers:
    """Records for each pair of lie and place; seconds for which they go on lying; how many authorities at once."""

    places: tuple[str, ...]
    each: int
    seconds: float
    towns: int
    patience: float


@scenario(
    6,
    NAME,
    short=Numbers(places=("writes", "finish"), each=1, seconds=3, towns=10, patience=60),
    full=Numbers(places=("all", "writes", "finish"), each=20, seconds=60, towns=10, patience=600),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """200 with a sign-in page, 200 with nothing, 202 never followed, and faults inside 200 and 201.

    Each is told to every request (full form), to writes only, and to the last step only. Passes when nothing is said to
    be delivered while they lie, and everything is delivered or with a person once they tell the truth.
    """
    with Trial(world, "S06") as trial:
        pairs = list(itertools.product(LIES, numbers.places))
        for start in range(0, len(pairs), numbers.towns):
            _lie(world, trial, pairs[start : start + numbers.towns], numbers)
        trial.heal()
        trial.settle(numbers.patience)
        verdict = trial.verdict()
        trial.remarks.append(", ".join(f"{count} {state}" for state, count in verdict.states.items()))
        return trial.outcome(NAME, f"{verdict.accepted} records, {len(pairs)} lies", verdict)


def _lie(world: World, trial: Trial, pairs: list[tuple[str, str]], numbers: Numbers) -> None:
    """One lie an authority, all at once; then the truth again."""
    papers: list[Paper] = []
    towns = world.towns[: len(pairs)]
    for town, (lie, only) in zip(towns, pairs, strict=True):
        world.mood(town, {"mode": lie, "only": only})
        papers += trial.desk.papers([town.code], numbers.each)
    accepted = trial.send(papers)
    for town in towns:
        world.wait(lambda town=town: _lied_to(world, town), numbers.patience, f"a lie for {town.slug}")
    time.sleep(numbers.seconds)
    believed = [each for each in ask_all(world.ledger, accepted) if each.state == "delivered"]
    trial.expect(not believed, f"{len(believed)} said to be delivered by a receiver that lied")
    for town in towns:
        world.mood(town)


def _lied_to(world: World, town: Town) -> bool:
    return any(world.partners.receiver.ask(do="struck", authority=town.code)["struck"])
