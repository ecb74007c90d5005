"""The published OpenAPI, taken at its word by schemathesis: requests that fit it and requests that do not, as each kind
of client. Nothing is answered that is not told, nothing by 5xx, and nothing stays in memory.

schemathesis comes with a plug-in for every pytest run beside it, so it has an environment of its own: `make attacks`.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.target import CASEWORK, HUB_SIDE, Target
from tests.attacks.tools import program
from tests.support.bridge import STOCKPORT

HOOKS = Path(__file__).parents[1] / "knowing.py"
RSS_MIB = 100
SHORT_SECONDS = 8
FULL_SECONDS = 300
"""For each client and round. What was not asked by then, another seed asks."""
CLIENTS = (
    (CASEWORK, "authority, everything"),
    (CASEWORK, "authority, as usual"),
    (CASEWORK, "Hub, everything"),
    (CASEWORK, ""),
    (HUB_SIDE, "Hub, everything"),
    (HUB_SIDE, "Hub's trainer"),
    (HUB_SIDE, "authority, everything"),
    (HUB_SIDE, ""),
)
SHORT_CLIENTS = (CLIENTS[0], CLIENTS[4])
SETTINGS = """
[checks.positive_data_acceptance]
# What fits a schema may still break a rule, name nobody's record, or not fit where things stand.
expected-statuses = ["2xx", "304", "400", "401", "403", "404", "409", "410", "413", "422"]
[checks.negative_data_rejection]
expected-statuses = ["4xx"]

# To be asked whether a record is right, and answer 200 that it is not: knowing.py holds it to the second.
[[operations]]
include-path-regex = "/validate$"
[operations.checks.negative_data_rejection]
expected-statuses = ["200", "4xx"]
"""


@dataclass(frozen=True)
class Asking:
    """One round: its seed, and how many examples of each operation."""

    seed: int
    examples: int
    size: Size


def missing() -> str:
    """Why it cannot be run here."""
    return "" if program("schemathesis") else "schemathesis is not here. `make attacks` installs it beside the service."


def run(target: Target, effort: Effort) -> Report:
    """Round after round with another seed, until enough was asked. The count is the service's own."""
    report, before = Report("openapi"), target.answered()
    warm = Report("openapi")  # what is loaded when first needed, is loaded now
    _round(target, warm, Asking(0, 1, Size.SHORT), SHORT_CLIENTS)
    memory = target.memory()
    if effort.size is Size.SHORT:
        report.lines += warm.lines
    seed = 1
    while effort.size is Size.FULL and (target.answered() - before).total() < effort.requests:
        _round(target, report, Asking(seed, 10, effort.size))
        seed += 1
    counts, grown = target.answered() - before, (target.memory() - memory) / 1024**2
    faults = {status: count for status, count in counts.items() if status >= 500}
    line = Line("all of it together", f"{counts.total():,} answers: {dict(sorted(counts.items()))}", 0)
    line.wrong = f"server errors: {faults}" if faults else ""
    report.lines.append(line)
    grew = Line("memory of the web processes", f"grew by {grown:.0f} MiB", 0)
    grew.wrong = f"more than {RSS_MIB} MiB" if grown > RSS_MIB else ""
    report.lines.append(grew)
    if not target.is_well():
        line.wrong += " the service is not well afterwards"
    return report


def _round(target: Target, report: Report, asking: Asking, clients: Sequence[tuple[str, str]] = CLIENTS) -> None:
    for side, kind in clients:
        before, began = target.answered().total(), time.monotonic()
        found = list(_asked(target, side, kind, asking))
        asked = target.answered().total() - before
        answered = f"{asked:,} answers" if asked else "nothing was asked"
        line = Line(f"{side} as {kind or 'nobody'}, seed {asking.seed}", answered, time.monotonic() - began)
        line.wrong = "; ".join(found) or ("" if asked else "schemathesis asked nothing")
        report.lines.append(line)


def _asked(target: Target, side: str, kind: str, asking: Asking) -> Iterator[str]:
    """Each different failure, and how often."""
    folder = target.folder / f"schemathesis-{side}-{kind.replace(' ', '-') or 'nobody'}-{asking.seed}"
    folder.mkdir(exist_ok=True)
    short = asking.size is Size.SHORT
    phases = "coverage" if short else "examples,coverage,fuzzing"
    limits = ["--max-time", str(SHORT_SECONDS if short else FULL_SECONDS)]
    (folder / "schemathesis.toml").write_text(SETTINGS)
    # One worker: CPython 3.11 confuses the syntax trees of two threads.
    argv = [
        program("schemathesis"), "--config-file", str(folder / "schemathesis.toml"),
        "run", f"{target.url(side)}/openapi.json",
        "--checks", "all", *([] if kind else ["--exclude-checks", "ignored_auth"]), "--phases", phases, *limits,
        "--mode", "all", "--max-examples", str(asking.examples), "--seed", str(asking.seed),
        "--continue-on-failure", "--no-color",
        "--generation-database", "none", "--suppress-health-check", "all", "--request-timeout", "60",
        "--report", "junit", "--report-junit-path", str(folder / "report.xml"), "--workers", "1",
    ]  # fmt: skip
    for name, value in target.headers(kind).items():
        argv += ["--header", f"{name}: {value}"]
    known = {"authority": STOCKPORT, "places": target.places}
    environment = os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS), "ATTACK_KNOWS": json.dumps(known)}
    done = subprocess.run(argv, capture_output=True, text=True, cwd=folder, timeout=3600, env=environment)
    (folder / "output.txt").write_text(done.stdout + done.stderr)
    if done.returncode:
        yield from failures(done.stdout + done.stderr, folder / "output.txt")


def failures(said: str, output: Path | str) -> Iterator[str]:
    """The headings of schemathesis' own report; the whole of it lies in the folder."""
    wanted = [line.strip("- ").strip() for line in said.splitlines() if line.startswith("- ") or "❌" in line]
    counted = Counter(wanted)
    yield from (f"{what} ({count})" for what, count in counted.most_common(20))
    if not counted:
        yield f"schemathesis failed; see {output}: {said[-300:]}"


ATTACK = Attack("openapi", "What fits the published document, and what does not.", run, missing)
