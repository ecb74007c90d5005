"""The least version of each authority's key that may still seal, and which processes were refused below it."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, func

from service.store.tables.metadata import metadata

key_floor = Table(
    "key_floor",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("least", Integer, primary_key=True, autoincrement=False),
    Column("since", DateTime(timezone=True), nullable=False),
)

stale_key = Table(
    "stale_key",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("process", Text, primary_key=True),
    Column("first_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("last_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Only ever written by `casework.note_stale_key` and read by `casework.stale_keys`."""
