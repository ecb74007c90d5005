"""`python -m tests.mutants`: takes each safety rule out of a private copy and runs the tests that must notice."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutants.rules import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
COPIED = ("service", "simulators", "tests", "migrations", "config", "docs", "bench", "pyproject.toml", "README.md")
SECONDS = 900


def main() -> int:
    """0 when every mutant was noticed."""
    options = _options()
    chosen = [each for each in MUTANTS if not options.rules or any(word in each.rule for word in options.rules)]
    table = Table("rule taken out", "noticed", "by", "seconds", title="Safety rules, one by one")
    missed, progress = 0, Console(stderr=True)
    for number, mutant in enumerate(chosen, 1):
        progress.print(f"{number} of {len(chosen)}: {mutant.rule} …")
        began = time.monotonic()
        noticed_by = _tried(mutant)
        missed += noticed_by is None
        table.add_row(mutant.rule, "no" if noticed_by is None else "yes", noticed_by, f"{time.monotonic() - began:.0f}")
    Console(width=150).print(table)
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.mutants", description=__doc__)
    parser.add_argument("rules", nargs="*", help="words of rules; left out, all")
    return parser.parse_args()


def _tried(mutant: Mutant) -> str | None:
    """The first test that failed; None when all passed. A run that could not begin is an error, not a finding."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder)
        _copy_into(copy)
        _mutate(copy / mutant.file, mutant)
        argv = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutant.tests]
        environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(argv, cwd=copy, env=environment, capture_output=True, text=True, timeout=SECONDS)
    if run.returncode not in (0, 1):
        raise SystemExit(f"The tests of “{mutant.rule}” could not be run:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return _first_failure(run.stdout) if run.returncode else None


def _copy_into(copy: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, copy / name)


def _mutate(file: Path, mutant: Mutant) -> None:
    text = file.read_text(encoding="utf-8")
    if text.count(mutant.before) != 1:
        raise SystemExit(
            f"“{mutant.rule}”: what is to be taken out stands {text.count(mutant.before)} times in {mutant.file}."
        )
    file.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")


def _first_failure(output: str) -> str:
    lines = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0].split(" - ")[0].split(" ", 1)[1] if lines else "a run that ended badly"


if __name__ == "__main__":
    sys.exit(main())
