"""Groups whose members can nearly all be taken to have one value of a sensitive field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from service.central.protection.problem import Key, Problem
from service.central.protection.solver import Flags, Numbers

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


class Groups:
    """All groups of a problem with each of their parts that can be published, in their order."""

    def __init__(self, problem: Problem, place: Mapping[Key, int]) -> None:
        shown = dict.fromkeys(key for key in problem.counts if key not in problem.unpublished)
        self._column = {place[key]: column for column, key in enumerate(shown)}
        pairs = [
            (place[whole], place[part])
            for whole, parts in problem.certain
            for part in parts
            if whole in shown and part in shown
        ]
        self._whole, self._part = np.array(pairs, np.int32).reshape(-1, 2).T

    def alike(self, counts: Numbers, own: Numbers, known: Flags) -> Iterator[Alike]:
        """Those that are truly alike without the intruder's own, where the intruder does not know it anyhow."""
        others, same = (counts - own)[self._whole], (counts - own)[self._part]
        is_alike = (others != 0) & (10 * same >= TENTHS * others) & ~known[self._whole] & ~known[self._part]
        for whole, part in zip(self._whole[is_alike].tolist(), self._part[is_alike].tolist(), strict=True):
            yield Alike(self._column[whole], self._column[part], int(own[whole]), int(own[part]))
