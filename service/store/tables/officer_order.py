"""What officers ordered about deliveries and lanes. Kept for good; only its approval and outcome are added."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, Table, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB

from service.store.tables.delivery import delivery
from service.store.tables.metadata import metadata

officer_order = Table(
    "officer_order",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("batch", Uuid),
    Column("action", Text, nullable=False),
    Column("delivery_id", Uuid, ForeignKey(delivery.c.id)),
    Column("by", Text, nullable=False),
    Column("through", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ticket", Text),
    Column("detail", JSONB, nullable=False, server_default="{}"),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("approved_by", Text),
    Column("approved_through", Text),
    Column("approved_at", DateTime(timezone=True)),
    Column("done_at", DateTime(timezone=True)),
    Column("outcome", Text),
    Index("ix_officer_order_asked", "authority", "asked_at", "id"),
    Index("ix_officer_order_delivery", "authority", "delivery_id"),
    Index("ix_officer_order_batch", "authority", "batch", postgresql_where=text("batch IS NOT NULL")),
    Index(
        "uq_officer_order_reopen",
        "authority",
        "delivery_id",
        unique=True,
        postgresql_where=text("action = 'reopen' AND done_at IS NULL"),
    ),
)
