"""Everything the database holds, as a superuser sees it: for searching it for what should not be there."""

from __future__ import annotations

from tests.store.rows import rows, superuser
from tests.support.servers import Database

SCHEMAS = ["casework", "central", "training"]


def holding(database: Database, mark: str) -> list[str]:
    """The rows of any table that have the mark in clear, as text or among bytes, which are shown in hexadecimal."""
    tables = rows(
        database,
        "SELECT format('%%I.%%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = ANY(%s)",
        SCHEMAS,
    )
    shown = [row for each in tables for row in _rows(database, each["name"])]
    return [row for row in shown if mark in row or mark.encode().hex() in row]


def _rows(database: Database, table: str) -> list[str]:
    return [row for (row,) in superuser(database).execute(f"SELECT t::text FROM {table} t").fetchall()]  # type: ignore[arg-type] # a name of the catalogue's
