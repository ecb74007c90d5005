"""The central schema. A fact has no id, no time and no order of its own."""

from sqlalchemy import Column, Index, MetaData, Table, Text

metadata = MetaData(schema="central")

fact = Table(
    "fact",
    metadata,
    Column("quarter", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("exploitation", Text, nullable=False),
    Index("ix_fact_quarter", "quarter"),
)
