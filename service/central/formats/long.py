"""Everything of a release in one CSV: one row for each figure of each table."""

from __future__ import annotations

from collections.abc import Iterator

from service.central.catalogue.model import Catalogue
from service.central.formats.shape import Shaped, shapes, shown, value_of
from service.central.formats.text import as_csv
from service.central.published import Figure, Release

COLUMNS = (
    *("release", "catalogue", "table", "unit", "universe"),
    *("axis_1", "code_1", "label_1", "axis_2", "code_2", "label_2"),
    *("count", "count_value", "count_status", "as_of"),
)


def all_csv(catalogue: Catalogue, release: Release) -> bytes:
    """A `count` is a number or a symbol, its value a number or empty. With one axis, the second's columns are empty."""
    return as_csv(COLUMNS, _rows(catalogue, release))


def _rows(catalogue: Catalogue, release: Release) -> Iterator[tuple[str | int | None, ...]]:
    for table in shapes(catalogue, release):
        about = table.definition
        head = (release.quarter, release.catalogue, about.name, about.unit.value, table.universe)
        for figure in table.figures:
            said = (shown(figure), value_of(figure), figure.status.value, figure.as_of)
            yield (*head, *_groups(table, figure), *said)


def _groups(table: Shaped, figure: Figure) -> tuple[str, ...]:
    found = [
        part
        for axis, code, label in zip(table.axes, figure.at, table.labels(figure), strict=True)
        for part in (axis.name, code, label)
    ]
    return tuple(found + [""] * (6 - len(found)))
