"""`python -m tests.attacks [NAME…]`: attacks the running service from outside. 1: something was found.

All attacks share one running service, in a folder of its own under /tmp, which stays when `--keep` is given.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from tests.attacks.outcome import Attack, Effort, Size
from tests.attacks.scenarios import ATTACKS
from tests.attacks.table import as_table
from tests.attacks.target import Target

console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def main(arguments: list[str] | None = None) -> int:
    """1 when anything was found, 2 when something cannot be run here."""
    options = _options(arguments)
    chosen = [each for each in ATTACKS if not options.names or each.name in options.names]
    missing = [f"{each.name}: {why}" for each in chosen if (why := each.available())]
    if missing:
        console.print(*missing, sep="\n")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="wise-attacks-"))
    try:
        with Target(folder) as target:
            found = [_run(each, target, Effort(options.size, options.requests)) for each in chosen]
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return int(any(found))


def _run(attack: Attack, target: Target, effort: Effort) -> int:
    """How much it found."""
    console.print(f"[bold]{attack.name}[/] {attack.about}")
    began = time.monotonic()
    report = attack.run(target, effort)
    console.print(as_table(report))
    for said in (*report.remarks, f"{time.monotonic() - began:.0f} s in all"):
        console.print(f"   {escape(said)}")
    return len(report.findings)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    names = [each.name for each in ATTACKS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(names)}; all when left out")
    parser.add_argument("--requests", type=int, default=50_000, help="how many the openapi attack sends at least")
    parser.add_argument("--short", dest="size", action="store_const", const=Size.SHORT, default=Size.FULL)
    parser.add_argument("--keep", action="store_true", help="leave the folder with the logs")
    options = parser.parse_args(arguments)
    if strange := set(options.names) - set(names):
        parser.error(f"there is no attack {sorted(strange)[0]}; there are {', '.join(names)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
