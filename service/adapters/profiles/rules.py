"""What an authority decides about the rules: the section `rules` of its profile. All of it may be left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from service.adapters.mapping.yamlfile import Entry, flag, items, section, text
from service.adapters.profiles.model import Rules
from service.domain.codes import OUT_OF_USUAL_AGE, ROLES

_NEVER_DEPUTIES = ("minute_taker", "interpreter", "parent_carer_representative")
"""Roles that take no part in judging; no setting makes them assessors."""


def read_rules(entry: Entry | None) -> Rules:
    """The section, or what holds without one."""
    found = section(entry, (), _READERS) if entry else {}
    return Rules(**{name: _READERS[name](value) for name, value in found.items()})


def _one_of(*known: str) -> Callable[[Entry], str]:
    def read(entry: Entry) -> str:
        value = text(entry)
        if value and value not in known:
            entry.fault("There is no such choice.", f"Choose one of: {', '.join(known)}.")
        return value

    return read


def _some_of(known: tuple[str, ...]) -> Callable[[Entry], tuple[str, ...]]:
    def read(entry: Entry) -> tuple[str, ...]:
        one = _one_of(*known)
        return tuple(one(item) for item in items(entry))

    return read


def _names(entry: Entry) -> tuple[str, ...]:
    return tuple(text(item) for item in items(entry))


def _pattern(entry: Entry) -> str:
    """A form no child reference could have would refuse every record."""
    value = text(entry)
    try:
        re.compile(value)
    except re.error:
        entry.fault("This is no regular expression.", "Write for example STK[0-9]{7}.")
    return value


_READERS: Mapping[str, Callable[[Entry], Any]] = {
    "training": _one_of("reject", "hold", "warn"),
    "training_same_day": flag,
    "nhs_number": _one_of("optional", "required"),
    "nhs_number_faulty": _one_of("reject", "leave_out"),
    "age_reasons": _some_of(OUT_OF_USUAL_AGE),
    "deputies": _some_of(tuple(role for role in ROLES if role not in _NEVER_DEPUTIES)),
    "panels": _names,
    "child_id": _pattern,
    "language_advice": flag,
}
