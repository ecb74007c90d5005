"""A last look at a record before it is mapped, for anything in it that the mapping has no place for.

The check at load makes that impossible for records our rules accepted. This stands for the day the two disagree: then a
person decides, and nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.domain.delivery import Reason
from service.domain.fields import Field, Group, Many
from service.errors import NeedsHuman

Guard = Callable[[Any], None]


def nowhere(path: str) -> NeedsHuman:
    """The mapping has nowhere for something at this path. Only paths of our own field list are named here."""
    return NeedsHuman(Reason.MAPPING_INCOMPLETE, path or "/")


def guard_for(node: Field, has_place: Callable[[str], bool]) -> Guard:
    """A check of a whole record. `None` stands for absence, as everywhere."""
    return _guard(node, has_place, "") or _nothing


def _guard(node: Field, has_place: Callable[[str], bool], path: str) -> Guard | None:
    """A check of everything at and below `path`; None for a value that has a place, as nearly every value has."""
    if isinstance(node, Group):
        return _group(node, has_place, path)
    if isinstance(node, Many):
        return _many(_guard(node.item, has_place, f"{path}/*"), path)
    return None if has_place(path) else _refusing(path)


def _nothing(_: Any) -> None:
    """A record that is one value with a place."""


def _refusing(path: str) -> Guard:
    def refuse(_: Any) -> None:
        raise nowhere(path)

    return refuse


def _group(node: Group, has_place: Callable[[str], bool], path: str) -> Guard:
    """A name that is not ours is told by the path above it: names in a record are somebody's input."""
    inside = {name: _guard(child, has_place, f"{path}/{name}") for name, child in node.fields.items()}

    looked_into = [(name, look) for name, look in inside.items() if look is not None]

    def check(value: Any) -> None:
        if not isinstance(value, dict) or not value.keys() <= inside.keys():
            raise nowhere(path)
        for name, look in looked_into:
            child = value.get(name)
            if child is not None:
                look(child)

    return check


def _many(inside: Guard | None, path: str) -> Guard:
    def check(value: Any) -> None:
        if not isinstance(value, list):
            raise nowhere(path)
        if inside is None:
            return
        for item in value:
            if item is not None:
                inside(item)

    return check
