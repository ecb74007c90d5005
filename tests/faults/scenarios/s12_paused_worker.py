"""Scenario 12: a worker sleeps past its lease, another takes over, and the first one wakes."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import WORKER
from tests.faults.towns import Town
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "paused worker"
COMPANION = f"{WORKER}-2"
SLOW = {"fault": "latency", "match": r"^POST [^ ]*/records ", "ms": 5000}
"""The answer to an opening, so that a worker can be caught before it has read that."""

_LATE = """
    SELECT count(*) FROM casework.attempt a JOIN casework.delivery d ON d.id = a.delivery_id
      JOIN casework.submission s ON s.id = d.submission_id
     WHERE s.sender_ref LIKE %s AND d.state = 'delivered' AND a.number < d.attempts
"""


@dataclass(frozen=True)
class Numbers:
    """Pauses, records in each, the lease, and for how long a worker that woke is watched.

    `caught`: after how many records were opened there the worker is stopped, and up to how many seconds later.
    """

    pauses: int
    records: int
    lease: int
    caught: int
    later: float
    afterwards: float
    patience: float


@scenario(
    12,
    NAME,
    short=Numbers(pauses=1, records=4, lease=3, caught=4, later=0, afterwards=2, patience=80),
    full=Numbers(pauses=10, records=40, lease=65, caught=1, later=4, afterwards=20, patience=600),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """SIGSTOP while records are on their way, until their leases are over and another worker has delivered; SIGCONT.

    Passes when what the first worker still has to say changes nothing: one record each, under the number that the
    other worker reported. The full form has a lease longer than a call may take, as in production, and stops the
    worker anywhere: one that wakes after its lease is past its own deadline, too. With the short form's lease that does
    not hold, so there all records are opened, and no answer read, when it stops.
    """
    codes = [town.code for town in world.plain[:4]]
    with Trial(world, "S12") as trial:
        try:
            dice = random.Random(12)
            for _ in range(numbers.pauses):
                _pause(world, trial, codes, numbers, dice.uniform(0, numbers.later))
        finally:
            world.processes.thaw(WORKER)
            world.processes.stop(COMPANION)
        trial.heal()
        trial.settle(numbers.patience)
        ((late,),) = world.sql(_LATE, trial.desk.prefix + "%")
        trial.expect(late >= numbers.pauses, "no attempt was overtaken by another")
        verdict = trial.verdict()
        delivered = verdict.states["delivered"]
        trial.expect(delivered == verdict.accepted, f"{delivered} of {verdict.accepted} delivered")
        trial.remarks.append(f"{late} attempts overtaken")
        return trial.outcome(NAME, f"{verdict.accepted} records, {numbers.pauses} pauses", verdict)


def _pause(world: World, trial: Trial, codes: list[str], numbers: Numbers, later: float) -> None:
    """The receiver opens each record at once; the worker hears of it late, or in its sleep."""
    towns = [town for town in world.towns if town.code in codes]
    before = _opened(world, towns)
    for town in towns:
        world.proxy(town, SLOW)
    papers = trial.desk.papers(codes, numbers.records)
    trial.send(papers)
    world.wait(lambda: _opened(world, towns) >= before + numbers.caught, numbers.patience, "records there", every=0.02)
    time.sleep(later)
    world.processes.freeze(WORKER)
    for town in towns:
        world.proxy(town)
    world.processes.start(COMPANION)
    world.wait(lambda: trial.unsettled() == 0, numbers.lease + numbers.patience, "the other worker")
    world.processes.thaw(WORKER)
    time.sleep(numbers.afterwards)


def _opened(world: World, towns: list[Town]) -> int:
    """How often the proxy held back the answer to an opening."""
    return sum(world.struck(town).get("latency", 0) for town in towns)
