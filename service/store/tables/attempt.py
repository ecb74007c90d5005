"""Each claim of a delivery: how far it came and how it ended. No bodies, no remote text."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text, Uuid, func

from service.store.tables.delivery import delivery
from service.store.tables.metadata import metadata

attempt = Table(
    "attempt",
    metadata,
    Column("delivery_id", Uuid, ForeignKey(delivery.c.id), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("phase", Text, nullable=False),
    Column("outcome", Text),
    Column("reason", Text),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ended_at", DateTime(timezone=True)),
)
