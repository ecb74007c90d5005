"""How one value of a record reads: codes as words, dates as people write them, references as they are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from service.domain import codes
from service.domain.fields import Code, Date, Field, Flag, Instant
from service.domain.words import authority_words, words

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SLUGS = ("/own_words/*/prompt", "/identities/*/trait", "/core_questions/*/question_key")
_AUTHORITIES = ("/authority", "/responsible_authority", "/placing_authority", "/host_authority")
_WHO = "/items/*/who_will"


def shown(path: str, field: Field, value: Any) -> str:
    """`value` of the field at `path` as text for a reader."""
    match field:
        case Code():
            return words(field.codes, value)
        case Flag():
            return {True: "Yes", False: "No"}[value]
        case Date():
            return long_date(date.fromisoformat(value))
        case Instant():
            moment = datetime.fromisoformat(value)
            return f"{long_date(moment.date())}, {moment:%H:%M}"
        case _:
            return _reference(path, str(value))


def long_date(day: date) -> str:
    """`14 September 2026`, in English whatever the machine's language."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _reference(path: str, value: str) -> str:
    if path.endswith(_SLUGS):
        return humanised(value)
    if path.endswith(_AUTHORITIES):
        return authority_words(value)
    return who(value) if path.endswith(_WHO) else value


def humanised(slug: str) -> str:
    """A prompt's key as a person reads it: `good_day` → `Good day`."""
    spaced = slug.replace("_", " ")
    return spaced[:1].upper() + spaced[1:]


def who(value: str) -> str:
    """Who will do something: an agency or role in words, or else the reference given."""
    known = {"young_person": "The young person", "parent_carer": "Parent or carer"}
    for code_set in (codes.AGENCIES, codes.ROLES):
        known |= {code: words(code_set, code) for code in code_set if code != "other"}
    return known.get(value, value)
