"""The least hiding that is safe, proven to be the least.

A master problem proposes the cheapest choice that nothing speaks against so far. Everybody attacks it. Whoever finds a
gap says what the gap demands of every choice, and the next one is proposed. A choice in which nobody finds a gap is
safe, as the same whole tables prove as ever; and since no cheaper one was left, it is the least.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.central.protection.cuts import Cut, cut
from service.central.protection.intruder import Intruder
from service.central.protection.master import Master
from service.central.protection.pattern import Flags, Pattern
from service.central.protection.secondary import runs
from service.central.protection.solver import Undecided

FEW = 600
"""Of so many counts at most it is tried. Measured were up to 330; of many more it could cost its limit for nothing."""
RUNS = 6_000
"""After so many runs of the solver no further choice is tried: a limit by work, the same on any machine.

The most that any release took in its measurements was 2,551.
"""
CHOICES = 200
"""Nor after so many choices, since each costs a search of its own."""


def hide_least(everybody: Sequence[Intruder], pattern: Pattern, limit: int = RUNS) -> bool:
    """Hides the least, and says whether it was found. If not, nothing is hidden that was not before.

    What is hidden before stays hidden.
    """
    first, may_hide = pattern.is_hidden, ~pattern.says_nothing
    master, tables = Master(pattern.weight, may_hide), _Tables(everybody)
    sharpest_first, last = list(everybody[::-1]), runs(everybody) + limit
    for _ in range(CHOICES):
        choice = master.cheapest() if runs(everybody) < last else None
        if choice is None:
            break
        pattern.is_hidden = first | choice
        tables.recall(pattern)
        try:
            cuts = _cuts(sharpest_first, pattern, may_hide)
        except Undecided:
            break
        if not cuts:
            return True
        tables.keep()
        for each in cuts:
            master.add(each)
    pattern.is_hidden = first
    tables.recall(pattern)
    return False


def _cuts(sharpest_first: list[Intruder], pattern: Pattern, may_hide: Flags) -> list[Cut]:
    """What the first who finds a gap demands, for each gap; who it was is asked first the next time."""
    for intruder in sharpest_first:
        cuts = [cut(intruder, gap, pattern, may_hide) for gap in intruder.gaps(pattern)]
        if cuts:
            sharpest_first.remove(intruder)
            sharpest_first.insert(0, intruder)
            return cuts
    return []


class _Tables:
    """All tables that were ever found: what deceives somebody in one choice may do so in another."""

    def __init__(self, everybody: Sequence[Intruder]) -> None:
        self._everybody = everybody
        self._kept = [each.tables for each in everybody]
        self._known = [len(each.tables) for each in everybody]

    def recall(self, pattern: Pattern) -> None:
        """Gives everybody those that agree with what is shown now."""
        for at, each in enumerate(self._everybody):
            each.tables = self._kept[at][pattern.all_agree(self._kept[at])]
            self._known[at] = len(each.tables)

    def keep(self) -> None:
        """Adds those that were found since."""
        for at, each in enumerate(self._everybody):
            self._kept[at] = np.vstack((self._kept[at], each.tables[self._known[at] :]))
