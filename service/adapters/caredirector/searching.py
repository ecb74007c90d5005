"""Searches: the little of OData that a view understands, and rows that must be what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from service.adapters.caredirector.shapes import flag
from service.adapters.http import Request
from service.adapters.shared.found import Found
from service.adapters.shared.guid import guid
from service.adapters.shared.strict import UnreadableError, a_list, an_object

T = TypeVar("T")
Conditions = Mapping[str, str]

VIEW = "wisebridge"


def search(entity: str, conditions: Conditions, top: int) -> Request:
    """Rows of the bridge's view where every field has its value."""
    params = {"$top": str(top), "$filter": _filter(conditions)}
    return Request("GET", f"/core/data/{entity}/system-view/{VIEW}", writes=False, params=params)


def _filter(conditions: Conditions) -> str:
    """A quote in a value is doubled, so that a child id cannot end its own condition."""
    return " and ".join("{} eq '{}'".format(field, value.replace("'", "''")) for field, value in conditions.items())


def read_found(body: dict[str, Any], conditions: Conditions, top: int, read: Callable[[dict[str, Any]], T]) -> Found[T]:
    """The answer to a search, oldest first; a row that was not asked for shows that the search was not understood."""
    rows = [an_object(row) for row in a_list(body.get("data"))]
    more = flag(body.get("hasMoreRecords"))
    if len(rows) > top or not all(_has(row, field, value) for row in rows for field, value in conditions.items()):
        raise UnreadableError
    return Found(tuple(read(row) for row in rows), more)


def _has(row: dict[str, Any], field: str, value: str) -> bool:
    """Lookups and picklists are compared by their id, ids in any case, and text exactly."""
    held = row.get(field)
    if isinstance(held, dict):
        held = held.get("id")
    return held == value or (guid(held) is not None and guid(held) == guid(value))
