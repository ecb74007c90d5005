"""Scenario 15: from one version to the next and back, under load."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from service.embedded.ports import HeldPort
from tests.faults.ledger import Ledger
from tests.faults.lines import Control
from tests.faults.load import stream
from tests.faults.next_version import ADDED, NextVersion
from tests.faults.outcome import Outcome, scenario
from tests.faults.partners import start_partner
from tests.faults.processes import WEB, WORKER
from tests.faults.trial import Trial, percentile
from tests.faults.world import World

NAME = "rolling upgrade"
NEXT_WEB, NEXT_WORKER = f"{WEB}-2", f"{WORKER}-2"
FAILED = 0.001
"""The share of requests that may fail."""
DRAIN = 1.0
"""Seconds in which connections that were made for the old process bring what they were made for."""

_COLUMNS = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'casework' AND column_name = %s"
_WORKERS = "SELECT count(*) FROM casework.worker WHERE ended_at IS NULL AND seen_at > now() - interval '3 seconds'"


@dataclass(frozen=True)
class Numbers:
    """How often it goes there and back, records a second, and seconds of load before each step."""

    times: int
    rate: float
    between: float
    patience: float


@scenario(
    15,
    NAME,
    short=Numbers(times=1, rate=3, between=0.5, patience=150),
    full=Numbers(times=10, rate=15, between=5, patience=600),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """The schema gets a column and an index, then worker and web are renewed one after the other; and all of that back.

    No earlier release is at hand. The next one is this code with a migration more, which goes through the project's own
    environment: so what is shown is that the running code bears a schema newer than itself, and that renewing takes
    nobody's request. The new process is there before the old one is asked to end; in front of the web stands what
    leads new connections to the new one once that is ready, as a reverse proxy does. A sender whose idle connection was
    closed opens another, as any would.

    Passes when nothing is lost or doubled, and at most one request in a thousand is refused, cut off or answered 5xx.
    """
    codes = [town.code for town in world.towns]
    with Trial(world, "S15") as trial, tempfile.TemporaryDirectory() as made, _front(world, Path(made)) as front:
        upcoming = NextVersion(Path(made), world.stack.database_url("wise_owner"))
        trial.warm_up(*codes)
        sender = Counting.of(world.ledger, front.url)
        with stream(sender, trial.desk, codes, rate=numbers.rate):
            for _ in range(numbers.times):
                _there_and_back(world, trial, front, upcoming, numbers)
        trial.heal()
        trial.settle(numbers.patience)
        sender.close()
        _expect_answered(trial, sender)
        verdict = trial.verdict()
        delivered = verdict.states["delivered"]
        trial.expect(delivered == verdict.accepted, f"{delivered} of {verdict.accepted} delivered")
        return trial.outcome(NAME, f"{verdict.accepted} records, {numbers.times} × there and back", verdict)


@dataclass(frozen=True)
class Front:
    """What stands before the web. `url` is what senders know."""

    url: str
    control: Control

    def lead(self, url: str) -> None:
        """New connections go there from now on."""
        self.control.ask(do="lead", route=0, to=url.removeprefix("http://"))


@contextmanager
def _front(world: World, folder: Path) -> Iterator[Front]:
    """Before the web, and a port for its next version."""
    url, port = world.stack.casework_url, HeldPort()
    child, ready = start_partner(folder, "proxy", "--listen", "0", "--to", url.removeprefix("http://"))
    world.processes.urls[NEXT_WEB] = f"http://127.0.0.1:{port.number}"
    try:
        yield Front(f"http://127.0.0.1:{ready['ports'][0]}", Control(ready["control"]))
    finally:
        for name in (NEXT_WEB, NEXT_WORKER):
            world.processes.stop(name)
        child.stop()
        port.close()


@dataclass
class Counting(Ledger):
    """A ledger that also counts every request by its status; 0 is none, or a connection that was refused or cut."""

    heard: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, ledger: Ledger, url: str) -> Counting:
        """With the same books and another address."""
        same = {each.name: getattr(ledger, each.name) for each in fields(ledger)}
        return cls(**same | {"url": url, "_idle": []})

    def ask(self, method: str, authority: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
        """As its parent; counted."""
        status, answer = super().ask(method, authority, path, body)
        self.heard[status] += 1
        return status, answer

    @property
    def failed(self) -> int:
        """No answer, or one that says it is the service's fault."""
        return sum(count for status, count in self.heard.items() if status == 0 or status >= 500)


def _there_and_back(world: World, trial: Trial, front: Front, upcoming: NextVersion, numbers: Numbers) -> None:
    """The schema first, and last: the code of both versions runs with either."""
    usual, following = world.stack.casework_url, world.processes.urls[NEXT_WEB]
    time.sleep(numbers.between)
    upcoming.upgrade()
    trial.expect(_columns(world) == 2, "the next version's columns are not there")
    _renew_worker(world, WORKER, NEXT_WORKER, numbers)
    _renew_web(world, front, (WEB, NEXT_WEB), following, numbers)
    _renew_web(world, front, (NEXT_WEB, WEB), usual, numbers)
    _renew_worker(world, NEXT_WORKER, WORKER, numbers)
    time.sleep(numbers.between)
    upcoming.downgrade()
    trial.expect(_columns(world) == 0, "the next version's columns are still there")


def _renew_worker(world: World, old: str, new: str, numbers: Numbers) -> None:
    time.sleep(numbers.between)
    world.processes.start(new)
    world.wait(lambda: world.sql(_WORKERS)[0][0] == 2, numbers.patience, f"{new} beside {old}")
    world.processes.stop(old)


def _renew_web(world: World, front: Front, names: tuple[str, str], url: str, numbers: Numbers) -> None:
    old, new = names
    time.sleep(numbers.between)
    world.processes.start(new)
    world.wait(lambda: world.answers(url), numbers.patience, f"{new} to be ready")
    front.lead(url)
    time.sleep(DRAIN)
    world.processes.stop(old)


def _columns(world: World) -> int:
    return int(world.sql(_COLUMNS, ADDED)[0][0])


def _expect_answered(trial: Trial, sender: Counting) -> None:
    asked = sender.heard.total()
    trial.expect(sender.failed <= FAILED * asked, f"{sender.failed} of {asked} requests failed")
    slowest = percentile([each.took for each in trial.accepted()], 99)
    trial.remarks.append(f"{sender.failed} of {asked} requests failed {dict(sender.heard)}, p99 {slowest:.1f} s")
