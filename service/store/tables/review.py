"""The review clock of each young person."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from service.store.tables.metadata import metadata
from service.store.tables.submission import submission

review = Table(
    "review",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("child_key", LargeBinary, nullable=False),
    Column("submission_id", Uuid, ForeignKey(submission.c.id), nullable=False),
    Column("record_type", Text, nullable=False),
    Column("anchor_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("window_days", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("sealed_person", LargeBinary),
    Column("knows_whom", Boolean, Computed("sealed_person IS NOT NULL", persisted=True)),
    Column("known_on", Date, nullable=False, server_default=text("(now() AT TIME ZONE 'Europe/London')::date")),
    Column("closed_by", Uuid, ForeignKey(submission.c.id, name="fk_review_closed_by")),
    CheckConstraint("status IN ('open', 'done', 'superseded', 'paused', 'closed')", name="status"),
    UniqueConstraint("authority", "submission_id", name="uq_review_submission"),
)
Index("ix_review_due", review.c.authority, review.c.due_on, postgresql_where=review.c.status == "open")
Index("ix_review_child", review.c.authority, review.c.child_key, postgresql_where=review.c.status == "open")
