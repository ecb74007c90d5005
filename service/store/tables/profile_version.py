"""Versions of profiles and what was done to them."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from service.store.tables.metadata import metadata

profile_version = Table(
    "profile_version",
    metadata,
    Column("authority", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("files", JSONB, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("findings", JSONB),
    Column("approved_by", Text),
    PrimaryKeyConstraint("authority", "number"),
    Index("uq_profile_version_live", "authority", unique=True, postgresql_where=text("state = 'live'")),
)

profile_event = Table(
    "profile_event",
    metadata,
    Column("authority", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("sequence", BigInteger, Identity(always=True)),
    Column("event", Text, nullable=False),
    Column("by_ref", Text, nullable=False),
    Column("reason", Text),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    PrimaryKeyConstraint("authority", "sequence"),
)
