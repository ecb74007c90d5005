"""Hides what would tell a small count, and shows again what turns out not to be needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.central.protection.detour import Detours
from service.central.protection.intruder import Intruder
from service.central.protection.pattern import Flags, Pattern
from service.central.protection.problem import Problem
from service.central.protection.view import Views

RUNS = 200
"""After so many runs of the solver no further figure is tried. A limit by work: it is the same on any machine."""


def intruders(problem: Problem, pattern: Pattern) -> list[Intruder]:
    """The public first, then the insiders in their order."""
    views = Views(problem)
    everybody = [Intruder(views.of(known), pattern) for known in (frozenset(), *problem.known)]
    known = [int.from_bytes(np.packbits(each.view.known).tobytes()) for each in everybody]
    for each, mine in zip(everybody, known, strict=True):
        less = (other for other, theirs in zip(everybody, known, strict=True) if theirs != mine and not theirs & ~mine)
        each.less_informed = list(less)
    return everybody


def hide_more(everybody: list[Intruder], pattern: Pattern) -> None:
    """Hides figures until no intruder finds a gap. Each round hides at least one, so it comes to an end.

    Who knows most is first: a table that deceives two authorities deceives each of them and the public.
    """
    everybody = everybody[::-1]
    detours = [Detours(each) for each in everybody]
    before = -1
    while before != pattern.is_hidden.sum():
        before = pattern.is_hidden.sum()
        for intruder, detour in zip(everybody, detours, strict=True):
            while (gap := intruder.first_gap(pattern)) is not None:
                pattern.is_hidden[detour.cheapest(gap, pattern)] = True


def show_again(everybody: list[Intruder], pattern: Pattern, secondary: Flags) -> None:
    """Tries the secondary ones, the most valuable first; each stays shown if everything is still proven safe."""
    columns = np.flatnonzero(secondary)
    sharpest_first = everybody[::-1]
    limit = RUNS + runs(everybody)
    for column in columns[np.argsort(-pattern.weight[columns], kind="stable")]:
        if runs(everybody) > limit:
            return
        finder = _finder(sharpest_first, pattern, int(column))
        if finder is not None:
            sharpest_first.remove(finder)
            sharpest_first.insert(0, finder)


def runs(everybody: Sequence[Intruder]) -> int:
    """Of the solver, by all of them so far."""
    return sum(each.runs for each in everybody)


def _finder(everybody: list[Intruder], pattern: Pattern, column: int) -> Intruder | None:
    """Shows the column; if somebody finds a gap then, hides it again and says who."""
    agreeing = [pattern.agrees(column, each.tables[:, column]) for each in everybody]
    before = [each.tables for each in everybody]
    pattern.is_hidden[column] = False
    for each, rows in zip(everybody, agreeing, strict=True):
        each.tables = each.tables[rows]
    finder = next((each for each in everybody if each.has_known_gap(pattern)), None) or next(
        (each for each in everybody if each.first_gap(pattern) is not None), None
    )
    if finder is not None:
        pattern.is_hidden[column] = True
        for each, rows, tables in zip(everybody, agreeing, before, strict=True):
            # What was found on the way agrees with more than is shown now, so it still holds.
            each.tables = np.vstack((tables, each.tables[rows.sum() :]))
    return finder
