"""`python -m tests.faults [--short|--full] [numbers…]`: plays the scenarios and prints the table.

The exit code is 1 when any of them failed. The short form shares one running bridge; the full one has a new bridge for
each scenario. Everything lies in a folder of its own under /tmp, which stays when `--keep` is given.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from tests.faults.outcome import Outcome, Scenario, Size, all_scenarios, in_worlds
from tests.faults.table import as_table
from tests.faults.world import World

console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)


def main(arguments: list[str] | None = None) -> int:
    """The exit code."""
    options = _options(arguments)
    known = all_scenarios()
    if strange := set(options.numbers) - {each.number for each in known}:
        console.print(f"There is no scenario {sorted(strange)[0]}; there are {[each.number for each in known]}.")
        return 2
    chosen = [each for each in known if not options.numbers or each.number in options.numbers]
    folder = Path(tempfile.mkdtemp(prefix="wise-faults-"))
    try:
        outcomes = list(play_all(chosen, options.size, folder))
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    console.print(as_table(outcomes))
    return 0 if all(each.passed for each in outcomes) else 1


def play_all(chosen: list[Scenario], size: Size, folder: Path) -> Iterator[Outcome]:
    """Short ones share a world; full ones have their own."""
    for group in in_worlds(chosen, size):
        with World(folder / f"world-{group[0].number}") as world:
            for each in group:
                yield _played(each, world, size)


def _played(each: Scenario, world: World, size: Size) -> Outcome:
    console.print(f"[bold]{each.number:2} {each.name}[/] ({size})")
    began = time.monotonic()
    outcome = each.run(world, size)
    verdict = "[green]passed[/]" if outcome.passed else "[red]FAILED[/]"
    console.print(f"   {verdict} in {time.monotonic() - began:.1f} s: {outcome.size}. {escape(outcome.remark)}")
    return outcome


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("numbers", type=int, nargs="*", help="scenarios of the reliability study; all when left out")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--short", dest="size", action="store_const", const=Size.SHORT, default=Size.SHORT)
    sizes.add_argument("--full", dest="size", action="store_const", const=Size.FULL)
    parser.add_argument("--keep", action="store_true", help="leave the folder with logs and journal")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
