"""What machines sign in with: their public keys, the assertions that were used, and how many sign-ins were refused."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, LargeBinary, Table, Text, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from service.store.tables.client import client
from service.store.tables.metadata import metadata

client_key = Table(
    "client_key",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("kid", Text, primary_key=True),
    Column("jwk", JSONB, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("not_after", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["client_id"], [client.c.client_id], name="fk_client_key_client"),
)

assertion_used = Table(
    "assertion_used",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("jti_digest", LargeBinary, primary_key=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_assertion_used_expires", "expires_at"),
)
"""Only ever written and swept by `casework.use_assertion`."""

_THIS_HOUR = sql("date_trunc('hour', now())")
sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("total", BigInteger, nullable=False, server_default="1"),
    Column("hour", DateTime(timezone=True), nullable=False, server_default=_THIS_HOUR),
    Column("in_hour", BigInteger, nullable=False, server_default="1"),
    Column("hour_before", BigInteger, nullable=False, server_default="0"),
    Column("noted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""`authority` is empty where the client is not known. Only ever written by `casework.note_sign_in_failure`."""

refused_address = Table(
    "refused_address",
    metadata,
    Column("authority", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("total", BigInteger, nullable=False, server_default="1"),
    Column("noted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Addresses that nothing was sent to, by what they are for. Only ever written by `casework.refuse_address`."""
