"""What a rule keeps from being passed on until a person has looked."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, Table, Text, Uuid, func

from service.store.tables.metadata import metadata
from service.store.tables.submission import submission

hold = Table(
    "hold",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("submission_id", Uuid, ForeignKey(submission.c.id), nullable=False),
    Column("rule", Text, nullable=False),
    Column("pointer", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("released_at", DateTime(timezone=True)),
    Column("released_by", Text),
    Index("ix_hold_submission", "authority", "submission_id"),
)
Index("ix_hold_open", hold.c.authority, hold.c.raised_at, hold.c.id, postgresql_where=hold.c.released_at.is_(None))
