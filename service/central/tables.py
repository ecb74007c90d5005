"""The central schema. A fact has no id, no time and no order of its own; it is taken back by its opposite."""

from sqlalchemy import Column, Index, MetaData, SmallInteger, Table, Text

metadata = MetaData(schema="central")

fact = Table(
    "fact",
    metadata,
    Column("quarter", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("exploitation", Text, nullable=False),
    Column("weight", SmallInteger, nullable=False, server_default="1"),
    Index("ix_fact_quarter", "quarter"),
)
