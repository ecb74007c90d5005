"""Scenario 5: as 4, with a case system that cannot be asked what arrived."""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.checker import Verdict
from tests.faults.outcome import Outcome, scenario
from tests.faults.scenarios.s04_answer_lost import RECORDS
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "answer lost, blind"
LOST = {"fault": "cut_answer", "match": RECORDS}
"""Every opening, so that a blind resend would show as a second record."""


@dataclass(frozen=True)
class Numbers:
    """Records, over so many authorities; seconds to wait for resends that must not come once all are with a person."""

    records: int
    towns: int
    patience: float
    afterwards: float


@scenario(
    5,
    NAME,
    short=Numbers(records=6, towns=6, patience=90, afterwards=2),
    full=Numbers(records=500, towns=9, patience=900, afterwards=60),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """The receiver commits, the answer is lost, and no search is offered for what was begun.

    Passes when nothing is sent twice by the bridge itself, and every record is in the list for a person, with reason
    and owner. A lane opens for such a case system, and each of its tries leaves one record to a person, at last every
    ten minutes. The full form has those waits over at once, too: else most of the 500 would never be begun.
    """
    world.hurried = True
    towns = world.plain[: numbers.towns]
    with Trial(world, "S05") as trial:
        for town in towns:
            world.mood(town, {"mode": "blind"})
            world.proxy(town, LOST)
        codes = [town.code for town in towns]
        trial.send(trial.desk.papers(codes, numbers.records))
        trial.heal()
        trial.settle(numbers.patience)
        trial.linger(numbers.afterwards)
        verdict, arrived = trial.verdict(), trial.arrived()
        opened = sum(arrived.opened[stand.reference] for stand in verdict.stands)
        trial.expect(opened == numbers.records, f"{opened} records opened there, {numbers.records} sent")
        _expect_listed(trial, verdict, codes)
        return trial.outcome(NAME, f"{verdict.accepted} records", verdict)


def _expect_listed(trial: Trial, verdict: Verdict, codes: list[str]) -> None:
    """In the list that a person works through, and with words."""
    listed = {receipt for code in codes for receipt in receipts(trial, code, "needs_human")}
    missing = [stand for stand in verdict.stands if stand.accepted.receipt not in listed]
    wordless = [stand for stand in verdict.stands if not (stand.reason and stand.owner and stand.explanation)]
    trial.expect(not missing, f"{len(missing)} not in the list for a person ({dict(verdict.states)})")
    trial.expect(not wordless, f"{len(wordless)} without reason or owner")


def receipts(trial: Trial, authority: str, state: str) -> list[str]:
    """What the API lists in this state, all pages."""
    found: list[str] = []
    path: str | None = f"/v1/submissions?state={state}&limit=100"
    while path:
        _, answer = trial.world.ledger.ask("GET", authority, path)
        found += [each["receipt_id"] for each in answer["submissions"]]
        path = answer["links"].get("next")
    return found
