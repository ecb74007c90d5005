"""What was handed over to be typed in by hand, and what came back. No word of a record."""

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, Text, func, text

from service.store.tables.delivery import delivery
from service.store.tables.metadata import metadata

manual_pack = Table(
    "manual_pack",
    metadata,
    Column("authority", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("inbox", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("form", Text),
    Column("about_number", Text),
    Column("handed_sha256", Text, nullable=False),
    Column("put_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("taken_by", Text),
    Column("taken_at", DateTime(timezone=True)),
    Column("record_number", Text),
    Column("document_number", Text),
    Column("confirmed_by", Text),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("refused_reason", Text),
    Column("refused_by", Text),
    Column("refused_at", DateTime(timezone=True)),
    PrimaryKeyConstraint("authority", "reference"),
    ForeignKeyConstraint(
        ["authority", "reference"], [delivery.c.authority, delivery.c.reference], name="fk_manual_pack_delivery"
    ),
    Index(
        "ix_manual_pack_open",
        "authority",
        "put_at",
        postgresql_where=text("confirmed_at IS NULL AND refused_at IS NULL"),
    ),
)
