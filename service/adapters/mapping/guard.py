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


def guard_for(node: Field, has_place: Callable[[str], bool], path: str = "") -> Guard:
    """A check of everything at and below `path`. `None` stands for absence, as everywhere."""
    if isinstance(node, Group):
        return _group(node, has_place, path)
    if isinstance(node, Many):
        return _many(guard_for(node.item, has_place, f"{path}/*"), path)
    return _nothing if has_place(path) else _refusing(path)


def _nothing(_: Any) -> None:
    """The value has a place."""


def _refusing(path: str) -> Guard:
    def refuse(_: Any) -> None:
        raise nowhere(path)

    return refuse


def _group(node: Group, has_place: Callable[[str], bool], path: str) -> Guard:
    """A name that is not ours is told by the path above it: names in a record are somebody's input."""
    inside = {name: guard_for(child, has_place, f"{path}/{name}") for name, child in node.fields.items()}

    def check(value: Any) -> None:
        if not isinstance(value, dict) or not value.keys() <= inside.keys():
            raise nowhere(path)
        for name, child in value.items():
            if child is not None:
                inside[name](child)

    return check


def _many(inside: Guard, path: str) -> Guard:
    def check(value: Any) -> None:
        if not isinstance(value, list):
            raise nowhere(path)
        for item in value:
            if item is not None:
                inside(item)

    return check
