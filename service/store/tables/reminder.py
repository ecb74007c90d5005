"""What was told of a review: once for each channel and stage."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
)

from service.store.tables.delivery import delivery
from service.store.tables.metadata import metadata
from service.store.tables.review import review

reminder = Table(
    "reminder",
    metadata,
    Column("authority", Text, nullable=False),
    Column("review_id", Uuid, ForeignKey(review.c.id), nullable=False),
    Column("channel", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("delivery_id", Uuid, ForeignKey(delivery.c.id)),
    Column("told_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("authority", "review_id", "channel", "stage", name="pk_reminder"),
    CheckConstraint("channel IN ('tray')", name="channel"),
    CheckConstraint("stage IN ('due_soon', 'due', 'overdue', 'escalated')", name="stage"),
)
Index(
    "uq_reminder_delivery",
    reminder.c.authority,
    reminder.c.delivery_id,
    unique=True,
    postgresql_where=reminder.c.delivery_id.is_not(None),
)
