"""Scenario 9: one record whose delivery kills the worker, whoever takes it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.faults.load import stream
from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import WORKER
from tests.faults.towns import Town
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "poison"
EXECUTIONS = 5
SLOW_MS = 1500
_STATE = """
    SELECT d.state FROM casework.delivery d JOIN casework.submission s ON s.id = d.submission_id
     WHERE s.sender_ref = %s AND s.authority = %s
"""


@dataclass(frozen=True)
class Numbers:
    """Poisonous records, one after another; their neighbours' rate; the lease a dead worker leaves behind."""

    poisons: int
    rate: float
    lease: int
    patience: float


@scenario(
    9,
    NAME,
    short=Numbers(poisons=1, rate=1.5, lease=3, patience=80),
    full=Numbers(poisons=5, rate=10, lease=10, patience=300),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """The worker is killed with -9 whenever it works on this record, as an out-of-memory killer would.

    It is seen from outside: the case system is asked for this young person, and is slow to answer. Passes when the
    record is executed at most five times and then with a person, with an owner, and its neighbours of the same
    authority and of others are delivered.
    """
    codes = [town.code for town in world.towns]
    with Trial(world, "S09") as trial:
        poisonous = set()
        for _ in range(numbers.poisons):
            with stream(world.ledger, trial.desk, codes, rate=numbers.rate):
                poisonous.add(_poison(world, trial, numbers.patience))
        trial.heal()
        trial.settle(numbers.patience)
        verdict = trial.verdict()
        for stand in verdict.stands:
            if stand.accepted.paper.sender in poisonous:
                quarantined = stand.state == "needs_human" and stand.owner
                trial.expect(quarantined, f"the poison is {stand.state} after {stand.attempts} claims")
                trial.remarks.append(f"{stand.attempts} claims, then {stand.reason}")
        innocent = [stand for stand in verdict.stands if stand.accepted.paper.sender not in poisonous]
        held = [stand for stand in innocent if stand.state != "delivered"]
        trial.expect(not held, f"{len(held)} neighbours not delivered ({held[0].reason if held else ''})")
        return trial.outcome(NAME, f"{verdict.accepted} records, {numbers.poisons} poisonous", verdict)


def _poison(world: World, trial: Trial, patience: float) -> str:
    """Sends one, and kills whoever works on it until nobody does."""
    town = world.plain[0]
    paper = trial.desk.paper(town.code)
    world.proxy(town, {"fault": "latency", "match": f"childId={paper.child} ", "ms": SLOW_MS})
    with _killed_at_work(world, town) as kills:
        trial.send([paper])
        try:
            world.wait(lambda: _is_with_a_person(world, paper.sender, town), patience, "the quarantine")
        except TimeoutError:
            ((state,),) = world.sql(_STATE, paper.sender, town.code)
            trial.expect(False, f"{state} and not with a person after {patience:g} s and {len(kills)} dead workers")
    trial.expect(len(kills) <= EXECUTIONS, f"{len(kills)} workers died of one record")
    trial.expect(kills, "no worker was killed")
    trial.remarks.append(f"{len(kills)} workers died")
    world.proxy(town)
    return paper.sender


def _is_with_a_person(world: World, sender: str, town: Town) -> bool:
    return world.sql(_STATE, sender, town.code) == [("needs_human",)]


@contextmanager
def _killed_at_work(world: World, town: Town) -> Iterator[list[int]]:
    """Each time the slow question has been asked, the worker dies before it is answered."""
    ended = threading.Event()
    kills: list[int] = []
    asked = world.struck(town).get("latency", 0)

    def watch() -> None:
        while not ended.wait(0.05):
            now = world.struck(town).get("latency", 0)
            if now > asked + len(kills):
                kills.append(now)
                world.processes.kill(WORKER)
                world.processes.start(WORKER)

    thread = threading.Thread(target=watch, name="killer", daemon=True)
    thread.start()
    try:
        yield kills
    finally:
        ended.set()
        thread.join(30)
