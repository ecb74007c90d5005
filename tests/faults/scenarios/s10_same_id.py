"""Scenario 10: the same id from many clients at once, with another body, after 400 days, and of two authorities."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier

from tests.faults.outcome import Outcome, scenario
from tests.faults.papers import Paper
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "same id, many times"
CONFLICT = frozenset({409, 422})
"""Another body under a used id: this project's decision is 409 (docs/adr/0008), the study's word is 422."""

_ROWS = "SELECT count(*) FROM casework.submission WHERE sender_ref LIKE %s"
_AGE = """
    UPDATE casework.submission SET received_at = received_at - %s * interval '24 hours' WHERE sender_ref LIKE %s
"""
_DAYS = 400


@dataclass(frozen=True)
class Numbers:
    """Ids, and how many clients race for each."""

    ids: int
    clients: int
    patience: float


@scenario(
    10,
    NAME,
    short=Numbers(ids=4, clients=16, patience=60),
    full=Numbers(ids=200, clients=50, patience=600),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """Clients race with one id each time, then use it otherwise.

    Passes when each race leaves one row and one receipt; another body under the id is refused and changes nothing; the
    same record after 400 days is a replay with the first receipt; and the same id of two authorities is two records.
    """
    with Trial(world, "S10") as trial:
        papers = trial.desk.papers([town.code for town in world.towns], numbers.ids)
        with ThreadPoolExecutor(numbers.clients) as pool:
            for paper in papers:
                _race(world, trial, paper, pool, numbers.clients)
        ((rows,),) = world.sql(_ROWS, trial.desk.prefix + "%")
        trial.expect(rows == numbers.ids, f"{rows} rows for {numbers.ids} ids")
        trial.settle(numbers.patience)
        _other_body(world, trial, papers)
        _much_later(world, trial, papers)
        _two_authorities(world, trial, papers)
        trial.heal()
        trial.settle(numbers.patience)
        return trial.outcome(NAME, f"{numbers.ids} ids × {numbers.clients} clients", trial.verdict())


def _race(world: World, trial: Trial, paper: Paper, pool: ThreadPoolExecutor, clients: int) -> None:
    barrier = Barrier(clients)

    def run() -> tuple[int, str]:
        barrier.wait(30)
        status, answer = world.ledger.once(paper)
        return status, str(answer.get("receipt_id"))

    answers = [each.result() for each in [pool.submit(run) for _ in range(clients)]]
    told = sorted(status for status, _ in answers)
    trial.expect(told.count(201) == 1 and set(told) <= {200, 201}, f"{paper.sender}: answered {sorted(set(told))}")
    trial.expect(len({receipt for _, receipt in answers}) == 1, f"{paper.sender}: several receipts")
    world.ledger.insist(paper)


def _other_body(world: World, trial: Trial, papers: list[Paper]) -> None:
    for paper in papers:
        status, _ = world.ledger.once(replace(paper, words="Something else altogether."))
        trial.expect(status in CONFLICT, f"another body under a used id was answered {status}")
    ((rows,),) = world.sql(_ROWS, trial.desk.prefix + "%")
    trial.expect(rows == len(papers), "another body under a used id was kept")


def _much_later(world: World, trial: Trial, papers: list[Paper]) -> None:
    """The rows are made older: the service keeps no clock of its own for this.

    Their times are given back, for the trail's stay: the books of this world would miss these records ever after.
    """
    world.sql(_AGE, _DAYS, trial.desk.prefix + "%")
    try:
        for paper in papers:
            status, answer = world.ledger.once(paper)
            same = answer.get("receipt_id") == world.ledger.accepted[paper.key].receipt
            trial.expect(status == 200 and same, f"after {_DAYS} days answered {status}, same receipt: {same}")
    finally:
        world.sql(_AGE, -_DAYS, trial.desk.prefix + "%")


def _two_authorities(world: World, trial: Trial, papers: list[Paper]) -> None:
    """The same id and the same child reference, which are somebody else's there."""
    for paper in papers:
        other = next(town.code for town in world.towns if town.code != paper.authority)
        status, answer = world.ledger.once(replace(paper, authority=other))
        own = answer.get("receipt_id") != world.ledger.accepted[paper.key].receipt
        trial.expect(status == 201 and own, f"another authority's same id was answered {status}")
    ((rows,),) = world.sql(_ROWS, trial.desk.prefix + "%")
    trial.expect(rows == 2 * len(papers), f"{rows} rows for {len(papers)} ids of two authorities each")
