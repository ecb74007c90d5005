"""What the harness tells the intruder beforehand: the worst that insiders and onlookers could know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import combinations

from tests.intruder.claims import Knowledge, Moved, Row, Rule
from tests.intruder.judge import AT, Truth
from tests.intruder.reading import Where

UNITS = ("young_people", "assessments")


def knowledge(
    truth: Truth,
    *,
    rule: Rule | None = None,
    universes: Mapping[str, Where] | None = None,
) -> Knowledge:
    """Every authority's insiders with their own facts, every pair of them, and how many facts moved where."""
    own = {
        (release, who): Counter({row: number for row, number in facts.items() if row[AT["authority"]] == who})
        for release, facts in truth.counted.items()
        for who in sorted({row[AT["authority"]] for row in facts})
    }
    every = tuple(combinations(sorted({who for _, who in own}), 2))
    moved = {ends: _moved(truth, *ends) for ends in combinations(sorted(truth.counted), 2)}
    return Knowledge(rule or Rule(), universes or {}, own, moved, every, _kinds(own))


def _kinds(own: Mapping[tuple[str, str], Counter[Row]]) -> dict[str, frozenset[str]]:
    """By authority, in any of the releases."""
    found: dict[str, frozenset[str]] = {}
    for (_, who), rows in own.items():
        found[who] = found.get(who, frozenset()) | {row[AT["record_type"]] for row in rows}
    return found


def _moved(truth: Truth, earlier: str, later: str) -> Moved:
    """By unit, authority and quarter."""
    sides: list[dict[tuple[str, str, str], int]] = []
    for joined in (True, False):
        found: Counter[tuple[str, str, str]] = Counter()
        for unit in UNITS:
            for row, number in truth.moved(earlier, later, unit, joined=joined).items():
                found[unit, row[AT["authority"]], row[AT["quarter"]]] += number
        sides.append(dict(found))
    return Moved(*sides)
