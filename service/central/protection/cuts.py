"""What every safe choice of hidden figures has to fulfil, learnt from one choice that is not safe.

The least that a count can be is the answer of a linear problem, and the prices of its relations bound that least for
every other choice too: each figure that is hidden moves the bound by so much, whatever else is hidden. So in a safe
choice the hidden ones must together move it as far as is needed. A cut that is wrong could make a choice dearer than
it had to be, but never unsafe: that is proven elsewhere, by whole tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.central.protection.intruder import Gap, Intruder
from service.central.protection.pattern import Flags, Pattern
from service.central.protection.solver import Numbers, Undecided

NOTHING = 1e-9
"""Smaller prices are the noise of the solver."""
CLEARLY = 1e-4
"""By so much at least, of one, must the present choice fall short of its cut. Less could be lost in the noise."""


@dataclass(frozen=True)
class Cut:
    """Of the columns that are hidden, their parts must come to one in sum; or need not, if `only_if` is shown."""

    parts: Numbers
    only_if: int | None = None


def cut(intruder: Intruder, gap: Gap, pattern: Pattern, may_hide: Flags) -> Cut:
    """What this gap demands of every choice among what may be hidden. The present one falls short of it.

    A part of more than one counts as one, since one is enough. What is left of a count without an insider's own part
    is sought only while the count is hidden, and a group that is hidden tells nothing of its members.
    """
    only_if = gap.column if gap.of is None and may_hide[gap.column] else None
    try:
        moves, missing = _moves(intruder, gap, pattern, may_hide)
    except Undecided:
        return _one_more(pattern, may_hide, only_if)
    if only_if is not None:
        missing -= moves[only_if]
        moves[only_if] = 0
    if not missing - moves[pattern.is_hidden].sum() > CLEARLY * missing:
        return _one_more(pattern, may_hide, only_if)
    parts = np.minimum(moves / missing, 1)
    if gap.of is not None:
        parts[gap.of.whole] = 1
    return Cut(parts, only_if)


def _one_more(pattern: Pattern, may_hide: Flags, only_if: int | None) -> Cut:
    """For a gap that fractions would close and whole numbers do not: all that is sure is that this is too little."""
    return Cut(np.where(may_hide & ~pattern.is_hidden, 1.0, 0.0), only_if)


def _moves(intruder: Intruder, gap: Gap, pattern: Pattern, may_hide: Flags) -> tuple[Numbers, float]:
    """By how much each figure moves the bound if it is hidden, and by how much it must move if all were shown.

    Raises `Undecided`.
    """
    view, number = intruder.view, len(pattern.keys)
    low, high = view.floor.copy(), view.ceiling.copy()
    if_low, if_high = pattern.if_shown(may_hide)
    low[:number], high[:number] = np.maximum(low[:number], if_low), np.minimum(high[:number], if_high)
    cost, needed = _sought(gap, view.matrix.width)
    rows = _prices(intruder, gap, pattern, cost)
    rest = _cleaned(cost - view.matrix.priced(rows))
    bound = _least(rows, view.matrix.lower, view.matrix.upper) + _least(rest, low, high)
    up, down = np.flatnonzero((rest[:number] > 0) & may_hide), np.flatnonzero((rest[:number] < 0) & may_hide)
    moves = np.zeros(number)
    moves[up] = rest[up] * (low - view.floor)[up]
    moves[down] = -rest[down] * (view.ceiling[down] - high[down])
    return moves, bound - needed


def _sought(gap: Gap, width: int) -> tuple[Numbers, float]:
    """Costs for so many columns, and what the least must come down to for the gap to be closed."""
    if gap.of is not None:
        return gap.of.costs(width), gap.of.enough
    cost = np.zeros(width)
    cost[gap.column] = 1 if gap.is_low else -1
    return cost, gap.needed * float(cost[gap.column])


def _prices(intruder: Intruder, gap: Gap, pattern: Pattern, cost: Numbers) -> Numbers:
    """Of the relations, for the least cost with what is shown now."""
    lower, upper = intruder.bounds(pattern)
    if gap.of is None and not gap.is_low:
        # An end for what fractions could make endless. Where there is a gap the count does not come near it.
        upper[gap.column] = min(upper[gap.column], max(gap.needed, float(pattern.counts[gap.column])))
    intruder.least(intruder.solver, cost, lower, upper)
    return _cleaned(intruder.solver.prices())


def _cleaned(numbers: Numbers) -> Numbers:
    cleaned: Numbers = np.where(np.abs(numbers) < NOTHING, 0.0, numbers)
    return cleaned


def _least(prices: Numbers, lower: Numbers, upper: Numbers) -> float:
    """The least that the prices can come to within the bounds. Where there is no price, a bound may be endless."""
    up, down = prices > 0, prices < 0
    return float(prices[up] @ lower[up] + prices[down] @ upper[down])
