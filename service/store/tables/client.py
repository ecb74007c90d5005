"""Machines that may sign in, each bound to one authority and to scopes."""

from sqlalchemy import ARRAY, Column, DateTime, LargeBinary, Table, Text, func

from service.store.tables.metadata import metadata

client = Table(
    "client",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("secret_digest", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("revoked_at", DateTime(timezone=True)),
)
