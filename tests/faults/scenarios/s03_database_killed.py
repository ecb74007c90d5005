"""Scenario 3: PostgreSQL is killed in the middle of commits."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass

from tests.faults.load import stream
from tests.faults.outcome import Outcome, scenario
from tests.faults.processes import kill_postgres
from tests.faults.trial import Trial
from tests.faults.world import World

NAME = "PostgreSQL kill -9"


@dataclass(frozen=True)
class Numbers:
    """How often it is killed, after how many seconds of load each time."""

    lease: int
    kills: int
    every: float
    rate: float
    patience: float


@scenario(
    3,
    NAME,
    short=Numbers(lease=3, kills=2, every=1.2, rate=10, patience=90),
    full=Numbers(lease=10, kills=30, every=5, rate=20, patience=600),
)
def play(world: World, numbers: Numbers) -> Outcome:
    """kill -9, and every other time an immediate stop, of the server under load; started again each time.

    Passes when every acknowledged record is there, what was not acknowledged is absent or taken for the same record
    when it is sent again, no table has a page that cannot be read, and nobody had to start our processes anew.
    """
    codes = [town.code for town in world.towns]
    with Trial(world, "S03") as trial:
        with stream(world.ledger, trial.desk, codes, rate=numbers.rate):
            for number in range(numbers.kills):
                time.sleep(numbers.every)
                kill_postgres(world.stack, number=signal.SIGQUIT if number % 2 else signal.SIGKILL)
                world.stack.postgres.start()
        trial.heal()
        _ask_again(world, trial)
        trial.settle(numbers.patience)
        for table, why in unreadable(world):
            trial.expect(False, f"{table} cannot be read: {why}")
        verdict = trial.verdict()
        return trial.outcome(NAME, f"{verdict.accepted} records, {numbers.kills} kills", verdict)


def _ask_again(world: World, trial: Trial) -> None:
    """Each acknowledged record once more: the same receipt, and nothing new. Twenty are enough to see it."""
    before = {each.paper.key: each.receipt for each in trial.accepted()[-20:]}
    for each in trial.accepted()[-20:]:
        status, answer = world.ledger.once(each.paper)
        same = status == 200 and answer.get("receipt_id") == before[each.paper.key]
        trial.expect(same, f"{each.paper.sender} sent again was answered {status}")
    asked = [key for key in world.ledger.asked if f"/{trial.desk.prefix}" in key]
    given_up = [key for key in asked if key not in world.ledger.accepted]
    trial.expect(not given_up, f"{len(given_up)} given up by their sender although the database was back")


def unreadable(world: World) -> list[tuple[str, str]]:
    """Every table read from its first page to its last, with checksums on; those that fail."""
    found = []
    with world.database() as connection:
        tables = connection.execute(
            b"SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            b" WHERE schemaname IN ('casework', 'central', 'training')"
        ).fetchall()
        for (table,) in tables:
            try:
                with connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as rows:
                    for _ in rows:
                        pass
            except Exception as error:  # noqa: BLE001 - whatever it is, the table cannot be read
                found.append((table, type(error).__name__))
    return found
