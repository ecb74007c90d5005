"""Scenario 1: kill -9 for web and worker, again and again, under load."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from tests.faults.load import stream
from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import WEB, WORKER
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "kill storm"
ENOUGH = 0.05
"""The share of what is sent that must get in between the kills, or the storm has shown nothing."""


@dataclass(frozen=True)
class Numbers:
    """Seconds of load, records a second, seconds between two kills, and how long all may take afterwards."""

    lease: int
    seconds: float
    rate: float
    every: float
    patience: float


def kill_one(world: World, dice: random.Random) -> None:
    """The worker, one of gunicorn's workers, or all of the web process; what died is started again at once.

    A web process that is still starting is left to it: killed over and over, it would take nothing in, and that a
    record is kept through a kill would not be shown.
    """
    chosen = dice.choice(("worker", "worker", "one of the web", "web"))
    if chosen != "worker" and not world.answers():
        chosen = "worker"
    if chosen == "one of the web":
        world.processes.kill_web_worker()
        return
    name = WORKER if chosen == "worker" else WEB
    world.processes.kill(name)
    world.processes.start(name)


@scenario(
    1,
    NAME,
    short=Numbers(lease=3, seconds=5, rate=8, every=1.5, patience=90),
    full=Numbers(lease=10, seconds=600, rate=20, every=2, patience=1800),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """Load on all authorities while the worker or the web process is killed with -9 at random.

    Passes when every acknowledged record is delivered or visible with an owner, none is lost, the receiver has none
    twice, and accepted = delivered + superseded + cancelled + open held every second.
    """
    dice, kills = random.Random(20261122), 0
    codes = [town.code for town in world.towns]
    with Trial(world, "S01") as trial:
        with stream(world.ledger, trial.desk, codes, rate=numbers.rate):
            ends = time.monotonic() + numbers.seconds
            while time.monotonic() < ends:
                time.sleep(numbers.every)
                kill_one(world, dice)
                kills += 1
        world.up()
        trial.heal()
        trial.settle(numbers.patience)
        verdict = trial.verdict()
        few = numbers.seconds * numbers.rate * ENOUGH
        trial.expect(verdict.accepted >= few, f"only {verdict.accepted} were taken in, of {few:.0f} at least")
        return trial.outcome(NAME, f"{verdict.accepted} records, {kills} kills", verdict)
