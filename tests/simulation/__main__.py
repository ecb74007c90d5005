"""`python -m tests.simulation --seeds 10000`: many seeds on every core, and a table; or one seed with its trace."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.simulation.run import Result, run_seed

BLOCK = 20


def _block(first: int, count: int) -> list[Result]:
    return [run_seed(seed) for seed in range(first, first + count)]


def many(first: int, seeds: int, console: Console) -> list[Result]:
    """Every seed, in blocks over the cores."""
    blocks = [(start, min(BLOCK, first + seeds - start)) for start in range(first, first + seeds, BLOCK)]
    results: list[Result] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool, Progress(console=console) as progress:
        task = progress.add_task("Seeds", total=seeds)
        for future in as_completed([pool.submit(_block, *block) for block in blocks]):
            done = future.result()
            results += done
            progress.advance(task, len(done))
            for result in done:
                if result.violation:
                    console.print(result.told(), style="red", markup=False, highlight=False)
    return results


def summary(results: Iterable[Result]) -> Table:
    """What was tried, and what was found."""
    found = list(results)
    table = Table("what", "how often", title="Simulation")
    rows = {
        "seeds": len(found),
        "records accepted": sum(each.records for each in found),
        "steps": sum(each.steps for each in found),
        "processes killed": sum(each.killed for each in found),
        "processes that stood still": sum(each.frozen for each in found),
        "look-ups answered": sum(each.look_ups for each in found),
        "sent again after an unclear attempt": sum(each.resends for each in found),
        "promises checked": sum(each.checked.total() for each in found),
        "violations": sum(each.violation is not None for each in found),
    }
    for what, count in rows.items():
        table.add_row(what, f"{count:,}", end_section=what == "promises checked")
    return table


def promises(results: Iterable[Result]) -> Table:
    """How often each was looked at: one that never was has proved nothing."""
    total: Counter[str] = sum((each.checked for each in results), Counter())
    table = Table("promise", "checked", title="Promises")
    for what, count in sorted(total.items()):
        table.add_row(what, f"{count:,}")
    return table


def main() -> int:
    """1 when anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--trace", action="store_true", help="print every step")
    given = parser.parse_args()
    console = Console()
    if given.seed is not None:
        results = [run_seed(given.seed, trace=given.trace)]
        if results[0].violation:
            console.print(results[0].told(), markup=False, highlight=False)
    else:
        results = many(given.first, given.seeds, console)
        console.print(promises(results))
    console.print(summary(results))
    return int(any(each.violation for each in results))


if __name__ == "__main__":
    sys.exit(main())
