"""Statements that go to the driver itself, put together once, where SQLAlchemy would put them together each time.

Only for the few that every record and every delivery passes: there, building a statement and wrapping its answer cost
more than the database takes to answer it. The statements themselves are SQLAlchemy's like all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.sql import Literal
from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from service.errors import Unavailable
from service.store.errors import database_errors
from service.store.second_lock import OtherAuthority, named

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]
TENANT = "SELECT set_config('wise.authority', %s, true)"


_NAMED = re.compile(r"%\((\w+)\)s")


class Plain:
    """A statement as text; what is asked each time is given by name.

    Its constants are written out: a plan that PostgreSQL keeps for all values could not use an index that holds the
    rows of some states only, unless the statement itself says which states it asks for.
    """

    def __init__(self, statement: ClauseElement) -> None:
        if not named(statement):
            raise OtherAuthority(f"A statement that is put together once names no authority: {statement}")
        compiled = statement.compile(dialect=_DIALECT)
        binds = getattr(compiled, "binds", {})
        stand_ins = {name: None for name, bind in binds.items() if bind.required}
        state = compiled.construct_expanded_state(stand_ins)  # type: ignore[attr-defined]
        self._asked = frozenset(stand_ins)
        self._text = _NAMED.sub(lambda name: self._written(name[1], state.parameters), state.statement)

    def __str__(self) -> str:
        return self._text

    def on(self, connection: psycopg.Connection[Any], given: Mapping[str, Any]) -> psycopg.Cursor[Any]:
        """Runs it; within a pipeline the answer comes when it is fetched. A name that is not given is an error."""
        return connection.execute(self._text, {name: _fit(value) for name, value in given.items()})

    def _written(self, name: str, values: Mapping[str, Any]) -> str:
        if name in self._asked:
            return f"%({name})s"
        return Literal(_fit(values[name])).as_string(None).replace("%", "%%")


def _fit(value: Any) -> Any:
    return Jsonb(dict(value)) if isinstance(value, Mapping) else value


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's own connection, in the transaction that SQLAlchemy has begun."""
    found: psycopg.Connection[Any] | None = connection.connection.driver_connection
    if found is None:
        raise Unavailable("The database cannot be reached.")
    return found


@contextmanager
def driver_errors() -> Iterator[None]:
    """What the driver says itself, and not through SQLAlchemy, as it would be said there."""
    with database_errors():
        try:
            yield
        except psycopg.Error as error:
            raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error
