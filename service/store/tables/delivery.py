"""The row that is the job: one thing to be put into one case system."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from service.domain.delivery import CLAIMABLE, State
from service.store.tables.metadata import metadata
from service.store.tables.review import review
from service.store.tables.submission import submission

WORKED_ON = tuple(state.value for state in State if state in CLAIMABLE or state is State.IN_FLIGHT)
"""The states in which a worker has something to do: those that the index of what is due holds."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("submission_id", Uuid, ForeignKey(submission.c.id), nullable=False),
    Column("review_id", Uuid, ForeignKey(review.c.id)),
    Column("retracts", Uuid, ForeignKey("casework.delivery.id", name="fk_delivery_retracts")),
    Column("reference", Text, nullable=False),
    Column("child_key", LargeBinary, nullable=False),
    Column("seq", BigInteger, Identity(always=True)),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("lapses", Integer, nullable=False, server_default="0"),
    Column("lookups", Integer, nullable=False, server_default="0"),
    Column("absences", Integer, nullable=False, server_default="0"),
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("may_have_arrived", Boolean, nullable=False, server_default="false"),
    Column("first_sent_at", DateTime(timezone=True)),
    Column("lease_until", DateTime(timezone=True)),
    Column("held_by", Uuid),
    Column("put_off_since", DateTime(timezone=True)),
    Column("connector", Text),
    Column("connector_version", Text),
    Column("profile_digest", Text),
    Column("record_number", Text),
    Column("document_number", Text),
    Column("evidence", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("delivered_at", DateTime(timezone=True)),
    Column("state_since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("changed_in", BigInteger, nullable=False, server_default=text("pg_current_xact_id()::text::bigint")),
    Column("asked_again", Boolean, nullable=False, server_default="false"),
    UniqueConstraint("authority", "reference", name="uq_delivery_reference"),
    Index("ix_delivery_submission", "authority", "submission_id"),
)
Index(
    "ix_delivery_review",
    delivery.c.authority,
    delivery.c.review_id,
    postgresql_where=delivery.c.review_id.is_not(None),
)
Index(
    "ix_delivery_due",
    delivery.c.authority,
    delivery.c.due_at,
    delivery.c.seq,
    postgresql_where=delivery.c.state.in_(WORKED_ON),
)
Index("ix_delivery_in_flight", delivery.c.authority, postgresql_where=text("state = 'in_flight'"))
Index("ix_delivery_changed", delivery.c.authority, delivery.c.changed_in, delivery.c.id)
Index(
    "ix_delivery_state",
    delivery.c.authority,
    delivery.c.state,
    delivery.c.state_since,
    postgresql_where=text("state NOT IN ('delivered', 'superseded', 'cancelled')"),
)
Index(
    "uq_delivery_one_at_a_time",
    delivery.c.authority,
    delivery.c.child_key,
    unique=True,
    postgresql_where=text("state = 'in_flight' AND kind <> 'review_task'"),
)
Index(
    "ix_delivery_open_child",
    delivery.c.authority,
    delivery.c.child_key,
    delivery.c.seq,
    postgresql_where=text("kind <> 'review_task' AND state NOT IN ('delivered', 'superseded', 'cancelled')"),
)
