"""Scenario 13: the clocks of our machines are hours apart, and jump; the database's is the only one that counts."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.faults.load import stream
from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import BEAT, WEB, WORKER
from tests.faults.trial import Trial
from tests.faults.world import World
from tests.support.faketime import NOTICED, WrongClock

NAME = "wrong clocks"
COMPANION = f"{WORKER}-2"
HOUR = 3600
OFF = 2 * HOUR
"""Seconds: web, worker and beat are so far ahead of the database, the other worker so far behind."""
AUTUMN, SPRING = datetime(2026, 10, 25, 0, 59, 58, tzinfo=UTC), datetime(2026, 3, 29, 0, 59, 58, tzinfo=UTC)
"""Two seconds before clocks in London go back, and forward. Both are past, so that no review is due there yet."""
SLOW = {"fault": "latency", "match": r"^POST [^ ]*/records ", "ms": 1200}
WAIT = 2
"""Seconds one case system asks to be left alone for."""

_STOLEN = """
    SELECT count(*) FROM casework.attempt a
      JOIN casework.attempt b ON b.delivery_id = a.delivery_id AND b.number = a.number + 1
      JOIN casework.delivery d ON d.id = a.delivery_id JOIN casework.submission s ON s.id = d.submission_id
     WHERE s.sender_ref LIKE %s AND b.started_at < coalesce(a.ended_at, 'infinity')
       AND b.started_at < a.started_at + %s * interval '1 second'
"""
_WAITED = """
    SELECT count(*), coalesce(min(extract(epoch FROM b.started_at - a.ended_at)), 0)::float,
           coalesce(max(extract(epoch FROM b.started_at - a.ended_at)), 0)::float
      FROM casework.attempt a JOIN casework.attempt b ON b.delivery_id = a.delivery_id AND b.number = a.number + 1
      JOIN casework.delivery d ON d.id = a.delivery_id JOIN casework.submission s ON s.id = d.submission_id
     WHERE s.sender_ref LIKE %s AND a.outcome = 'retry'
"""
_OFF = """
    SELECT count(*) FROM casework.submission s JOIN casework.delivery d ON d.submission_id = s.id
      LEFT JOIN casework.attempt a ON a.delivery_id = d.id
      CROSS JOIN LATERAL (VALUES (s.received_at), (d.created_at), (d.due_at), (d.changed_at), (d.state_since),
                                 (d.first_sent_at), (d.delivered_at), (a.started_at), (a.ended_at)) AS times (at)
     WHERE s.sender_ref LIKE %s AND at NOT BETWEEN %s AND now() + interval '30 minutes'
"""
_OVERTAKEN = """
    SELECT count(*) FROM casework.attempt a JOIN casework.delivery d ON d.id = a.delivery_id
      JOIN casework.submission s ON s.id = d.submission_id
     WHERE s.sender_ref LIKE %s AND d.state = 'delivered' AND a.number < d.attempts
       AND a.outcome IS DISTINCT FROM 'retry'
"""
_LONDON = "(now() AT TIME ZONE 'Europe/London')::date"
_MINE = "SELECT id FROM casework.submission WHERE sender_ref LIKE %s"
_DUE = f"UPDATE casework.review SET due_on = {_LONDON} - 2 WHERE submission_id IN ({_MINE})"
_NOT_DUE = f"""
    UPDATE casework.review SET due_on = {_LONDON} + 2
     WHERE id = (SELECT id FROM casework.review WHERE submission_id IN ({_MINE}) LIMIT 1)
