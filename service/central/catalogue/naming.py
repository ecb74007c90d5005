"""One name for one count, whichever table it stands in; and the cells a table has.

A name is the unit and, for each field that narrows the count, the set of values it may have. Two cells with one name
are one number, so that what protects the one protects the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from service.central.catalogue.dates import period
from service.central.catalogue.meaning import possible
from service.central.catalogue.model import Catalogue, Group, Table, Unit
from service.central.published import TOTAL

Name = tuple[Unit, frozenset[tuple[str, frozenset[str]]]]

_MONTHS = ("January to March", "April to June", "July to September", "October to December")


def codes_of(catalogue: Catalogue, axis: str, quarter: str) -> tuple[Group, ...]:
    """The groups of an axis, in their order; of the quarters, those of this release's period, oldest first."""
    field = catalogue.axes[axis].field
    if field == "authority":
        return tuple(Group(code, name, (code,)) for code, name in catalogue.authorities.items())
    if field == "quarter":
        return tuple(Group(each, quarter_in_words(each), (each,)) for each in period(quarter))
    return catalogue.axes[axis].groups


def quarter_in_words(quarter: str) -> str:
    """`July to September 2026`."""
    return f"{_MONTHS[int(quarter[-1]) - 1]} {quarter[:4]}"


def cells(catalogue: Catalogue, table: Table, axes: Sequence[str], quarter: str) -> tuple[tuple[str, ...], ...]:
    """Every cell of the table in this form: the inner ones first, then the totals of each axis, then that of all.

    `axes` is one of the table's forms, else ValueError. With no axes there is one cell, `()`.
    """
    if tuple(axes) not in table.forms:
        raise ValueError("this is not a form of the table")
    codes = [[*(group.code for group in codes_of(catalogue, axis, quarter)), TOTAL] for axis in axes]
    return tuple(sorted(product(*codes), key=lambda at: sum(code == TOTAL for code in at)))


def count_name(catalogue: Catalogue, table: Table, axes: Sequence[str], at: Sequence[str], quarter: str) -> Name:
    """The name of one cell. `at` has a group's code or `TOTAL` for each of `axes`. ValueError if there is none."""
    where = {field: frozenset(values) for field, values in catalogue.universes[table.universe].where.items()}
    for axis, code in zip(axes, at, strict=True):
        if code == TOTAL:
            continue
        field = catalogue.axes[axis].field
        values = _group(catalogue, axis, code, quarter)
        where[field] = where[field] & values if field in where else values
    return table.unit, frozenset(_narrowing(catalogue, where, quarter))


def _narrowing(
    catalogue: Catalogue, where: Mapping[str, frozenset[str]], quarter: str
) -> Iterator[tuple[str, frozenset[str]]]:
    """What narrows the count. All the values a field can have, given the other fields, say nothing and are left out."""
    for field, values in where.items():
        others = {other: held for other, held in where.items() if other != field}
        full = _all_values(catalogue, field, others, quarter)
        if not full <= values:
            yield field, values & full


def _all_values(catalogue: Catalogue, field: str, where: Mapping[str, frozenset[str]], quarter: str) -> frozenset[str]:
    if field == "authority":
        return frozenset(catalogue.authorities)
    return frozenset(period(quarter)) if field == "quarter" else possible(field, where)


def _group(catalogue: Catalogue, axis: str, code: str, quarter: str) -> frozenset[str]:
    for group in codes_of(catalogue, axis, quarter):
        if group.code == code:
            return frozenset(group.values)
    raise ValueError("there is no such group on this axis")
