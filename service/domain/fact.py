"""The only thing about a record that may cross to the central side: a row of codes (domain model 3.13).

A new field is closed until somebody adds it here, to the table's checks, to docs/fact.md and to the tests that list
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from service.domain.codes import EXPLOITATION, RECORD_TYPES

NOT_ASKED = "not_asked"
"""This kind of record does not ask for it; no answer is invented for it."""
NOT_RECORDED = "not_recorded"
"""It was asked for, and is not known. It is never turned into no."""
FIRST = "first"
NOT_A_REVIEW = "not_a_review"
NOT_YET = "not_yet"
"""`succeeded_in` of the record that stands for its young person."""

_YES_NO = ("yes", "no", NOT_RECORDED)
_ATTENDANCE = ("attending", "low_attendance", "not_attending", "work_or_training")

CODES: Mapping[str, tuple[str, ...]] = {
    "record_type": RECORD_TYPES,
    "first_or_review": (FIRST, "review"),
    "review_trigger": ("initial", "scheduled", "significant_event", "change_in_circumstances", NOT_RECORDED),
    "exploitation": (*EXPLOITATION, NOT_ASKED),
    "forms": ("sexual", "criminal", "sexual_and_criminal", "other", NOT_RECORDED, NOT_ASKED),
    "age_band": ("under_10", "10_13", "14_15", "16_17", "18_plus", NOT_RECORDED),
    "sex": ("F", "M", NOT_RECORDED),
    "ethnic_group": ("white_british", "white_minority", "mixed", "asian", "black", "other", NOT_RECORDED),
    "disability": _YES_NO,
    "looked_after": _YES_NO,
    "review_timeliness": ("early", "on_time", "late_up_to_14_days", "late_over_14_days", NOT_RECORDED, NOT_A_REVIEW),
    "took_part": ("attended", "by_other_means", "did_not", "under_4", NOT_RECORDED),
    "carer_involved": ("yes", "no", "not_safe", NOT_RECORDED),
    "own_words": ("yes", "no", NOT_ASKED),
    "areas_complete": ("all", "some", "none", NOT_ASKED),
    "plan_items": ("none", "1_to_3", "4_to_6", "7_or_more", NOT_ASKED),
    "panel_decision": ("referred", "not_referred", "deferred", "not_considered", NOT_RECORDED),
    "agencies": ("one", "two_or_three", "four_or_more", NOT_ASKED),
    "supervision": _YES_NO,
    "training_current": _YES_NO,
    "characteristics": ("all_recorded", "some_recorded", "none_recorded"),
    "education": (*_ATTENDANCE, NOT_RECORDED, NOT_ASKED),
    "exploitation_before": (*EXPLOITATION, FIRST, NOT_RECORDED, NOT_ASKED),
    "education_before": (*_ATTENDANCE, FIRST, NOT_RECORDED, NOT_ASKED),
}
"""The values of every field but `quarter`, `authority` and `succeeded_in`, which are of a form."""

CHARACTERISTICS = ("age_band", "sex", "ethnic_group", "disability", "looked_after")
"""The fields that `characteristics` sums up."""
STATEMENTS = ("exploitation", "forms", "education", "exploitation_before", "education_before")
CONTENT = ("own_words", "areas_complete", "plan_items")
"""These and `STATEMENTS` are asked for by WISE and RISE, and not by NWG."""

_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")
_AUTHORITY = re.compile(r"[EWSN][0-9]{8}")


class FactRefused(ValueError):
    """A fact that may not cross. `fields` names what is wrong with it; no value is ever repeated."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.fields = names
        super().__init__(f"the fact was refused for: {', '.join(names)}")


@dataclass(frozen=True)
class Fact:
    """`quarter` like 2026Q3, `authority` an ONS code, the rest codes of `CODES`. Nothing else fits."""

    quarter: str
    authority: str
    record_type: str
    first_or_review: str
    review_trigger: str
    exploitation: str
    forms: str
    age_band: str
    sex: str
    ethnic_group: str
    disability: str
    looked_after: str
    review_timeliness: str
    took_part: str
    carer_involved: str
    own_words: str
    areas_complete: str
    plan_items: str
    panel_decision: str
    agencies: str
    supervision: str
    training_current: str
    characteristics: str
    education: str
    exploitation_before: str
    education_before: str
    succeeded_in: str

    def __post_init__(self) -> None:
        """Refuses, whoever made it: first what is no listed code, then codes that contradict each other."""
        wrong = tuple(name for name in FIELDS if not _is_listed(name, getattr(self, name)))
        if wrong or (wrong := tuple(dict.fromkeys(_contradictions(self)))):
            raise FactRefused(wrong)


