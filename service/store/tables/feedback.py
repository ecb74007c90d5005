"""What young people, parents and carers said, sealed; in clear only what lists and the evaluation's gate need."""

from sqlalchemy import Column, Date, DateTime, Index, LargeBinary, Table, Text, UniqueConstraint, Uuid, func

from service.store.tables.metadata import metadata

feedback = Table(
    "feedback",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("sender_ref", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("content_digest", LargeBinary, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("consent", Text),
    Column("consent_on", Date),
    Column("withdrawn_on", Date),
    Column("sealed_consent", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("authority", "sender_ref", name="uq_feedback_sender_ref"),
    Index("ix_feedback_received", "authority", "received_at", "id"),
)
