"""Which values a field can have in which records: what `service.domain.fact` checks of one fact, for whole tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import product

from service.domain.fact import CODES

Codes = Mapping[str, tuple[str, ...]]
Where = Mapping[str, Collection[str]]

KINDS = ("record_type", "first_or_review")
"""The fields that say what kind of record it is, and so which values the others can have."""
Held = frozenset[str] | None
"""The values that a field may have; None for all."""

NOT_ASKED = "not_asked"
_WITH_STATEMENT = frozenset({"wise_assessment", "rise_meeting_output"})

ASKED_BY: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "exploitation",
            "forms",
            "own_words",
            "areas_complete",
            "plan_items",
            "education",
            "exploitation_before",
            "education_before",
        ),
        _WITH_STATEMENT,
    ),
    "agencies": frozenset({"rise_meeting_output"}),
}
"""The kinds of record that ask for a field. It is `not_asked` in the others, and only there."""

OF_A_FIRST: Mapping[str, str] = {
    "review_trigger": "initial",
    "review_timeliness": "not_a_review",
    "exploitation_before": "first",
    "education_before": "first",
}
"""The value a field has in every first assessment that asks for it, and in no review."""


def possible(field: str, where: Where, codes: Codes = CODES) -> frozenset[str]:
    """The values the field can have among the facts that `where` lets in. Raises KeyError for an unknown field."""
    if codes is not CODES:
        return _possible(field, where, codes)
    record_types, firsts = (frozenset(where[each]) if each in where else None for each in KINDS)
    return _possible_of_kinds(field, record_types, firsts)


@lru_cache(maxsize=10_000)
def _possible_of_kinds(field: str, record_types: Held, firsts: Held) -> frozenset[str]:
    """For the real codes, and kept: it is asked of every cell, and depends on the kinds of record alone."""
    where = {name: held for name, held in zip(KINDS, (record_types, firsts), strict=True) if held is not None}
    return _possible(field, where, CODES)


def _possible(field: str, where: Where, codes: Codes) -> frozenset[str]:
    if field in KINDS:
        return frozenset(_allowed(field, where, codes))
    return frozenset(value for kind in _kinds(where, codes) for value in _values(field, kind, codes))


def is_asked_of_all(field: str, where: Where, codes: Codes = CODES) -> bool:
    """Whether every kind of record that `where` lets in can have the same values; else a value tells the kind."""
    if field in KINDS:
        return True
    return len({_values(field, kind, codes) for kind in _kinds(where, codes)}) == 1


def _kinds(where: Where, codes: Codes) -> Iterator[tuple[str, str]]:
    return product(_allowed("record_type", where, codes), _allowed("first_or_review", where, codes))


def _allowed(field: str, where: Where, codes: Codes) -> tuple[str, ...]:
    return tuple(value for value in codes[field] if value in where.get(field, codes[field]))


def _values(field: str, kind: tuple[str, str], codes: Codes) -> frozenset[str]:
    record_type, first_or_review = kind
    asked_by = ASKED_BY.get(field)
    if asked_by is not None and record_type not in asked_by:
        return frozenset({NOT_ASKED})
    values = frozenset(codes[field]) - ({NOT_ASKED} if asked_by else frozenset())
    if field not in OF_A_FIRST:
        return values
    own = frozenset({OF_A_FIRST[field]})
    return own if first_or_review == "first" else values - own
