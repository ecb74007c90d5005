"""The second of two locks between authorities. The first is the database's row security; this one is ours.

Every statement over an authority's rows names that authority, and it is the one for which the transaction acts. So a
policy that was dropped, a role that may bypass it or a tenant that was set wrongly shows nobody another's rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, BindParameter, Connection, Engine, Table, event
from sqlalchemy.sql import ClauseElement, operators, visitors
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause

from service.store.tables import OF_AUTHORITIES

_TENANT = "acting_for"


@dataclass(frozen=True)
class _Shape:
    """What statements of one shape have in common.

    `is_theirs`: it is over rows of authorities. `named`: which of its values, by their places, are an authority's.
    """

    is_theirs: bool
    named: tuple[int, ...]
    is_insert: bool


_SHAPES: dict[Any, _Shape] = {}
_SHAPES_MAX = 2_000
"""There are some hundreds. A statement's shape is worked out once; that takes ten times as long as the rest."""


class OtherAuthority(Exception):
    """A statement over an authority's rows that does not name the authority for which its transaction acts."""


def lock(engine: Engine) -> None:
    """Looks at every statement of this engine before it runs. Raises `OtherAuthority`."""
    event.listen(engine, "begin", _forget)
    event.listen(engine, "before_execute", look)


def acting_for(connection: Connection, authority: str) -> None:
    """Until the transaction ends."""
    connection.info[_TENANT] = authority


def named(statement: ClauseElement) -> bool:
    """Whether a statement names an authority, or is over no authority's rows. For those that are put together once."""
    return not _is_of_authorities(statement) or bool(_authorities(statement))


def _forget(connection: Connection) -> None:
    connection.info.pop(_TENANT, None)


def look(
    connection: Connection,
    statement: Any,
    several: Sequence[Mapping[str, Any]],
    single: Mapping[str, Any],
    _options: Any,
) -> None:
    """What `lock` has done before each statement. Raises `OtherAuthority`."""
    if not isinstance(statement, ClauseElement):
        return
    shape, values = _shape_of(statement)
    if not shape.is_theirs:
        return
    given = [*several, single] if several or single else []
    found = [_value(values[place], given) for place in shape.named]
    if shape.is_insert:
        found += [row["authority"] for row in given if "authority" in row]
    acting = connection.info.get(_TENANT)
    if acting is None or not found or any(each != acting for each in found):
        tables = ", ".join(sorted({each.name for each in _tables(statement)}))
        raise OtherAuthority(f"A statement over {tables} does not name the authority its transaction acts for.")


def _shape_of(statement: ClauseElement) -> tuple[_Shape, Sequence[BindParameter[Any]]]:
    """And the values that this one has in their places."""
    key = statement._generate_cache_key()
    if key is None:
        binds = _authorities(statement)
        return _Shape(_is_of_authorities(statement), tuple(range(len(binds))), _is_insert(statement)), binds
    shape = _SHAPES.get(key.key)
    if shape is None:
        places = {id(bind): place for place, bind in enumerate(key.bindparams)}
        at = tuple(places[id(bind)] for bind in _authorities(statement) if id(bind) in places)
        shape = _Shape(_is_of_authorities(statement), at, _is_insert(statement))
        if len(_SHAPES) < _SHAPES_MAX:
            _SHAPES[key.key] = shape
    return shape, key.bindparams


def _is_insert(statement: ClauseElement) -> bool:
    return any(isinstance(each, Insert) for each in _parts(statement, set()))


def _is_of_authorities(statement: ClauseElement) -> bool:
    return any(each in OF_AUTHORITIES for each in _tables(statement))


def _tables(statement: ClauseElement) -> Iterator[Table]:
    """Also those behind an alias and within a subquery."""
    for each in _parts(statement, set()):
        if isinstance(each, UpdateBase) and isinstance(each.table, Table):
            yield each.table
        if isinstance(each, Table):
            yield each


def _parts(statement: Any, seen: set[int]) -> Iterator[Any]:
    """Everything a statement is made of, with what stands in WITH, which SQLAlchemy's own walk leaves out."""
    if id(statement) in seen:
        return
    seen.add(id(statement))
    for each in visitors.iterate(statement):
        yield each
        for named_apart in (each, getattr(each, "table", None), *getattr(each, "_independent_ctes", ())):
            if isinstance(named_apart, CTE):
                yield from _parts(named_apart.element, seen)


def _authorities(statement: ClauseElement) -> list[BindParameter[Any]]:
    """Every authority that the statement compares with or writes."""
    found: list[BindParameter[Any]] = []
    for each in _parts(statement, set()):
        if isinstance(each, Insert):
            found += _written(each)
        if isinstance(each, BinaryExpression) and each.operator is operators.eq:
            sides = (each.left, each.right)
            if any(isinstance(side, ColumnClause) and side.name == "authority" for side in sides):
                found += [side for side in sides if isinstance(side, BindParameter)]
    return found


def _written(statement: Insert) -> Iterator[BindParameter[Any]]:
    """SQLAlchemy has no public name for what an insert says."""
    said: list[Any] = [statement._values or {}]
    for rows in statement._multi_values:
        said += rows
    for column, value in (item for row in said for item in row.items()):
        if getattr(column, "name", column) == "authority" and isinstance(value, BindParameter):
            yield value


def _value(bind: BindParameter[Any], given: Sequence[Mapping[str, Any]]) -> Any:
    """As it is given with the run, or as it stands in the statement. None, which is nobody, where it is missing."""
    for row in given:
        if bind.key in row:
            return row[bind.key]
    return None if bind.required else bind.effective_value
