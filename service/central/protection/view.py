"""What one intruder knows before seeing a release: the relations, and for an insider some of the counts."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from service.central.protection.alike import Alike, Groups
from service.central.protection.problem import Key, Problem
from service.central.protection.relations import Parts, Relations, everything_known, relations_of
from service.central.protection.solver import Flags, Matrix, Numbers, Places
from service.central.rounding import THRESHOLD


@dataclass(frozen=True)
class View:
    """Columns are counts: first all that can be published, in the same order for every intruder, then the rest.

    `floor` and `ceiling` are what the intruder knows of each without the release, `own` the intruder's own part of it,
    `small` whether what is left without that part is to be protected, and `alike` the groups whose rest is alike.
    `known` says of each count of the problem whether the intruder knows it exactly.
    """

    known: Flags
    matrix: Matrix
    floor: Numbers
    ceiling: Numbers
    own: Numbers
    small: Flags
    alike: tuple[Alike, ...]


def published(problem: Problem) -> tuple[Key, ...]:
    """The keys that a table could show, in the order of the counts."""
    return tuple(key for key in problem.counts if key not in problem.unpublished)


class Views:
    """What all views of one problem have in common is made once."""

    def __init__(self, problem: Problem) -> None:
        self._place = {key: number for number, key in enumerate(problem.counts)}
        self._counts: Numbers = np.array(list(problem.counts.values()), float)
        self._is_unpublished: Flags = np.array([key in problem.unpublished for key in problem.counts], bool)
        self._published: Places = np.flatnonzero(~self._is_unpublished).astype(np.int32)
        self._sums = Parts.of(problem.sums, self._place)
        self._relations = relations_of(problem, self._place)
        self._groups = Groups(problem, self._place)

    def of(self, insider: Set[Key]) -> View:
        """The view of somebody who knows these counts exactly; of the public, if there are none."""
        known = np.zeros(len(self._counts), bool)
        known[[self._place[key] for key in insider]] = True
        known = everything_known(self._sums, known)
        settled = self._relations.without_known(known, self._counts)
        left = settled.without_slack(self._is_unpublished & ~known)
        floor, ceiling = left.bounds(len(known))
        floor[known] = ceiling[known] = self._counts[known]
        several = left.of_several()
        columns = self._columns(several)
        own, small = self._targets(known)
        groups = tuple(self._groups.alike(self._counts, own, known))
        matrix, at = self._matrix(several, columns), self._published
        return View(known, matrix, floor[columns], ceiling[columns], own[at], small[at], groups)

    def _columns(self, relations: Relations) -> Places:
        """Of each column its count: those that can be published, and the rest as the relations name them."""
        rest = relations.column[self._is_unpublished[relations.column]]
        found, first = np.unique(rest, return_index=True)
        return np.concatenate((self._published, found[np.argsort(first)]))

    def _matrix(self, relations: Relations, columns: Places) -> Matrix:
        column_of = np.zeros(len(self._counts), np.int32)
        column_of[columns] = np.arange(len(columns))
        return Matrix(
            relations.lengths(),
            column_of[relations.column],
            relations.sign,
            (relations.lower, relations.upper),
            len(columns),
        )

    def _targets(self, known: Flags) -> tuple[Numbers, Flags]:
        """For each count the part that the intruder knows, and whether the rest is to be protected.

        A rest of one to nine is. A rest of none is, where no part of the count is the intruder's; otherwise that there
        is nothing left says nothing of any young person.
        """
        own, has_part = np.zeros(len(known)), np.zeros(len(known), bool)
        mine = self._sums.together(known.astype(float)) > 0
        np.maximum.at(own, self._sums.whole[mine], self._sums.together(np.where(known, self._counts, 0.0))[mine])
        has_part[self._sums.whole[mine]] = True
        rest = self._counts - own
        small: Flags = ~known & (np.where(has_part, 1, 0) <= rest) & (rest < THRESHOLD)
        return own, small


def view(problem: Problem, insider: Set[Key]) -> View:
    """The view of one intruder alone."""
    return Views(problem).of(insider)
