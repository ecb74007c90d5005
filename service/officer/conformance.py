"""A connector against the suite of promises and faults, run by pytest from the checkout."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from service.officer.errors import CannotRun
from service.officer.meant import nearest
from service.officer.watching import OPTION
from service.settings import ROOT

SUITE = Path("tests/conformance")
_PAUSE = 0.1
KEPT, BROKEN, SKIPPED = "kept", "broken", "not tried"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Promise:
    """One promise or fault in words, how it stands, and with which of its cases it does not."""

    words: str
    standing: str
    cases: int
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What the suite came to. `closing` is pytest's own last line, `code` its exit code."""

    kind: str
    promises: tuple[Promise, ...]
    cannot_happen: Mapping[str, str]
    closing: str
    code: int

    @property
    def kept(self) -> bool:
        """Whether something was tried and nothing was broken."""
        return self.code == 0 and bool(self.promises)


def suite_of(kind: str) -> Path:
    """The test module of a kind. Raises `CannotRun` that says how to begin one."""
    file = SUITE / f"test_{kind}.py"
    if not (ROOT / SUITE).is_dir():
        raise CannotRun(f"There is no {SUITE} here: this needs a checkout of the project, not an installed copy.")
    if re.fullmatch(r"[a-z0-9_]+", kind) is None or not (ROOT / file).is_file():
        known = sorted(path.stem.removeprefix("test_") for path in (ROOT / SUITE).glob("test_*.py"))
        near = nearest(kind, known)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise CannotRun(
            f"There is no suite for '{kind}'. {hint}There is one for: {', '.join(known)}. To begin one, write a World "
            f"and a class Test…(Conformance, Faults) in {file}; docs/adding-a-case-system.md goes through it."
        )
    if find_spec("pytest") is None:
        raise CannotRun("pytest is not installed here. 'make demo' or 'make check' makes a .venv that has it.")
    return file


def run(kind: str, expression: str | None, progress: Progress) -> Result:
    """The suite, with `progress` told how many of how many are done. Raises `CannotRun`."""
    file = suite_of(kind)
    command = [sys.executable, "-m", "pytest", str(file), "-q", "--no-header", "-p", "service.officer.watching"]
    command += ["-k", expression] if expression else []
    with TemporaryDirectory() as folder:
        results, output = Path(folder) / "results", Path(folder) / "output"
        results.touch()
        with output.open("w", encoding="utf-8") as into:
            code = _watched([*command, OPTION, str(results)], into, results, progress)
        found = list(_read(results))
        closing = next((line for line in reversed(output.read_text().splitlines()) if line.strip()), "")
    said = next((each for each in found if "count" in each), {})
    outcomes = [each for each in found if "test" in each]
    return Result(kind, tuple(_promises(outcomes)), said.get("cannot_happen", {}), closing, code)


def _watched(command: list[str], into: IO[str], results: Path, progress: Progress) -> int:
    with subprocess.Popen(command, cwd=ROOT, stdout=into, stderr=into) as running:  # noqa: S603 - our own suite
        try:
            while running.poll() is None:
                progress(*_done(results))
                time.sleep(_PAUSE)
        except BaseException:
            running.terminate()
            raise
    progress(*_done(results))
    return running.returncode


def _done(results: Path) -> tuple[int, int]:
    found = list(_read(results))
    count = next((each["count"] for each in found if "count" in each), 0)
    return len({each["test"] for each in found if "test" in each}), count


def _read(results: Path) -> Iterator[dict[str, Any]]:
    """The whole lines; one may be half written."""
    for line in results.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            yield json.loads(line)


def _promises(outcomes: list[dict[str, Any]]) -> Iterator[Promise]:
    """Cases of one test together, in the order of the suite."""
    cases: dict[str, dict[str, str]] = {}
    for each in outcomes:
        name, _, case = each["test"].rpartition("::")[2].partition("[")
        tests = cases.setdefault(name, {})
        if tests.get(case) != "failed":
            tests[case] = each["outcome"]
    for name, found in cases.items():
        failed = tuple(case.rstrip("]") for case, outcome in found.items() if outcome == "failed")
        tried = any(outcome == "passed" for outcome in found.values())
        standing = BROKEN if failed else KEPT if tried else SKIPPED
        yield Promise(name.removeprefix("test_").replace("_", " "), standing, len(found), failed)
