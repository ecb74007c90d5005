"""Which figures rest: new ones would tell, beside earlier ones, who joined or left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from service.central.catalogue.dates import period
from service.central.catalogue.naming import Name
from service.central.published import TOTAL
from service.central.releases.history import History, Shown
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
            self._known[scope, number] = is_too_little(joined + left) or self._are_alike(scope, number, joined + left)
        return self._known[scope, number]

    def _could_be_taken_apart(self, number: int, common: Scope) -> bool:
        """Whether too few moved in what both scopes count. Of releases that share no quarter it is never asked."""
        shares_a_quarter = self._history.quarter(number) >= period(self._quarter)[0]
        return shares_a_quarter and is_one_sided(*self._moved(common, number))

    def _moved(self, scope: Scope, number: int) -> tuple[int, int]:
        if scope not in self._now:
            self._now[scope] = counted(scope, self._quarter, self._facts)
        return moved(self._history.counted(number, scope), self._now[scope])

    def _are_alike(self, scope: Scope, number: int, everybody: int) -> bool:
        """Whether two figures would show that all who joined, or all who left, are in one and the same group.

        Where some joined and others left, no count can have moved by all of them, and no figure tells the two apart.
        """
        shown = [each for each in self._history.shown().get((scope, number), ()) if not each.is_whole]
        return any(self._surely_moved(each) >= everybody for each in shown)

    def _surely_moved(self, before: Shown) -> int:
        """By how many, at the least, a count has grown or shrunk, as its figures tell."""
        now = self._count(before.name)
        if now < THRESHOLD:
            return 0
        (low, high), (least, most) = told_by(before.figure), told_by(rounded(now))
        return max(least - high, low - most)


def is_one_sided(joined: int, left: int) -> bool:
    """Whether fewer than ten joined or fewer than ten left.

    Another grouping tells a lower and an upper bound of what it cuts apart; each has to be loosened by ten.
    """
    return min(joined, left) < THRESHOLD
