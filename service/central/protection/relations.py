"""Linear relations between counts, made as few as an intruder's knowledge allows before any solver sees them.

Whole arrays at once: every release has more than fifty intruders, and each of them has relations of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from service.central.protection.problem import Key, Problem
from service.central.protection.solver import Flags, Numbers, Places


@dataclass(frozen=True)
class Relations:
    """`lower <= sum of sign * count <= upper`; the signs are 1 and -1, and counts go by their place in the problem.

    An entry for each count of each relation, relation by relation: `row`, `column` and `sign`. `lower` and `upper` have
    one for each relation, and keep it where no entry is left.
    """

    row: Places
    column: Places
    sign: Numbers
    lower: Numbers
    upper: Numbers

    @classmethod
    def of(cls, rows: Sequence[Mapping[int, int]], lower: Sequence[float], upper: Sequence[float]) -> Relations:
        """From each relation's signs by count."""
        row = np.repeat(np.arange(len(rows), dtype=np.int32), [len(each) for each in rows])
        column = np.array([count for each in rows for count in each], np.int32)
        sign = np.array([sign for each in rows for sign in each.values()], float)
        return cls(row, column, sign, np.array(lower, float), np.array(upper, float))

    def _only(self, entries: Flags) -> Relations:
        return replace(self, row=self.row[entries], column=self.column[entries], sign=self.sign[entries])

    def lengths(self) -> Places:
        """How many entries each relation has."""
        return np.bincount(self.row, minlength=len(self.lower)).astype(np.int32)

    def without_known(self, known: Flags, counts: Numbers) -> Relations:
        """The known counts taken out."""
        settled = known[self.column]
        shares = (self.sign * counts[self.column])[settled]
        sure = np.bincount(self.row[settled], shares, len(self.lower))
        return replace(self._only(~settled), lower=self.lower - sure, upper=self.upper - sure)

    def without_slack(self, free: Flags) -> Relations:
        """Without the free counts that stand in one relation only: such a one merely turns an equation into a bound.

        A relation that bounds nothing any more goes, after which others may stand in one relation only.
        """
        now = self
        while True:
            is_alone = free & (np.bincount(now.column, minlength=len(free)) == 1)
            slack = is_alone[now.column]
            if not slack.any():
                return now
            lower, upper = now.lower.copy(), now.upper.copy()
            lower[now.row[slack & (now.sign > 0)]] = -np.inf
            upper[now.row[slack & (now.sign < 0)]] = np.inf
            is_bound = np.isfinite(lower) | np.isfinite(upper)
            now = replace(now._only(~slack & is_bound[now.row]), lower=lower, upper=upper)

    def bounds(self, number: int) -> tuple[Numbers, Numbers]:
        """What the relations of a single count say of each of so many counts; else none, and without end."""
        low, high = np.zeros(number), np.full(number, np.inf)
        single = self._only((self.lengths() == 1)[self.row])
        lower, upper = single.lower[single.row], single.upper[single.row]
        is_up = single.sign > 0
        np.maximum.at(low, single.column, np.where(is_up, lower, -upper))
        np.minimum.at(high, single.column, np.where(is_up, upper, -lower))
        return low, high

    def of_several(self) -> Relations:
        """The relations of two counts and more, each once, numbered anew: where it first stood, as it was last said."""
        codes = 2 * self.column + (self.sign > 0)
        packed = codes[np.lexsort((codes, self.row))].tobytes()
        lengths = self.lengths()
        ends = np.cumsum(lengths) * codes.itemsize
        begins = ends - lengths * codes.itemsize
        said = zip(begins.tolist(), ends.tolist(), self.lower.tolist(), self.upper.tolist(), strict=True)
        kept: dict[object, int] = {}
        for row, (begin, end, lower, upper) in enumerate(said):
            if end - begin > codes.itemsize:
                kept[packed[begin:end], lower, upper] = row
        return self._in_order(list(kept.values()))

    def _in_order(self, rows: list[int]) -> Relations:
        rank = np.full(len(self.lower), -1, np.int32)
        rank[rows] = np.arange(len(rows))
        some = self._only(rank[self.row] >= 0)
        order = np.argsort(rank[some.row], kind="stable")
        places = rank[some.row][order], some.column[order], some.sign[order]
        return Relations(*places, self.lower[rows], self.upper[rows])


@dataclass(frozen=True)
class Parts:
    """Sums as arrays: of each its `whole`, and of each part the number of its sum and its place."""

    whole: Places
    row: Places
    part: Places

    @classmethod
    def of(cls, sums: Iterable[tuple[Key, tuple[Key, ...]]], place: Mapping[Key, int]) -> Parts:
        """By the places of the counts."""
        numbered = [(place[whole], [place[part] for part in parts]) for whole, parts in sums]
        row = np.repeat(np.arange(len(numbered), dtype=np.int32), [len(parts) for _, parts in numbered])
        part = np.array([part for _, parts in numbered for part in parts], np.int32)
        return cls(np.array([whole for whole, _ in numbered], np.int32), row, part)

    def together(self, numbers: Numbers) -> Numbers:
        """For each sum what its parts come to."""
        return np.bincount(self.row, numbers[self.part], len(self.whole)).astype(float)


def relations_of(problem: Problem, place: Mapping[Key, int]) -> Relations:
    """The sums and the upper bounds, with every count as an unknown."""
    sums = [{place[whole]: 1, **dict.fromkeys((place[part] for part in parts), -1)} for whole, parts in problem.sums]
    pairs = [{place[less]: 1, place[most]: -1} for less, most in problem.at_most]
    lower = [0.0] * len(sums) + [-np.inf] * len(pairs)
    return Relations.of([*sums, *pairs], lower, [0.0] * len(lower))


def everything_known(sums: Parts, known: Flags) -> Flags:
    """What follows from the known counts by adding up, and by taking all other parts from a sum."""
    found = known.copy()
    while True:
        unknown = ~found
        missing = sums.together(unknown.astype(float)) + unknown[sums.whole] == 1
        is_news = np.zeros(len(found), bool)
        is_news[sums.part[missing[sums.row]]] = True
        is_news[sums.whole[missing]] = True
        is_news &= unknown
        if not is_news.any():
            return found
        found |= is_news
