"""Bytes to JSON, or a refusal. Strict at the door: what parsers disagree about does not come in."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from flask import Request
from gunicorn.http.errors import ParseException

from service.errors import Malformed, NotThere, TooLarge, WrongMediaType

T = TypeVar("T")
BODY_MAX = 1024 * 1024
DEPTH_MAX = 32
_DIGITS_MAX = 15
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_DOUBTFUL_ESCAPE = re.compile(r"\\u(?:0000|003[aA]|[dD][89a-fA-F])")
"""A NUL, half a character, or a colon that is written otherwise."""
_CHARSETS = {"", "utf-8", "utf8"}


def json_body(request: Request) -> tuple[dict[str, Any], bytes]:
    """The request's JSON object and its exact bytes."""
    raw = body_bytes(request, "application/json")
    return parse_object(raw), raw


def body_bytes(request: Request, *media_types: str, limit: int = BODY_MAX) -> bytes:
    """The exact bytes of a body in one of these types, in UTF-8 and as they are."""
    _check_headers(request, media_types)
    if (request.content_length or 0) > limit or len(raw := whole(lambda: request.get_data(cache=False))) > limit:
        raise TooLarge(f"A request here may have up to {limit:,} bytes.")
    return raw


def whole(read: Callable[[], T]) -> T:
    """What is read. The web server finds only then that what comes in chunks is cut up wrongly, or ends too soon."""
    try:
        return read()
    except (OSError, ParseException):
        raise Malformed("The body did not arrive whole: look at its chunks, or its length.") from None


def _check_headers(request: Request, media_types: tuple[str, ...]) -> None:
    if request.mimetype not in media_types:
        raise WrongMediaType(f"Send Content-Type: {' or '.join(media_types)}.")
    if request.mimetype_params.get("charset", "").strip("\"'").lower() not in _CHARSETS:
        raise WrongMediaType("Send the body in UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise WrongMediaType("Send the body without a content encoding.")


def parse_object(raw: bytes) -> dict[str, Any]:
    """One JSON object, as strictly as `parse_json`."""
    value = parse_json(raw)
    if not isinstance(value, dict):
        raise Malformed("Send one JSON object.")
    return value


def parse_json(raw: bytes) -> Any:
    """Any JSON: UTF-8, no duplicate names, no NaN or huge number, no NUL or half a character, not too deep."""
    try:
        text = raw.decode("utf-8")
        sound, value = _quickly(text)
        if not sound:
            value = _SLOW_DECODER.decode(text)
            _check_values(value, DEPTH_MAX)
    except UnicodeDecodeError:
        raise Malformed("The bytes are not UTF-8.") from None
    except RecursionError:
        raise Malformed(f"The JSON is nested deeper than {DEPTH_MAX} levels.") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"This is not JSON: line {error.lineno}, column {error.colno}.") from None
    return value


def _quickly(text: str) -> tuple[bool, Any]:
    """The value, if it is sure that nothing is wrong with it. What is wrong, the slower look says, and which first."""
    try:
        value = _DECODER.decode(text)
    except (Malformed, ValueError, RecursionError):
        return False, None
    return _is_sound(text, value), value


def _is_sound(text: str, value: Any) -> bool:
    """Whether nothing has to be looked at more slowly: every colon of the text is accounted for, and every escape fine.

    Outside of strings, a colon stands in each member and nowhere else. A name that stood twice would leave its first
    colon, and whatever its first value had, over.
    """
    if _DOUBTFUL_ESCAPE.search(text):
        return False
    members = 0
    strings: list[str] = []
    level = [value] if type(value) is dict or type(value) is list else []
    for _ in range(DEPTH_MAX):
        values: list[Any] = []
        for each in level:
            if type(each) is dict:
                members += len(each)
                strings += each
                values += each.values()
            else:
                values += each
        strings += [inner for inner in values if type(inner) is str]
        level = [inner for inner in values if type(inner) is dict or type(inner) is list]
        if not level:
            return text.count(":") == members + "".join(strings).count(":")
    return False


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("The same name stands twice in one object. Which one counts would be a guess.")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise Malformed("NaN and Infinity are not JSON.")


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS_MAX:
        raise Malformed(f"A number has more than {_DIGITS_MAX} digits.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits) if len(digits) <= 64 else math.inf
    if not math.isfinite(number):
        raise Malformed("A number is too large or too long.")
    return number


_NUMBERS: dict[str, Any] = {"parse_constant": _no_constant, "parse_int": _whole, "parse_float": _finite}
_DECODER = json.JSONDecoder(**_NUMBERS)
_SLOW_DECODER = json.JSONDecoder(object_pairs_hook=_unique, **_NUMBERS)
"""Looks at the names of every object, and takes twice the time for it."""


def _check_values(value: Any, levels: int) -> None:
    if isinstance(value, str):
        if _FORBIDDEN.search(value):
            raise Malformed("A text holds a NUL or half a character (a lone surrogate).")
    elif isinstance(value, dict | list):
        if levels == 0:
            raise Malformed(f"The JSON is nested deeper than {DEPTH_MAX} levels.")
        for item in value.values() if isinstance(value, dict) else value:
            _check_values(item, levels - 1)
        if isinstance(value, dict):
            for name in value:
                _check_values(name, levels)


def uuid_of(text: str, missing: str) -> UUID:
    """Raises `NotThere` for what can't be one of our ids."""
    try:
        return UUID(text)
    except ValueError:
        raise NotThere(missing) from None
