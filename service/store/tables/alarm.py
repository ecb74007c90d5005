"""Alarms, what each channel was told of them, and who looked last."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from service.store.tables.metadata import metadata

alarm = Table(
    "alarm",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("authority", Text),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("owner", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("count", Integer, nullable=False, server_default="1"),
    Column("raised_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("last_seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("cleared_at", DateTime(timezone=True)),
    Index("ix_alarm_cleared", "authority", "cleared_at"),
)
Index(
    "uq_alarm_open",
    func.coalesce(alarm.c.authority, text("''")),
    alarm.c.kind,
    alarm.c.subject,
    unique=True,
    postgresql_where=text("cleared_at IS NULL"),
)

alarm_told = Table(
    "alarm_told",
    metadata,
    Column("alarm_id", Uuid, ForeignKey(alarm.c.id), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("authority", Text),
    Column("word", Text),
    Column("told_at", DateTime(timezone=True)),
    Column("times", Integer, nullable=False, server_default="0"),
)

alarm_channel = Table(
    "alarm_channel",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("failing_since", DateTime(timezone=True)),
    Column("trouble", Text),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

alarm_watch = Table(
    "alarm_watch",
    metadata,
    Column("one", Boolean, primary_key=True, server_default="true"),
    Column("began_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("looked_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
)

wakeup_failure = Table(
    "wakeup_failure",
    metadata,
    Column("process", Uuid, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("first_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("last_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
