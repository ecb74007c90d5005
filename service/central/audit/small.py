"""T1: no small count that is not shown can be told from all figures of the release together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from service.central.audit.bounds import Interval, Search
from service.central.audit.report import Finding
from service.central.audit.subject import Subject
from service.central.audit.view import SMALLEST_SHOWN

NEARLY = 8
"""Intervals narrower than this are tried in whole numbers too."""
MOST_IN_WHOLE_NUMBERS = 12
TOLD = "a count under ten can be told"
EXISTS = "it can be told that there is somebody"


@dataclass
class Outcome:
    """What a test found. `attacks` counts the targets; `tightest` is the narrowest interval that was safe."""

    findings: list[Finding] = field(default_factory=list)
    attacks: int = 0
    tightest: Interval | None = None
    told: set[int] = field(default_factory=set)
    """The counts that can be told."""


def small_counts(subject: Subject) -> Outcome:
    """Every hidden count that truly is 0 to 9: it must be possible that it is none, and that it is five or more."""
    edition = subject.candidate
    targets = [count for count in subject.hidden if edition.true[count] < SMALLEST_SHOWN]
    outcome = Outcome(attacks=len(targets))
    if not targets:
        return outcome
    search = Search(edition.view.solver(subject.deadline), np.zeros_like(edition.true), [edition.true], [])
    found = search.exact(targets)
    found.update(_in_whole_numbers(subject, found))
    judge(subject, "T1", found, outcome)
    return outcome


def judge(subject: Subject, test: str, found: Mapping[int, Interval], outcome: Outcome, *who: str) -> None:
    """Notes each interval: as safe, or as a finding."""
    for count, interval in found.items():
        if interval.is_safe:
            outcome.tightest = interval if outcome.tightest is None else min(outcome.tightest, interval)
        else:
            outcome.told.add(count)
            what = EXISTS if interval.is_wide else TOLD
            outcome.findings.append(subject.finding(test, what, count, interval, *who))


def _in_whole_numbers(subject: Subject, found: dict[int, Interval]) -> dict[int, Interval]:
    near = sorted((interval, count) for count, interval in found.items() if interval.is_safe)
    near = [each for each in near if each[0].width < NEARLY][:MOST_IN_WHOLE_NUMBERS]
    if not near:
        return {}
    solver = subject.candidate.view.solver(subject.deadline)
    solver.whole_numbers()
    return {count: Interval.between(*solver.bounds(count)) for _, count in near}
