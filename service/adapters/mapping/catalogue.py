"""A record's fields by path, in the shape that checking and compiling a mapping need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from service.domain.fields import Field, Group, Many, leaves
from service.domain.records import RECORDS


@dataclass(frozen=True)
class Catalogue:
    """`leaves` are the fields that hold a value; `lists` every list, under the path of its items (`…/*`).

    `always` are the leaves that no record can be without.
    """

    leaves: Mapping[str, Field]
    lists: Mapping[str, Field]
    always: frozenset[str]

    def field(self, path: str, *, as_list: bool) -> Field | None:
        """What stands at a path: the list itself where it is to be counted, the value otherwise."""
        first, second = (self.lists, self.leaves) if as_list else (self.leaves, self.lists)
        return first.get(path) or second.get(path)

    def always_there(self, path: str) -> bool:
        """Whether every record of every edition has a value here. Of what is in a list, none may be there."""
        return path == "" or path in self.always


def _always(node: Field, path: str) -> Iterator[str]:
    if isinstance(node, Group):
        for name, child in node.fields.items():
            if child.required and not child.nullable and child.since == Field.since:
                yield from _always(child, f"{path}/{name}")
    elif not isinstance(node, Many):
        yield path


@cache
def catalogue_of(record_type: str) -> Catalogue:
    """The catalogue of one of our records."""
    record = RECORDS[record_type]
    return Catalogue(dict(leaves(record)), dict(_lists(record, "")), frozenset(_always(record, "")))


def _lists(node: Field, path: str) -> Iterator[tuple[str, Field]]:
    if isinstance(node, Group):
        for name, child in node.fields.items():
            yield from _lists(child, f"{path}/{name}")
    elif isinstance(node, Many):
        yield f"{path}/*", node
        yield from _lists(node.item, f"{path}/*")
