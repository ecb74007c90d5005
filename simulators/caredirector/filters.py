"""The search: `$top`, and a filter of `field eq 'value'` joined by `and`. Not OData, though it looks like it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .refusals import Refusal, bad_request

Row = dict[str, Any]
MOST_ROWS = 100
USUAL_ROWS = 50
_TERM = re.compile(r"([a-z]+) eq '((?:[^']|'')*)'")
_AND = " and "


def search(rows: Sequence[Row], view: frozenset[str], query: Mapping[str, str]) -> dict[str, Any]:
    """The envelope for a query; `view` holds the names of the fields that may be filtered."""
    if not set(query) <= {"$top", "$filter"}:
        raise _invalid()
    top = _top(query.get("$top", str(USUAL_ROWS)))
    terms = _terms(query["$filter"], view) if "$filter" in query else []
    found = [row for row in rows if all(_equal(name, row[name], value) for name, value in terms)]
    return {"hasMoreRecords": str(len(found) > top), "data": found[:top]}


def _top(written: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", written) or int(written) > MOST_ROWS:
        raise _invalid()
    return int(written)


def _terms(written: str, view: frozenset[str]) -> list[tuple[str, str]]:
    terms, at = [], 0
    while (term := _TERM.match(written, at)) and term[1] in view:
        terms.append((term[1], term[2].replace("''", "'")))
        if term.end() == len(written):
            return terms
        if not written.startswith(_AND, term.end()):
            break
        at = term.end() + len(_AND)
    raise _invalid()


def _equal(name: str, stored: Any, wanted: str) -> bool:
    """An id, also a lookup's or picklist's, is compared in any case; text exactly; nothing equals an empty field."""
    if isinstance(stored, dict):
        return str(stored["id"]) == wanted.lower()
    if name == "id":
        return bool(stored == wanted.lower())
    return stored is not None and stored == wanted


def _invalid() -> Refusal:
    return bad_request("InvalidFilter", "The query is outside the grammar, or asks for a field the view does not have.")
