"""Scenario 24: keys and credentials are replaced while records come in, and servers show what is not to be believed.

Nothing is lost, nothing is sent to who is not known for sure, somebody is told within a minute, and nothing stays under
an old key. What the fault runs play of it (`tests/faults/scenarios/s24_credentials.py`) is played here too, in full.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from service.commands.keys import keys
from service.domain.london import age_on
from tests.attacks.drill_world import PEOPLE, DrillWorld
from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.target import Target
from tests.faults import outcome
from tests.faults.load import stream
from tests.faults.processes import WEB, WORKER
from tests.faults.told import alarms_told
from tests.faults.trial import Trial
from tests.keys.world import long_after
from tests.support.bridge import STOCKPORT
from tests.support.records import recent

SOON = 60.0
"""Seconds within which somebody has to be told."""
CREDENTIALS = 24
_DONE = "SELECT count(*) FROM casework.delivery WHERE authority = %s AND kind = 'record' AND state = 'delivered'"
_OPENED = "SELECT open_reason FROM casework.lane WHERE authority = %s AND opened_at IS NOT NULL"


@dataclass(frozen=True)
class Numbers:
    """Records a second while keys change; seconds of it before, between and after; of all waiting."""

    rate: float
    seconds: float
    patience: float
    credentials: bool


SIZES = {Size.SHORT: Numbers(3, 2, 120, credentials=False), Size.FULL: Numbers(8, 20, 300, credentials=True)}


def run(target: Target, effort: Effort) -> Report:
    """One bridge for all of them."""
    report, numbers = Report("drills"), SIZES[effort.size]
    with DrillWorld(target.folder / "drills") as world:
        report.lines.append(_host_key(world, numbers))
        if numbers.credentials:
            outcome.all_scenarios()
            report.lines.append(_credentials(world))
        report.lines += _keys_replaced(world, numbers)  # last: afterwards no process has the key that opens the files
    return report


def _host_key(world: DrillWorld, numbers: Numbers) -> Line:
    """One record before; then the key is another, and the rest waits until a person has confirmed it."""
    began, wrong = time.monotonic(), []
    first, *rest = PEOPLE.items()
    with alarms_told(world, every=1) as told:
        _posted(world, *first)
        world.wait(lambda: _delivered(world) == 1, numbers.patience, "the record before", every=0.3)
        fingerprint = world.change_host_key()
        before, changed = world.handed_over(), time.monotonic()
        for person in rest:
            _posted(world, *person)
        world.wait(lambda: world.sql(_OPENED, STOCKPORT), SOON, "the lane closed")
        reason = world.sql(_OPENED, STOCKPORT)
        told.wait("connection_refused", STOCKPORT, SOON)
        took = time.monotonic() - changed
        if reason != [("host_key_changed",)]:
            wrong.append(f"the lane was closed for {reason}")
        if sent := world.handed_over() - before:
            wrong.append(f"{sent} files were sent to a host that is not known")
        world.trust(fingerprint)
        world.wait(lambda: _delivered(world, cooled=True) == len(PEOPLE), numbers.patience, "the rest")
    if (filed := len(world.filed())) != len(PEOPLE):
        wrong.append(f"{filed} of {len(PEOPLE)} filed")
    line = Line(
        "an SFTP host key that changed", f"told {took:.0f} s after it, {sent} sent there", time.monotonic() - began
    )
    line.wrong = "; ".join(wrong)
    return line


def _delivered(world: DrillWorld, *, cooled: bool = False) -> int:
    """`cooled`: nobody waits for the lane's own time."""
    if cooled:
        world.cool_lanes()
    ((count,),) = world.sql(_DONE, STOCKPORT)
    return int(count)


def _posted(world: DrillWorld, child: str, born: str) -> None:
    record = recent("wise", submission_id=f"DRILL-{child}", young_person__la_child_id=child)
    day = date.fromisoformat(record["completed_on"])
    record["young_person"] |= {"date_of_birth": born, "age_at_completion": age_on(date.fromisoformat(born), day)}
    record["entered_on"] = record["completed_on"]
    status, said = world.ledger.ask("POST", STOCKPORT, "/v1/wise-assessments", json.dumps(record).encode())
    if status != 201:
        raise AssertionError(f"{status}: {json.dumps(said.get('errors', said))[:900]}")


