"""Database connections for one process, signed in as that process's own role."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from service.store.second_lock import lock

RESTED_SECONDS = 1.0
TRANSACTION_SECONDS = 30
"""The longest a transaction may stand, unless it says otherwise: what a process that stands still has locked is free
then. `idle_in_transaction_session_timeout` would not do: it is never set going after a pipeline, whose last message
comes when the server is idle already.
"""
_LET_IT_TAKE = text(
    "SELECT set_config('statement_timeout', :limit, true), set_config('transaction_timeout', :limit, true)"
)


def make_engine(url: str, *, pool_size: int = 8, transaction_seconds: int = TRANSACTION_SECONDS) -> Engine:
    """An engine that never shows parameters in errors, gives up waiting, and checks a connection before use.

    `hide_parameters` alone does not keep values out of PostgreSQL's DETAIL lines; identifiers are therefore encrypted
    or keyed before they get here, and the embedded server logs tersely. How long one connection may take to open is
    the address's own to say (`?connect_timeout=10`); three seconds where it says nothing.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={
            "connect_timeout": make_url(url).query.get("connect_timeout", "3"),
            "application_name": "wise-bridge",
            "options": f"-c statement_timeout=15s -c lock_timeout=5s -c transaction_timeout={transaction_seconds}s",
        },
    )
    lock(engine)
    event.listen(engine, "checkin", _note_the_time)
    event.listen(engine, "checkout", _ask_after_a_rest)
    return engine


def _note_the_time(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["resting_since"] = time.monotonic()


def _ask_after_a_rest(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Whether the connection is still there, unless it was in use a moment ago: under load that is every time.

    One that breaks in that moment is a request that nothing was kept of, as if it had broken in the midst of it.
    """
    rested = time.monotonic() - record.info.get("resting_since", float("-inf"))
    if rested < RESTED_SECONDS:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def answers(engine: Engine) -> bool:
    """Whether the database answers now."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


@contextmanager
def short_lived_engine(url: str) -> Iterator[Engine]:
    """One connection for one command, let go of afterwards."""
    engine = make_engine(url, pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()


def let_it_take(connection: Connection, limit: str = "0") -> None:
    """For this transaction alone: for so long at the most, as PostgreSQL writes it (10min); left out, without end."""
    connection.execute(_LET_IT_TAKE, {"limit": limit})
