"""Writes single values of a record as drawable words. One pen writes one document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.documents import blocks
from service.documents.layout import GROUPS
from service.documents.legible import Legible
from service.documents.values import shown
from service.domain.fields import Field, Group, Many
from service.domain.words import heading

Row = tuple[str, blocks.Words]

Special = Callable[["Pen", str, Any, Any], list[blocks.Block]]
"""(pen, path, field, value) → blocks."""


@dataclass
class Pen:
    """Turns values into `Words`, through `legible`, so that none reaches the page without its check.

    `titles` are headings of fields and groups for this document's reader, where they are not the catalogue's, and
    `specials` ways to write a part of the record for them, where it is not the case file's.
    """

    legible: Legible
    titles: Mapping[str, str] = field(default_factory=dict)
    specials: Mapping[str, Special] = field(default_factory=dict)

    def heading(self, path: str) -> str:
        """What the field at `path` is called for this reader."""
        return self.titles[path] if path in self.titles else heading(path)

    def group(self, path: str) -> str:
        """What stands above the group or list at `path`; empty where nothing does."""
        return self.titles.get(path, GROUPS.get(path, ""))

    def say(self, text: str, where: str) -> blocks.Words:
        """Any text, with the heading it stands under."""
        return blocks.words_of(self.legible.text(text, where))

    def value(self, path: str, field: Field, value: Any) -> blocks.Words:
        """One leaf."""
        return self.say(shown(path, field, value), self.heading(path))

    def joined(self, path: str, field: Field, values: list[Any]) -> blocks.Words:
        """Short values of a list, on one line."""
        return self.say(", ".join(shown(path, field, value) for value in values), self.heading(path))

    def row(self, path: str, field: Field, value: Any) -> Row:
        """A leaf, or a list of short ones, with its heading."""
        if isinstance(field, Many):
            return self.heading(f"{path}/*"), self.joined(f"{path}/*", field.item, value)
        return self.heading(path), self.value(path, field, value)

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
