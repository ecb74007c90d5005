"""Reading a request: its JSON, and what it says it has seen."""

import json
from typing import Any

from flask import Request

from .refusals import Refusal, bad_request


def json_body(request: Request) -> Any:
    """The body, or why it is none; what was sent is never repeated back."""
    if request.mimetype not in {"application/json", "application/merge-patch+json"}:
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json.")
    try:
        return json.loads(request.get_data(), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError):
        raise bad_request("The body is not JSON.") from None


def check_if_match(request: Request, current: str) -> None:
    """Optimistic locking: whoever writes says what it has seen, in the server's own words."""
    seen = request.headers.get("If-Match")
    if seen is None:
        raise Refusal(428, "PRECONDITION_REQUIRED", "If-Match is missing.")
    if seen.strip() != "*" and current not in {tag.strip() for tag in seen.split(",")}:
        raise Refusal(412, "PRECONDITION_FAILED", "It was changed since it was read.")


def _no_constant(_: str) -> Any:
    raise ValueError("NaN and Infinity are not JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