"""
_RAISED = f"SELECT reference FROM casework.delivery WHERE kind = 'review_task' AND submission_id IN ({_MINE})"


@dataclass(frozen=True)
class Numbers:
    """Records a second, seconds between two jumps, the lease. `frozen`: a worker is stopped until its lease is over."""

    rate: float
    step: float
    lease: int
    frozen: bool
    patience: float


@scenario(
    13,
    NAME,
    short=Numbers(rate=6, step=1.5, lease=10, frozen=False, patience=90),
    full=Numbers(rate=10, step=20, lease=65, frozen=True, patience=600),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """Web, one worker and beat two hours ahead of the database, another worker two hours behind; under load the web's
    clock jumps back four hours, and the workers' go over the changes of October and March, an hour wrong afterwards.

    Passes when no attempt begins within another's lease, every time in the rows is the database's, a case system that
    asks for two seconds gets them and no two hours, and one record of each is there. The full form also stops the
    worker that is ahead: the one that is behind takes over when the lease is over. Then everything that looks is down;
    reviews become due meanwhile (their dates are moved, as superuser); started again with wrong clocks, each is raised
    once, and none that is not due. That is delivery's part: leap days, ends of months and what a review is due on are
    the review clock's, and the day that a review is due on is still the worker's own, two hours early or late here.
    """
    clocks = {name: WrongClock(world.stack.folder / f"clock-{name}") for name in (WEB, WORKER, COMPANION)}
    with Trial(world, "S13") as trial:
        ((began,),) = world.sql("SELECT now()")
        try:
            _set_wrong(world, clocks)
            _jump(trial, clocks, numbers)
            if numbers.frozen:
                _freeze(trial, numbers)
            trial.heal()
            trial.settle(numbers.patience)
            _look_at_rows(trial, began, numbers)
            _reviews(trial, numbers)
            verdict = trial.verdict()
        finally:
            _set_right(world)
        delivered = verdict.states["delivered"]
        trial.expect(delivered == verdict.accepted, f"{delivered} of {verdict.accepted} delivered")
        return trial.outcome(NAME, f"{verdict.accepted} records, 5 jumps", verdict)


def _set_wrong(world: World, clocks: dict[str, WrongClock]) -> None:
    clocks[WEB].move(OFF)
    clocks[WORKER].move(OFF)
    clocks[COMPANION].move(-OFF)
    by = {WEB: WEB, WORKER: WORKER, BEAT: WORKER, COMPANION: COMPANION}
    for name, clock in by.items():
        world.processes.besides[name] = clocks[clock].environment
        world.processes.kill(name)
    world.processes.start(COMPANION)
    world.up()


def _set_right(world: World) -> None:
    """`World.calm` starts them."""
    for name in (WEB, WORKER, BEAT, COMPANION):
        world.processes.besides.pop(name, None)
        world.processes.kill(name)


def _jump(trial: Trial, clocks: dict[str, WrongClock], numbers: Numbers) -> None:
    """Answers to openings are slow, so that there is always something under way when a clock jumps."""
    world, busy = trial.world, trial.world.plain[0]
    for town in world.plain:
        world.proxy(town, SLOW)
    world.mood(busy, {"mode": "busy", "seconds": WAIT, "first": 1})
    with stream(world.ledger, trial.desk, [town.code for town in world.plain], rate=numbers.rate):
        time.sleep(numbers.step)
        clocks[WEB].move(-OFF)
        for clock, moment, hour in ((WORKER, AUTUMN, -HOUR), (COMPANION, SPRING, HOUR)):
            ahead = clocks[clock].show(moment)
            time.sleep(NOTICED + 2 + numbers.step)
            clocks[clock].move(ahead + hour)
            time.sleep(NOTICED)
    clocks[WORKER].move(OFF)
    clocks[COMPANION].move(-OFF)


def _freeze(trial: Trial, numbers: Numbers) -> None:
    """The one that is ahead sleeps with records in its hands; the one that is behind is to finish them."""
    world = trial.world
    papers = trial.desk.papers([town.code for town in world.plain], 4 * len(world.plain))
    trial.send(papers)
    time.sleep(1)
    world.processes.freeze(WORKER)
    try:
        world.wait(lambda: trial.unsettled() == 0, numbers.lease + numbers.patience, "the other worker")
    finally:
        world.processes.thaw(WORKER)
    ((overtaken,),) = world.sql(_OVERTAKEN, trial.desk.prefix + "%")
    trial.expect(overtaken, "nothing was in the hands of the worker that was stopped")
    trial.remarks.append(f"{overtaken} taken over")


def _look_at_rows(trial: Trial, began: datetime, numbers: Numbers) -> None:
    world, mine = trial.world, trial.desk.prefix + "%"
    ((stolen,),) = world.sql(_STOLEN, mine, numbers.lease)
    trial.expect(stolen == 0, f"{stolen} attempts began within another's lease")
    ((off,),) = world.sql(_OFF, mine, began)
    trial.expect(off == 0, f"{off} times in the rows are not the database's")
    ((count, shortest, longest),) = world.sql(_WAITED, mine)
    trial.expect(count > 0, "no record was put off")
    trial.expect(shortest >= WAIT - 0.1, f"asked for {WAIT} s, one was sent again after {shortest:.1f} s")
    trial.expect(longest <= numbers.patience, f"asked for {WAIT} s, one was sent again after {longest:.0f} s")
    trial.remarks.append(f"put off for {shortest:.1f} to {longest:.1f} s")


def _reviews(trial: Trial, numbers: Numbers) -> None:
    """Down for days, as far as the rows know."""
    world, mine = trial.world, trial.desk.prefix + "%"
    for name in (BEAT, WORKER, COMPANION):
        world.processes.kill(name)
    world.sql(_DUE, mine)
    world.sql(_NOT_DUE, mine)
    due = len(trial.accepted()) - 1
    for name in (WORKER, COMPANION, BEAT):
        world.processes.start(name)
    world.wait(lambda: len(_tasks(trial)) >= due, numbers.patience, f"{due} reviews raised")
    time.sleep(1)
    raised, tasks = [reference for (reference,) in world.sql(_RAISED, mine)], _tasks(trial)
    trial.expect(len(raised) == len(set(raised)) == due, f"{due} reviews due, {len(raised)} raised")
    twice = sum(count - 1 for count in tasks.values())
    trial.expect(not twice, f"{twice} tasks too many")
    trial.remarks.append(f"{due} reviews raised after the silence")


def _tasks(trial: Trial) -> Counter[str]:
    """How often each of this scenario's reviews was filed as a task."""
    mine = {reference for (reference,) in trial.world.sql(_RAISED, trial.desk.prefix + "%")}
    text = trial.world.partners.journal.read_text(encoding="utf-8")
    entries = map(json.loads, text[: text.rfind("\n") + 1].splitlines())
    return Counter(each["reference"] for each in entries if each["what"] == "tasks" and each["reference"] in mine)
