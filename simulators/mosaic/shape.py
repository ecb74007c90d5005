"""Checks on the shape of JSON a caller sent, before any rule looks at what it means.

Types are compared exactly because Python counts `True` as the number 1, and a caller who sends
`true` for a person id has made a mistake that must not pass. Names the protocol does not define
are refused, so that a misspelt optional name cannot be lost without anybody noticing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from .refusals import Fault

Check = Callable[[Any], str | None]

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def anything(value: Any) -> str | None:
    """For values whose rule depends on something else in the request."""
    return None


def positive_integer(value: Any) -> str | None:
    """Ids are positive integers, never text and never booleans."""
    return None if type(value) is int and value > 0 else "WRONG_TYPE"


def true_or_false(value: Any) -> str | None:
    """Only a JSON boolean."""
    return None if isinstance(value, bool) else "WRONG_TYPE"


def a_list(value: Any) -> str | None:
    """Only a JSON array."""
    return None if isinstance(value, list) else "WRONG_TYPE"


def an_object(value: Any) -> str | None:
    """Only a JSON object."""
    return None if isinstance(value, dict) else "WRONG_TYPE"


def iso_date(value: Any) -> str | None:
    """A real day written YYYY-MM-DD; the pattern keeps out other ISO 8601 spellings."""
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        return "WRONG_TYPE"
    try:
        date.fromisoformat(value)
    except ValueError:
        return "WRONG_TYPE"
    return None


def text(longest: int | None = None, shortest: int = 0) -> Check:
    """Text within a length counted in characters, not bytes."""

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "WRONG_TYPE"
        if len(value) < shortest:
            return "MISSING"
        return "TOO_LONG" if longest is not None and len(value) > longest else None

    return check


def one_of(*allowed: str) -> Check:
    """One of a few fixed words."""
    return lambda value: None if isinstance(value, str) and value in allowed else "WRONG_TYPE"


def or_null(check: Check) -> Check:
    """The same check, with null allowed."""
    return lambda value: None if value is None else check(value)


def object_faults(
    value: Any, where: str, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None
) -> list[Fault]:
    """Everything wrong with one object: unknown names, missing names, values of the wrong kind."""
    if not isinstance(value, dict):
        return [Fault("WRONG_TYPE", field=where or "body")]
    checks = {**required, **(optional or {})}
    unknown = [Fault("UNKNOWN_FIELD", field=_path(where, name)) for name in value if name not in checks]
    missing = [Fault("MISSING", field=_path(where, name)) for name in required if name not in value]
    codes = {name: check(value[name]) for name, check in checks.items() if name in value}
    wrong = [Fault(code, field=_path(where, name)) for name, code in codes.items() if code]
    return unknown + missing + wrong


def assignment_faults(value: Any, where: str, teams: frozenset[str]) -> list[Fault]:
    """`{"team": …}` naming a team this Mosaic has."""
    faults = object_faults(value, where, {"team": text()})
    if not faults and value["team"] not in teams:
        return [Fault("UNKNOWN_TEAM", field=_path(where, "team"))]
    return faults


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
