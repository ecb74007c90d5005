"""Made-up young people for the intruder's cohorts: who they are, and what one record of theirs says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.intruder.codes import CHARACTERISTICS, CODES, NOT_ASKED, NOT_ASKED_BY_NWG, NOT_RECORDED, STATEMENTS

AUTHORITIES = tuple(f"E080000{number:02}" for number in range(1, 11))
SIZES = (30, 20, 14, 10, 8, 6, 5, 4, 2, 1)
"""How many of a hundred young people each authority has: one region has large ones and tiny ones."""
WEIGHTS: Mapping[str, tuple[int, ...]] = {
    "record_type": (70, 20, 10),
    "forms": (35, 40, 10, 5, 10, 0),
    "age_band": (2, 18, 38, 34, 3, 5),
    "sex": (55, 42, 3),
    "ethnic_group": (60, 5, 9, 13, 6, 3, 4),
    "disability": (20, 70, 10),
    "looked_after": (30, 65, 5),
    "own_words": (80, 20, 0),
    "areas_complete": (60, 35, 5, 0),
    "plan_items": (5, 60, 30, 5, 0),
    "education": (50, 20, 18, 7, 5, 0),
}
STATEMENT_WEIGHTS = (27, 48, 25)


@dataclass(frozen=True)
class Person:
    """Somebody made up. `attributes` are codes by field, the same in all their records until corrected."""

    authority: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """One record of a person: when it was completed, and what it says, without what follows from others."""

    person: int
    quarter: str
    is_first: bool
    codes: Mapping[str, str]


def drawn(random: Random, field: str) -> str:
    """A code of the field, as often as `WEIGHTS` says; without weights all but `not_asked` alike."""
    values = CODES[field]
    weights = WEIGHTS.get(field) or [
        int(value not in (NOT_ASKED, "first", "initial", "not_a_review")) for value in values
    ]
    return random.choices(values, weights)[0]


def person(random: Random) -> Person:
    """Somebody in one of the authorities; the smallest have people who are all alike in much."""
    attributes = {field: drawn(random, field) for field in CHARACTERISTICS}
    return Person(random.choices(AUTHORITIES, SIZES)[0], attributes)


def record(
    random: Random, who: Person, number: int, quarter: str, *, is_first: bool, one_sided: Sequence[str]
) -> Record:
    """A record. In an authority among the `one_sided` every statement is the same: groups of which all is known."""
    codes = {field: drawn(random, field) for field in CODES if field not in CHARACTERISTICS}
    statement = STATEMENTS[1] if who.authority in one_sided else random.choices(STATEMENTS, STATEMENT_WEIGHTS)[0]
    codes |= {**who.attributes, "exploitation": statement, "first_or_review": "first" if is_first else "review"}
    return Record(number, quarter, is_first, _as_asked(codes, is_first=is_first))


def changed(random: Random, kept: Record) -> Record:
    """The record with one or two attributes corrected."""
    fields = random.sample(("sex", "ethnic_group", "age_band", "looked_after", "exploitation"), random.choice((1, 2)))
    codes = dict(kept.codes)
    for field in fields:
        if codes[field] != NOT_ASKED:
            codes[field] = random.choice([value for value in CODES[field] if value not in (NOT_ASKED, codes[field])])
    return Record(kept.person, kept.quarter, kept.is_first, _as_asked(codes, is_first=kept.is_first))


def _as_asked(codes: dict[str, str], *, is_first: bool) -> dict[str, str]:
    """With what follows from the kind of record, and from whether it is the first."""
    if codes["record_type"] == "nwg_assessment":
        codes |= dict.fromkeys(NOT_ASKED_BY_NWG, NOT_ASKED)
    if codes["record_type"] != "rise_meeting_output":
        codes["agencies"] = NOT_ASKED
    if is_first:
        codes |= {"review_timeliness": "not_a_review", "review_trigger": "initial"}
    unknown = sum(codes[field] == NOT_RECORDED for field in CHARACTERISTICS)
    completeness = {0: "all_recorded", len(CHARACTERISTICS): "none_recorded"}
    return codes | {"characteristics": completeness.get(unknown, "some_recorded")}