def _keys_replaced(world: DrillWorld, numbers: Numbers) -> list[Line]:
    """A master key is put over plain files, an authority's key replaced, then the master key, all under load."""
    began, lines = time.monotonic(), []
    first, second = (_master(world, name) for name in ("first", "second"))
    town = world.plain[0]
    with Trial(world, "D24") as trial:
        with stream(world.ledger, trial.desk, [each.code for each in world.towns], rate=numbers.rate):
            time.sleep(numbers.seconds)  # records under version 1, in files that are plain
            world.restart(WEB, WORKER, besides=_masters(first))
            _command(world, _masters(first), "wrap")
            _command(world, _masters(first), "rotate", "--authority", town.code)
            world.wait(lambda: 2 in _under(world, _masters(first), town.code), 120, "records under version 2", every=1)
            _command(world, _masters(first), "rewrap", "--authority", town.code, may_leave=True)
            world.restart(WEB, WORKER, besides=_masters(second, first))
            _command(world, _masters(second, first), "rotate-master")
            world.restart(WEB, WORKER, besides=_masters(second))
            time.sleep(numbers.seconds)  # and records that only the new master key can open
        trial.heal()
        trial.settle(numbers.patience)
        _command(world, _masters(second), "rewrap", "--authority", town.code)
        under = _under(world, _masters(second), town.code)
        lines.append(Line("an authority's key, under load", f"rows by version: {under}", 0))
        lines[-1].wrong = "" if set(under) == {2} else "the old key is not at 0"
        verdict = trial.verdict()
        said = f"{verdict.accepted} accepted, {verdict.states['delivered']} delivered, {len(verdict.lost)} lost"
        line = Line(
            "nothing lost meanwhile", said, time.monotonic() - began, "; ".join([*trial.failures, verdict.told])
        )
        if verdict.states["delivered"] != verdict.accepted or not verdict.accepted:
            line.wrong += " not all were delivered"
        lines.append(line)
    return [*lines, _old_ones_are_of_no_use(world, first, second, town.code)]


def _old_ones_are_of_no_use(world: DrillWorld, first: Path, second: Path, authority: str) -> Line:
    """The old version can be destroyed, and the former master key opens no file."""
    with world.database() as admin:
        long_after(admin, world.stack.keys)
    gone = _command(world, _masters(second), "retire", "--authority", authority, "--version", "1")
    third = _master(world, "third")
    refused = _run(world, _masters(third, first), "rotate-master").exit_code
    opened = _run(world, _masters(third, second), "rotate-master").exit_code
    words = gone.strip().partition(".")[0]
    line = Line("the former keys", f"{words}; by the former master key: exit {refused}, by the last: {opened}", 0)
    line.wrong = "" if refused and not opened else "the former master key still opens, or the last one does not"
    return line


def _master(world: DrillWorld, name: str) -> Path:
    file = world.stack.folder / f"master-{name}"
    file.write_bytes(secrets.token_bytes(32))
    file.chmod(0o600)
    return file


def _masters(now: Path, former: Path | None = None) -> dict[str, str]:
    return {"WISE_MASTER_KEY_FILE": str(now)} | ({"WISE_FORMER_MASTER_KEY_FILE": str(former)} if former else {})


def _run(world: DrillWorld, besides: Mapping[str, str], *words: str) -> Result:
    environ = {"WISE_KEYS_DIR": str(world.stack.keys), "WISE_DATABASE_URL": world.stack.database_url("wise_keeper")}
    return CliRunner().invoke(keys, [*words], env=environ | dict(besides))


def _command(world: DrillWorld, besides: Mapping[str, str], *words: str, may_leave: bool = False) -> str:
    """As an operator. `may_leave`: under load some rows may have come since."""
    done = _run(world, besides, *words)
    if done.exit_code and not (may_leave and done.exit_code == 1):
        raise AssertionError(f"keys {words[0]}: {done.output[-400:]}")
    return str(done.stdout)


def _under(world: DrillWorld, besides: Mapping[str, str], authority: str) -> dict[int, int]:
    """How many rows lie under each version."""
    told = json.loads(_command(world, besides, "status", "--authority", authority, "--json"))
    counts: dict[int, int] = {}
    for versions in told[authority]["rows"].values():
        for version, rows in versions.items():
            counts[int(version)] = counts.get(int(version), 0) + rows
    return {version: rows for version, rows in counts.items() if rows}


def _credentials(world: DrillWorld) -> Line:
    """The study's own scenario, as the fault runs play it."""
    began = time.monotonic()
    played = outcome.SCENARIOS[CREDENTIALS].run(world, outcome.Size.FULL)
    said = f"{played.size}, {played.lost} lost, {played.duplicated} doubled; {played.remark}"
    return Line(played.scenario, said, time.monotonic() - began, "" if played.passed else "it did not pass")


ATTACK = Attack("drills", "Keys, credentials and certificates change while records come in.", run)
