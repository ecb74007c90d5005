"""The words of `mosaic-steps` and those of the WSDL, one into the other: they differ in lists, nulls and dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from service.adapters.shared.strict import UnreadableError

ITEMS = {
    "steps": "step",
    "notes": "note",
    "subjects": "subject",
    "answers": "answer",
    "documents": "document",
    "nextActions": "nextAction",
    "errors": "error",
}
"""Lists, and the element each of their members has."""


def arguments(body: Mapping[str, object]) -> dict[str, object]:
    """A body of the page as zeep takes it; a null is left out there."""
    return {name: _outward(name, value) for name, value in body.items()}


def _outward(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return arguments(value)
    if isinstance(value, list):
        return {ITEMS[name]: [arguments(each) for each in value]}
    return value


def body(found: Mapping[str, Any]) -> dict[str, Any]:
    """What zeep read, as the page writes it. Raises `UnreadableError` for a moment that is not in UTC."""
    return {name: _inward(name, value) for name, value in found.items()}


def _inward(name: str, value: Any) -> Any:
    """An empty list is nothing to zeep; `answers` of a step is a number."""
    if name in ITEMS and not isinstance(value, int):
        return [body(each) for each in (value or {}).get(ITEMS[name], ())]
    if isinstance(value, Mapping):
        return body(value)
    if isinstance(value, datetime):
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else value


def _moment(value: datetime) -> str:
    if value.utcoffset() != timedelta(0):
        raise UnreadableError
    return f"{value.replace(tzinfo=None).isoformat()}Z"
