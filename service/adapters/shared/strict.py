"""Strict reading of what a case system answers: a missing or mistyped member makes the whole answer unreadable."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LARGEST = 10**18


class UnreadableError(Exception):
    """Not the shape of the protocol. Carries nothing of it."""


def an_object(value: object) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise UnreadableError
    return value


def a_list(value: object) -> list[Any]:
    """A JSON array."""
    if not isinstance(value, list):
        raise UnreadableError
    return value


def text(value: object) -> str:
    """Text, which may be empty."""
    if not isinstance(value, str):
        raise UnreadableError
    return value


def member(row: dict[str, Any], name: str) -> Any:
    """A member that may be null: null says something; left out says that the other side speaks another protocol."""
    if name not in row:
        raise UnreadableError
    return row[name]


def sha256_digits(value: object) -> str:
    """A SHA-256 in lower-case hexadecimal digits."""
    if not _SHA256.fullmatch(text(value)):
        raise UnreadableError
    return text(value)


def moment(value: object) -> str:
    """A time in UTC, kept as it was written."""
    if not _MOMENT.fullmatch(text(value)):
        raise UnreadableError
    return text(value)


def day(value: object) -> date:
    """`yyyy-MM-dd` and no other spelling of a date."""
    try:
        if _DAY.fullmatch(text(value)):
            return date.fromisoformat(text(value))
    except ValueError:
        pass
    raise UnreadableError


def whole(value: object, *, least: int = 1) -> int:
    """A whole number of 18 digits at most; ids count from 1. JSON's true is none, though it is one to Python.

    We keep ids as evidence and send them back, so a number of any length would be a text of theirs.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < _LARGEST:
        raise UnreadableError
    return value


def flag(value: object) -> bool:
    """JSON's true or false."""
    if not isinstance(value, bool):
        raise UnreadableError
    return value
