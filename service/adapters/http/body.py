"""Reading an answer: capped, strict JSON, nothing decompressed."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from requests import Response

LIMIT = 1024 * 1024
"""More than any answer of a case system needs; less than would hurt."""


def _is_json(response: Response) -> bool:
    """Whether the answer calls itself plain JSON; a sign-in page answers 200 as well."""
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    return kind == "application/json" and coding in ("", "identity")


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("not JSON")


def read_json(response: Response) -> dict[str, Any] | None:
    """The answer's object; None when it is anything else. Network failures rise as the library's own exceptions."""
    if not _is_json(response):
        return None
    data = bytearray()
    for chunk in response.raw.stream(16 * 1024, decode_content=False):
        data += chunk
        if len(data) > LIMIT:
            return None
    return _parse(bytes(data))


def _parse(data: bytes) -> dict[str, Any] | None:
    """None rather than an exception: a decoder's exception carries the whole text."""
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
