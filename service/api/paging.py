"""Pages by cursor: what a list address takes, and how it points onward."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, jsonify, request, url_for

from service.domain.faults import Fault
from service.errors import Malformed

T = TypeVar("T")
LIMIT_MAX = 200


def only_parameters(
    allowed: Collection[str], why: str = "There is a query parameter this address does not take."
) -> None:
    """Refuses a parameter that would otherwise be ignored: a filter that does nothing misleads."""
    if set(request.args) - set(allowed):
        takes = ", ".join(sorted(allowed)) or "no parameters"
        fault = Fault("", "Q-1", "Unknown query parameter.", f"This address takes: {takes}.")
        raise Malformed(why, faults=[fault])


def page_limit() -> int:
    """How many the caller wants."""
    text = request.args.get("limit", "50")
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LIMIT_MAX):
        raise Malformed(f"`limit` is a number from 1 to {LIMIT_MAX}.")
    return int(text)


def cursor_parts(read: Callable[[str, str], T]) -> T | None:
    """Where the last page ended, read from the two parts it was made of."""
    cursor = request.args.get("cursor")
    if cursor is None:
        return None
    try:
        first, second = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return read(first, second)
    except (ValueError, binascii.Error):
        raise Malformed("`cursor` is not one of ours. Follow `links.next`.") from None


def page(name: str, shown: Sequence[Any], onward: tuple[str, str] | None) -> Response:
    """One page; `onward` is what the next one begins after, when there is a next one."""
    if onward is None:
        return jsonify({name: list(shown), "links": {}})
    cursor = base64.urlsafe_b64encode(" ".join(onward).encode()).decode()
    query = {key: value for key, value in request.args.items() if key != "cursor"} | {"cursor": cursor}
    address = url_for(request.endpoint or "", **(request.view_args or {}), **query)  # type: ignore[arg-type] # only plain strings
    response = jsonify({name: list(shown), "links": {"next": address}})
    response.headers["Link"] = f'<{address}>; rel="next"'
    return response


def since_moment() -> tuple[datetime, UUID] | None:
    """Where the last page ended, in a list in order of a moment."""
    return cursor_parts(lambda at, item_id: (datetime.fromisoformat(at), UUID(item_id)))


def page_of(
    name: str, found: Sequence[T], limit: int, shown: Callable[[T], Any], place: Callable[[T], tuple[date, UUID]]
) -> Response:
    """A page of up to `limit` of what was found. One more was asked for: if it came, there is a next page.

    That one begins after the `place` of this page's last: a day or a moment, and the id.
    """
    onward = None
    if len(found) > limit:
        when, last = place(found[limit - 1])
        onward = (when.isoformat(), str(last))
    return page(name, [shown(each) for each in found[:limit]], onward)
