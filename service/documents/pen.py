"""Writes single values of a record as drawable words. One pen writes one document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.documents import blocks
from service.documents.legible import Legible
from service.documents.values import shown
from service.domain.fields import Field, Group, Many
from service.domain.words import heading

Row = tuple[str, blocks.Words]


@dataclass
class Pen:
    """Turns values into `Words`, through `legible`, so that none reaches the page without its check."""

    legible: Legible

    def say(self, text: str, where: str) -> blocks.Words:
        """Any text, with the heading it stands under."""
        return blocks.words_of(self.legible.text(text, where))

    def value(self, path: str, field: Field, value: Any) -> blocks.Words:
        """One leaf."""
        return self.say(shown(path, field, value), heading(path))

    def joined(self, path: str, field: Field, values: list[Any]) -> blocks.Words:
        """Short values of a list, on one line."""
        return self.say(", ".join(shown(path, field, value) for value in values), heading(path))

    def row(self, path: str, field: Field, value: Any) -> Row:
        """A leaf, or a list of short ones, with its heading."""
        if isinstance(field, Many):
            return heading(f"{path}/*"), self.joined(f"{path}/*", field.item, value)
        return heading(path), self.value(path, field, value)

    def rows(self, path: str, group: Group, value: dict[str, Any], names: Iterator[str] | list[str]) -> list[Row]:
        """The named leaves that are there."""
        return [self.row(f"{path}/{name}", group.fields[name], value[name]) for name in names if given(value.get(name))]

    def words(self, path: str, group: Group, value: dict[str, Any], name: str) -> blocks.Words:
        """One leaf of a group, or no words where it is not given."""
        return self.value(f"{path}/{name}", group.fields[name], value[name]) if given(value.get(name)) else []


@dataclass
class Pens:
    """Two pens, so that the list of replaced characters of the open part shows nothing of the restricted part."""

    open: Pen
    closed: Pen


def given(value: Any) -> bool:
    """Whether a value is there at all. `false`, `0` and "no" are; `null`, "" and an empty list are not."""
    return value is not None and value not in ("", [], {})
