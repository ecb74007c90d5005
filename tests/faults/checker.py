"""Accepted ids × what the API says × what the receiver has: nothing of the service is believed on its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.faults.journal import Arrived
from tests.faults.ledger import Accepted, Ledger

TERMINAL = frozenset({"delivered", "superseded", "cancelled"})
OPEN = frozenset({"ready", "in_flight", "retry", "unknown", "needs_human"})
LISTED = frozenset({"unknown", "needs_human"})


@dataclass(frozen=True)
class Stand:
    """Where the API says one accepted record stands; state "" when the API does not know it."""

    accepted: Accepted
    state: str
    reference: str = ""
    record_number: str | None = None
    reason: str | None = None
    owner: str | None = None
    explanation: str | None = None
    attempts: int = 0


@dataclass
class Verdict:
    """`lost`: acknowledged, and neither arrived nor shown as open with an owner. `doubled`: records there beyond one.

    `false_delivered`: said to be delivered, and not there under that number. `strangers`: there, and never sent.
    """

    accepted: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    false_delivered: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    stands: list[Stand] = field(default_factory=list)

    @property
    def unknown(self) -> int:
        """Not delivered and not lost: waiting for a look-up or a person."""
        return sum(self.states[state] for state in LISTED)

    @property
    def open(self) -> int:
        """On the bridge's own list."""
        return sum(self.states[state] for state in OPEN - LISTED)

    @property
    def sound(self) -> bool:
        """Nothing lost, doubled, made up or falsely reported."""
        return not (self.lost or self.doubled or self.false_delivered or self.strangers)

    @property
    def told(self) -> str:
        """What is wrong, in a few words; empty when nothing is."""
        wrong = {"lost": self.lost, "doubled": self.doubled, "falsely delivered": self.false_delivered,
                 "strangers": self.strangers}  # fmt: skip
        return "; ".join(f"{len(ids)} {what} ({ids[0]} …)" for what, ids in wrong.items() if ids)


def ask_all(ledger: Ledger, accepted: Iterable[Accepted], *, connections: int = 8) -> list[Stand]:
    """The API's word on each."""
    with ThreadPoolExecutor(connections) as pool:
        return list(pool.map(lambda each: _stand(ledger, each), accepted))


def judge(stands: list[Stand], arrived: Arrived, asked: Iterable[str], *, prefix: str = "") -> Verdict:
    """The verdict. `asked` are all ids that were ever sent, `prefix` those this is about."""
    verdict = Verdict(accepted=len(stands), stands=stands)
    for stand in stands:
        _judge_one(stand, arrived, verdict)
    known = set(asked)
    for key, numbers in arrived.finished.items():
        if not key.partition("/")[2].startswith(prefix):
            continue
        if key not in known:
            verdict.strangers.append(key)
        verdict.doubled += [key] * (len(numbers) - 1)
    return verdict


def _judge_one(stand: Stand, arrived: Arrived, verdict: Verdict) -> None:
    key = stand.accepted.paper.key
    there = arrived.finished.get(key, set())
    verdict.states[stand.state] += 1
    if stand.state not in TERMINAL | OPEN or (stand.state in OPEN and not stand.owner):
        verdict.lost.append(key)
    if stand.state == "delivered" and stand.record_number not in there:
        verdict.false_delivered.append(key)
        if not there:
            verdict.lost.append(key)
    finished_twice = max(len(there) - 1, 0)  # counted by its caller, whatever the reference
    verdict.doubled += [key] * max(arrived.opened[stand.reference] - 1 - finished_twice, 0)


def _stand(ledger: Ledger, accepted: Accepted) -> Stand:
    status, answer = ledger.ask("GET", accepted.paper.authority, f"/v1/submissions/{accepted.receipt}")
    if status in (0, 401):  # no answer, or the token has ended meanwhile
        status, answer = ledger.ask("GET", accepted.paper.authority, f"/v1/submissions/{accepted.receipt}")
    records: list[dict[str, Any]] = [each for each in answer.get("deliveries", []) if each["kind"] == "record"]
    if status != 200 or len(records) != 1:
        return Stand(accepted, "")
    (record,) = records
    names = ("state", "reference", "record_number", "reason", "owner", "explanation", "attempts")
    return Stand(accepted, **{name: record.get(name) for name in names})
