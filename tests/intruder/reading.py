"""Reads what the Hub serves: its menu and its tables. The one place that knows their shape."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOTAL, TOTAL_LABEL = "total", "Total"
FIGURE_SAYS = frozenset({"at", "labels", "value", "status", "symbol", "as_of"})
"""All that a figure may say. More, as a reason for hiding it, would tell small ones from others."""
TABLE_SAYS = frozenset(
    (
        *("release", "catalogue", "table", "title", "question", "unit", "unit_words", "universe", "universe_words"),
        *("universe_where", "notes", "period", "missing", "axes", "total", "figures", "reasons", "symbols"),
    )
)
"""All that a table may say."""

Where = Mapping[str, frozenset[str]]
"""For each named field the values a fact may have there; fields not named may have any."""


class Unreadable(ValueError):
    """What was served is not of the agreed shape; says which part."""


@dataclass(frozen=True)
class Cell:
    """One figure, as served. `value` is None where a symbol stands for it."""

    at: tuple[str, ...]
    value: int | None
    status: str
    symbol: str
    as_of: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenAxis:
    """An axis of a table, and for each group's code the values of the field in it, and its label."""

    name: str
    field: str
    groups: Mapping[str, frozenset[str]]
    title: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class SeenTable:
    """A table as one release shows it. `more` are members of it or of its figures that nobody agreed on."""

    table: str
    release: str
    unit: str
    where: Where
    axes: tuple[SeenAxis, ...]
    cells: tuple[Cell, ...]
    more: frozenset[str]

    def cell_where(self, at: Sequence[str]) -> Where:
        """What a cell counts, with the table's universe."""
        where = dict(self.where)
        for axis, code in zip(self.axes, at, strict=True):
            if code != TOTAL:
                where[axis.field] = where.get(axis.field, axis.groups[code]) & axis.groups[code]
        return where


@dataclass(frozen=True)
class Menu:
    """The tables and the releases, oldest first, that can be asked for."""

    tables: tuple[str, ...]
    releases: tuple[str, ...]


def read_menu(body: bytes) -> Menu:
    """`GET /v1/aggregates`. Raises `Unreadable`."""
    given = _object(body, "the menu")
    tables = tuple(str(each["table"]) if isinstance(each, dict) else str(each) for each in given.get("tables", []))
    releases = given.get("releases") or [
        quarter for each in given.get("tables", []) for quarter in _named(each.get("releases", []))
    ]
    return Menu(tables, tuple(sorted(set(_named(releases)))))


def read_table(body: bytes, universes: Mapping[str, Where]) -> SeenTable:
    """`GET /v1/aggregates/{table}`. `universes`: the public catalogue's, by name. Raises `Unreadable`."""
    given = _object(body, "a table")
    try:
        cells = tuple(_cell(each) for each in given["figures"])
        return SeenTable(
            table=given["table"],
            release=_release(given["release"]),
            unit=_unit(given["unit"]),
            where=_universe(given, universes),
            axes=tuple(_axis(each) for each in given["axes"]),
            cells=cells,
            more=(frozenset(key for each in given["figures"] for key in each) - FIGURE_SAYS)
            | (frozenset(given) - TABLE_SAYS),
        )
    except (KeyError, TypeError) as error:
        raise Unreadable(f"a table lacks a part: {error}") from error


def _object(body: bytes, what: str) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError as error:
        raise Unreadable(f"{what} is no JSON") from error
    if not isinstance(given, dict):
        raise Unreadable(f"{what} is no object")
    return given


def _named(releases: Sequence[Any]) -> list[str]:
    return [_release(each) for each in releases]


def _release(given: Any) -> str:
    """A quarter, given alone or as an object's `quarter`."""
    return str(given["quarter"]) if isinstance(given, dict) else str(given)


def _unit(given: Any) -> str:
    return str(given.get("code") or given.get("name")) if isinstance(given, dict) else str(given)


def _cell(given: Mapping[str, Any]) -> Cell:
    said = given["value"], given["status"], given.get("symbol") or "", given["as_of"]
    return Cell(tuple(given["at"]), *said, tuple(given.get("labels", ())))


def _axis(given: Mapping[str, Any]) -> SeenAxis:
    groups = {each["code"]: frozenset(each.get("values") or [each["code"]]) for each in given["groups"]}
    groups.pop(TOTAL, None)
    labels = {each["code"]: str(each["label"]) for each in given["groups"]}
    return SeenAxis(given["name"], given["field"], groups, given.get("title", ""), {TOTAL: TOTAL_LABEL, **labels})


def _universe(given: Mapping[str, Any], universes: Mapping[str, Where]) -> Where:
    """Said in the table itself, or by name in the public catalogue."""
    named = given.get("universe")
    where = given.get("universe_where") or (named.get("where") if isinstance(named, dict) else None)
    if where is not None or named is None:
        return {name: frozenset(values) for name, values in (where or {}).items()}
    name = named.get("name") if isinstance(named, dict) else named
    if "universe_where" not in given and name not in universes:
        raise Unreadable("a table's universe is not in the catalogue")
    return universes.get(str(name), {})
