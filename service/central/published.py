"""A release as it is published: tables of figures, and for each figure how it may be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

TOTAL = "total"
"""The code on an axis for all of its groups together."""

SYMBOLS: Mapping[str, str] = {"suppressed": "c", "missing": "x", "withheld": "z"}


class Status(StrEnum):
    """How a figure is to be read."""

    ROUNDED = "rounded"
    """Ten or more, rounded to the nearest five."""
    SUPPRESSED = "suppressed"
    """Under ten, none included, or hidden because it would tell one that is."""
    MISSING = "missing"
    """The authority's records had not come when the release was made. It is not none."""
    WITHHELD = "withheld"
    """This part of the table is not shown for anybody; the table says why."""


@dataclass(frozen=True)
class Figure:
    """One cell. `at` is a group's code, or `TOTAL`, for each of the table's axes in their order.

    `value` is None unless the status is `ROUNDED`. `as_of` is the release in which this figure was last made anew;
    until ten things have changed in its scope, later releases repeat it.
    """

    at: tuple[str, ...]
    status: Status
    value: int | None
    as_of: str


@dataclass(frozen=True)
class PublishedTable:
    """A table as it stands in a release. `axes` are names of the catalogue's axes, of one of the table's forms.

    `reasons` are codes that say what was done to protect it: `collapsed`, `total_only`, `withheld`, `repeated`, …
    """

    table: str
    axes: tuple[str, ...]
    figures: tuple[Figure, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """Everything in it. `quarter` like 2026Q3 names it; it counts the four quarters that end with that one.

    `missing` are the authorities whose records had not come: they are left out of every count.
    """

    quarter: str
    catalogue: str
    missing: tuple[str, ...]
    tables: tuple[PublishedTable, ...]
