"""`python -m bench.release`: what it takes to make and to attack three releases, one after the other.

The cohorts are the intruder's: seeded young people over six quarters. Everything else
is the real catalogue, protection and audit. Each size runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from service.central.protection import Problem
from service.central.published import TOTAL, Release, Status
from service.central.releases.building import Hiding, build
from service.central.releases.canonical import digest_of, to_bytes
from service.central.releases.history import History
from service.central.releases.layout import Ground
from service.central.releases.maker import Maker
from service.central.releases.past import Past
from service.commands.release.composing import maker
from service.domain.fact import Fact
from service.settings import ROOT
from tests.intruder.codes import FIELDS
from tests.intruder.cohort import RELEASES, cohort

AIM = {"young people": 300, "seconds": 10, "MB": 1000}
"""So long may one release take, build and audit together, and so much memory."""


@dataclass(frozen=True)
class Measured:
    """One release. Seconds of CPU and by the clock; `peak_mb` of the process so far.

    `one_way` is the share of cells with a figure in the regional tables of one axis, without their totals.
    `protections`: how often all tables were protected, since one had to be coarser.
    """

    size: int
    quarter: str
    facts: int
    build_cpu: float
    build: float
    audit_cpu: float
    audit: float
    protections: int
    peak_mb: int
    figures: int
    shown: int
    one_way: float
    passed: bool


class _Watch:
    """Seconds since this was made: of CPU, and by the clock."""

    def __init__(self) -> None:
        self._began = time.process_time(), time.perf_counter()

    def read(self) -> tuple[float, float]:
        """What has passed."""
        return time.process_time() - self._began[0], time.perf_counter() - self._began[1]


def releases(seed: int, size: int) -> list[Measured]:
    """Makes and audits the last three releases of a cohort, each upon the ones before."""
    made_by = maker(ROOT / "config" / "catalogue", RELEASES[0])
    drawn, past, rows = cohort(seed, size), list[Past](), list[Measured]()
    for quarter in RELEASES:
        facts = Counter({Fact(**dict(zip(FIELDS, row, strict=True))): n for row, n in drawn.counted(quarter).items()})
        rows.append(_measured(made_by, size, quarter, facts, past))
    return rows


def _measured(made_by: Maker, size: int, quarter: str, facts: Counter[Fact], past: list[Past]) -> Measured:
    calls = 0

    def protect(problem: Problem) -> Hiding:
        nonlocal calls
        calls += 1
        return made_by.protect(problem)

    watch = _Watch()
    release = build(Ground(made_by.catalogue, quarter, facts, (), History(past)), protect)
    build_cpu, build_wall = watch.read()
    past.append(Past(release, made_by.catalogue, facts))
    watch = _Watch()
    digest = digest_of(to_bytes(release))
    report = made_by.audit(
        made_by.catalogue, [each.release for each in past], [each.facts for each in past], digest=digest
    )
    audit_cpu, audit_wall = watch.read()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures, shown, one_way = _told(release)
    return Measured(
        size=size,
        quarter=quarter,
        facts=facts.total(),
        build_cpu=round(build_cpu, 2),
        build=round(build_wall, 2),
        audit_cpu=round(audit_cpu, 2),
        audit=round(audit_wall, 2),
        protections=calls,
        peak_mb=peak,
        figures=figures,
        shown=shown,
        one_way=one_way,
        passed=report.passed,
    )


def _told(release: Release) -> tuple[int, int, float]:
    """How many figures there are, how many are shown, and the share of the regional one-way ones."""
    every = [each.status is Status.ROUNDED for table in release.tables for each in table.figures]
    one_way = [
        each.status is Status.ROUNDED
        for table in release.tables
        if len(table.axes) == 1 and "authority" not in table.axes
        for each in table.figures
        if each.at != (TOTAL,)
    ]
    return len(every), sum(every), round(sum(one_way) / max(1, len(one_way)), 2)


def _of_each_size(seed: int, sizes: Sequence[int]) -> Iterator[Measured]:
    """Each size in a process of its own, as soon as it is measured."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for rows in pool.imap(partial(releases, seed), sizes):
            yield from rows


def main() -> None:
    """Measures and prints."""
    options = _options()
    rows = _of_each_size(options.seed, [int(size) for size in options.sizes.split(",")])
    if options.json:
        print(json.dumps({"seed": options.seed, "aim": AIM, "releases": [asdict(each) for each in rows]}, indent=2))
        return
    print(f"seed {options.seed}; aim for one release, build and audit: {AIM}\n")
    print(
        "people quarter  facts  build CPU s (clock)  audit CPU s (clock)  protected  MB  figures  shown  1-way  passed"
    )
    for each in rows:
        print(_line(each), flush=True)


def _line(row: Measured) -> str:
    build, audit = f"{row.build_cpu:.1f} ({row.build:5.1f})", f"{row.audit_cpu:.1f} ({row.audit:5.1f})"
    figures = f"{row.figures:9}{row.shown:7}{row.one_way:7.2f}  {'yes' if row.passed else 'NO'}"
    return (
        f"{row.size:6} {row.quarter:8}{row.facts:6}{build:>21}{audit:>21}{row.protections:11}{row.peak_mb:4}{figures}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="300,1000,3000", help="young people in each cohort")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="machine-readable")
    return parser.parse_args()


if __name__ == "__main__":
    main()
