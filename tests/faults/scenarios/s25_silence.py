"""Scenario 25: nothing is delivered any more, and everything that senders see is as ever."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from subprocess import CalledProcessError

from service.usecases.health import KEPT_SECONDS
from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import BEAT, WORKER
from tests.faults.told import Told, alarms_told, metrics, status
from tests.faults.towns import Town
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "silence"
SILENT = 45.0
"""Seconds after which docs/alarms.md calls workers and lanes silent."""
SOON = 60.0
"""Seconds after that, or after an item grew too old, within which somebody has to be told."""
SLACK = KEPT_SECONDS + 2
"""A look at the health is kept for a while; and how long it takes to ask."""

_A_WHILE = "interval '61 seconds'"
_WORKERS_SILENT = f"UPDATE casework.worker SET seen_at = seen_at - {_A_WHILE} WHERE ended_at IS NULL"
_LANES_SILENT = f"UPDATE casework.lane SET swept_at = swept_at - {_A_WHILE}"
_LANE_SILENT = f"{_LANES_SILENT} WHERE authority = %s"
_WORKERS_LONG_HERE = f"UPDATE casework.worker SET started_at = started_at - {_A_WHILE} WHERE ended_at IS NULL"
_OLD = """
    UPDATE casework.delivery d SET state_since = d.state_since - interval '16 minutes'
      FROM casework.submission s WHERE s.id = d.submission_id AND s.sender_ref LIKE %s AND d.state = 'ready'
"""
_READY = """
    SELECT d.authority, count(*) FROM casework.delivery d
     WHERE d.kind = 'record' AND d.state = 'ready' GROUP BY d.authority
"""


@dataclass(frozen=True)
class Numbers:
    """Records that wait in each part; seconds between two looks for alarms; whether minutes are really waited for."""

    records: int
    look: float
    waited: bool
    patience: float


@scenario(
    25,
    NAME,
    short=Numbers(records=20, look=1, waited=False, patience=90),
    full=Numbers(records=1000, look=15, waited=True, patience=300),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """Workers and beat are gone while the web answers; then one authority's profile is missing where the workers run.

    Passes when records are taken all the while; /health/ready and /health/delivery are red once no worker was seen for
    45 seconds, and nothing else of the web is; the alarm comes through a webhook, told by the web alone, in the minute
    after that; the metrics and the books show the whole backlog and no difference; the lane that is left out is told by
    name, with the age of its records, while all others deliver; everything is delivered, and said to be over, in the
    end. Records a quarter of an hour old are made by moving their rows' times, as superuser. The short form moves the
    rows' time of silence, too; a web process younger than 45 seconds does not judge the workers, so there only
    /health/delivery, which judges the lanes, is asked for its red.
    """
    with Trial(world, "S25") as trial, alarms_told(world, every=numbers.look) as told:
        trial.warm_up(*(town.code for town in world.towns))
        _nobody_delivers(trial, told, numbers)
        _left_out(trial, told, world.plain[0], numbers)
        trial.heal()
        trial.settle(numbers.patience)
        _over(trial, told, numbers, ("no_sweep", None), ("lane_left_out", world.plain[0].code))
        verdict = trial.verdict()
        delivered = verdict.states["delivered"]
        trial.expect(delivered == verdict.accepted, f"{delivered} of {verdict.accepted} delivered")
        return trial.outcome(NAME, f"{verdict.accepted} records, {len(world.towns)} lanes", verdict)


def _nobody_delivers(trial: Trial, told: Told, numbers: Numbers) -> None:
    """From the workers' end on; in the short form, from when the rows were moved."""
    world = trial.world
    trial.expect(status(world, "health/delivery") == 200, "the health was red before anything was wrong")
    for name in (WORKER, BEAT):
        world.processes.kill(name)
    ended = time.monotonic()
    trial.send(trial.desk.papers([town.code for town in world.towns], numbers.records))
    if not numbers.waited:
        world.sql(_WORKERS_SILENT)
        world.sql(_LANES_SILENT)
        ended = time.monotonic() - SILENT
    for place in ("health/ready", "health/delivery") if numbers.waited else ("health/delivery",):
        world.wait(lambda place=place: status(world, place) == 503, SILENT + SOON, f"/{place} red")
        took = time.monotonic() - ended
        trial.expect(took <= SILENT + SLACK, f"/{place} was red only after {took:.0f} s")
        trial.remarks.append(f"/{place} red {took - SILENT:.0f} s after 45 silent ones")
    told.wait("no_sweep", None, SOON)
    trial.remarks.append(f"told {time.monotonic() - ended - SILENT:.0f} s after it")
    for place in ("health/live", "health/intake"):
        trial.expect(status(world, place) == 200, f"/{place} was not green")
    _backlog(trial)
    world.up()
    trial.must_settle(numbers.patience)


