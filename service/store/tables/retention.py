"""Which bodies were shredded, which records forgotten, and legal holds as events: all only added to.

None has a foreign key, for they outlast every row of the record.
"""

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, Table, Text, Uuid, func

from service.store.tables.metadata import metadata

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
    Column("submission_id", Uuid),
    Column("child_key", LargeBinary),
    Column("reason", Text),
    Column("ticket", Text),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
)
"""A hold is its events: asked, approved, lift_asked, lifted. It is in force until it is lifted."""
Index("ix_legal_hold_authority", legal_hold.c.authority, legal_hold.c.event)

forgotten = Table(
    "forgotten",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("subject_id", Text, primary_key=True),
    Column("submission_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
)
"""The ids of a record, its deliveries, review and holds, as the trail names them. Nothing else is left of it."""
Index("ix_forgotten_submission", forgotten.c.authority, forgotten.c.submission_id)

purge_run = Table(
    "purge_run",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""When an authority's bodies were last looked through to the end."""
