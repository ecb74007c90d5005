"""Seeded cohorts: young people, their records over six quarters, and what each quarter hands over or takes back.

In a quiet cohort so few facts change before the last release that each of them could be told from it, if it let them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.intruder.codes import FIELDS, NOT_ASKED, NOT_RECORDED, NOT_YET, quarter_after, window
from tests.intruder.people import AUTHORITIES, Person, Record, changed, person, record

SIZES = (10, 30, 50, 100, 200, 300, 500, 1000)
EVEN = 80
"""The seeds below it hold every size alike, busy and quiet, with every few."""
FREQUENT = {10: 10, 30: 8, 50: 5, 100: 3, 200: 2, 300: 1, 500: 1, 1000: 1}
"""Of later seeds so many in 31 have a size: a large cohort takes ten times as long as a small one. 31 shares no factor
with the turns of the kinds, so each size meets each of them."""
LATER = tuple(sorted((size for size, number in FREQUENT.items() for _ in range(number)), key=lambda size: -size))
QUARTERS = tuple(quarter_after("2025Q2", step) for step in range(6))
RELEASES = QUARTERS[3:]
FEW = (0, 1, 2, 9, 10)
"""So many people or records change before the last release of a quiet cohort."""

Row = tuple[str, ...]
"""A fact: the codes of `FIELDS`, in their order."""


@dataclass(frozen=True)
class Step:
    """What crosses in one quarter."""

    quarter: str
    taken_back: Counter[Row]
    handed_over: Counter[Row]


@dataclass(frozen=True)
class Cohort:
    """`steps` in order of time. `is_quiet`: only `few` changes lie between the last two releases."""

    seed: int
    size: int
    is_quiet: bool
    few: int
    steps: tuple[Step, ...]

    def standing(self, quarter: str) -> Counter[Row]:
        """All facts there are when that quarter is over."""
        facts: Counter[Row] = Counter()
        for step in self.steps:
            if step.quarter <= quarter:
                facts.update(step.handed_over)
                facts.subtract(step.taken_back)
        return +facts

    def counted(self, quarter: str) -> Counter[Row]:
        """The facts a release of that quarter counts."""
        period = window(quarter)
        return Counter({row: number for row, number in self.standing(quarter).items() if row[0] in period})


@dataclass
class _World:
    """What is so far. `versions`: each standing record by its number, in order of arrival."""

    random: Random
    one_sided: tuple[str, ...]
    people: list[Person] = field(default_factory=list)
    versions: dict[int, Record] = field(default_factory=dict)
    arrived: int = 0

    def arrive(self, new: Record) -> None:
        self.versions[self.arrived] = new
        self.arrived += 1

    def joins(self, quarter: str) -> None:
        """Somebody comes, with a first record."""
        self.people.append(person(self.random))
        number = len(self.people) - 1
        self.arrive(self._record(number, quarter, is_first=True))

    def reviewed(self, number: int, quarter: str) -> None:
        self.arrive(self._record(number, quarter, is_first=False))

    def corrected(self) -> None:
        if self.versions:
            chosen = self.random.choice(sorted(self.versions))
            self.versions[chosen] = changed(self.random, self.versions[chosen])

    def withdrawn(self) -> Record | None:
        if not self.versions:
            return None
        return self.versions.pop(self.random.choice(sorted(self.versions)))

    def facts(self) -> Counter[Row]:
        """As the casework side hands them over: each person's records know the one before and the one after."""
        by_person: dict[int, list[tuple[str, int, Record]]] = {}
        for arrival, each in self.versions.items():
            by_person.setdefault(each.person, []).append((each.quarter, arrival, each))
        rows: Counter[Row] = Counter()
        for number, found in by_person.items():
            rows.update(_chain([each for *_, each in sorted(found, key=lambda of: of[:2])], self.people[number]))
        return rows

    def _record(self, number: int, quarter: str, *, is_first: bool) -> Record:
        who = self.people[number]
        return record(self.random, who, number, quarter, is_first=is_first, one_sided=self.one_sided)


def _chain(records: Sequence[Record], who: Person) -> list[Row]:
    rows = []
    for place, each in enumerate(records):
        codes = dict(each.codes)
        for name in ("exploitation", "education"):
            codes[f"{name}_before"] = _before(name, each, records[place - 1] if place else None)
        after = records[place + 1].quarter if place + 1 < len(records) else NOT_YET
        codes |= {"quarter": each.quarter, "authority": who.authority, "succeeded_in": after}
        rows.append(tuple(codes[name] for name in FIELDS))
    return rows


def _before(name: str, each: Record, previous: Record | None) -> str:
    if each.codes["record_type"] == "nwg_assessment":
        return NOT_ASKED
    if each.is_first:
        return "first"
    known = previous.codes[name] if previous else NOT_ASKED
    return NOT_RECORDED if known == NOT_ASKED else known


def size_of(seed: int) -> int:
    """How many young people the cohort of a seed has."""
    return SIZES[seed % len(SIZES)] if seed < EVEN else LATER[7 * seed % len(LATER)]


def cohort(seed: int, size: int | None = None) -> Cohort:
    """The cohort of a seed; sizes and kinds take turns, so that any few hundred seeds hold all of them."""
    random = Random(seed)
    size = size or size_of(seed)
    is_quiet, few = bool(seed // len(SIZES) % 2), FEW[seed // (2 * len(SIZES)) % len(FEW)]
    world = _World(random, tuple(random.sample(AUTHORITIES, 2)))
    steps: list[Step] = []
    before: Counter[Row] = Counter()
    for index, quarter in enumerate(QUARTERS):
        if is_quiet and index == len(QUARTERS) - 1:
            _quietly(world, quarter, few)
        elif not (is_quiet and index < 2):
            _busily(world, quarter, size // (3 if is_quiet else 6) + 1, size)
        after = world.facts()
        steps.append(Step(quarter, before - after, after - before))
        before = after
    return Cohort(seed, size, is_quiet, few, tuple(steps))


def _busily(world: _World, quarter: str, joining: int, size: int) -> None:
    """New people, reviews (some of the quarter before come late), corrections, withdrawals and what is sent again."""
    random, known = world.random, len(world.people)
    for _ in range(min(joining, size - known)):
        world.joins(quarter)
    for number in range(known):
        if random.random() < 0.55:
            is_late = random.random() < 0.08 and quarter > QUARTERS[0]
            world.reviewed(number, quarter_after(quarter, -1) if is_late else quarter)
    for _ in range(max(1, known // 25)):
        world.corrected()
    for _ in range(max(1, known // 50)):
        taken = world.withdrawn()
        if taken and random.random() < 0.5:
            world.arrive(changed(random, taken))


def _quietly(world: _World, quarter: str, few: int) -> None:
    """So few changes that somebody could be told: joiners, and every third time a correction or a withdrawal."""
    for number in range(few):
        kind = (world.joins, world.joins, lambda _: world.corrected(), world.joins, lambda _: world.withdrawn())
        kind[(number + world.random.randrange(2)) % len(kind)](quarter)
