"""Reflective supervision of workers, sealed. No row of it names a young person or a record in clear."""

from sqlalchemy import Boolean, Column, Date, DateTime, Index, LargeBinary, Table, Text, UniqueConstraint, Uuid, func

from service.store.tables.metadata import metadata

supervision = Table(
    "supervision",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("sender_ref", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("content_digest", LargeBinary, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("mode", Text, nullable=False),
    Column("linked", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("authority", "sender_ref", name="uq_supervision_sender_ref"),
    Index("ix_supervision_received", "authority", "received_at", "id"),
)
