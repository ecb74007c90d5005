"""Scenario 14: the disk of the database, of the logs and of temporary files is full."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil
import requests

from service.commands.client import BridgeClient
from service.embedded import EmbeddedServerError
from tests.faults.ledger import ACKNOWLEDGED, Accepted, Ledger
from tests.faults.outcome import Outcome, scenario
from tests.faults.papers import PATH, Paper
from tests.faults.processes import BEAT, WEB, WORKER
from tests.faults.release import scopes
from tests.faults.trial import Trial
from tests.faults.volume import Volume
from tests.faults.world import World

NAME = "disk full"
MEGABYTES = 160
"""A new cluster with its write-ahead log has some sixty."""
SOON = 30.0
"""Seconds from when there is room again until a record is acknowledged."""
COME_BACK = {503, 507}
OURS = (WEB, WORKER, BEAT)


@dataclass(frozen=True)
class Numbers:
    """Seconds without room, records a second meanwhile, and records on their way when it begins.

    `delivered`: seconds from when there is room again until a new record is delivered. The study says 30; a short form
    runs on machines that are busy with other tests, and what was under way waits for its lease.
    """

    lease: int
    full: float
    rate: float
    waiting: int
    delivered: float
    patience: float


@scenario(
    14,
    NAME,
    short=Numbers(lease=10, full=3, rate=10, waiting=20, delivered=90, patience=120),
    full=Numbers(lease=10, full=120, rate=10, waiting=200, delivered=30, patience=300),
    alone=True,
)
def play(world: World, numbers: Numbers) -> Outcome:
    """The database, our processes' logs and their TMPDIR lie on one small file system, filled to its last byte.

    What writes there gets ENOSPC from the kernel. Where nobody here may make a file system, the kernel lets these
    processes write to no file at all (EFBIG), which the database does not survive. A database server that ends itself
    for want of room is started again and again, as its supervisor would; nothing of ours is.

    Passes when every record sent meanwhile is answered 503 or 507 as a problem document with Retry-After, or is
    acknowledged and really there; no process of ours ends; and a record is acknowledged and delivered within thirty
    seconds of there being room again.
    """
    with _all_on_one_volume(world) as volume, Trial(world, "S14") as trial:
        town = world.plain[0]
        sender = Sender(world.stack.client(town.code, "witness", scopes(town.code)), world.ledger)
        trial.warm_up(*(each.code for each in world.towns[:4]))
        sender.post(trial.desk.paper(town.code))
        before = {name: world.processes.pids(name) for name in OURS}
        trial.send(trial.desk.papers([each.code for each in world.towns], numbers.waiting))
        volume.fill()
        _send_meanwhile(world, trial, sender, numbers)
        volume.free()
        trial.heal()
        _expect_soon(world, trial, sender, numbers.delivered)
        trial.settle(numbers.patience)
        for name in OURS:
            trial.expect(world.processes.pids(name) == before[name], f"{name} or a process of its own has ended")
        _expect_told(trial, sender)
        verdict = trial.verdict()
        trial.remarks.append("ENOSPC" if volume.mounted else "EFBIG: no file system can be made here")
        return trial.outcome(NAME, f"{verdict.accepted} records, {numbers.full:g} s", verdict)


@dataclass
class Sender:
    """Sends each record once and looks at the answer as a whole. `heard` are statuses, `odd` what should not be."""

    client: BridgeClient
    ledger: Ledger
    heard: Counter[int] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)

    def post(self, paper: Paper) -> bool:
        """Whether it was acknowledged, which is kept in the ledger."""
        self.ledger.asked.add(paper.key)
        began = time.monotonic()
        try:
            answer = self.client.post(PATH, paper.body)
        except requests.RequestException as error:
            self.odd.append(type(error).__name__)
            return False
        self._look(answer)
        if answer.status_code not in ACKNOWLEDGED:
            return False
        kept = Accepted(paper, answer.json()["receipt_id"], time.time(), time.monotonic() - began)
        self.ledger.accepted.setdefault(paper.key, kept)
        return True

    def _look(self, answer: requests.Response) -> None:
        self.heard[answer.status_code] += 1
        if answer.status_code in ACKNOWLEDGED:
            return
        is_problem = answer.headers["Content-Type"] == "application/problem+json"
        says_when = answer.headers.get("Retry-After", "").isdecimal()
        if answer.status_code not in COME_BACK or not is_problem or not says_when:
            self.odd.append(f"{answer.status_code}, {answer.headers['Content-Type']}")


@contextmanager
def _all_on_one_volume(world: World) -> Iterator[Volume]:
    """Everything of this world moves to a small file system, where one can be made, and ends with it."""
    postgres = world.stack.postgres
    with Volume(postgres.cluster.parent / "volume", MEGABYTES, lambda: _writers(world)) as volume:
        try:
            if volume.mounted:
                _move(world, volume)
            yield volume
        finally:
            world.processes.end()
            postgres.stop()


def _move(world: World, volume: Volume) -> None:
    for name in OURS:
        world.processes.kill(name)
    world.stack.postgres.stop()
    volume.take(world.stack.postgres.cluster)
    volume.take(world.stack.folder / "logs")
    (volume.place / "tmp").mkdir()
    world.stack.tuning["TMPDIR"] = str(volume.place / "tmp")
    world.up()


def _writers(world: World) -> set[int]:
    """The database server and ours, with what they forked."""
    found = {pid for name in OURS for pid in world.processes.pids(name)}
    with suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
        server = psutil.Process(int((world.stack.postgres.cluster / "postmaster.pid").read_text().split()[0]))
        found |= {server.pid, *(each.pid for each in server.children(recursive=True))}
    return found


def _send_meanwhile(world: World, trial: Trial, sender: Sender, numbers: Numbers) -> None:
    """One after the other; the database's supervisor looks after each."""
    began, number = time.monotonic(), 0
    while (passed := time.monotonic() - began) < numbers.full:
        sender.post(trial.desk.paper(world.towns[0].code))
        with suppress(EmbeddedServerError):
            world.stack.postgres.start()
        number += 1
        time.sleep(max(number / numbers.rate - passed, 0))


def _expect_soon(world: World, trial: Trial, sender: Sender, delivered: float) -> None:
    """A new record is acknowledged and in the case system, without anybody's hand."""
    began = time.monotonic()
    world.stack.postgres.start()
    paper = trial.desk.paper(world.towns[0].code)
    world.wait(lambda: sender.post(paper), SOON, "a record to be acknowledged", every=0.25)
    acknowledged = time.monotonic() - began
    world.wait(lambda: paper.key in trial.arrived().finished, delivered - acknowledged, "that record to be delivered")
    trial.remarks.append(f"acknowledged after {acknowledged:.1f} s, delivered after {time.monotonic() - began:.1f} s")


def _expect_told(trial: Trial, sender: Sender) -> None:
    trial.expect(not sender.odd, f"{len(sender.odd)} answers were neither yes nor “come back” ({sender.odd[:1]})")
    refused = sum(sender.heard[status] for status in COME_BACK)
    trial.expect(refused, "nobody was told to come back: the disk was not full")
    trial.remarks.append(f"{refused} told to come back")
