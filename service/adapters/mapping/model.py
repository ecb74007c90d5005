"""What a mapping file says, once it has been read: rows in display order, and what is left out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from service.adapters.mapping.yamlfile import Entry

Words = Callable[[tuple[str, ...], str], str]
"""(closed list, a value of it) to plain English, as `service.domain.words.words`."""


@dataclass(frozen=True)
class Row:
    """One answer of the form: its code there (`to`), where it comes from, and in which rendering."""

    to: str
    path: str
    rendering: str
    codes: Mapping[str, str] | None
    required: bool
    entry: Entry = field(compare=False, repr=False)


@dataclass(frozen=True)
class NotSent:
    """A part of the record that stays behind, with the reason in plain words. Covers everything below `path`."""

    path: str
    reason: str
    entry: Entry = field(compare=False, repr=False)

    def covers(self, leaf: str) -> bool:
        """Whether the leaf is this path or below it. `/young_person/up` does not cover `/young_person/upn`."""
        return leaf == self.path or leaf.startswith(f"{self.path}/")


@dataclass(frozen=True)
class MappingFile:
    """One record type for one form. `files` are all files it came from, for the profile's digest.

    `rows_entry` is the key `rows` of the outermost file: where something that is missing would be added.
    """

    name: str
    record_type: str
    rows: tuple[Row, ...]
    not_sent: tuple[NotSent, ...]
    files: tuple[str, ...]
    rows_entry: Entry = field(compare=False, repr=False)

    def leaves_out(self, leaf: str) -> bool:
        """Whether the leaf stays behind on purpose."""
        return any(part.covers(leaf) for part in self.not_sent)
