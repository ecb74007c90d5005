"""Which bodies were shredded, and legal holds as the events they are made of. Both are only added to."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid, func

from service.store.tables.metadata import metadata
from service.store.tables.submission import submission

shredded = Table(
    "shredded",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("submission_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("why", Text, nullable=False),
    Column("days", Integer, nullable=False),
)
"""It outlasts every row of the record: a backup may bring the record back."""
Index("ix_shredded_at", shredded.c.authority, shredded.c.at, shredded.c.submission_id)

legal_hold = Table(
    "legal_hold",
    metadata,
    Column("hold", Uuid, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("scope", Text),
    Column("submission_id", Uuid, ForeignKey(submission.c.id)),
    Column("child_key", LargeBinary),
    Column("reason", Text),
    Column("ticket", Text),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
)
"""A hold is its events: asked, approved, lift_asked, lifted. It is in force until it is lifted."""
Index("ix_legal_hold_authority", legal_hold.c.authority, legal_hold.c.event)
