"""`python -m tests.intruder`: seeded cohorts, released by the real code and attacked over HTTP. 1: something was found.

Each process has a database of its own. The drills (T8 to T11) are run once. Needs PostgreSQL, as the tests do.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from time import monotonic

from rich.console import Console

from tests.intruder import keeping, plot, report, working
from tests.intruder.harness import beside
from tests.intruder.mutations import MUTATIONS
from tests.intruder.progress import DRILLS, Progress
from tests.intruder.run import Result
from tests.support.servers import admin_url, fresh_database


def main() -> int:
    """1 when anything was found, or nothing was published."""
    given = _options()
    console = Console(width=None if sys.stdout.isatty() else 140)
    progress = _begun(given)
    if progress.left:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            _attack(given, progress, folder, stack)
    results = sorted(progress.results, key=lambda each: each.seed)
    console.print(report.findings(results), report.visibility(results))
    for said in report.remarks(results):
        console.print(said, markup=False, highlight=False, soft_wrap=True)
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
    parser.add_argument("--json", metavar="FILE", help="keep every result there, as it comes")
    parser.add_argument("--resume", metavar="FILE", help="go on where the run stopped that kept its results there")
    names = ", ".join(each.name for each in MUTATIONS)
    parser.add_argument("--without", action="append", default=[], metavar="STEP", help=f"leave out one of: {names}")
    parser.add_argument("--no-drills", action="store_true", help="cohorts only")
    parser.add_argument("--plot", action="store_true", help="draw docs/intruder.svg")
    given = parser.parse_args()
    if given.resume and given.json:
        parser.error("--resume FILE keeps the further results there too. Leave --json out.")
    if not Path(given.resume or given.json or ".").absolute().parent.is_dir():
        parser.error("there is no such folder for the results. Make it first.")
    if given.plot and not plot.can_draw():
        parser.error(
            "--plot needs matplotlib, from requirements/bench.txt. Or keep the results with --json, and draw later."
        )
    return given


def _begun(given: argparse.Namespace) -> Progress:
    """What is to be done, and what an earlier run has kept, also of other seeds."""
    seeds = [*([] if given.no_drills else [DRILLS]), *range(given.seed, given.seed + given.cohorts)]
    try:
        kept = keeping.resumed(Path(given.resume), given.without) if given.resume else []
    except keeping.Unfit as unfit:
        sys.exit(str(unfit))
    return Progress(seeds, kept)


def _attack(given: argparse.Namespace, progress: Progress, folder: Path, stack: ExitStack) -> None:
    """Databases are made one after another: they share the roles, and with them the passwords."""
    working.say(f"{given.jobs} databases are made for {len(progress.left)} cohorts and drills")
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
    stack.callback(pool.shutdown, cancel_futures=True)  # whoever stops the run does not wait for the rest of it
    began, into = monotonic(), given.resume or given.json
    for future in as_completed([_begun_with(pool, seed, given.seed) for seed in progress.left]):
        working.say(progress.add(future.result(), monotonic() - began))
        if into:
            keeping.keep(progress.results, given.without, Path(into))


def _begun_with(pool: ProcessPoolExecutor, seed: int, first: int) -> Future[Result]:
    return pool.submit(working.drilled, first) if seed == DRILLS else pool.submit(working.one, seed)


if __name__ == "__main__":
    sys.exit(main())
