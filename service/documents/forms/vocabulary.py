"""The words in which the layout of a blank form is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Box:
    """One field of the record. Its label is the field's heading, its shape follows from its kind (see `boxes`).

    `lines` of 8 mm are for writing; `width` is its share of the row; `label` replaces the heading where the place on
    the page says the rest; `note` says more in small.
    """

    path: str
    lines: int = 1
    width: float = 1
    label: str = ""
    note: str = ""


@dataclass(frozen=True)
class Stack:
    """Fields below each other, beside something tall."""

    boxes: tuple[Box, ...]
    width: float = 1


Row: TypeAlias = tuple[Box | Stack, ...]


@dataclass(frozen=True)
class Rows:
    """Rows of fields, printed `times` over. Below a list, all copies are the list's items."""

    rows: tuple[Row, ...]
    title: str = ""
    times: int = 1
    capped: bool = False
    """Whether the authority's cap on the support plan may make it fewer."""


@dataclass(frozen=True)
class Choice:
    """One of a closed list as equal boxes, side by side: none is first among them."""

    path: str


@dataclass(frozen=True)
class Column:
    """One field of every row of a table, with its share of the width; `label` replaces its heading."""

    name: str
    width: float
    label: str = ""


@dataclass(frozen=True)
class Table:
    """Rows that all have the same fields: each a label and the path of its group."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Matrix:
    """One code for each pair of two other codes. `across` and `down` are closed lists, `decision` what is written."""

    down: str
    across: str
    decision: str


@dataclass(frozen=True)
class Say:
    """A sentence of ours."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Keys:
    """The lists whose codes are written in, each with what to write. It claims no field."""


Part: TypeAlias = Rows | Choice | Table | Matrix | Say | Keys


@dataclass(frozen=True)
class Section:
    """One part of the form. `about` is the path of the group it holds, which rules may ask something of."""

    title: str
    parts: tuple[Part, ...]
    about: str = ""
    note: str = ""
    restricted: bool = False
    fresh: bool = False
    """Whether it begins a page."""


def rows(*made: Row, title: str = "", times: int = 1, capped: bool = False) -> Rows:
    """Rows of fields."""
    return Rows(made, title, times, capped)


def paths(section: Section) -> list[str]:
    """Every path of the record that a section has a place for."""
    return [path for part in section.parts for path in _of(part)]


def _of(part: Part) -> list[str]:
    match part:
        case Rows():
            return [box.path for row in part.rows for cell in row for box in _boxes(cell)]
        case Choice():
            return [part.path]
        case Table():
            return [f"{path}/{column.name}" for _, path in part.rows for column in part.columns]
        case Matrix():
            return [part.down, part.across, part.decision]
        case _:
            return []


def _boxes(cell: Box | Stack) -> tuple[Box, ...]:
    return cell.boxes if isinstance(cell, Stack) else (cell,)
