"""One scenario under way: its own ids, its watch over conservation, its expectations, and the outcome in the end."""

from __future__ import annotations

import time
from collections.abc import Iterable
from statistics import quantiles
from types import TracebackType
from typing import Self

from tests.faults.checker import Verdict, ask_all, judge
from tests.faults.conservation import Conservation
from tests.faults.journal import Arrived, read_journal
from tests.faults.ledger import Accepted
from tests.faults.load import send_all
from tests.faults.outcome import Outcome
from tests.faults.papers import Desk, Paper
from tests.faults.world import World

_UNSETTLED = """
    SELECT count(*) FROM casework.delivery d JOIN casework.submission s ON s.id = d.submission_id
     WHERE s.sender_ref LIKE %s AND d.kind = 'record'
       AND d.state NOT IN ('delivered', 'superseded', 'cancelled', 'needs_human')
"""
_STUCK = """
    SELECT jsonb_build_object('state', d.state, 'reason', d.reason, 'attempts', d.attempts, 'lapses', d.lapses,
                              'deaths', d.deaths, 'due', d.due_at - now(), 'lease', d.lease_until - now(),
                              'held by', d.held_by, 'hold', l.hold, 'open for', l.open_for,
                              'open until', l.open_until - now(), 'ramp', l.ramp)
      FROM casework.delivery d JOIN casework.submission s ON s.id = d.submission_id
      LEFT JOIN casework.lane l ON l.authority = d.authority
     WHERE s.sender_ref LIKE %s AND d.kind = 'record'
       AND d.state NOT IN ('delivered', 'superseded', 'cancelled', 'needs_human')
"""


class Trial:
    """`expect` gathers what did not hold. Nothing is raised for it, so that the table shows everything."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.desk = world, Desk(name)
        self.watch = Conservation(world.database_url, world.ledger)
        self.failures: list[str] = []
        self.remarks: list[str] = []
        self._watching = self.watch.watched()
        self._healed = time.monotonic()
        self.recovered_in: float | None = None

    def __enter__(self) -> Self:
        self._watching.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watching.__exit__(kind, error, trace)
        if error is not None:
            error.add_note("; ".join(self._stuck()))
        self.world.calm()

    def _stuck(self) -> list[str]:
        """What is not settled yet, and why, for whoever reads that a scenario broke off."""
        return [str(row) for (row,) in self.world.sql(_STUCK, self.desk.prefix + "%")]

    def expect(self, holds: object, words: str) -> None:
        """Notes the words when it does not hold."""
        if not holds:
            self.failures.append(words)

    def send(self, papers: list[Paper], *, connections: int = 8, seconds: float = 60) -> list[Accepted]:
        """All of them, insisting; every one is expected to be acknowledged."""
        accepted = send_all(self.world.ledger, papers, connections=connections, seconds=seconds)
        self.expect(len(accepted) == len(papers), f"{len(papers) - len(accepted)} never acknowledged{self._refusal()}")
        return accepted

    def warm_up(self, *codes: str) -> None:
        """One record for each of these, delivered: now the processes are surely up."""
        self.send([self.desk.paper(code) for code in codes])
        self.world.wait(lambda: self.unsettled() == 0, 60, "the first record")

    def heal(self) -> None:
        """From now on nothing is broken any more: recovery is measured from here."""
        self._healed = time.monotonic()

    def settle(self, seconds: float) -> bool:
        """Waits until nothing of this scenario is under way any more: delivered, or with a person."""
        try:
            self.world.wait(self._is_settled, seconds, "settling", every=0.25)
        except TimeoutError:
            self.failures.append(f"{self.unsettled()} still under way {seconds:g} s after the last fault")
            return False
        self.recovered_in = time.monotonic() - self._healed
        return True

    def must_settle(self, seconds: float) -> None:
        """The same in the middle of a scenario, whose next part makes no sense without. Raises `TimeoutError`."""
        if not self.settle(seconds):
            raise TimeoutError(self.failures.pop())

    def linger(self, seconds: float) -> None:
        """Gives what must not come so long to come. An open lane would hold it back, so lanes cool here as well."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self._cool()
            time.sleep(0.25)

    def _is_settled(self) -> bool:
        self._cool()
        return self.unsettled() == 0

    def _cool(self) -> None:
        if self.world.hurried:
            self.world.cool_lanes()

    def unsettled(self) -> int:
        """How many records of this scenario are not done and not with a person."""
        ((count,),) = self.world.sql(_UNSETTLED, self.desk.prefix + "%")
        return int(count)

    def accepted(self) -> list[Accepted]:
        """What was acknowledged of this scenario."""
        return self.world.ledger.of(self.desk.prefix)

    def arrived(self) -> Arrived:
        """What the receiver has."""
        return read_journal(self.world.partners.journal)

    def verdict(self) -> Verdict:
        """Accepted ids × the API × the journal."""
        stands = ask_all(self.world.ledger, self.accepted())
        return judge(stands, self.arrived(), self.world.ledger.asked, prefix=self.desk.prefix)

    def outcome(self, name: str, size: str, verdict: Verdict) -> Outcome:
        """The line of the table: the expectations, the verdict and conservation together."""
        self.watch.look()
        failures = [*self.failures, *([verdict.told] if verdict.told else [])]
        if not self.watch.samples:
            failures.append("conservation was never looked at")
        if self.watch.broken:
            failures.append(f"conservation broken {len(self.watch.broken)} times ({self.watch.broken[0]})")
        return Outcome(
            name,
            size,
            lost=len(set(verdict.lost)),
            duplicated=len(verdict.doubled),
            unknown=verdict.unknown,
            recovered_in=self.recovered_in,
            passed=not failures,
            remark="; ".join([*failures, *self.remarks]),
        )

    def latencies(self, accepted: Iterable[Accepted]) -> list[float]:
        """Seconds from each acknowledgement to the record's completion there, of those that arrived."""
        finished = self.arrived().finished_at
        return [max(finished[each.paper.key] - each.at, 0) for each in accepted if each.paper.key in finished]

    def _refusal(self) -> str:
        refused = [told for key, told in self.world.ledger.refused.items() if f"/{self.desk.prefix}" in key]
        return f" (refused: {refused[0]})" if refused else ""


def percentile(values: Iterable[float], percent: int) -> float:
    """Of at least one value."""
    found = sorted(values)
    return found[0] if len(found) == 1 else quantiles(found, n=100, method="inclusive")[percent - 1]
