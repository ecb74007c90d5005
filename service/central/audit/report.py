"""What the audit found, as data. No count is in it, nor how closely one can be told where that is too closely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from service.central.audit.bounds import Interval

DOUBT = "doubt"
TESTS: Mapping[str, str] = {
    "T1": "small counts, from all figures together",
    "T2": "the same, by one authority that knows its own records, or by two together",
    "T3": "who joined or left, from the figures before and after",
    "T4": "everybody in a group having one statement",
    "T5": "figures by the rule, and none left out",
    DOUBT: "what could not be tried to the end",
}


@dataclass(frozen=True)
class Finding:
    """A reason not to publish. `at` are codes of the table's axes; `who` the authorities that could tell.

    `interval` is how closely a count can be told from what is published, for code only: see `as_json`.
    """

    test: str
    what: str
    table: str = ""
    at: tuple[str, ...] = ()
    interval: Interval | None = None
    who: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tried:
    """How much was tried. `attacks` counts each target of each intruder."""

    variables: int = 0
    relations: int = 0
    attacks: int = 0
    insiders: int = 0
    pairs: int = 0


@dataclass(frozen=True)
class Visible:
    """How a table is shown: its axes, how many figures have each status, how many are repeated, and the reasons."""

    table: str
    axes: tuple[str, ...]
    figures: Mapping[str, int]
    repeated: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Whether a release may be published, and why not. `tightest`: the narrowest safe interval seen in each test."""

    quarter: str
    catalogue: str
    catalogue_digest: str
    digest: str
    passed: bool
    findings: tuple[Finding, ...]
    tightest: Mapping[str, Interval]
    tried: Tried
    visible: tuple[Visible, ...]


def as_json(report: Report) -> dict[str, Any]:
    """Ready for `json.dumps`; the same each time. Of an interval that tells a count it has the width only."""
    return {
        "quarter": report.quarter,
        "catalogue": report.catalogue,
        "catalogue_digest": report.catalogue_digest,
        "digest": report.digest,
        "passed": report.passed,
        "findings": [_finding(each) for each in report.findings],
        "tightest": {test: asdict(each) for test, each in sorted(report.tightest.items())},
        "tried": asdict(report.tried),
        "visible": [asdict(each) for each in report.visible],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    width = None if finding.interval is None else finding.interval.width
    return {
        "test": finding.test,
        "what": finding.what,
        "table": finding.table,
        "at": list(finding.at),
        "width": width,
        "who": list(finding.who),
    }
