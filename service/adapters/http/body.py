"""Reading an answer: of a kind that was asked for, capped, strict JSON, nothing decompressed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn

from urllib3 import BaseHTTPResponse

from service.adapters.http.messages import Reply
from service.adapters.http.retry_after import seconds_of

LIMIT = 1024 * 1024
"""More than any answer of a case system needs; less than would hurt."""

HEADERS = ("ETag", "Location", "Repr-Digest", "Retry-After", "Set-Cookie")
"""What a connector may read. Cookies go back by themselves within a conversation, and end with it."""

HEADER_LIMIT = 4096


def read_reply(
    response: BaseHTTPResponse, accepts: Sequence[str], cookies: Mapping[str, str], limit: int = LIMIT
) -> Reply:
    """The answer; `cookies` are those it set. Network failures rise as the library's own exceptions.

    A 401 is read whatever it is: only a complete one proves that the request was turned away.
    """
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    wanted = kind in {each.lower() for each in accepts} and _is_plain(response)
    read = _capped(response, limit) if wanted or response.status == 401 else None
    content = read if wanted else None
    is_json = kind == "application/json" or kind.endswith("+json")
    data = None if content is None or not is_json else _parse(content)
    return Reply(
        status=response.status,
        body=data if isinstance(data, dict) else None,
        retry_after=seconds_of(response.headers.get("Retry-After")),
        data=data,
        content=None if is_json else content,
        kind=kind,
        headers=_headers(response),
        complete=read is not None,
        cookies=cookies,
    )


def _is_plain(response: BaseHTTPResponse) -> bool:
    return response.headers.get("Content-Encoding", "identity").strip().lower() in ("", "identity")


def _capped(response: BaseHTTPResponse, limit: int) -> bytes | None:
    """Everything, or None when it is more than the limit; the rest is not waited for."""
    data = bytearray()
    for chunk in response.stream(16 * 1024, decode_content=False):
        data += chunk
        if len(data) > limit:
            return None
    return bytes(data)


def _headers(response: BaseHTTPResponse) -> dict[str, str]:
    found = {name.lower(): response.headers.get(name, "") for name in HEADERS}
    return {name: text for name, text in found.items() if 0 < len(text) <= HEADER_LIMIT and text.isascii()}


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("not JSON")


def _parse(data: bytes) -> object:
    """None rather than an exception: a decoder's exception carries the whole text."""
    try:
        value: object = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return value
