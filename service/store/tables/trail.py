"""The trail's chain of digests, its checkpoints, and how far these got on their way outside."""

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, Table, Text, UniqueConstraint, func

from service.store.tables.metadata import metadata

audit_link = Table(
    "audit_link",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("audit_id", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    UniqueConstraint("authority", "audit_id", name="uq_audit_link_audit_id"),
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("statement", Text, nullable=False),
)

checkpoint_sending = Table(
    "checkpoint_sending",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("way", Text, primary_key=True),
    Column("position", BigInteger, nullable=False, server_default="0"),
    Column("tried_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("failing_since", DateTime(timezone=True)),
    Column("trouble", Text),
)

audit_cut = Table(
    "audit_cut",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
)
"""Up to where the beginning of a chain went after six years: the checkpoint there, and its digest."""
