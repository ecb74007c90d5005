"""The system query options the page promises: $filter with eq and and, $select, $expand=documents, $top, $count."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .model import Wire
from .refusals import Refusal, bad_request
from .shape import is_guid

_TERM = re.compile(r"\s*([A-Za-z_]\w*)\s+eq\s+('(?:[^']|'')*'|[^\s()']+)\s*")
_AND = re.compile(r"and\s")
_EXPAND = re.compile(r"documents(?:\(\$select=([\w,]+)\))?")
_KNOWN = {"$filter", "$select", "$expand", "$top", "$count", "$skiptoken", "$format"}
_GUIDS = {"id", "personId", "recordId", "corrects", "correctedBy"}
_OTHERS = {"true": True, "false": False, "null": None}
_DATES = {"dateOfBirth", "completedOn", "dueOn"}

Predicate = Callable[[Wire], bool]


@dataclass(frozen=True)
class Query:
    """What is asked of a collection; `documents` None: not expanded, empty: whole, else the properties wanted."""

    wanted: Predicate = lambda _: True
    select: tuple[str, ...] = ()
    documents: tuple[str, ...] | None = None
    top: int | None = None
    skip: int = 0
    count: bool = False

    def shown(self, wire: Wire) -> Wire:
        """One entity with what was asked for, and its documents only when they were."""
        documents = wire.get("documents", [])
        chosen = _chosen({key: value for key, value in wire.items() if key != "documents"}, self.select)
        if self.documents is None:
            return chosen
        return {**chosen, "documents": [_chosen(document, self.documents) for document in documents]}


def read_query(arguments: Mapping[str, str], expandable: bool) -> Query:
    """The options of an address, or a refusal; options without a dollar sign are somebody else's and ignored."""
    unknown = [name for name in arguments if name.startswith("$") and name not in _KNOWN]
    if unknown or arguments.get("$format", "json") not in {"json", "application/json"}:
        raise Refusal(501, "501", "A system query option that is not implemented.")
    return Query(
        wanted=_filter(arguments["$filter"]) if "$filter" in arguments else lambda _: True,
        select=_names(arguments.get("$select", "")),
        documents=_expand(arguments["$expand"], expandable) if "$expand" in arguments else None,
        top=_number(arguments["$top"]) if "$top" in arguments else None,
        skip=_number(arguments.get("$skiptoken", "0")),
        count=arguments.get("$count") == "true",
    )


def _filter(written: str) -> Predicate:
    """`name eq literal`, any number of them with `and` in between."""
    terms, at = [], 0
    while True:
        found = _TERM.match(written, at)
        if found is None:
            raise bad_request("$filter cannot be read.")
        terms.append((found[1], _literal(found[1], found[2])))
        if found.end() == len(written):
            return lambda wire: all(_property(wire, name) == value for name, value in terms)
        joined = _AND.match(written, found.end())
        if joined is None:
            raise bad_request("$filter cannot be read.")
        at = joined.end()


def _literal(name: str, written: str) -> Any:
    """A value of the kind its property has: text in quotes, a GUID or a date without."""
    if written in _OTHERS:
        return _OTHERS[written]
    if name in _GUIDS:
        return _checked(is_guid(written), written.lower())
    if name in _DATES:
        return _checked(not written.startswith("'"), written)
    # Everything else is text.
    return _checked(written.startswith("'"), written[1:-1].replace("''", "'"))


def _checked(fits: bool, value: str) -> str:
    if not fits:
        raise bad_request("$filter compares a property with a value of another kind.")
    return value


def _property(wire: Wire, name: str) -> Any:
    if name not in wire or isinstance(wire[name], list):
        raise bad_request("$filter names a property that does not exist.")
    return wire[name]


def _names(written: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in written.split(",") if name.strip() not in {"", "*"})


def _expand(written: str, expandable: bool) -> tuple[str, ...]:
    found = _EXPAND.fullmatch(written.strip())
    if found is None or not expandable:
        raise bad_request("$expand names nothing that can be expanded.")
    return _names(found[1] or "")


def _chosen(wire: Wire, names: tuple[str, ...]) -> Wire:
    """Keys are always there, as in the server this copies."""
    if set(names) - set(wire):
        raise bad_request("$select names a property that does not exist.")
    return {key: value for key, value in wire.items() if not names or key in names or key == "id"}


def _number(written: str) -> int:
    if not written.isdecimal() or len(written) > 9:
        raise bad_request("$top is no number.")
    return int(written)
