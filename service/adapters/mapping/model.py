"""What a mapping file says, once it has been read: rows in display order, and what is left out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from service.adapters.mapping.forms import Form
from service.adapters.mapping.yamlfile import Entry

Words = Callable[[tuple[str, ...], str], str]
"""(closed list, a value of it) to plain English, as `service.domain.words.words`."""


@dataclass(frozen=True)
class Row:
    """One answer of the form: its code there (`to`), where it comes from, and in which rendering.

    `other_codes` says what happens to a code that `codes` leaves out: `words` or `refuse`. A text that is too long goes
    on in the questions `continues_in`, or in the attached document. `origin` says which name of another mapping `to`
    was made from; it is empty where the row was written as it is. `instead_of` is the other mapping's row it replaces.
    """

    to: str
    path: str
    rendering: str
    codes: Mapping[str, str] | None
    required: bool
    entry: Entry = field(compare=False, repr=False)
    other_codes: str = ""
    continues_in: tuple[str, ...] = ()
    in_document: bool = False
    origin: str = ""
    instead_of: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """Every question that the row may fill."""
        return (self.to, *self.continues_in)

    @property
    def shown(self) -> str:
        """The question for a message, with the name it was made from."""
        return f"'{self.to}'{self.origin}"


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
    """One record type for one form. `files` are all that what is sent follows from, for the profile's digest.

    `rows_entry` is the key `rows` of the outermost file: where something that is missing would be added. `form_name`
    is what the mapping calls its form, `form` what is known of it: None means that lengths and types are not checked.
    """

    name: str
    record_type: str
    rows: tuple[Row, ...]
    not_sent: tuple[NotSent, ...]
    files: tuple[str, ...]
    rows_entry: Entry = field(compare=False, repr=False)
    form_name: str = ""
    form: Form | None = None

    def leaves_out(self, leaf: str) -> bool:
        """Whether the leaf stays behind on purpose."""
        return any(part.covers(leaf) for part in self.not_sent)
