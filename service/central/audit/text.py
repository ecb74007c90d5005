"""The report as a person reads it. It says where and why, and never a count nor the bounds of one that can be told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from service.central.audit.bounds import Interval
from service.central.audit.report import TESTS, Finding, Report, Visible

MOST = 20
"""So many findings of a test are listed; the rest is only numbered. The JSON has them all."""


def as_text(report: Report) -> str:
    """Verdict, what was tried, the tightest, what is withheld, and each finding."""
    return "\n".join([*_verdict(report), *_tried(report), *_tables(report), *_findings(report)]) + "\n"


def _verdict(report: Report) -> Iterator[str]:
    yield f"Audit of release {report.quarter}, catalogue {report.catalogue}"
    yield f"  release   sha256 {report.digest or 'not given'}"
    yield f"  catalogue sha256 {report.catalogue_digest}"
    if report.passed:
        yield "PASSED: nothing was found."
    else:
        yield f"NOT PASSED: {len(report.findings)} findings. It must not be published."


def _tried(report: Report) -> Iterator[str]:
    tried = report.tried
    yield ""
    yield (
        f"Tried: {tried.attacks} attacks, on {tried.variables} counts with {tried.relations} relations, "
        f"by anybody, {tried.insiders} authorities alone and {tried.pairs} pairs of them."
    )
    yield ""
    for test, about in TESTS.items():
        number = sum(finding.test == test for finding in report.findings)
        yield f"  {test:<5} {about}: {f'{number} findings' if number else 'nothing found'}{_tightest(report, test)}"


def _tightest(report: Report, test: str) -> str:
    interval = report.tightest.get(test)
    return "" if interval is None else f"; the tightest that is safe can be {_span(interval)}"


def _span(interval: Interval) -> str:
    return f"anything from {interval.lower} to at least {interval.upper}"


def _tables(report: Report) -> Iterator[str]:
    yield ""
    yield "Tables: how many figures are shown, and how many not"
    for table in report.visible:
        yield f"  {table.table} by {' and '.join(table.axes) or 'nothing: the total only'}: {_figures(table)}"


def _figures(table: Visible) -> str:
    parts = [f"{number} {status}" for status, number in table.figures.items()]
    if table.repeated:
        parts.append(f"{table.repeated} of all are repeated from an earlier release")
    if table.reasons:
        parts.append("because: " + ", ".join(table.reasons))
    return "; ".join(parts)


def _findings(report: Report) -> Iterator[str]:
    in_order = sorted(report.findings, key=lambda finding: list(TESTS).index(finding.test))
    for test, found in groupby(in_order, key=lambda finding: finding.test):
        listed = list(found)
        yield ""
        yield f"{test}, {TESTS[test]}:"
        for finding in listed[:MOST]:
            yield f"  {_finding(finding)}"
        if len(listed) > MOST:
            yield f"  and {len(listed) - MOST} more"


def _finding(finding: Finding) -> str:
    place = f"{finding.table} at {', '.join(finding.at) or 'its total'}: " if finding.table else ""
    by = f" (by {' and '.join(finding.who)})" if finding.who else ""
    return f"{place}{finding.what}{by}"