FIELDS: tuple[str, ...] = tuple(each.name for each in fields(Fact))

NARROW = ("quarter", "authority", "record_type", "exploitation")
NOT_ASKED_BEFORE = "not_asked_by_this_record"
"""How `not_asked` was written while a fact had these four fields."""

RESTORED: Mapping[str, str] = {
    **dict.fromkeys((name for name, codes in CODES.items() if codes[-1] == NOT_RECORDED), NOT_RECORDED),
    **dict.fromkeys(("forms", "education"), NOT_RECORDED),
    "first_or_review": FIRST,
    "review_trigger": "initial",
    "review_timeliness": NOT_A_REVIEW,
    "characteristics": "none_recorded",
    "exploitation_before": FIRST,
    "education_before": FIRST,
    "succeeded_in": NOT_YET,
    **dict.fromkeys(("own_words", "areas_complete", "plan_items", "agencies"), NOT_ASKED),
}
"""What a restored fact has in the fields that came later. The table's columns have the same defaults."""
RESTORED_NWG: Mapping[str, str] = dict.fromkeys(STATEMENTS, NOT_ASKED)
"""Where an NWG fact differs from that."""


def fact_from(kept: Mapping[str, str]) -> Fact:
    """A fact as it was kept with its record, exactly as it crossed. Raises `FactRefused` for any other mapping."""
    if kept.keys() == set(FIELDS):
        return Fact(**kept)
    if kept.keys() != set(NARROW):
        raise FactRefused(tuple(name for name in FIELDS if name not in kept) or FIELDS)
    nwg = RESTORED_NWG if kept["record_type"] == "nwg_assessment" else {}
    return Fact(**{**RESTORED, **kept, **nwg})


def is_narrow(fact: Fact) -> bool:
    """Whether it is a WISE or RISE fact from when a fact had four fields, so that its content is not known here."""
    return fact.record_type != "nwg_assessment" and fact.own_words == NOT_ASKED


def characteristics_of(known: Mapping[str, str]) -> str:
    """How many of `CHARACTERISTICS` are recorded: all, some or none."""
    missing = sum(known[name] == NOT_RECORDED for name in CHARACTERISTICS)
    return "some_recorded" if 0 < missing < len(CHARACTERISTICS) else "none_recorded" if missing else "all_recorded"


def _is_listed(name: str, value: object) -> bool:
    if type(value) is not str:
        return False
    match name:
        case "quarter":
            return _QUARTER.fullmatch(value) is not None
        case "authority":
            return _AUTHORITY.fullmatch(value) is not None
        case "succeeded_in":
            return value == NOT_YET or _QUARTER.fullmatch(value) is not None
        case _:
            return value in CODES[name]


def _contradictions(fact: Fact) -> Iterator[str]:
    """The fields that do not go together, as far as every value by itself is listed."""
    nwg, first = fact.record_type == "nwg_assessment", fact.first_or_review == FIRST
    yield from (name for name in STATEMENTS if (getattr(fact, name) == NOT_ASKED) is not nwg)
    yield from _content(fact, nwg=nwg)
    if (fact.review_timeliness == NOT_A_REVIEW) is not first:
        yield "review_timeliness"
    if (fact.review_trigger == "initial") is not first:
        yield "review_trigger"
    before = ("exploitation_before", "education_before")
    yield from (name for name in before if not nwg and (getattr(fact, name) == FIRST) is not first)
    if fact.characteristics != characteristics_of({name: getattr(fact, name) for name in CHARACTERISTICS}):
        yield "characteristics"
    if fact.succeeded_in != NOT_YET and fact.succeeded_in < fact.quarter:
        yield "succeeded_in"


def _content(fact: Fact, *, nwg: bool) -> Iterator[str]:
    """What a narrow fact does not know, it knows none of: half of it would be a fact made up."""
    unasked = nwg or is_narrow(fact)
    yield from (name for name in CONTENT if (getattr(fact, name) == NOT_ASKED) is not unasked)
    has_agencies = fact.record_type == "rise_meeting_output" and not is_narrow(fact)
    if (fact.agencies != NOT_ASKED) is not has_agencies:
        yield "agencies"
    if is_narrow(fact) and fact.characteristics != "none_recorded":
        yield "characteristics"