def _backlog(trial: Trial) -> None:
    """What the metrics say of every authority is what the rows say, and the books balance."""
    world, waiting = trial.world, dict(trial.world.sql(_READY))
    trial.expect(sum(waiting.values()) == trial.unsettled() > 0, "there is no backlog to be seen")

    def is_shown() -> bool:
        shown = metrics(world, "wise_bridge_open_deliveries")
        return all(shown.get((town.code, "ready"), 0) == waiting.get(town.code, 0) for town in world.towns)

    world.wait(is_shown, SOON, "the backlog in the metrics")  # each web process looks for itself, now and then
    off = [key for key, value in metrics(world, "wise_bridge_conservation_difference").items() if value]
    trial.expect(not off, f"the metrics show a difference for {off}")
    trial.expect("The books balance." in (books := _books(world)), f"the books do not balance: {books}")


def _books(world: World) -> str:
    """What the command printed, also when its exit code says that something is wrong."""
    try:
        return world.stack.wise_bridge("conservation", "--config", str(world.stack.config_dir))
    except CalledProcessError as error:
        told = " ".join(line for line in error.stdout.splitlines() if line.endswith("."))
        return f"exit code {error.returncode}: {told}"


def _left_out(trial: Trial, told: Told, town: Town, numbers: Numbers) -> None:
    """The workers' configuration lacks one authority's profile; the web's has it."""
    world, usual = trial.world, dict(trial.world.processes.besides[WORKER])
    lacking = world.stack.folder / "config-lacking-one"
    shutil.copytree(world.stack.config_dir, lacking, dirs_exist_ok=True)
    (lacking / "authorities" / f"{town.slug}.yaml").unlink()
    world.restart(WORKER, besides=usual | {"WISE_CONFIG_DIR": str(lacking)})
    before = time.monotonic()
    trial.send(trial.desk.papers([each.code for each in world.towns], numbers.records))
    waiting = numbers.records // len(world.towns)
    world.wait(lambda: trial.unsettled() == waiting, numbers.patience, "the others")
    if not numbers.waited:
        world.sql(_LANE_SILENT, town.code)
        world.sql(_WORKERS_LONG_HERE)
        before = time.monotonic() - SILENT
    told.wait("lane_left_out", town.code, SILENT + SOON)
    took = time.monotonic() - before
    trial.expect(took <= SILENT + SOON, f"the lane that was left out was told only after {took:.0f} s")
    _grow_old(trial, told, town, waiting)
    world.restart(WORKER, besides=usual)


def _grow_old(trial: Trial, told: Told, town: Town, waiting: int) -> None:
    trial.world.sql(_OLD, trial.desk.prefix + "%")
    took = told.wait("waits_too_long", town.code, SOON)
    (alarm, *_) = told.of("waits_too_long", town.code)
    trial.expect(alarm["count"] == waiting, f"the alarm counts {alarm['count']} old records, not {waiting}")
    oldest = metrics(trial.world, "wise_bridge_oldest_open_seconds").get((town.code, "ready"), 0)
    trial.expect(oldest > 15 * 60, f"the metrics show the oldest as {oldest:.0f} s old")
    others = [each.code for each in trial.world.towns if each is not town]
    trial.expect(not any(told.of("lane_left_out", code) for code in others), "another lane was said to be left out")
    trial.remarks.append(f"old records told after {took:.0f} s")


def _over(trial: Trial, told: Told, numbers: Numbers, *alarms: tuple[str, str | None]) -> None:
    for kind, authority in alarms:
        try:
            told.wait(kind, authority, numbers.look + SOON, "cleared")
        except TimeoutError:
            trial.expect(False, f"{kind} was not said to be over")
