"""T4: of no shown group is it certain that nearly everybody in it has one value of a sensitive axis."""

from __future__ import annotations

from collections.abc import Iterator

from service.central.audit.cells import Cell
from service.central.audit.small import Outcome
from service.central.audit.solver import NEAR, Solver
from service.central.audit.subject import Subject
from service.central.published import TOTAL, Status

SHARE = 0.9
CERTAIN = "nearly everybody in a shown group has one statement"

Part = tuple[int, int, tuple[int, ...]]
"""A shown group, a part of it, and its other parts."""


def certainty(subject: Subject) -> Outcome:
    """The group, divided by the axis: a part of 90 % or more for sure, or all other parts none for sure."""
    outcome = Outcome()
    parts = sorted(set(_parts(subject)))
    outcome.attacks = len(parts)
    true = subject.candidate.true
    likely = [each for each in parts if true[each[1]] >= SHARE * true[each[0]]]
    if likely:
        solver = subject.candidate.view.solver(subject.deadline)
        certain = {part for whole, part, others in likely if _is_certain(solver, whole, part, others)}
        outcome.findings += [subject.finding("T4", CERTAIN, part, None) for part in sorted(certain)]
    return outcome


def _is_certain(solver: Solver, whole: int, part: int, others: tuple[int, ...]) -> bool:
    """What is not so cannot be certain; hence only parts that truly are large are asked for."""
    if solver.least({part: 1.0, whole: -SHARE})[0] >= -NEAR:
        return True
    return all(-solver.least({each: -1.0})[0] < 1 - NEAR for each in others)


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
