"""`python -m tests.intruder`: seeded cohorts, released by the real code and attacked over HTTP. 1: something was found.

Each process has a database of its own. The drills (T8 to T11) are run once. Needs PostgreSQL, as the tests do.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console

from tests.intruder import plot, report, working
from tests.intruder.harness import beside
from tests.intruder.mutations import MUTATIONS
from tests.intruder.run import Result
from tests.support.servers import admin_url, fresh_database


def main() -> int:
    """1 when anything was found, or nothing was published."""
    given = _options()
    console = Console(width=None if sys.stdout.isatty() else 140)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        results = _attacked(given, folder, stack)
    console.print(report.findings(results), report.visibility(results))
    for said in report.remarks(results):
        console.print(said, markup=False, highlight=False, soft_wrap=True)
    if given.json:
        Path(given.json).write_text(json.dumps([each.as_dict() for each in results], indent=1) + "\n", "utf-8")
    if given.plot:
        console.print(f"Drawn: {plot.draw(results)}")
    if not any(each.cells for each in results):
        console.print("Nothing was published, so nothing was attacked.", style="red")
        return 1
    return int(any(each.breaches for each in results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.intruder", description=__doc__)
    parser.add_argument("--cohorts", type=int, default=2000, help="how many")
    parser.add_argument("--seed", type=int, default=0, help="the first cohort's")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes; left out, one a core")
    parser.add_argument("--json", metavar="FILE", help="keep every result there")
    names = ", ".join(each.name for each in MUTATIONS)
    parser.add_argument("--without", action="append", default=[], metavar="STEP", help=f"leave out one of: {names}")
    parser.add_argument("--no-drills", action="store_true", help="cohorts only")
    parser.add_argument("--plot", action="store_true", help="draw docs/intruder.svg")
    given = parser.parse_args()
    if given.plot and not plot.can_draw():
        parser.error(
            "--plot needs matplotlib, from requirements/bench.txt. Or keep the results with --json, and draw later."
        )
    return given


def _attacked(given: argparse.Namespace, folder: Path, stack: ExitStack) -> list[Result]:
    """Databases are made one after another: they share the roles, and with them the passwords."""
    working.say(f"{given.jobs} databases are made for {given.cohorts} cohorts")
    admin = stack.enter_context(admin_url(folder))
    first = stack.enter_context(fresh_database(admin))
    databases = [first, *(stack.enter_context(beside(first)) for _ in range(given.jobs - 1))]
    queue = get_context("spawn").Manager().Queue()
    for number, database in enumerate(databases):
        queue.put((database, folder / f"process-{number}"))
    pool = stack.enter_context(
        ProcessPoolExecutor(
            given.jobs, get_context("spawn"), initializer=working.begin, initargs=(queue, given.without)
        )
    )
    futures = [] if given.no_drills else [pool.submit(working.drilled, given.seed)]
    futures += [pool.submit(working.one, seed) for seed in range(given.seed, given.seed + given.cohorts)]
    results: list[Result] = []
    for future in as_completed(futures):
        results.append(future.result())
        found = sum(bool(each.breaches) for each in results)
        working.say(f"{len(results)} of {len(futures)} done, {found} with findings: {report.in_a_line(results[-1])}")
    return sorted(results, key=lambda each: each.seed)


if __name__ == "__main__":
    sys.exit(main())
