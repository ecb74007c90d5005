"""What all who joined a scope, or all who left it, have in common for sure, from the figures before and after."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from service.central.audit.cells import Cell, Name, Scope
from service.central.audit.solver import NEAR, Doubt, Row, Solver
from service.central.audit.subject import Edition, Subject

KNOWN_ANYWAY = {"authority", "quarter"}
"""Who knows of somebody that they joined knows when and where; it is no attribute that a figure tells."""

Both = tuple[int, int]
"""A count's number in the older release, and in the candidate."""


def certain_of_all(subject: Subject, old: Edition, scope: Scope, moved: int) -> tuple[int, list[int]]:
    """How many counts were tried, and those in which all are for sure.

    `moved` is by how many the scope grew (or, if negative, shrank) when nobody went the other way; whoever looks is
    taken to know it. What is not so cannot be certain; hence only counts that truly moved by all of it are asked for.
    """
    new = subject.candidate
    both = _within(old, new, scope)
    asked = _asked(new, scope)
    targets = [
        (before, now)
        for name, (before, now) in both.items()
        if name in asked and new.true[now] - old.true[before] == moved
    ]
    if not targets:
        return len(asked), []
    if not old.view.fits(old.true):
        raise Doubt("an earlier release does not fit its own facts")
    solver = _side_by_side(subject, old, both, scope, moved)
    shift, sign = len(old.counts.names), 1.0 if moved > 0 else -1.0
    certain = [
        now for before, now in targets if solver.least({before: -sign, now + shift: sign})[0] > abs(moved) - 1 + NEAR
    ]
    return len(asked), certain


def _within(old: Edition, new: Edition, scope: Scope) -> dict[Name, Both]:
    unit, state = scope[0], new.state(scope[1])
    return {
        name: (before, new.counts.number[name])
        for name, before in old.counts.number.items()
        if name in new.counts.number and name[0] == unit and name[1] & ~state == 0 and name[1]
    }


def _asked(new: Edition, scope: Scope) -> set[Name]:
    return {cell.name for cell in new.cells if cell.scope == scope and _tells(cell)}


def _tells(cell: Cell) -> bool:
    return bool({field for field, _ in set(cell.raw) - set(cell.scope[1])} - KNOWN_ANYWAY)


def _side_by_side(subject: Subject, old: Edition, both: dict[Name, Both], scope: Scope, moved: int) -> Solver:
    shift = len(old.counts.names)
    rows = [*old.view.rows(), *_shifted(new_rows=subject.candidate.view.rows(), shift=shift)]
    whole = (scope[0], subject.candidate.state(scope[1]))
    least, most = min(0, moved), max(0, moved)
    for name, (before, now) in both.items():
        low = moved if name == whole else least
        high = moved if name == whole else most
        rows.append((float(low), float(high), (before, now + shift), (-1.0, 1.0)))
    lower = np.concatenate([old.view.lower, subject.candidate.view.lower])
    upper = np.concatenate([old.view.upper, subject.candidate.view.upper])
    return Solver(lower, upper, rows, subject.deadline)


def _shifted(new_rows: list[Row], shift: int) -> Iterator[Row]:
    for low, high, counts, weights in new_rows:
        yield low, high, [each + shift for each in counts], weights
