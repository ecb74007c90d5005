"""The processes that deliver, by an id of their own making, so that one that is gone can be told from a slow one."""

from sqlalchemy import Column, DateTime, Table, Uuid, func

from service.store.tables.metadata import metadata

worker = Table(
    "worker",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ended_at", DateTime(timezone=True)),
)
