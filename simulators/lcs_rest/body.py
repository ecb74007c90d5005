"""Reading what a caller sent without trusting any of it.

Python's JSON reader is kinder than the protocol (NaN, repeated names, half surrogates, nesting without end) and counts
`true` as the number 1. All of these end here as one refusal.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Request

from simulators.lcs_rest.refusals import Refused, bad_request

Check = Callable[[Any], bool]
REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read(request: Request, shape: Mapping[str, Check]) -> dict[str, Any]:
    """The body, an object with exactly these members."""
    if request.mimetype != "application/json":
        raise Refused(415, "MEDIA_TYPE", "The body must be application/json.")
    return members(_json(request.get_data()), shape, "body")


def members(value: Any, shape: Mapping[str, Check], where: str) -> dict[str, Any]:
    """The object, if it has each of these members, each of its kind, and no other."""
    if not isinstance(value, dict):
        raise bad_request(where)
    if missing := [name for name in shape if name not in value]:
        raise bad_request(missing[0])
    if set(value) - set(shape):
        raise bad_request(f"{where}: a member is not known")
    for name, check in shape.items():
        if not check(value[name]):
            raise bad_request(name)
    return value


def whole(value: Any) -> bool:
    return type(value) is int


def text(value: Any) -> bool:
    return isinstance(value, str)


def a_list(value: Any) -> bool:
    return isinstance(value, list)


def flag(value: Any) -> bool:
    return isinstance(value, str) and value in {"Y", "N"}


def reference(value: Any) -> bool:
    return isinstance(value, str) and REFERENCE.fullmatch(value) is not None


def day(value: Any) -> bool:
    """A day that exists, written YYYY-MM-DD; `fromisoformat` alone would also take week dates."""
    return isinstance(value, str) and to_day(value) is not None


def to_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def row(value: Any) -> bool:
    return value is None or (whole(value) and value > 0)


def or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def one_of(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


def sized(longest: int) -> Check:
    return lambda value: isinstance(value, str) and 1 <= len(value) <= longest


def _json(raw: bytes) -> Any:
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unrepeated, parse_constant=_not_json)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise bad_request("body") from error
    return value


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _not_json(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
