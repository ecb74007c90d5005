"""Batches that were taken, so that the same one sent again is known."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text, func

from service.store.tables.metadata import metadata

batch = Table(
    "batch",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("batch_id", Text, primary_key=True),
    Column("content_digest", LargeBinary, nullable=False),
    Column("items", Integer, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
