"""Scenario 8: one case system is four hours away, while everything for it queues; then it returns."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.faults.outcome import Outcome, scenario
from tests.faults.towns import Pace, Town
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "four hours away"
TRIES = 3
"""Attempts one record may cost."""
OVERLAP = 20.0
"""Milliseconds of each answer after the return, so that calls that are made at once are seen at once."""

_LANE = """
    SELECT openings, coalesce(extract(epoch FROM open_until - now()), 0)::float,
           (SELECT count(*) FROM casework.attempt t WHERE t.authority = l.authority),
           EXISTS (SELECT FROM casework.delivery d WHERE d.authority = l.authority AND d.state = 'in_flight')
      FROM casework.lane l WHERE authority = %s
"""
_PASS_LANE = """
    UPDATE casework.lane SET open_until = open_until - %s * interval '1 second',
           opened_at = opened_at - %s * interval '1 second', quiet_until = quiet_until - %s * interval '1 second'
     WHERE authority = %s
"""
_PASS_RECORDS = """
    UPDATE casework.delivery SET due_at = due_at - %s * interval '1 second',
           state_since = state_since - %s * interval '1 second',
           put_off_since = put_off_since - %s * interval '1 second'
     WHERE authority = %s AND state IN ('ready', 'retry', 'unknown')
"""


@dataclass(frozen=True)
class Numbers:
    """Records that queue, some for each of the others, hours away, and seconds its first answer takes afterwards."""

    records: int
    others: int
    hours: float
    first_answer: float
    patience: float


@dataclass(frozen=True)
class Stand:
    """How often in a row its lane was opened, for how many more seconds it is, all attempts in it, and if one is on."""

    openings: int
    left: float
    tried: int
    busy: bool


@scenario(
    8,
    NAME,
    short=Numbers(records=60, others=9, hours=0.25, first_answer=1.5, patience=60),
    full=Numbers(records=5000, others=90, hours=4, first_answer=10, patience=1800),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """One authority's connections are refused for hours while records for it queue; its first answer is then slow.

    The hours are not waited for. From one try to the next, a superuser moves back what the database keeps of this
    lane's times (when it may try, when its records are due, since when they wait), as if they had passed; the service
    itself runs as ever. The short form is away for a quarter of an hour.

    Passes when the lane costs one attempt at each time it may try and none in between, only one request is there until
    the slow first answer has come, no more calls than the profile allows are ever made at once, everything is delivered
    with at most three attempts each, and the other authorities' records are delivered while it is away.
    """
    away, others = world.plain[0], world.plain[1:]
    with Trial(world, "S08") as trial:
        trial.warm_up(away.code)
        world.proxy(away, {"fault": "refuse"})
        trial.send(trial.desk.papers([away.code], numbers.records), seconds=300)
        rounds = _wait_hours(world, trial, away, numbers)
        _expect_others(trial, others, numbers)
        _return(world, trial, away, numbers)
        trial.settle(numbers.patience)
        most = world.most_at_once(away)
        trial.expect(most <= Pace().in_flight, f"{most} calls at once, {Pace().in_flight} are allowed")
        verdict = trial.verdict()
        delivered, tries = verdict.states["delivered"], max(stand.attempts for stand in verdict.stands)
        trial.expect(delivered == verdict.accepted, f"{delivered} of {verdict.accepted} delivered")
        trial.expect(tries <= TRIES, f"one record took {tries} attempts")
        trial.remarks.append(f"{rounds} tries while away, then up to {most} calls at once, {tries} attempts a record")
        return trial.outcome(NAME, f"{verdict.accepted} records, {numbers.hours:g} h", verdict)


def _wait_hours(world: World, trial: Trial, away: Town, numbers: Numbers) -> int:
    """How often it was tried until the hours had passed, after the failures that opened its lane."""
    first = stand = _opened_again(world, away, 0)
    passed = 0.0
    while passed < numbers.hours * 3600:
        passed += _pass_time(world, away)
        stand = _opened_again(world, away, stand.openings)
        tried, opened = stand.tried - first.tried, stand.openings - first.openings
        trial.expect(tried == opened, f"{tried} attempts when {opened} could try")
    return stand.openings - first.openings


def _pass_time(world: World, away: Town) -> float:
    """Moves its lane's times back to the next moment it may try; how many seconds that skips."""
    left = max(_stand(world, away).left, 0.0)
    world.sql(_PASS_RECORDS, left, left, left, away.code)
    world.sql(_PASS_LANE, left, left, left, away.code)
    return left


def _opened_again(world: World, away: Town, openings: int) -> Stand:
    """Waits until the lane has been opened once more and nothing is under way in it."""
    found: list[Stand] = []

    def is_quiet() -> bool:
        found.append(_stand(world, away))
        return found[-1].openings > openings and not found[-1].busy

    world.wait(is_quiet, 30, "its lane to be opened")
    return found[-1]


def _expect_others(trial: Trial, others: list[Town], numbers: Numbers) -> None:
    """The other authorities' records go through while it is away: none waits for it."""
    sent = trial.send(trial.desk.papers([town.code for town in others], numbers.others))
    keys = {each.paper.key for each in sent}
    trial.world.wait(lambda: keys <= trial.arrived().finished.keys(), numbers.patience, "the others", every=0.25)


def _return(world: World, trial: Trial, away: Town, numbers: Numbers) -> None:
    """It returns at the very moment it may be tried, and takes its time for the first answer."""
    slow = {"mode": "delay", "ms": numbers.first_answer * 1000, "first": 1}
    world.mood(away, slow, {"mode": "delay", "ms": OVERLAP})
    before, tried = sum(world.rates(away).values()), _stand(world, away).tried
    world.proxy(away)
    _pass_time(world, away)
    trial.heal()
    world.wait(lambda: sum(world.rates(away).values()) > before, 30, "the first request after its return", every=0.02)
    time.sleep(numbers.first_answer * 0.9)
    asked, began = sum(world.rates(away).values()) - before, _stand(world, away).tried - tried
    trial.expect((asked, began) == (1, 1), f"{asked} requests of {began} attempts before its first answer")


def _stand(world: World, town: Town) -> Stand:
    """All at one moment, for it goes on by itself."""
    ((openings, left, tried, busy),) = world.sql(_LANE, town.code) or [(0, 0.0, 0, False)]
    return Stand(int(openings), float(left), int(tried), bool(busy))
