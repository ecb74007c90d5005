"""A request as bytes: its address with parameters, its body of one kind, its headers as they may be sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from urllib3 import HTTPHeaderDict, encode_multipart_formdata
from urllib3.exceptions import LocationValueError
from urllib3.util import Url, parse_url

from service.adapters.http.messages import Request

_NOT_IN_A_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")


def addressed(url: str, params: Mapping[str, str]) -> Url:
    """With the parameters behind those it has. Raises urllib3's `LocationValueError` for what is no address."""
    parsed = parse_url(url)
    if not params:
        return parsed
    query = "&".join(part for part in (parsed.query or "", urlencode(params)) if part)
    return parsed._replace(query=query)


def encoded(request: Request) -> tuple[bytes | None, dict[str, str]]:
    """The body and the header that says its kind; None and no header without one."""
    if request.content is not None:
        return request.content, {}
    if request.json is not None:
        return json.dumps(request.json, allow_nan=False).encode(), {"Content-Type": "application/json"}
    if request.files:
        body, kind = encode_multipart_formdata([*request.fields.items(), *request.files.items()])
        return body, {"Content-Type": kind}
    if request.fields:
        return urlencode(request.fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    return None, {}


def sendable(headers: HTTPHeaderDict) -> HTTPHeaderDict:
    """The same. Raises `LocationValueError` when one has a character that no header may have, without naming it."""
    if any(_NOT_IN_A_HEADER.search(value) for value in headers.values()):
        raise LocationValueError("header")
    return headers
