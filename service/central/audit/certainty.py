"""T4: of no shown group is it certain that nearly all in it, but the intruder's own, have one sensitive value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from service.central.audit.cells import Cell
from service.central.audit.small import Outcome
from service.central.audit.solver import NEAR, Solver, Vector
from service.central.audit.subject import Subject
from service.central.published import TOTAL, Status

SHARE = 0.9
CERTAIN = "nearly everybody in a shown group has one statement"

Part = tuple[int, int, tuple[int, ...]]
"""A shown group, a part of it, and its other parts."""


def certainty(subject: Subject) -> Outcome:
    """For anybody: the group, divided by the axis."""
    outcome = Outcome()
    solver = subject.candidate.view.solver(subject.deadline)
    look(subject, divided(subject), solver, np.zeros_like(subject.candidate.true), outcome)
    return outcome


def divided(subject: Subject) -> list[Part]:
    """Every shown group with each of its parts."""
    return sorted(set(_parts(subject)))


def look(subject: Subject, parts: Sequence[Part], solver: Solver, own: Vector, outcome: Outcome, *who: str) -> None:
    """Of those in a group who are not the intruder's `own`: 90 % or more in one part for sure, or none in any other.

    What is not so cannot be certain; hence only parts that truly are large are asked for.
    """
    outcome.attacks += len(parts)
    rest = subject.candidate.true - own
    likely = [each for each in parts if rest[each[0]] >= 1 and rest[each[1]] >= SHARE * rest[each[0]]]
    found = {part for whole, part, others in likely if _is_certain(solver, own, whole, part, others)}
    outcome.findings += [subject.finding("T4", CERTAIN, part, None, *who) for part in sorted(found)]


def _is_certain(solver: Solver, own: Vector, whole: int, part: int, others: tuple[int, ...]) -> bool:
    known = own[part] - SHARE * own[whole]
    if solver.least({part: 1.0, whole: -SHARE})[0] >= known - NEAR:
        return True
    return all(-solver.least({each: -1.0})[0] < own[each] + 1 - NEAR for each in others)


def _parts(subject: Subject) -> Iterator[Part]:
    shown = set(subject.shown)
    number = subject.candidate.counts.number
    by_place = {(cell.table, cell.at): number[cell.name] for cell in subject.candidate.cells}
    for cell in subject.candidate.cells:
        for place in _sensitive(subject, cell):
            whole = number[cell.name]
            parts = sorted(
                {by_place[each.table, each.at] for each in subject.candidate.cells if _divides(each, cell, place)}
            )
            for part in parts:
                if whole in shown and part != whole:
                    yield whole, part, tuple(each for each in parts if each != part)


def _sensitive(subject: Subject, cell: Cell) -> list[int]:
    axes = subject.catalogue.axes
    return [
        place
        for place, axis in enumerate(cell.axes)
        if axes[axis].is_sensitive and cell.at[place] == TOTAL and cell.figure.status == Status.ROUNDED
    ]


def _divides(part: Cell, whole: Cell, place: int) -> bool:
    return (
        part.table == whole.table
        and part.at[place] != TOTAL
        and part.at[:place] + part.at[place + 1 :] == whole.at[:place] + whole.at[place + 1 :]
    )
