"""What has to be filled, from the catalogue and the rules: nothing is marked that a record is not refused for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.fields import Field, Group, Many
from service.domain.policy import Policy
from service.domain.records import RECORDS
from service.domain.rules import Subject, check

MUST = "must"
WITH_THE_REST = "with"


@dataclass(frozen=True)
class Marks:
    """Paths of a record, list positions as `*`: those to fill always, and those to fill once their part is used."""

    must: frozenset[str]
    with_the_rest: frozenset[str]

    def of(self, path: str) -> str:
        """`must`, `with` or nothing."""
        return MUST if path in self.must else WITH_THE_REST if path in self.with_the_rest else ""


def marks_of(kind: str) -> Marks:
    """The marks of the paper form of `kind`."""
    found = dict(_asked(RECORDS[kind], always=True))
    by_rules = _refused(kind, {})
    in_items = _refused(kind, _one_item_each(RECORDS[kind])) - by_rules
    must = {path for path, always in found.items() if always} | by_rules
    return Marks(frozenset(must), frozenset((set(found) | in_items) - must))


def _asked(field: Field, *, always: bool, path: str = "") -> Iterator[tuple[str, bool]]:
    """Required leaves, each with whether everything around it is required too."""
    if isinstance(field, Group):
        for name, child in field.fields.items():
            inside = always and (child.required or not isinstance(child, (Group, Many)))
            yield from _asked(child, always=inside, path=f"{path}/{name}")
    elif isinstance(field, Many):
        yield from _asked(field.item, always=always and field.min > 0, path=f"{path}/*")
    elif field.required:
        yield path, always


def _refused(kind: str, more: dict[str, Any]) -> set[str]:
    """What the rules ask of a form whose boxes are all empty; `more` are items begun in its lists."""
    record = _merged(_hollow(RECORDS[kind]), more) | {"capture_mode": "paper"}
    findings = check(Subject(record, kind, Policy(authority="", name=""), date.max), ())
    return {re.sub(r"/\d+(?=/|$)", "/*", fault.pointer) for fault in findings.errors}


def _hollow(group: Group) -> dict[str, Any]:
    """The groups that must be there, with nothing in them."""
    return {name: _hollow(child) for name, child in group.fields.items() if isinstance(child, Group) and child.required}


def _one_item_each(group: Group) -> dict[str, Any]:
    """One empty item in every list of groups."""
    return {name: inside for name, child in group.fields.items() if (inside := _begun(child))}


def _begun(field: Field) -> Any:
    if isinstance(field, Many):
        return [_hollow(field.item)] if isinstance(field.item, Group) else None
    return _one_item_each(field) if isinstance(field, Group) and field.required else None


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return one | {
        name: _merged(one[name], value) if isinstance(value, dict) and name in one else value
        for name, value in other.items()
    }
