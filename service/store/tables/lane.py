"""One authority's lane: whether anything may go, what it has been through, and when it was last looked at."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, func

from service.store.tables.metadata import metadata

lane = Table(
    "lane",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("hold", Text, nullable=False, server_default=""),
    Column("hold_by", Text),
    Column("hold_reason", Text),
    Column("hold_at", DateTime(timezone=True)),
    Column("in_a_row", Integer, nullable=False, server_default="0"),
    Column("recent", Text, nullable=False, server_default=""),
    Column("open_for", Integer, nullable=False, server_default="0"),
    Column("openings", Integer, nullable=False, server_default="0"),
    Column("ramp", Integer),
    Column("open_reason", Text),
    Column("opened_at", DateTime(timezone=True)),
    Column("open_until", DateTime(timezone=True)),
    Column("quiet_until", DateTime(timezone=True)),
    Column("swept_at", DateTime(timezone=True)),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
