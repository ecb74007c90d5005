"""Scenario 16: a backup is restored that knows nothing of what was accepted and delivered since."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from service.domain.london import LONDON
from tests.faults.backups import WAYS, Restore
from tests.faults.ledger import Accepted
from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import BEAT, WEB, WORKER
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "restore"
BY = ("--by", "fault-run-1")
_MODE = "SELECT casework.mode()"


@dataclass(frozen=True)
class Numbers:
    """Records delivered before the backup, open in it, and newer than it; each way of making a backup in turn.

    `watched`: seconds for which nothing must be sent before somebody says so.
    """

    early: int
    open: int
    late: int
    ways: tuple[str, ...]
    watched: float
    patience: float


@scenario(
    16,
    NAME,
    short=Numbers(early=10, open=10, late=10, ways=("pg_dump",), watched=2, patience=90),
    full=Numbers(early=100, open=100, late=500, ways=("pg_dump", "files"), watched=15, patience=600),
    alone=True,
)
def play(world: World, numbers: Numbers) -> Outcome:
    """A backup is made while records wait in it; they and others that come later are delivered; then it is restored.

    Passes when the service, started anew, accepts records and sends nothing until `wise-bridge restore look`; when the
    gap it names for each client holds all that is gone, and the manifests from before name exactly that; when each step
    is refused before its turn; and when, with everything sent again, half of it after `restore finish`, each record is
    there once. The full form restores a dump first, then a copy of the cluster's files, which only the worker's tide
    mark tells from the database that it was.
    """
    with Trial(world, "S16") as trial:
        world.restart(WORKER, besides={"WISE_TIDE_FILE": str(world.stack.folder / "tide.json")})
        for way in numbers.ways:
            _back_up_and_go_on(trial, way, numbers)
        trial.heal()
        trial.settle(numbers.patience)
        verdict = trial.verdict()
        delivered = verdict.states["delivered"]
        trial.expect(delivered == verdict.accepted, f"{delivered} of {verdict.accepted} delivered")
        size = f"{verdict.accepted} records, {len(numbers.ways)} restores, {numbers.late} newer"
        return trial.outcome(NAME, size, verdict)


def _back_up_and_go_on(trial: Trial, way: str, numbers: Numbers) -> None:
    world, codes = trial.world, [town.code for town in trial.world.towns]
    trial.send(trial.desk.papers(codes, numbers.early))
    trial.must_settle(numbers.patience)
    world.processes.kill(WORKER)
    trial.send(trial.desk.papers(codes, numbers.open))
    restore = WAYS[way](world)
    world.up()
    late = trial.send(trial.desk.papers(codes, numbers.late))
    trial.must_settle(numbers.patience)
    manifests = _manifests(trial, late)
    time.sleep(1)  # the worker writes its mark down with every sweep
    _restored(trial, restore, late)
    _paused(trial, numbers)
    _named(trial, late, manifests)
    _go_through(trial, late, numbers)


def _manifests(trial: Trial, late: list[Accepted]) -> list[Path]:
    """As each authority fetched them in time, of each day on which something was accepted that will be gone."""
    wanted = {(each.paper.authority, datetime.fromtimestamp(each.at, LONDON).date()) for each in late}
    files = []
    for authority, day in sorted(wanted):
        status, found = trial.world.ledger.ask("GET", authority, f"/v1/manifests/{day}?limit=200")
        trial.expect(
            status == 200 and "next" not in found["links"], f"the manifest of {authority} was answered {status}"
        )
        files.append(trial.world.stack.folder / f"manifest-{authority}-{day}.json")
        files[-1].write_text(json.dumps(found))
    return files


def _restored(trial: Trial, restore: Restore, late: list[Accepted]) -> None:
    """What is newer is not promised by this database any more, so the books outside are told before it is there."""
    world = trial.world
    for name in (WORKER, BEAT, WEB):
        world.processes.kill(name)
    for each in late:
        del world.ledger.accepted[each.paper.key]
    restore()
    world.up()


def _paused(trial: Trial, numbers: Numbers) -> None:
    """It takes records, and sends none of them nor anything else."""
    world = trial.world
    world.wait(lambda: world.sql(_MODE) == [("reconcile_first",)], numbers.patience, "the restore noticed")
    heard = _heard(world)
    trial.send([trial.desk.paper(town.code) for town in world.towns[:2]])
    time.sleep(numbers.watched)
    trial.expect(_heard(world) == heard, f"{_heard(world) - heard} requests before anybody had looked")
    code, told = _restore(world, "finish", *BY)
    trial.expect(code == 2, f"finishing before looking was answered {code}: {told[:100]}")


def _heard(world: World) -> int:
    """How many requests came to all case systems."""
    return sum(sum(world.rates(town).values()) for town in world.towns)


def _named(trial: Trial, late: list[Accepted], manifests: list[Path]) -> None:
    """What senders have to send again: by time for each client, and by id from the manifests."""
    words = (word for file in manifests for word in ("--manifest", str(file)))
    code, told = _restore(trial.world, "status", "--json", *words)
    found: dict[str, Any] = json.loads(told)
    trial.expect(code == 1 and found["mode"] == "reconcile_first", f"the status was {code}, {found['mode']}")
    gaps, gone = {gap["authority"]: gap for gap in found["gaps"]}, defaultdict(list)
    for each in late:
        gone[each.paper.authority].append(each.paper.sender)
        gap = gaps.get(each.paper.authority)
        trial.expect(gap and _holds(gap, each.at), f"{each.paper.sender} is gone and in no gap")
    right = {code: sorted(ids) for code, ids in gone.items()}
    trial.expect(found["gone"] == right, "the manifests do not name what is gone")


def _holds(gap: dict[str, Any], at: float) -> bool:
    begins = datetime.fromisoformat(gap["begins"]).timestamp() if gap["begins"] else 0
    return begins <= at <= datetime.fromisoformat(gap["ends"]).timestamp()


def _go_through(trial: Trial, late: list[Accepted], numbers: Numbers) -> None:
    """Look, have it sent again, finish; half of the senders are late."""
    world, half = trial.world, len(late) // 2
    code, told = _restore(world, "look", *BY)
    trial.expect(code == 0, f"looking was answered {code}: {told[:200]}")
    trial.send([each.paper for each in late[:half]])
    for each in trial.accepted()[:10]:
        status, _ = world.ledger.once(each.paper)
        trial.expect(status == 200, f"{each.paper.sender}, which is still here, was answered {status}")
    trial.must_settle(numbers.patience)
    code, told = _restore(world, "finish", *BY, "--nothing-was-shredded")
    trial.expect(code == 0, f"finishing was answered {code}: {told[:200]}")
    trial.send([each.paper for each in late[half:]])
    trial.send([trial.desk.paper(town.code) for town in world.towns])
    trial.must_settle(numbers.patience)
    code, told = _restore(world, "status")
    trial.expect(code == 0, f"afterwards the status was {code}: {told[:200]}")


def _restore(world: World, *words: str) -> tuple[int, str]:
    """The command's exit code, and what it said."""
    argv = [sys.executable, "-m", "service", "restore", *words, "--config", str(world.stack.config_dir)]
    done = subprocess.run(argv, env=world.stack.environment("owner"), capture_output=True, text=True, check=False)
    return done.returncode, done.stdout or done.stderr
