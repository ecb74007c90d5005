"""The training register, in a schema of its own: staff by their authority's reference, and no young person."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

training_metadata = MetaData(schema="training")

training_record = Table(
    "record",
    training_metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("professional_ref", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("topics", ARRAY(Text), nullable=False),
    Column("delivered_by", Text, nullable=False),
    Column("trainer_ref", Text),
    Column("mode", Text),
    Column("training_version", Text),
    Column("attended_on", Date, nullable=False),
    Column("evaluation_completed_on", Date),
    Column("valid_until", Date),
    Column("revoked_on", Date),
    Column("registered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("registered_by", Text, nullable=False),
    UniqueConstraint("authority", "professional_ref", "course", "attended_on", name="uq_record_attendance"),
    Index("ix_record_registered", "registered_at", "id"),
)

training_audit = Table(
    "audit",
    training_metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("authority", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    Index("ix_audit_subject", "authority", "subject_id"),
)
