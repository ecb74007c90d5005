"""Staff who sign in, by reference; their sessions, by digest; and what may be used once.

The Hub's side has the same in its own schema (`service.central.tables`).
"""

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Index, LargeBinary, Table, Text, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.tables.metadata import metadata

_MOMENT = DateTime(timezone=True)

staff = Table(
    "staff",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("first_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("last_at", _MOMENT),
    Column("barred_at", _MOMENT),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("way", Text, nullable=False),
    Column("issuer_session", LargeBinary),
    Column("began_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("seen_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("ended_at", _MOMENT),
    Column("ended_why", Text),
    ForeignKeyConstraint(
        ["authority", "reference"], [staff.c.authority, staff.c.reference], name="fk_staff_session_staff"
    ),
    Index("ix_staff_session_staff", "authority", "reference", postgresql_where=sql("ended_at IS NULL")),
    Index("ix_staff_session_seen", "seen_at"),
)

sign_in_used = Table(
    "sign_in_used",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("expires_at", _MOMENT, nullable=False),
    Index("ix_sign_in_used_expires", "expires_at"),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("made_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("used_at", _MOMENT),
)
