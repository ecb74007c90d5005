"""What was read of a catalogue, with the places where it stands, for the checks that look at several parts at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.central.catalogue.meaning import Codes
from service.central.catalogue.model import Axis, Table, Universe
from service.central.catalogue.written import Entry

T = TypeVar("T")


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A part and its entry. One that is not `is_sound` had a fault of its own, and is compared with nothing."""

    value: T
    entry: Entry
    is_sound: bool = True


@dataclass(frozen=True)
class PlacedTable:
    """A table, its entries by key, and that of each form."""

    value: Table
    entries: Mapping[str, Entry]
    forms: tuple[Entry, ...]


@dataclass(frozen=True)
class Draft:
    """All parts, before it is known whether they fit together."""

    axes: Mapping[str, Placed[Axis]]
    universes: Mapping[str, Placed[Universe]]
    tables: tuple[PlacedTable, ...]
    codes: Codes
