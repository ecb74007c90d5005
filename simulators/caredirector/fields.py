"""Reading the fields of a request's body. A reader returns the value it wants, or raises ValueError."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from .refusals import bad_request

Reader = Callable[[Any], Any]
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def read(body: Any, mandatory: Mapping[str, Reader], optional: Mapping[str, Reader] | None = None) -> dict[str, Any]:
    """The values of a body by field. Optional fields that are missing are missing here; null stays None.

    Raises the refusals `InvalidBody`, `UnknownField`, `MissingField` and `InvalidField`.
    """
    if not isinstance(body, dict):
        raise bad_request("InvalidBody", "The body must be a JSON object.")
    optional = optional or {}
    for name in body:
        if name not in mandatory and name not in optional:
            raise bad_request("UnknownField", "The entity has no such field.", _shown(name))
    for name in mandatory:
        if body.get(name) is None:
            raise bad_request("MissingField", "The field is mandatory.", name)
    return {name: _value(name, value, {**optional, **mandatory}[name]) for name, value in body.items()}


def text(limit: int) -> Reader:
    """Text of 1 to `limit` characters that is not blank."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > limit:
            raise ValueError
        value.encode("utf-8")
        return value

    return check


def lookup(value: Any) -> str:
    """The id of a lookup, in lower case."""
    written = _id(value).lower()
    if not _GUID.fullmatch(written):
        raise ValueError
    return written


def picklist(*allowed: str) -> Reader:
    """The id of a picklist's value, if it is one of these."""

    def check(value: Any) -> str:
        if _id(value) not in allowed:
            raise ValueError
        return _id(value)

    return check


def iso_date(value: Any) -> str:
    """`yyyy-MM-dd` of a day that exists."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError
    return date.fromisoformat(value).isoformat()


def _id(value: Any) -> str:
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise ValueError
    return str(value["id"])


def _value(name: str, value: Any, reader: Reader) -> Any:
    if value is None:
        return None
    try:
        return reader(value)
    except ValueError:
        raise bad_request("InvalidField", "The field's value is not of its type, or too long.", name) from None


def _shown(name: str) -> str | None:
    """A field's name is repeated only if it looks like one: it could be anything somebody pasted."""
    return name if re.fullmatch(r"[A-Za-z_]{1,40}", name) else None
