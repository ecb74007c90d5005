"""Made-up facts of a year: as many as it takes for a release to show something. No record stands behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from sqlalchemy import column, insert, table, text

from service.domain.fact import (
    CHARACTERISTICS,
    FIELDS,
    FIRST,
    NOT_A_REVIEW,
    NOT_ASKED,
    NOT_RECORDED,
    NOT_YET,
    Fact,
    characteristics_of,
)
from service.store.engine import short_lived_engine

YOUNG_PEOPLE = 120
_SEED = 11
AUTHORITIES = ("E08000004", "E08000006", "E08000007", "E08000008")
"""The four whose case systems are played here."""
_PERSON: Mapping[str, Mapping[str, int]] = {
    "sex": {"F": 11, "M": 9},
    "age_band": {"10_13": 4, "14_15": 8, "16_17": 8},
    "ethnic_group": {"white_british": 11, "mixed": 3, "asian": 4, "black": 2, "not_recorded": 1},
    "disability": {"yes": 3, "no": 10, "not_recorded": 1},
    "looked_after": {"yes": 4, "no": 9},
    "forms": {"criminal": 9, "sexual": 7, "sexual_and_criminal": 3, "other": 1},
}
_EVERY_RECORD: Mapping[str, Mapping[str, int]] = {
    "record_type": {"wise_assessment": 8, "rise_meeting_output": 3, "nwg_assessment": 1},
    "exploitation": {"experiencing": 3, "at_risk": 4, "no_known_risk_or_manageable": 3},
    "education": {"attending": 5, "low_attendance": 4, "not_attending": 2, "work_or_training": 1},
    "took_part": {"attended": 7, "by_other_means": 2, "did_not": 1},
    "carer_involved": {"yes": 7, "no": 2, "not_safe": 1},
    "own_words": {"yes": 7, "no": 1},
    "areas_complete": {"all": 3, "some": 2},
    "plan_items": {"1_to_3": 4, "4_to_6": 2, "none": 1},
    "panel_decision": {"referred": 3, "not_referred": 4, "not_considered": 2},
    "agencies": {"one": 1, "two_or_three": 3, "four_or_more": 3},
    "supervision": {"yes": 6, "no": 2, "not_recorded": 1},
    "training_current": {"yes": 9, "no": 1},
}
_REVIEW: Mapping[str, Mapping[str, int]] = {
    "review_trigger": {"scheduled": 6, "significant_event": 2, "change_in_circumstances": 1},
    "review_timeliness": {"early": 1, "on_time": 6, "late_up_to_14_days": 3, "late_over_14_days": 1},
}
_NOT_BY_NWG = ("exploitation", "forms", "education", "own_words", "areas_complete", "plan_items")

Codes = dict[str, str]


def made_up(quarters: Sequence[str]) -> list[Fact]:
    """Nearly two hundred facts of these quarters, oldest first, and the same each time.

    They agree with each other: a review tells of the record before it, and is what that one was succeeded by.
    """
    draw = Random(_SEED)  # noqa: S311 - nothing here is secret; it has to be the same each time
    return [fact for _ in range(YOUNG_PEOPLE) for fact in _young_person(draw, quarters)]


def hand_over(database_url: str, facts: Sequence[Fact]) -> None:
    """Through the door of the central schema, each for its own authority. The address signs in as `wise_intake`.

    The code of the door is the wiring's alone. The database keeps the same door: this role may add a row of codes for
    the authority it acts for, and reads nothing back.
    """
    write = insert(table("fact", *map(column, FIELDS), schema="central")).inline()
    acting_for = text("SELECT set_config('wise.authority', :authority, true)")
    with short_lived_engine(database_url) as engine, engine.begin() as connection:
        for fact in facts:
            connection.execute(acting_for, {"authority": fact.authority})
            connection.execute(write, {name: getattr(fact, name) for name in FIELDS})


def _young_person(draw: Random, quarters: Sequence[str]) -> Iterator[Fact]:
    """One young person's records, from a first one on, a quarter apart."""
    person = {"authority": draw.choices(AUTHORITIES)[0]} | _some(draw, _PERSON)
    person["characteristics"] = characteristics_of({name: person[name] for name in CHARACTERISTICS})
    begins = draw.randrange(len(quarters))
    own = quarters[begins : begins + draw.choice((1, 1, 2, 3))]
    records = [person | _record(draw, quarter) for quarter in own]
    _as_first(records[0])
    for before, after in pairwise(records):
        _as_review(draw, before, after)
    return (Fact(**record) for record in records)


def _record(draw: Random, quarter: str) -> Codes:
    """What a record says by itself; what its kind does not ask for is not asked."""
    made = _some(draw, _EVERY_RECORD) | {"quarter": quarter, "succeeded_in": NOT_YET}
    if made["record_type"] != "rise_meeting_output":
        made["agencies"] = NOT_ASKED
    return made | (dict.fromkeys(_NOT_BY_NWG, NOT_ASKED) if made["record_type"] == "nwg_assessment" else {})


def _as_first(record: Codes) -> None:
    record |= {"first_or_review": FIRST, "review_trigger": "initial", "review_timeliness": NOT_A_REVIEW}
    record |= {f"{name}_before": _if_asked(record, FIRST) for name in ("exploitation", "education")}


def _as_review(draw: Random, before: Codes, after: Codes) -> None:
    before["succeeded_in"] = after["quarter"]
    after |= {"first_or_review": "review"} | _some(draw, _REVIEW)
    for name in ("exploitation", "education"):
        known = NOT_RECORDED if before[name] == NOT_ASKED else before[name]
        after[f"{name}_before"] = _if_asked(after, known)


def _if_asked(record: Codes, code: str) -> str:
    return NOT_ASKED if record["record_type"] == "nwg_assessment" else code


def _some(draw: Random, fields: Mapping[str, Mapping[str, int]]) -> Codes:
    return {name: _one(draw, codes) for name, codes in fields.items()}


def _one(draw: Random, codes: Mapping[str, int]) -> str:
    return draw.choices(list(codes), list(codes.values()))[0]
