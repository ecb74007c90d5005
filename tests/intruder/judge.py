"""Knows the truth, and says which of the intruder's claims are a breach and which are wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from tests.intruder.claims import Bounds, Changed, Claims, Everybody, Row
from tests.intruder.codes import FIELDS, NOT_YET
from tests.intruder.reading import Where

AT = {name: place for place, name in enumerate(FIELDS)}
SMALL = range(1, 10)
WIDTH, EXISTS, NEAR = 5.0, 1.0, 1e-4


@dataclass(frozen=True)
class Truth:
    """`counted`: the facts of each release as they were when it was made, without authorities that were missing."""

    counted: Mapping[str, Counter[Row]]

    def count(self, release: str, unit: str, where: Where, insiders: tuple[str, ...] = ()) -> int:
        """How many facts, without the insiders' own."""
        held = self._held[release]
        among = held.standing if unit == "young_people" else held.everybody
        for who in insiders:
            among &= ~held.having("authority", (who,))
        for name, values in where.items():
            among &= held.having(name, values)
        return among.bit_count()

    @cached_property
    def _held(self) -> Mapping[str, _Held]:
        return {release: _Held(release, facts) for release, facts in self.counted.items()}

    def changed(self, earlier: str, later: str, unit: str, where: Where, *, joined: bool) -> int:
        """How many facts within `where` joined, or left, between two releases: as the unit counts them."""
        moved = self.moved(earlier, later, unit, joined=joined)
        return sum(number for row, number in moved.items() if _is_in(row, where))

    def moved(self, earlier: str, later: str, unit: str, *, joined: bool) -> Counter[Row]:
        """The facts, without when they were succeeded, that joined or left."""
        before, after = self._of(earlier, unit), self._of(later, unit)
        return after - before if joined else before - after

    def _of(self, release: str, unit: str) -> Counter[Row]:
        facts: Counter[Row] = Counter()
        for row, number in self.counted[release].items():
            if _stands(row, release, unit):
                facts[row[:-1]] += number
        return facts


class _Held:
    """A release's facts as bits, one for each: to count among them thousands of times."""

    def __init__(self, release: str, facts: Counter[Row]) -> None:
        self._having: dict[tuple[str, str], int] = {}
        self.everybody = self.standing = 0
        for place, row in enumerate(facts.elements()):
            self.everybody |= 1 << place
            self.standing |= _stands(row, release, "young_people") << place
            for name, at in AT.items():
                self._having[name, row[at]] = self._having.get((name, row[at]), 0) | 1 << place

    def having(self, name: str, values: Iterable[str]) -> int:
        """Those that have one of the values in a field."""
        return reduce(or_, (self._having.get((name, value), 0) for value in values), 0)


@dataclass(frozen=True)
class Breach:
    """Something that must not be. `what` says it without a true count."""

    test: str
    place: str
    what: str


def judged(claims: Claims, truth: Truth) -> list[Breach]:
    """All breaches. A claim that is not true is one too (test "wrong"): then this program has read something amiss."""
    breaches = [Breach(each.test, each.place, each.what) for each in claims.oddities]
    for bounds in claims.bounds:
        breaches += _bounds(bounds, truth)
    for everybody in claims.everybody:
        breaches += _everybody(everybody, truth)
    for changed in claims.changed:
        breaches += _changed(changed, truth)
    return breaches


def _bounds(claim: Bounds, truth: Truth) -> list[Breach]:
    count = truth.count(claim.release, claim.unit, claim.where, claim.insiders)
    place = _place(claim.release, claim.unit, claim.where, claim.insiders)
    if not claim.low - NEAR <= count <= claim.high + NEAR:
        return [Breach("wrong", place, f"bounds {claim.low:.2f} to {claim.high:.2f} do not hold the count")]
    if count not in SMALL:
        return []
    if claim.high - claim.low < WIDTH - NEAR:
        return [Breach(claim.test, place, f"a small count lies between {claim.low:.2f} and {claim.high:.2f}")]
    return [Breach(claim.test, place, "a small count is certainly not none")] if claim.low >= EXISTS - NEAR else []


def _everybody(claim: Everybody, truth: Truth) -> list[Breach]:
    whole = truth.count(claim.release, claim.unit, claim.where, claim.insiders)
    both = {**claim.where, claim.field: claim.values & claim.where.get(claim.field, claim.values)}
    part = truth.count(claim.release, claim.unit, both, claim.insiders)
    place = _place(claim.release, claim.unit, claim.where, claim.insiders)
    if not whole or part < claim.share * whole - NEAR:
        return [Breach("wrong", place, f"not {claim.share:.0%} of them have one value of {claim.field}")]
    return [Breach("T4", place, f"at least {claim.share:.0%} certainly have one value of {claim.field}")]


def _changed(claim: Changed, truth: Truth) -> list[Breach]:
    ends = (claim.earlier, claim.later, claim.unit)
    all_of_them = truth.changed(*ends, claim.scope, joined=claim.has_joined)
    have_it = truth.changed(*ends, claim.where, joined=claim.has_joined)
    place = _place(f"{claim.earlier} to {claim.later}", claim.unit, claim.where, ())
    if not all_of_them == have_it == claim.number:
        return [Breach("wrong", place, "not all who changed are in it")]
    side = "joined" if claim.has_joined else "left"
    return [Breach("T3", place, f"it is certain of all {claim.number} facts that {side}")]


def _is_in(row: Row, where: Where) -> bool:
    return all(row[AT[name]] in values for name, values in where.items())


def _stands(row: Row, release: str, unit: str) -> bool:
    succeeded_in = row[AT["succeeded_in"]]
    return unit == "assessments" or succeeded_in == NOT_YET or succeeded_in > release


def _place(when: str, unit: str, where: Where, insiders: tuple[str, ...]) -> str:
    constraints = " ".join(f"{name}={'|'.join(sorted(values))}" for name, values in sorted(where.items()))
    own = f" as {' and '.join(insiders)}" if insiders else ""
    return f"{when} {unit} {constraints or 'all'}{own}"
