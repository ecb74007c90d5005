"""Which figures rest: new ones would tell, beside earlier ones, who joined or left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from service.central.catalogue.dates import period
from service.central.catalogue.naming import Name
from service.central.published import TOTAL
from service.central.releases.history import History, Shown
from service.central.releases.practice import is_practice, kinds_used
from service.central.releases.scopes import Counted, Scope, counted, is_too_little, moved
from service.central.rounding import THRESHOLD, rounded, told_by
from service.domain.fact import Fact


class Resting:
    """Which counts may not be made anew from the facts of a quarter. What was found of a scope is kept.

    `count` says how large a count is now.
    """

    def __init__(self, history: History, quarter: str, facts: Counter[Fact], count: Callable[[Name], int]) -> None:
        self._history, self._quarter, self._facts, self._count = history, quarter, facts, count
        self._now: dict[Scope, Counted] = {}
        self._known: dict[tuple[Scope, int], bool] = {}

    def rests(self, scope: Scope, names: Iterable[Name]) -> bool:
        """Whether new figures of these counts would tell who came or went in this scope, or in one that holds it.

        Where nothing changed they are repeated as well: hidden in another pattern, the same counts could be told.
        """
        if any(self._would_tell(scope, number) for number in self._history.named(names)):
            return True
        if any(self._could_be_taken_apart(*each) for name in names for each in self._history.cut(name, scope)):
            return True
        around = self._history.made_around(scope)
        return any(self._would_tell(wider, number) for wider, made in around.items() for number in made)

    def still_told(self) -> dict[Name, int]:
        """The figures that are still true, since nothing at all has changed in their scope, all four quarters of it."""
        shown = self._history.shown().items()
        return {
            each.name: each.figure
            for (scope, number), figures in shown
            if not any(self._moved(replace(scope, quarter=TOTAL), number))
            for each in figures
        }

    def _would_tell(self, scope: Scope, number: int) -> bool:
        if (scope, number) not in self._known:
            joined, left = self._moved(scope, number)
            self._known[scope, number] = is_too_little(joined + left) or self._are_alike(scope, number, joined, left)
        return self._known[scope, number]

    def _could_be_taken_apart(self, number: int, common: Scope) -> bool:
        """Whether too few moved in what both scopes count. Of releases that share no quarter it is never asked."""
        shares_a_quarter = self._history.quarter(number) >= period(self._quarter)[0]
        return shares_a_quarter and is_one_sided(*self._moved(common, number))

    def _moved(self, scope: Scope, number: int) -> tuple[int, int]:
        if scope not in self._now:
            self._now[scope] = counted(scope, self._quarter, self._facts)
        return moved(self._history.counted(number, scope), self._now[scope])

    def _are_alike(self, scope: Scope, number: int, joined: int, left: int) -> bool:
        """Whether two figures would show that all who joined, or all who left, are in one and the same group.

        A count that grew by as many as joined has them all, and lost nobody. Whoever looks may know how many joined and
        how many left. A universe within the scope is a group as well.
        """
        kinds = kinds_used((*self._history.facts(number), *self._facts), scope.authority)
        return any(
            (joined and self._grew(each) >= joined) or (left and self._shrank(each) >= left)
            for each in self._history.told_within(scope, number)
            if not is_practice(each.name, kinds)
        )

    def _grew(self, before: Shown) -> int:
        """By how many, at the least, a count has grown, as its figures tell."""
        now = self._count(before.name)
        return 0 if now < THRESHOLD else told_by(rounded(now))[0] - told_by(before.figure)[1]

    def _shrank(self, before: Shown) -> int:
        """By how many, at the least, it has become smaller."""
        now = self._count(before.name)
        return 0 if now < THRESHOLD else told_by(before.figure)[0] - told_by(rounded(now))[1]


def is_one_sided(joined: int, left: int) -> bool:
    """Whether fewer than ten joined or fewer than ten left.

    Another grouping tells a lower and an upper bound of what it cuts apart; each has to be loosened by ten.
    """
    return min(joined, left) < THRESHOLD
