"""Groups whose members can nearly all be taken to have one value of a sensitive field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.central.protection.problem import Key, Problem
from service.central.protection.solver import Numbers

TENTHS = 9
"""So many of ten, and a group's members can be taken to have the value."""


@dataclass(frozen=True)
class Alike:
    """A group and a part of it, as columns, and how many of each are the intruder's own.

    Of the others in the group nine tenths or more truly have the part's value. That must not be certain.
    """

    whole: int
    part: int
    own_whole: int
    own_part: int

    def doubt(self, tables: Numbers) -> Numbers:
        """By how much each table speaks against it: above zero, the others are not alike there. In tenths."""
        others = tables[..., self.whole] - self.own_whole
        doubt: Numbers = TENTHS * others - 10 * (tables[..., self.part] - self.own_part)
        return doubt

    def costs(self, width: int) -> Numbers:
        """The doubt as costs of so many columns, with its sign turned: the least is the greatest doubt."""
        costs = np.zeros(width)
        costs[[self.whole, self.part]] = -TENTHS, 10
        return costs

    @property
    def enough(self) -> float:
        """There is a doubt where the costs come to no more than this: in whole tables doubts go by whole tenths."""
        return 10 * self.own_part - TENTHS * self.own_whole - 1.0

    def needed(self, whole: float) -> float:
        """The most that the part may be, among so many in the group, for there to be a doubt."""
        return self.own_part + float(np.ceil(TENTHS * (whole - self.own_whole) / 10)) - 1


def alike(problem: Problem, keys: Sequence[Key], own: Mapping[Key, int], known: Mapping[Key, int]) -> Iterator[Alike]:
    """The groups that are truly alike without the intruder's own, where the intruder does not know it anyhow."""
    place = {key: column for column, key in enumerate(keys)}
    for whole, parts in problem.certain:
        others = problem.counts[whole] - own.get(whole, 0)
        for part in parts if whole in place and whole not in known and others else ():
            same = problem.counts[part] - own.get(part, 0)
            if part in place and part not in known and 10 * same >= TENTHS * others:
                yield Alike(place[whole], place[part], own.get(whole, 0), own.get(part, 0))
