"""What a catalogue says: which tables there are, over which facts, and in which groups. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What is counted."""

    YOUNG_PEOPLE = "young_people"
    """Each young person once within an authority: the fact that stands for them at the end of the period."""
    ASSESSMENTS = "assessments"
    """Every assessment; a young person may have several."""


@dataclass(frozen=True)
class Group:
    """One row or column: the values of the axis's field that are counted together."""

    code: str
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """A way of grouping one field of the fact. Its groups part all values the field can have in the table's universe.

    The groups of the fields `authority` and `quarter` are given by the catalogue's authorities and by the period.
    """

    name: str
    field: str
    title: str
    groups: tuple[Group, ...]
    is_sensitive: bool = False
    """Whether it must not be certain for anybody in a group which value they have: the exploitation statement."""


@dataclass(frozen=True)
class Universe:
    """Which facts a table is about: for each named field the values that belong to it. Empty: all."""

    name: str
    label: str
    where: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Table:
    """One table. `forms` are the sets of axes in which it may be shown, the finest first; at most two axes each.

    When the finest cannot be shown safely, the next is tried; after the last the table is withheld.
    """

    name: str
    title: str
    question: str
    unit: Unit
    universe: str
    forms: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """A version, frozen for its year. `release_days`: for each quarter's number the month and day of its release."""

    version: str
    authorities: Mapping[str, str]
    axes: Mapping[str, Axis]
    universes: Mapping[str, Universe]
    tables: tuple[Table, ...]
    release_days: Mapping[int, tuple[int, int]]
    digest: str
    """SHA-256 of the file, in hex."""
