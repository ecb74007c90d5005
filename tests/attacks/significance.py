"""Whether two kinds of request take different times: Wilcoxon's signed ranks over pairs, and Holm's correction."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence


def signed_rank(differences: Sequence[float]) -> float:
    """The two-sided p of pairs that differ by this, by the normal approximation with ties and continuity corrected.

    Pairs that do not differ say nothing and are left out. 1.0 for fewer than ten: nothing can be said.
    """
    known = sorted((each for each in differences if each), key=abs)
    count = len(known)
    if count < 10:
        return 1.0
    ranks = _ranks([abs(each) for each in known])
    above = sum(rank for rank, each in zip(ranks, known, strict=True) if each > 0)
    expected = count * (count + 1) / 4
    ties = sum(many**3 - many for many in Counter(ranks).values()) / 48
    spread = math.sqrt(count * (count + 1) * (2 * count + 1) / 24 - ties)
    z = max(abs(above - expected) - 0.5, 0) / spread
    return math.erfc(z / math.sqrt(2))


def _ranks(ordered: Sequence[float]) -> list[float]:
    """From 1; equal ones share the middle of their places."""
    first: dict[float, int] = {}
    for place, each in enumerate(ordered, 1):
        first.setdefault(each, place)
    many = Counter(ordered)
    return [first[each] + (many[each] - 1) / 2 for each in ordered]


def holm(values: Sequence[float]) -> list[float]:
    """Each p, corrected for how many were looked at, in their order."""
    places = sorted(range(len(values)), key=lambda place: values[place])
    corrected, highest = [1.0] * len(values), 0.0
    for step, place in enumerate(places):
        highest = max(highest, min((len(values) - step) * values[place], 1.0))
        corrected[place] = highest
    return corrected
