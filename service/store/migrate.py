"""Brings a database to the newest schema, as the owner role."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from service.store.engine import short_lived_engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


_TAKE_TURNS = (
    "SET LOCAL statement_timeout = 0",  # a migration takes as long as it takes
    "SET LOCAL lock_timeout = 0",
    "SELECT pg_advisory_xact_lock(hashtext('wise-bridge migrate'))",
    "SET LOCAL lock_timeout TO DEFAULT",  # but it does not hold up a running service while it waits for a table
)


def migrate(owner_url: str, revision: str = "head") -> None:
    """Upgrades to `revision`. The advisory lock lets two starts at once take turns, however long the first takes."""
    with short_lived_engine(owner_url) as engine, engine.begin() as connection:
        for statement in _TAKE_TURNS:
            connection.execute(text(statement))
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS casework"))
        command.upgrade(_config(connection), revision)


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
