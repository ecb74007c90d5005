"""T3: releases laid side by side tell nothing of those who joined or left between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from service.central.audit.beside import Beside
from service.central.audit.bounds import Search
from service.central.audit.cells import Cell, Name, Scope
from service.central.audit.of_all import OfMovers, certain_of_a_quarter
from service.central.audit.report import Finding
from service.central.audit.small import Outcome, judge
from service.central.audit.solver import Doubt
from service.central.audit.space import period
from service.central.audit.subject import Edition, Subject
from service.central.audit.view import SMALLEST_SHOWN, View, refuse_crossed, told_by
from service.central.published import Status

FEW = 10
TOO_SOON = "a figure was made anew after fewer than ten had joined or left"
SIDE_BY_SIDE = "beside a release by another catalogue, a count under ten can be told"
SIDE_BY_SIDE_EXISTS = "beside a release by another catalogue, it can be told that there is somebody"
MOVERS = "all who joined, or all who left, have this value for sure"
WHOLE_QUARTER = "all of a quarter have this value for sure, to somebody who knows how many they are"


def history(subject: Subject, told: set[int]) -> Outcome:
    """Figures made anew too soon; old figures of what has not changed; and what all who joined or left have in common.

    `told` are counts that the candidate tells by itself.
    """
    outcome, changes = Outcome(), Changes(subject)
    outcome.findings += _too_soon(subject, changes)
    _unchanged(subject, changes, told, outcome)
    for edition in subject.before:
        if not set(period(edition.quarter)) & set(period(subject.candidate.quarter)):
            continue  # all have joined or left: the old figures say nothing of the new ones
        if edition.catalogue != subject.catalogue:
            _across(subject, edition, changes, told, outcome)
        _of_all(OfMovers(subject, edition, changes.since).certain(), MOVERS, outcome)
    _of_all(certain_of_a_quarter(subject), WHOLE_QUARTER, outcome)
    return outcome


@dataclass
class Changes:
    """How many facts joined and left each scope since an earlier release. A changed fact has done both."""

    subject: Subject
    _known: dict[tuple[str, Scope], tuple[int, int]] = field(default_factory=dict)

    def since(self, edition: Edition, scope: Scope) -> tuple[int, int]:
        """Joined, and left."""
        key = (edition.quarter, scope)
        if key not in self._known:
            old, new = edition.truth.in_scope(scope), self.subject.candidate.truth.in_scope(scope)
            self._known[key] = ((new - old).total(), (old - new).total())
        return self._known[key]


def _is_anew(cell: Cell, edition: Edition) -> bool:
    shown = cell.figure.status in {Status.ROUNDED, Status.SUPPRESSED}
    return shown and cell.figure.as_of == edition.quarter


def _too_soon(subject: Subject, changes: Changes) -> Iterator[Finding]:
    by_quarter = {edition.quarter: edition for edition in subject.before}
    before = _newest(subject)
    scopes = _last_made(subject)
    for cell in subject.candidate.cells:
        if not _is_anew(cell, subject.candidate):
            continue
        old = before.get(cell.name)
        if old is not None and (old.figure.status, old.figure.value) == (cell.figure.status, cell.figure.value):
            continue
        if old is None and cell.figure.status != Status.ROUNDED:
            continue
        made = scopes.get(cell.scope) if old is None else old.figure.as_of
        if made is None:
            continue
        if made not in by_quarter:
            raise Doubt("an earlier release, which a figure is as of, is not at hand")
        if 0 < sum(changes.since(by_quarter[made], cell.scope)) < FEW:
            yield Finding("T3", TOO_SOON, cell.table, cell.at)


def _newest(subject: Subject) -> dict[Name, Cell]:
    """The newest earlier figure of each count."""
    return {
        cell.name: cell
        for edition in subject.before
        for cell in edition.cells
        if cell.figure.status in {Status.ROUNDED, Status.SUPPRESSED}
    }


def _last_made(subject: Subject) -> dict[Scope, str]:
    """The newest quarter in which figures of a scope were made anew."""
    return {
        cell.scope: edition.quarter for edition in subject.before for cell in edition.cells if _is_anew(cell, edition)
    }


def _unchanged(subject: Subject, changes: Changes, told: set[int], outcome: Outcome) -> None:
    """Who knows that nothing has changed since an older release has its figures too."""
    edition = subject.candidate
    view = _with_older(subject, changes)
    if np.array_equal(view.lower, edition.view.lower) and np.array_equal(view.upper, edition.view.upper):
        return
    refuse_crossed(view.lower, view.upper)
    targets = [each for each in subject.hidden if edition.true[each] < SMALLEST_SHOWN and each not in told]
    search = Search(view.solver(subject.deadline), np.zeros_like(edition.true), [edition.true], [])
    outcome.attacks += len(targets)
    judge(subject, "T3", search.intervals(targets), outcome)


def _across(subject: Subject, edition: Edition, changes: Changes, told: set[int], outcome: Outcome) -> None:
    """Against a release by another catalogue: small counts of either, whatever groups each has."""
    candidate, both = subject.candidate, Beside(subject, edition, changes.since)
    names = {candidate.counts.names[each] for each in told}
    small = both.small()
    for place, interval in sorted(both.told().items()):
        if place < both.size or small[place].name not in names:
            what = SIDE_BY_SIDE_EXISTS if interval.is_wide else SIDE_BY_SIDE
            outcome.findings.append(Finding("T3", what, small[place].table, small[place].at, interval))
    outcome.attacks += len(small)


def _of_all(asked: tuple[int, list[Cell]], what: str, outcome: Outcome) -> None:
    outcome.attacks += asked[0]
    outcome.findings += [Finding("T3", what, cell.table, cell.at) for cell in asked[1]]


def _with_older(subject: Subject, changes: Changes) -> View:
    view = subject.candidate.view
    lower, upper = view.lower.copy(), view.upper.copy()
    for edition in subject.before:
        for cell in edition.cells:
            count = subject.candidate.counts.number.get(cell.name)
            if count is None or cell.figure.as_of != edition.quarter or changes.since(edition, cell.scope) != (0, 0):
                continue
            low, high = told_by(cell.figure, view.ceiling)
            lower[count], upper[count] = max(lower[count], low), min(upper[count], high)
    return View(view.counts, lower, upper, view.low, view.high, view.ceiling)
