"""A published table beside its definition: axes with their groups, and figures in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.central.catalogue.model import Axis, Catalogue, Table
from service.central.catalogue.naming import codes_of
from service.central.formats.words import TOTAL_LABEL, symbol_of
from service.central.published import TOTAL, Figure, PublishedTable, Release, Status


@dataclass(frozen=True)
class Shaped:
    """A table ready to be written. `axes` have all their groups; `figures` follow them, totals last."""

    definition: Table
    universe: str
    axes: tuple[Axis, ...]
    figures: tuple[Figure, ...]
    reasons: tuple[str, ...]

    def labels(self, figure: Figure) -> tuple[str, ...]:
        """The labels of a figure's groups, one for each axis."""
        return tuple(label(axis, code) for axis, code in zip(self.axes, figure.at, strict=True))


def shapes(catalogue: Catalogue, release: Release) -> tuple[Shaped, ...]:
    """Every table of the release, in the catalogue's order."""
    place = {table.name: number for number, table in enumerate(catalogue.tables)}
    ordered = sorted(release.tables, key=lambda each: place[each.table])
    return tuple(_shape(catalogue, release.quarter, each) for each in ordered)


def shape(catalogue: Catalogue, release: Release, name: str) -> Shaped | None:
    """One table of the release, or None."""
    found = next((each for each in release.tables if each.table == name), None)
    return None if found is None else _shape(catalogue, release.quarter, found)


def with_groups(catalogue: Catalogue, axis: Axis, release: str) -> Axis:
    """The axis with its groups; those of authorities and quarters are nowhere written out."""
    return replace(axis, groups=codes_of(catalogue, axis.name, release))


def label(axis: Axis, code: str) -> str:
    """A group's label. Raises `ValueError` for a code the axis does not have."""
    if code == TOTAL:
        return TOTAL_LABEL
    for group in axis.groups:
        if group.code == code:
            return group.label
    raise ValueError(f"the axis {axis.name} has no such group")


def value_of(figure: Figure) -> int | None:
    """The number, if it may be read: closed for whatever is not marked as rounded."""
    if figure.status is not Status.ROUNDED:
        return None
    if figure.value is None:
        raise ValueError("a rounded figure has a value")
    return figure.value


def shown(figure: Figure) -> str:
    """The number or the symbol, as a text."""
    value = value_of(figure)
    return symbol_of(figure.status) if value is None else str(value)


def _shape(catalogue: Catalogue, release: str, published: PublishedTable) -> Shaped:
    definition = next(each for each in catalogue.tables if each.name == published.table)
    axes = tuple(with_groups(catalogue, catalogue.axes[name], release) for name in published.axes)
    return Shaped(definition, definition.universe, axes, _ordered(axes, published.figures), published.reasons)


def _ordered(axes: tuple[Axis, ...], figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    places = [_places(axis) for axis in axes]

    def place(figure: Figure) -> list[int]:
        return [found[code] for found, code in zip(places, figure.at, strict=True)]

    return tuple(sorted(figures, key=place))


def _places(axis: Axis) -> Mapping[str, int]:
    return {code: number for number, code in enumerate([*(group.code for group in axis.groups), TOTAL])}
