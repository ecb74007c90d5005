"""A record reduced to what one audience may see. Pure; the record that goes in stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.domain.audiences.choices import choices
from service.domain.audiences.judgement import Item, Judge
from service.domain.audiences.refusals import (
    NOTHING_THERE,
    UNCLASSIFIED,
    WITHDRAWN,
    CopyRefused,
    check,
    check_known,
    family_unsafe,
)
from service.domain.audiences.table import Unclassified, row_of
from service.domain.audiences.treatments import Audience, Treatment
from service.domain.fields import Field, Group, Many
from service.domain.records import RECORDS

_NOTHING = object()
_FRAME = {"about", "details", "people", "meeting", "review"}
"""Sections that are no copy by themselves."""


@dataclass(frozen=True)
class Withheld:
    """A part that this reader would otherwise have: which, by its section or "" where that may not be told, and why.

    `why` is written for the reader of the copy and tells nothing that is kept from them.
    """

    section: str
    why: str


@dataclass(frozen=True, repr=False)
class Copy:
    """What one audience may see of a record, in the record's own shape, and what to say of the rest."""

    audience: Audience
    record_type: str
    record: dict[str, Any]
    withheld: tuple[Withheld, ...] = ()


BEING_CHECKED = "A part of this copy is being checked before it can be shared."
YOU_ASKED = "You asked us to leave this part out of your copy."


def copy_for(
    record: Mapping[str, Any], audience: Audience | str, *, holds: frozenset[str] | set[str] = frozenset()
) -> Copy | CopyRefused:
    """The copy of `record` for `audience`, or the reason why there is none.

    `holds` names the sections (`SECTIONS`) in which other people's details are being checked; they are left out of
    every copy but the case file. Raises `ValueError` for an audience or a kind of record that there is not.
    """
    reader, whole = Audience(audience), dict(record)
    if whole.get("record_type") not in RECORDS:
        raise ValueError("there is no such kind of record")
    try:
        return _copy(whole, reader, frozenset(holds))
    except (Unclassified, AttributeError, LookupError, TypeError):
        return UNCLASSIFIED  # neither a field without a row nor a value of another shape may slip through


def _copy(record: dict[str, Any], audience: Audience, holds: frozenset[str]) -> Copy | CopyRefused:
    if record.get("submission_kind") == "withdrawal":
        return WITHDRAWN
    decided = choices(record, audience)
    if refused := check_known(holds) or check(record, audience, decided):
        return refused
    if audience is Audience.FAMILY and family_unsafe(record):
        decided = decided.for_safety_only()
    reducer = _Reducer(Judge(audience, decided, holds))
    reduced = reducer.reduced(RECORDS[record["record_type"]], record, "", {})
    if not reducer.shown - _FRAME and not reducer.held:
        return NOTHING_THERE
    kept = reduced if isinstance(reduced, dict) else {}
    return Copy(audience, record["record_type"], kept, tuple(reducer.withheld()))


@dataclass
class _Reducer:
    """Walks a record by the catalogue of its fields, and remembers which sections were shown, held or declined."""

    judge: Judge
    shown: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)

    def reduced(self, catalogue: Field, value: Any, path: str, item: Item) -> Any:
        """What is left of `value`, or `_NOTHING`. Raises for anything that the catalogue or the table does not know."""
        if value is None:
            return _NOTHING
        match catalogue:
            case Group():
                return self._group(catalogue, value, path, item)
            case Many():
                kept = [self.reduced(catalogue.item, each, f"{path}/*", item) for each in value]
                return [each for each in kept if each is not _NOTHING] or _NOTHING
            case _:
                return self._leaf(value, path, item)

    def _group(self, catalogue: Group, value: Any, path: str, item: Item) -> Any:
        here = value if path.endswith("/*") else item
        fields = catalogue.fields
        kept = {name: self.reduced(fields[name], each, f"{path}/{name}", here) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each is not _NOTHING} or _NOTHING

    def _leaf(self, value: Any, path: str, item: Item) -> Any:
        if isinstance(value, (dict, list)):
            raise TypeError("a value has another shape than its field")
        row = row_of(path)
        if not self.judge.shows(row, item, value):
            self._remember_declined(row.section, row.treatments[self.judge.audience])
            return _NOTHING
        if self.judge.is_held(row, item):
            self.held.add(row.section)
            return _NOTHING
        self.shown.add(row.section)
        return value

    def _remember_declined(self, section: str, treatment: Treatment) -> None:
        if treatment is not Treatment.OMIT and section in self.judge.choices.declined:
            self.declined.add(section)

    def withheld(self) -> list[Withheld]:
        """What to say of the parts left out. Only the young person is told which, and only of their own choices."""
        if self.judge.audience is Audience.CASE_FILE:
            return []
        own = self.declined if self.judge.audience is Audience.YOUNG_PERSON else set()
        checked = [Withheld("", BEING_CHECKED)] if self.held else []
        return [Withheld(section, YOU_ASKED) for section in sorted(own)] + checked
