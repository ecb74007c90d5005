"""Brings a database to the newest schema, as the owner role."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from service.store.engine import make_engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def migrate(owner_url: str, revision: str = "head") -> None:
    """Upgrades to `revision`. The advisory lock lets two starts at once take turns."""
    engine = make_engine(owner_url, pool_size=1)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('wise-bridge migrate'))"))
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS casework"))
        command.upgrade(_config(connection), revision)
    engine.dispose()


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
