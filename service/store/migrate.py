"""Brings a database to the newest schema, as the owner role."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from service.errors import Unavailable
from service.store.engine import let_it_take, short_lived_engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
TRIES = 5
REST_SECONDS = 1.0
IN_USE = (
    f"The running service did not let go of a table in {TRIES} tries. Nothing was changed. "
    "Try again when there is less to do, or stop the service first."
)

_TAKE_TURNS = (
    text("SET LOCAL lock_timeout = 0"),
    text("SELECT pg_advisory_xact_lock(hashtext('wise-bridge migrate'))"),
    text("SET LOCAL lock_timeout TO DEFAULT"),  # but it does not hold up a running service while it waits for a table
)


def migrate(owner_url: str, revision: str = "head") -> None:
    """Upgrades to `revision`. The advisory lock lets two starts at once take turns, however long the first takes."""
    change_schema(owner_url, lambda config: command.upgrade(config, revision))


def change_schema(owner_url: str, change: Callable[[Config], None], migrations: Path = MIGRATIONS) -> None:
    """All of a change of the schema or none of it.

    A running service goes before: when a change waited too long for a table, or would have waited in a circle, it is
    undone and tried again, `TRIES` times in all. Raises `Unavailable` when it never came to its turn.
    """
    with short_lived_engine(owner_url) as engine:
        for last in [False] * (TRIES - 1) + [True]:
            try:
                _changed(engine, change, migrations)
            except OperationalError as error:
                if not isinstance(error.orig, DeadlockDetected | LockNotAvailable):
                    raise
                if last:
                    raise Unavailable(IN_USE) from error
                time.sleep(REST_SECONDS)
            else:
                return


def _changed(engine: Engine, change: Callable[[Config], None], migrations: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    with engine.begin() as connection:
        let_it_take(connection)
        for statement in _TAKE_TURNS:
            connection.execute(statement)
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS casework"))
        config.attributes["connection"] = connection
        change(config)
