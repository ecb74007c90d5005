"""The central schema. A fact has no id, no time and no order of its own; it is taken back by its opposite."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import func, text

from service.domain.fact import FIELDS, NARROW, RESTORED

metadata = MetaData(schema="central")

fact = Table(
    "fact",
    metadata,
    Column("quarter", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("exploitation", Text, nullable=False),
    Column("weight", SmallInteger, nullable=False, server_default="1"),
    *(Column(name, Text, nullable=False, server_default=RESTORED[name]) for name in FIELDS if name not in NARROW),
    Index("ix_fact_quarter", "quarter"),
)
"""The defaults are for rows from when a fact had four fields: what is taken back of them is then what is here."""

build = Table(
    "build",
    metadata,
    Column("id", Uuid, nullable=False, server_default=func.gen_random_uuid()),
    Column("seq", BigInteger, Identity(always=True)),
    Column("quarter", Text, nullable=False),
    Column("catalogue", Text, nullable=False),
    Column("catalogue_digest", Text, nullable=False),
    Column("after", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("digest", Text, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("facts_digest", Text, nullable=False),
    Column("built_by", Text, nullable=False),
    Column("built_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("id", name="pk_build"),
    UniqueConstraint("seq", name="uq_build_seq"),
    Index("ix_build_quarter", "quarter", "seq"),
)
"""`after` is the ledger's last number when it was built. `facts` are read by nobody but who makes releases."""

build_audit = Table(
    "build_audit",
    metadata,
    Column("build_id", Uuid, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("report_digest", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("looked", Boolean, nullable=False, server_default="false"),
    Column("audited_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("build_id", name="pk_build_audit"),
    ForeignKeyConstraint(["build_id"], [build.c.id], name="fk_build_audit_build"),
)

build_approval = Table(
    "build_approval",
    metadata,
    Column("build_id", Uuid, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("way", Text, nullable=False, server_default="typed"),
    PrimaryKeyConstraint("build_id", name="pk_build_approval"),
    ForeignKeyConstraint(["build_id"], [build.c.id], name="fk_build_approval_build"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("number", Integer, nullable=False, autoincrement=False),
    Column("quarter", Text, nullable=False),
    Column("build_id", Uuid, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("number", name="pk_ledger"),
    UniqueConstraint("quarter", name="uq_ledger_quarter"),
    UniqueConstraint("build_id", name="uq_ledger_build_id"),
    UniqueConstraint("hash", name="uq_ledger_hash"),
    ForeignKeyConstraint(["build_id"], [build.c.id], name="fk_ledger_build"),
)
"""What was published, each entry bound to the one before by its hash."""

pull = Table(
    "pull",
    metadata,
    Column("id", BigInteger, Identity(always=True)),
    Column("client_id", Text, nullable=False),
    Column("quarter", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("id", name="pk_pull"),
)

published = Table(
    "published",
    MetaData(schema="central"),
    Column("number", Integer),
    Column("quarter", Text),
    Column("catalogue", Text),
    Column("catalogue_digest", Text),
    Column("digest", Text),
    Column("content", LargeBinary),
    Column("hash", Text),
    Column("published_at", DateTime(timezone=True)),
)
"""The view that the Hub's process reads, and nothing else of this schema."""

sending = Table(
    "sending",
    metadata,
    Column("id", Uuid, nullable=False, server_default=func.gen_random_uuid()),
    Column("quarter", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="ready"),
    Column("reason", Text, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("lease_until", DateTime(timezone=True)),
    Column("may_have_arrived", Boolean, nullable=False, server_default="false"),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("receipt", JSONB, nullable=False, server_default="{}"),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("sent_at", DateTime(timezone=True)),
    PrimaryKeyConstraint("id", name="pk_sending"),
    UniqueConstraint("quarter", "file", "address", name="uq_sending_quarter"),
    ForeignKeyConstraint(["quarter"], [ledger.c.quarter], name="fk_sending_ledger"),
)
"""A published file on its way to the central team. `address` is the SHA-256 of the address, `digest` of the bytes."""

feed_key = Table(
    "feed_key",
    metadata,
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    PrimaryKeyConstraint("id", name="pk_feed_key"),
)
"""A long-lived key of a spreadsheet or a report that pulls; the key itself is kept nowhere."""

_THIS_HOUR = text("date_trunc('hour', now())")
sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("authority", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("total", BigInteger, nullable=False, server_default="1"),
    Column("hour", DateTime(timezone=True), nullable=False, server_default=_THIS_HOUR),
    Column("in_hour", BigInteger, nullable=False, server_default="1"),
    Column("hour_before", BigInteger, nullable=False, server_default="0"),
    Column("noted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("authority", "reason", name="pk_sign_in_failure"),
)
"""Sign-ins that the Hub's process refused. Only ever written by `central.note_sign_in_failure`."""

_MOMENT = DateTime(timezone=True)

staff = Table(
    "staff",
    metadata,
    Column("authority", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("first_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("last_at", _MOMENT),
    Column("barred_at", _MOMENT),
    PrimaryKeyConstraint("authority", "reference", name="pk_staff"),
)
"""Who signs in at the Hub, by reference. These four are as on the casework side (`service.store.tables.staff`)."""

staff_session = Table(
    "staff_session",
    metadata,
    Column("digest", LargeBinary, nullable=False),
    Column("authority", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("way", Text, nullable=False),
    Column("issuer_session", LargeBinary),
    Column("began_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("seen_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("ended_at", _MOMENT),
    Column("ended_why", Text),
    PrimaryKeyConstraint("digest", name="pk_staff_session"),
    ForeignKeyConstraint(
        ["authority", "reference"], [staff.c.authority, staff.c.reference], name="fk_staff_session_staff"
    ),
    Index("ix_staff_session_staff", "authority", "reference", postgresql_where=text("ended_at IS NULL")),
    Index("ix_staff_session_seen", "seen_at"),
)

sign_in_used = Table(
    "sign_in_used",
    metadata,
    Column("digest", LargeBinary, nullable=False),
    Column("expires_at", _MOMENT, nullable=False),
    PrimaryKeyConstraint("digest", name="pk_sign_in_used"),
    Index("ix_sign_in_used_expires", "expires_at"),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("digest", LargeBinary, nullable=False),
    Column("authority", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("made_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("used_at", _MOMENT),
    PrimaryKeyConstraint("digest", name="pk_sign_in_link"),
)
