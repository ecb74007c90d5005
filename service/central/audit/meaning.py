"""What anybody may know about every fact: the values of its fields, and which of them go together by meaning.

A rule is a list of alternatives of which one holds: (field, values). It is written here once more, on purpose: the
audit shares nothing with those it audits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.domain.fact import CODES

Alternative = tuple[str, frozenset[str]]
Rule = tuple[Alternative, ...]

_BY_STATEMENT = ("exploitation", "forms", "own_words", "areas_complete", "plan_items", "education")
_BEFORE = ("exploitation_before", "education_before")
_CHARACTERISTICS = ("sex", "ethnic_group", "disability", "looked_after", "age_band")
_NWG = ("record_type", frozenset({"nwg_assessment"}))
_RISE = ("record_type", frozenset({"rise_meeting_output"}))
_FIRST = ("first_or_review", frozenset({"first"}))


def rules() -> tuple[Rule, ...]:
    """Every rule about the fields of one fact."""
    return (*_about_records(), *_about_reviews(), *_about_characteristics())


def _about_records() -> Iterator[Rule]:
    for field in (*_BY_STATEMENT, *_BEFORE):
        yield from _exactly(_is(field, "not_asked"), _NWG)
    yield from _exactly(_not(_is("agencies", "not_asked")), _RISE)


def _about_reviews() -> Iterator[Rule]:
    yield from _exactly(_is("review_timeliness", "not_a_review"), _FIRST)
    yield from _exactly(_is("review_trigger", "initial"), _FIRST)
    for field in _BEFORE:
        yield (_not(_is(field, "first")), _FIRST)
        yield (_is(field, "first"), _not(_FIRST), _NWG)


def _about_characteristics() -> Iterator[Rule]:
    everything, nothing = _is("characteristics", "all_recorded"), _is("characteristics", "none_recorded")
    unrecorded = [_is(field, "not_recorded") for field in _CHARACTERISTICS]
    for each in unrecorded:
        yield (_not(everything), _not(each))
        yield (_not(nothing), each)
    yield (everything, *unrecorded)
    yield (nothing, *(_not(each) for each in unrecorded))


def _is(field: str, *values: str) -> Alternative:
    return field, frozenset(values)


def _not(alternative: Alternative) -> Alternative:
    field, values = alternative
    return field, frozenset(CODES[field]) - values


def _exactly(one: Alternative, other: Alternative) -> Iterable[Rule]:
    return (_not(one), other), (one, _not(other))
