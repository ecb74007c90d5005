"""Statements that go to the driver itself, put together once, where SQLAlchemy would put them together each time.

Only for the few that every record and every delivery passes: there, building a statement and wrapping its answer cost
more than the database takes to answer it. The statements themselves are SQLAlchemy's like all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from service.errors import Unavailable
from service.store.errors import database_errors

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]
TENANT = "SELECT set_config('wise.authority', %s, true)"


class Plain:
    """A statement as text with its constants; what is asked each time is given by name."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        binds = getattr(compiled, "binds", {})
        asked = {name for name, bind in binds.items() if bind.required}
        self._text = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if name not in asked}

    def on(self, connection: psycopg.Connection[Any], given: Mapping[str, Any]) -> psycopg.Cursor[Any]:
        """Runs it; within a pipeline the answer comes when it is fetched. A name that is not given is an error."""
        return connection.execute(self._text, self._constants | {name: _fit(value) for name, value in given.items()})


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
