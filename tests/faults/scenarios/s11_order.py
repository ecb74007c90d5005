"""Scenario 11: several versions about each young person, one of which is refused for some."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from tests.faults.checker import Stand, Verdict
from tests.faults.journal import Arrived
from tests.faults.outcome import Outcome, scenario
from tests.faults.release import NoWayYet, release
from tests.faults.towns import Town
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "order per young person"
VERSIONS, REFUSED = 5, 2
"""Records about one young person, and which of them (from 1) is refused for every other one."""

_BEHIND = "Waiting behind an earlier record"
_READY = """
    SELECT count(*) FROM casework.delivery d JOIN casework.submission s ON s.id = d.submission_id
     WHERE s.sender_ref LIKE %s AND d.state = 'delivered'
"""
SPOILT = "This version is refused."


@dataclass(frozen=True)
class Numbers:
    """Young people, over so many authorities."""

    children: int
    towns: int
    patience: float


@scenario(
    11,
    NAME,
    short=Numbers(children=6, towns=2, patience=60),
    full=Numbers(children=200, towns=10, patience=900),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """Five records about each young person, sent in order; the second is refused for every other one.

    Passes when those behind a refused one wait and say so, nobody else's wait, nothing arrives out of order, and after
    a release all arrive.
    """
    towns = world.towns[: numbers.towns]
    with Trial(world, "S11") as trial:
        for town in towns:
            world.mood(town, {"mode": "refuse", "only": "writes", "match": SPOILT})
        whole, held = _send(trial, towns, numbers.children)
        passing = VERSIONS * len(whole) + (REFUSED - 1) * len(held)
        world.wait(lambda: _delivered(trial) >= passing, numbers.patience, f"{passing} delivered")
        _expect_waiting(trial, trial.verdict(), held)
        for town in towns:
            world.mood(town)
        trial.heal()
        _release(world, trial)
        verdict = trial.verdict()
        trial.expect(verdict.states["delivered"] == verdict.accepted, f"after the release: {dict(verdict.states)}")
        inversions = _inversions(trial.arrived(), trial.desk.prefix)
        trial.expect(inversions == 0, f"{inversions} out of order")
        return trial.outcome(NAME, f"{numbers.children} × {VERSIONS} records", verdict)


def _send(trial: Trial, towns: list[Town], children: int) -> tuple[list[str], list[str]]:
    """Version by version, each acknowledged before the next; the children whose all pass, and those held up."""
    letters = trial.desk.prefix.replace("-", "")
    people = [(towns[number % len(towns)].code, f"{letters}C{number:04}") for number in range(children)]
    held = [child for _, child in people[::2]]
    for version in range(1, VERSIONS + 1):
        papers = []
        for authority, child in people:
            spoilt = version == REFUSED and child in held
            papers.append(trial.desk.paper(authority, child=child, words=SPOILT if spoilt else f"Version {version}."))
        trial.send(papers)
    return [child for _, child in people if child not in held], held


def _delivered(trial: Trial) -> int:
    ((count,),) = trial.world.sql(_READY, trial.desk.prefix + "%")
    return int(count)


def _expect_waiting(trial: Trial, verdict: Verdict, held: list[str]) -> None:
    by_child: dict[str, list[Stand]] = {}
    for stand in sorted(verdict.stands, key=lambda stand: stand.accepted.paper.sender):
        by_child.setdefault(stand.accepted.paper.child, []).append(stand)
    for child, stands in by_child.items():
        states = [stand.state for stand in stands]
        if child not in held:
            trial.expect(set(states) == {"delivered"}, f"nothing was refused, and yet {states}")
            continue
        trial.expect(states[:REFUSED] == ["delivered"] * (REFUSED - 1) + ["needs_human"], f"held: {states}")
        behind = [stand for stand in stands[REFUSED:] if _BEHIND in (stand.explanation or "")]
        trial.expect(len(behind) == VERSIONS - REFUSED, f"{len(behind)} of {VERSIONS - REFUSED} say that they wait")


def _release(world: World, trial: Trial) -> None:
    """Each refused one by command; those behind it follow by themselves."""
    refused = [stand for stand in trial.verdict().stands if stand.state == "needs_human"]
    try:
        for stand in refused:
            release(world.ledger, stand.accepted.paper.authority, stand.reference)
    except (NoWayYet, RuntimeError) as none:
        trial.failures.append(f"nothing could be released: {none}")
        return
    trial.settle(120)


def _inversions(arrived: Arrived, prefix: str) -> int:
    """Neighbours in the receiver's order whose senders' ids, which grow, go down."""
    orders = [[each for each in order if each.startswith(prefix)] for order in arrived.order.values()]
    return sum(later < earlier for order in orders for earlier, later in itertools.pairwise(order))
