"""Scenario 4: the case system commits, and its answer is lost, for the first call about every record."""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.outcome import Outcome, scenario
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "answer lost after commit"
RECORDS = r"^POST /[^ ]*/records "
"""A record is opened."""
LOST = (
    {"fault": "cut_answer", "match": RECORDS, "per": r'"reference": ?"([^"]+)"'},
    {"fault": "cut_answer", "match": "^PATCH ", "per": r"^PATCH ([^ ]+) "},
)
"""The first opening under each reference, and the first change of each record."""

PASSED_THROUGH = """
    SELECT count(DISTINCT d.id) FROM casework.delivery d JOIN casework.submission s ON s.id = d.submission_id
      JOIN casework.attempt a ON a.delivery_id = d.id
     WHERE s.sender_ref LIKE %s AND a.outcome = 'unknown'
"""


@dataclass(frozen=True)
class Numbers:
    """Records, over so many authorities."""

    records: int
    towns: int
    patience: float


@scenario(
    4,
    NAME,
    short=Numbers(records=9, towns=9, patience=90),
    full=Numbers(records=500, towns=9, patience=600),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """In all first calls the receiver commits and the connection is reset before any answer.

    Passes when there are exactly as many records as were sent, every one went through `unknown`, and all are resolved
    within ten minutes.
    """
    towns = world.plain[: numbers.towns]
    with Trial(world, "S04") as trial:
        before = sum(world.struck(town).get("cut_answer", 0) for town in towns)
        for town in towns:
            world.proxy(town, *LOST)
        accepted = trial.send(trial.desk.papers([town.code for town in towns], numbers.records))
        trial.heal()
        trial.settle(numbers.patience)
        cuts = sum(world.struck(town).get("cut_answer", 0) for town in towns) - before
        verdict, arrived = trial.verdict(), trial.arrived()
        opened = sum(arrived.opened[stand.reference] for stand in verdict.stands)
        ((through,),) = world.sql(PASSED_THROUGH, trial.desk.prefix + "%")
        trial.expect(cuts >= 2 * len(accepted), f"only {cuts} answers were lost")
        trial.expect(opened == numbers.records, f"{opened} records there, {numbers.records} sent")
        trial.expect(through == numbers.records, f"only {through} passed through unknown")
        delivered = verdict.states["delivered"]
        trial.expect(delivered == numbers.records, f"{delivered} of {numbers.records} delivered")
        trial.remarks.append(f"{cuts} answers lost")
        return trial.outcome(NAME, f"{verdict.accepted} records", verdict)
