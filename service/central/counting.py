"""Counts facts: what stood in the four quarters of a release, and how many of it belong to each cell of the catalogue.

A fact that cannot be placed stops the release: a count that leaves somebody out without saying so is wrong for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import product

from sqlalchemy import Connection, func, select

from service.central.catalogue.dates import period
from service.central.catalogue.model import Catalogue, Table, Unit
from service.central.catalogue.naming import Name, cells, codes_of, count_name
from service.central.published import TOTAL
from service.central.tables import fact as rows
from service.domain.fact import FIELDS, NOT_YET, Fact, FactRefused, is_narrow

AUTHORITY = "authority"


class CannotCount(ValueError):
    """Nothing may be released from these facts. Names fields and tables, never values."""


def facts_of(connection: Connection, quarter: str, missing: Collection[str]) -> Counter[Fact]:
    """Each distinct fact of the release's four quarters and how many of it stand, without the missing authorities.

    Left out too are narrow facts, from before a fact held more than four codes: most tables would have no place for
    them (docs/upgrading.md). Raises `CannotCount` where more was taken back than came, and where a row is no fact.
    """
    columns = [rows.c[name] for name in FIELDS]
    wanted = (
        select(*columns, func.sum(rows.c.weight))
        .where(rows.c.quarter.in_(period(quarter)), rows.c.authority.not_in(sorted(missing)))
        .group_by(*columns)
        .having(func.sum(rows.c.weight) != 0)
    )
    found: Counter[Fact] = Counter()
    for *values, number in connection.execute(wanted):
        if number < 0:
            raise CannotCount("More facts were taken back than ever came. Nothing is released from them.")
        fact = _restored(values)
        if not is_narrow(fact):
            found[fact] += number
    return found


def _restored(values: Sequence[str]) -> Fact:
    try:
        return Fact(**dict(zip(FIELDS, values, strict=True)))
    except FactRefused as error:
        raise CannotCount(f"A stored row is no fact. {error}") from None


def stands(fact: Fact, unit: Unit, quarter: str) -> bool:
    """Whether a fact is counted in a unit: a young person by the fact that stands for them at the quarter's end."""
    return unit is Unit.ASSESSMENTS or fact.succeeded_in == NOT_YET or fact.succeeded_in > quarter


def in_universe(fact: Fact, where: Mapping[str, Collection[str]]) -> bool:
    """Whether a fact belongs to a universe."""
    return all(getattr(fact, field) in values for field, values in where.items())


@lru_cache(maxsize=20_000)
def of_authority(name: Name, authority: str) -> Name:
    """The part of a regional count that is one authority's."""
    return name[0], name[1] | {(AUTHORITY, frozenset({authority}))}


def is_regional(name: Name) -> bool:
    """Whether facts of several authorities may be in a count."""
    return all(field != AUTHORITY for field, _ in name[1])


def tabulate(catalogue: Catalogue, quarter: str, facts: Counter[Fact]) -> dict[Name, int]:
    """Every count of every form of every table by its name, and of each regional one every authority's part.

    Raises `CannotCount` where a fact has no place in a table, or one name stands for two different counts.
    """
    if any(fact.authority not in catalogue.authorities for fact in facts):
        raise CannotCount("A fact is of an authority that the catalogue does not list.")
    counts: dict[Name, int] = {}
    for table in catalogue.tables:
        counted = [(fact, number) for fact, number in facts.items() if _belongs(catalogue, table, fact, quarter)]
        for axes in table.forms:
            for name, count in _form(catalogue, table, axes, quarter, counted).items():
                if counts.setdefault(name, count) != count:
                    raise CannotCount(f"{table.name}: a count differs from the same one in another table.")
    return counts


def _belongs(catalogue: Catalogue, table: Table, fact: Fact, quarter: str) -> bool:
    return stands(fact, table.unit, quarter) and in_universe(fact, catalogue.universes[table.universe].where)


def _form(
    catalogue: Catalogue, table: Table, axes: Sequence[str], quarter: str, counted: Sequence[tuple[Fact, int]]
) -> dict[Name, int]:
    """All cells of one form, and their parts by authority."""
    grouped = [_grouping(catalogue, axis, quarter) for axis in axes]
    found: Counter[tuple[tuple[str, ...], str]] = Counter()
    for fact, number in counted:
        for at in product(*((_placed(table, each, fact), TOTAL) for each in grouped)):
            found[at, fact.authority] += number
    made: dict[Name, int] = {}
    for at in cells(catalogue, table, axes, quarter):
        name = count_name(catalogue, table, axes, at, quarter)
        made[name] = sum(found[at, authority] for authority in catalogue.authorities)
        if is_regional(name):
            made |= {of_authority(name, authority): found[at, authority] for authority in catalogue.authorities}
    return made


def _grouping(catalogue: Catalogue, axis: str, quarter: str) -> tuple[str, dict[str, str]]:
    """An axis's field, and for each of its values the code of the group that has it."""
    groups = codes_of(catalogue, axis, quarter)
    return catalogue.axes[axis].field, {value: group.code for group in groups for value in group.values}


def _placed(table: Table, grouping: tuple[str, Mapping[str, str]], fact: Fact) -> str:
    field, code_of = grouping
    try:
        return code_of[getattr(fact, field)]
    except KeyError:
        raise CannotCount(f"{table.name}: a fact has a value in {field} that no group of the axis holds.") from None
