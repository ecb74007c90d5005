"""`python -m tests.mutants`: takes each safety rule out of a private copy and runs the tests that must notice.

The same tests are run first with every rule in place: a test that fails anyway notices nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutants.rules import MUTANTS, ROOT, Mutant

COPIED = ("service", "simulators", "tests", "migrations", "config", "docs", "bench", "pyproject.toml", "README.md")
SECONDS = 900


def main() -> int:
    """0 when every mutant was noticed."""
    options = _options()
    chosen = [each for each in MUTANTS if not options.rules or any(word in each.rule for word in options.rules)]
    progress = Console(stderr=True)
    progress.print("The tests with every rule in place …")
    _require_sound(chosen)
    noticed = [_noticed(mutant, f"{number} of {len(chosen)}", progress) for number, mutant in enumerate(chosen, 1)]
    Console(width=150).print(_table(chosen, noticed))
    return 1 if any(by is None for by, _ in noticed) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.mutants", description=__doc__)
    parser.add_argument("rules", nargs="*", help="words of rules; left out, all")
    return parser.parse_args()


def _require_sound(chosen: Iterable[Mutant]) -> None:
    """Every rule stands where it is said to, and the tests pass with all of them. Raises `SystemExit`."""
    for mutant in chosen:
        mutant.mutated()
    with _copy() as copy:
        run = _run(copy, sorted({test for mutant in chosen for test in mutant.tests}))
    if run.returncode:
        raise SystemExit(f"The tests fail with every rule in place:\n{run.stdout[-3000:]}{run.stderr[-2000:]}")


def _noticed(mutant: Mutant, which: str, progress: Console) -> tuple[str | None, float]:
    """By which test, and after how many seconds."""
    progress.print(f"{which}: {mutant.rule} …")
    began = time.monotonic()
    return _tried(mutant), time.monotonic() - began


def _tried(mutant: Mutant) -> str | None:
    """The first test that failed; None when all passed. A run that could not begin is an error, not a finding."""
    with _copy() as copy:
        (copy / mutant.file).write_text(mutant.mutated(), encoding="utf-8")
        run = _run(copy, mutant.tests)
    if run.returncode not in (0, 1):
        raise SystemExit(f"The tests of “{mutant.rule}” could not be run:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return _first_failure(run.stdout) if run.returncode else None


def _run(copy: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(argv, cwd=copy, env=environment, capture_output=True, text=True, timeout=SECONDS)


@contextmanager
def _copy() -> Iterator[Path]:
    """All that the tests need, to be changed at will."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
            else:
                shutil.copy(source, copy / name)
        yield copy


def _first_failure(output: str) -> str:
    lines = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0].split(" - ")[0].split(" ", 1)[1] if lines else "a run that ended badly"


def _table(chosen: Iterable[Mutant], noticed: Iterable[tuple[str | None, float]]) -> Table:
    table = Table("rule taken out", "noticed", "by", "seconds", title="Safety rules, one by one")
    for mutant, (by, seconds) in zip(chosen, noticed, strict=True):
        table.add_row(mutant.rule, "no" if by is None else "yes", by, f"{seconds:.0f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
