"""What one of the run's processes does: its own database and harness, cohorts one after another, and the drills."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from tests.intruder import drills, posting
from tests.intruder.cohort import cohort
from tests.intruder.harness import RealHarness
from tests.intruder.judge import Breach
from tests.intruder.mutations import leave_out
from tests.intruder.run import Result, run

DRILLED, DRILLED_SIZE = 4, 10
"""The seed and the size of the cohort that is drilled with. It is released dozens of times; a larger one takes long."""
_own: list[RealHarness] = []


def begin(queue: Any, without: Sequence[str]) -> None:
    """Takes a database and a folder, and leaves out what is to be left out."""
    database, folder = queue.get()
    folder.mkdir()
    leave_out(without)
    _own.append(RealHarness(database, folder, say))


def say(sentence: str) -> None:
    """At once, also where the output is no terminal; beside the tables, which go to the standard output."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def one(seed: int) -> Result:
    """A cohort."""
    return run(seed, _own[0])


def drilled(seed: int) -> Result:
    """T8 to T11 as one result, before the first cohort's."""
    harness, made = _own[0], cohort(DRILLED, DRILLED_SIZE)
    result = Result(-1, made.size)
    parts: dict[str, Callable[[], tuple[int, list[Breach]]]] = {
        "T8 forms": lambda: posting.egress(harness),
        "T9 facts": lambda: drills.schema(made, seed=seed),
        "T10 endings": lambda: drills.fail_closed(harness, made),
        "T11 attempts": lambda: drills.ledger(harness, made),
    }
    for test, drill in parts.items():
        say(f"drill {test}")
        tried, breaches = drill()
        result.tried[test] = tried
        result.breaches += breaches
    return result
