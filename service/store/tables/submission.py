"""A record that was received, and apart from it, its encrypted body."""

from sqlalchemy import (
    Column,
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
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from service.store.tables.metadata import metadata

submission = Table(
    "submission",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("sender_ref", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("schema_version", Text, nullable=False),
    Column("template_version", Text, nullable=False),
    Column("content_digest", LargeBinary, nullable=False),
    Column("child_key", LargeBinary, nullable=False),
    Column("completed_on", Date, nullable=False),
    Column("warnings", JSONB, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("supersedes", Uuid, ForeignKey("casework.submission.id", name="fk_submission_supersedes")),
    Column("superseded_by", Uuid, ForeignKey("casework.submission.id", name="fk_submission_superseded_by")),
    Column("withdrawn_by", Uuid, ForeignKey("casework.submission.id", name="fk_submission_withdrawn_by")),
    Column("meeting_key", LargeBinary),
    Column("fact", JSONB(none_as_null=True)),
    Column("sealed_digest", LargeBinary),
    Column("fact_refused", Text),
    Column("purge_after", DateTime(timezone=True)),
    UniqueConstraint("authority", "sender_ref", name="uq_submission_sender_ref"),
    Index("ix_submission_received", "authority", "received_at", "id"),
    Index("ix_submission_child", "authority", "child_key", "record_type", "received_at"),
    Index("ix_submission_fact_refused", "authority", "received_at", postgresql_where=text("fact_refused IS NOT NULL")),
    Index("ix_submission_purge", "authority", "purge_after", postgresql_where=text("purge_after IS NOT NULL")),
    Index("ix_submission_synthetic", "authority", "received_at", postgresql_where=text("client_id = 'wise-bridge'")),
)

payload = Table(
    "payload",
    metadata,
    Column("submission_id", Uuid, ForeignKey(submission.c.id), primary_key=True),
    Column("authority", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

third_party = Table(
    "third_party",
    metadata,
    Column("submission_id", Uuid, ForeignKey(submission.c.id), primary_key=True),
    Column("authority", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""What a record says of people, groups and places that may pose risk, under a key of its own."""

sketch = Table(
    "sketch",
    metadata,
    Column("submission_id", Uuid, ForeignKey(submission.c.id), primary_key=True),
    Column("authority", Text, nullable=False),
    Column("pointer", Text, primary_key=True),
    Column("sketch", LargeBinary, nullable=False),
)
"""Keyed digests of a record's narratives: enough to say that one was copied, and nothing else."""
