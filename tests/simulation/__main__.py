"""`python -m tests.simulation --seeds 10000`: many seeds on every core, and a table; or one seed with its trace.

While it runs, one line says how many are done and which failed; each that failed is told in full at once.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.table import Table

from tests.simulation.run import Result, run_seed

BLOCK = 20
TELL_EVERY = 30.0
"""Seconds between two lines where nobody watches a terminal."""


@dataclass
class Progress:
    """How far it came: one line, written over on a terminal, and repeated now and then elsewhere."""

    console: Console
    seeds: int
    done: int = 0
    failed: list[int] = field(default_factory=list)
    _told_at: float = field(default_factory=time.monotonic)

    def tell(self, results: Sequence[Result]) -> None:
        """What was found in full, and the line."""
        self.done += len(results)
        for result in results:
            if result.violation:
                self.failed.append(result.seed)
                self.console.print(result.told(), style="red", markup=False, highlight=False)
        if self.console.is_terminal:
            self.console.print(self.line(), end="\r", soft_wrap=True)
        elif time.monotonic() >= self._told_at + TELL_EVERY or self.done == self.seeds:
            self._told_at = time.monotonic()
            self.console.print(self.line(), soft_wrap=True)

    def line(self) -> str:
        """As `2,340 of 10,000 seeds, failed: 217, 1032`."""
        failed = ", ".join(map(str, sorted(self.failed))) or "none"
        return f"{self.done:,} of {self.seeds:,} seeds, failed: {failed}"


def _block(first: int, count: int) -> list[Result]:
    """The last steps of a run that held are nobody's concern, and a large part of it."""
    results = (run_seed(seed) for seed in range(first, first + count))
    return [result if result.violation else replace(result, last=()) for result in results]


def many(first: int, seeds: int, jobs: int, console: Console) -> list[Result]:
    """Every seed, in blocks over so many processes."""
    blocks = [(start, min(BLOCK, first + seeds - start)) for start in range(first, first + seeds, BLOCK)]
    results: list[Result] = []
    progress = Progress(console, seeds)
    with ProcessPoolExecutor(jobs) as pool:
        for future in as_completed([pool.submit(_block, *block) for block in blocks]):
            results += future.result()
            progress.tell(future.result())
    return results


def summary(results: Iterable[Result]) -> Table:
    """What was tried, and what was found."""
    found = list(results)
    cpu = sum(each.cpu for each in found) / max(len(found), 1)
    table = Table("what", "how often", title="Simulation", caption=f"{cpu:.2f} s of a processor for each seed")
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
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many processes; left out, one a core")
    parser.add_argument("--trace", action="store_true", help="print every step")
    given = parser.parse_args()
    console = Console()
    if given.seed is not None:
        results = [run_seed(given.seed, trace=given.trace)]
        if results[0].violation:
            console.print(results[0].told(), markup=False, highlight=False)
    else:
        results = many(given.first, given.seeds, given.jobs, console)
        console.print(promises(results))
    console.print(summary(results))
    if failed := [each.seed for each in results if each.violation]:
        console.print("Failed: " + ", ".join(f"--seed {seed}" for seed in sorted(failed)), style="red", soft_wrap=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
