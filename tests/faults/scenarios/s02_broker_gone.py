"""Scenario 2: the broker is emptied again and again, and then is not there at all."""

from __future__ import annotations

import time
from dataclasses import dataclass

import redis

from tests.faults.load import stream
from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import kill_valkey
from tests.faults.trial import Trial, percentile
from tests.faults.world import World

NAME = "broker flushed, then gone"
DELAY, INTAKE = 10.0, 0.5
"""Seconds: what p99 of delivery may lose, two sweeps of five; and p99 of intake without a broker."""


@dataclass(frozen=True)
class Numbers:
    """Records a second; seconds of calm, of flushing, of absence; seconds between two flushes.

    `busy`: how many times p99 of intake in the calm is allowed where that is more than 500 ms: the short form runs on
    machines that are busy with other tests.
    """

    rate: float
    calm: float
    flushing: float
    gone: float
    every: float
    patience: float
    busy: float


@scenario(
    2,
    NAME,
    short=Numbers(rate=6, calm=2, flushing=2, gone=3, every=0.7, patience=60, busy=10),
    full=Numbers(rate=9, calm=30, flushing=180, gone=60, every=5, patience=600, busy=0),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """FLUSHALL every few seconds under load, then the broker is killed and stays away.

    Passes when all are delivered while it is still away, p99 of delivery is at most ten seconds above that of the calm
    before, and p99 of intake without a broker is under 500 ms.
    """
    codes = [town.code for town in world.towns]
    with Trial(world, "S02") as trial:
        trial.warm_up(codes[0])
        with stream(world.ledger, trial.desk, codes, rate=numbers.rate):
            time.sleep(numbers.calm)
        calm = trial.accepted()
        trial.settle(numbers.patience)
        with stream(world.ledger, trial.desk, codes, rate=numbers.rate):
            _flush(world, numbers)
            kill_valkey(world.stack)
            gone = time.time()
            time.sleep(numbers.gone)
        trial.heal()
        trial.settle(numbers.patience)
        hurt = [each for each in trial.accepted() if each not in calm]
        before, after = (percentile(trial.latencies(each), 99) for each in (calm, hurt))
        intake = percentile([each.took for each in hurt if each.at - each.took > gone], 99)
        trial.expect(after <= before + DELAY, f"p99 of delivery {after:.1f} s, {before:.1f} s in the calm")
        usual = percentile([each.took for each in calm], 99)
        trial.expect(
            intake < max(INTAKE, numbers.busy * usual), f"p99 of intake {intake * 1000:.0f} ms without a broker"
        )
        trial.remarks.append(f"delivery p99 {before:.1f} → {after:.1f} s, intake p99 {intake * 1000:.0f} ms")
        verdict = trial.verdict()
        delivered = verdict.states["delivered"]
        trial.expect(delivered == verdict.accepted, f"{delivered} of {verdict.accepted} delivered")
        return trial.outcome(NAME, f"{verdict.accepted} records", verdict)


def _flush(world: World, numbers: Numbers) -> None:
    ends = time.monotonic() + numbers.flushing
    with redis.Redis.from_url(world.stack.valkey.url) as broker:
        while time.monotonic() < ends:
            broker.flushall()
            time.sleep(numbers.every)
