"""T2 and T4 for insiders: one authority, and two together, who know their own records, tell nothing of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from service.central.audit.bounds import Search
from service.central.audit.certainty import divided, look
from service.central.audit.small import Outcome, judge
from service.central.audit.solver import NEAR, Solver, Vector
from service.central.audit.subject import Subject
from service.central.audit.view import SMALLEST_SHOWN, View, refuse_crossed

Flags = NDArray[np.bool_]
"""Yes or no for each count."""


@dataclass
class Insiders(Outcome):
    """With how many were tried."""

    singles: tuple[str, ...] = ()
    pairs: int = 0
    alone: dict[str, set[int]] = field(default_factory=dict)
    """The counts that each can tell alone; two together then can as well."""


def insiders(subject: Subject, told: set[int]) -> Insiders:
    """Everybody alone, then every two. `told` are counts that anybody can tell; they are not looked at again."""
    edition = subject.candidate
    own = edition.truth.by_authority(edition.counts, tuple(subject.catalogue.authorities))
    outcome = Insiders(singles=tuple(own), alone={each: set(told) for each in own})
    if own:
        attack = _Attack(subject, outcome)
        for each in own:
            attack.alone(each, own[each])
        for one, other in combinations(own, 2):
            attack.together(one, other, own)
    return outcome


class _Attack:
    """One model, whose bounds change from insider to insider. Counts that fitted once are tried on the next first."""

    def __init__(self, subject: Subject, outcome: Insiders) -> None:
        self._subject, self._outcome = subject, outcome
        self._view: View = subject.candidate.view
        self._true = subject.candidate.true
        self._solver: Solver = self._view.solver(subject.deadline)
        counts = self._view.counts
        self._authorities = [counts.authorities(each) for each in range(len(counts.names))]
        first = len(counts.sums)
        self._pairs = np.arange(first, first + len(self._view.low), dtype=np.int32)
        self._points: list[Vector] = [self._true]
        self._groups = divided(subject)
        self._open = [each for each in subject.hidden if self._true[each] > 0]

    def alone(self, authority: str, own: Vector) -> None:
        done = self._outcome.alone[authority]
        known = self._known((authority,))
        search = self._search(own, known)
        hidden = self._targets(self._open, own, known, done)
        shown = self._targets(self._subject.shown, own, known, done)
        found = search.intervals(hidden)
        found.update(
            {count: each for count, each in search.exact(shown).items() if each.lower >= 1 and not each.is_wide}
        )
        judge(self._subject, "T2", found, self._outcome, authority)
        self._look_for_alike(own, known, authority)
        done.update(count for count, each in found.items() if not each.is_safe)
        self._outcome.attacks += len(hidden) + len(shown)

    def together(self, one: str, other: str, own: Mapping[str, Vector]) -> None:
        both, known = own[one] + own[other], self._known((one, other))
        targets = self._targets(self._open, both, known, self._outcome.alone[one] | self._outcome.alone[other])
        self._outcome.pairs += 1
        self._outcome.attacks += len(targets)
        search = self._search(both, known)
        judge(self._subject, "T2", search.intervals(targets), self._outcome, one, other)
        self._look_for_alike(both, known, one, other)

    def _look_for_alike(self, own: Vector, known: Flags, *who: str) -> None:
        """T4 for those whose bounds the model has now. Nobody is told what they know."""
        parts = [each for each in self._groups if not known[each[0]] and not known[each[1]]]
        look(self._subject, parts, self._solver, own, self._outcome, *who)

    def _known(self, who: Sequence[str]) -> Flags:
        bits = self._subject.space.bits("authority", who)
        return np.array([each & ~bits == 0 for each in self._authorities])

    def _targets(self, among: Sequence[int], own: Vector, known: Flags, done: set[int]) -> list[int]:
        rest = self._true - own
        return [each for each in among if not known[each] and each not in done and 0 < rest[each] < SMALLEST_SHOWN]

    def _search(self, own: Vector, known: Flags) -> Search:
        """The rest of a count cannot be less than none, nor more than the rest of one that it is within."""
        view = self._view
        lower, upper = np.maximum(view.lower, own), np.where(known, own, view.upper)
        most = own[view.low] - own[view.high]
        refuse_crossed(lower, upper)
        self._solver.set_bounds(lower, upper)
        self._solver.set_rows(self._pairs, np.full(len(most), -np.inf), most)
        return Search(self._solver, own, self._fitting(lower, upper, most), self._points)

    def _fitting(self, lower: Vector, upper: Vector, most: Vector) -> list[Vector]:
        points = np.array(self._points)
        fits = np.all((points >= lower - NEAR) & (points <= upper + NEAR), axis=1)
        fits &= np.all(points[:, self._view.low] - points[:, self._view.high] <= most + NEAR, axis=1)
        return list(points[fits])
