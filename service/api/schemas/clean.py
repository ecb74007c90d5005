"""Whether there is nothing at all wrong with a value's structure. A yes is sure; a no only means: let the schema look.

Nearly every record is sound, and the schema takes its time even over those, because it is made to tell every fault.
These are plain functions made once from the same description, and they tell none. What they pass, the schema would
pass too: tests hold the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from service.api.schemas import patterns
from service.api.schemas.kinds import says_something
from service.domain import fields as domain
from service.domain.london import as_date
from service.domain.scores import BANDS, is_band

Clean = Callable[[Any], bool]
"""Whether a value is sound; a `TypeError` means that it is not."""

_TIME = re.compile(patterns.TIME)
_PLAIN = frozenset(filter(str.isalnum, map(chr, range(128)))) - {
    letter for band in BANDS for letter in (band[0], band[0].upper())
}
"""A text that begins with one of these says something, and is no word for a score."""


def clean(group: domain.Group) -> Clean:
    """The judge of a whole object."""
    judge = _group(group)

    def judged(value: Any) -> bool:
        try:
            return judge(value)
        except TypeError:  # a list or an object where a code should be: it can't be looked up
            return False

    return judged


def _field(field: domain.Field) -> Clean:
    judge = _kind(field)
    return (lambda value: value is None or judge(value)) if field.nullable else judge


def _kind(field: domain.Field) -> Clean:  # noqa: C901, PLR0911 - one line for each kind
    match field:
        case domain.Group():
            return _group(field)
        case domain.Many():
            return _many(field)
        case domain.Code():
            return frozenset(field.codes).__contains__
        case domain.Text():
            return _text(field)
        case domain.Token():
            return _token(field)
        case domain.Date():
            return lambda value: as_date(value) is not None
        case domain.Instant():
            return _instant
        case domain.Whole():
            return _whole(field)
        case domain.Flag():
            return _is_true if field.only_true else _is_flag
    raise TypeError(f"no judge of {type(field).__name__}")


def _group(group: domain.Group) -> Clean:
    judges: Mapping[str, Clean] = {name: _field(each) for name, each in group.fields.items()}
    required = frozenset(name for name, each in group.fields.items() if each.required)
    judge_of = judges.get

    def judge(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, each in value.items():
            inner = judge_of(name)
            if inner is None or not inner(each):
                return False
        return True

    return judge


def _many(field: domain.Many) -> Clean:
    judge, low, high = _field(field.item), field.min, field.max
    return lambda value: type(value) is list and low <= len(value) <= high and all(map(judge, value))


def _text(field: domain.Text) -> Clean:
    limit, words = field.max, field.words

    def judge(value: Any) -> bool:
        if type(value) is not str or len(value) > limit:
            return False
        return value[:1] in _PLAIN or (says_something(value, words=words) and (words or not is_band(value)))

    return judge


def _token(field: domain.Token) -> Clean:
    matches = re.compile(field.pattern).fullmatch

    def judge(value: Any) -> bool:
        fits = type(value) is str and value.isascii() and matches(value) is not None
        return fits and (value[:1] in _PLAIN or not is_band(value))

    return judge


def _instant(value: Any) -> bool:
    return type(value) is str and as_date(value[:10]) is not None and _TIME.fullmatch(value[10:]) is not None


def _whole(field: domain.Whole) -> Clean:
    low, high = field.min, field.max
    return lambda value: type(value) is int and low <= value <= high


def _is_flag(value: Any) -> bool:
    return value is True or value is False


def _is_true(value: Any) -> bool:
    return value is True
