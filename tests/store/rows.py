"""Rows made through the store itself, and a superuser's look at what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import dict_row

from service.domain.delivery import Reason, State
from service.ports import (
    AuditEntry,
    Casework,
    Claim,
    Claimer,
    Held,
    NewDelivery,
    NewReview,
    NewSubmission,
    Settlement,
)
from tests.support.bridge import STOCKPORT
from tests.support.servers import Database

_kept: dict[str, psycopg.Connection[Any]] = {}
LEASE = timedelta(seconds=30)
CLAIMER = Claimer(uuid4(), LEASE)
AUDIT = AuditEntry("test", "settled", "delivery", "-")
RECEIPT = Settlement(State.DELIVERED, Reason.WAITING, may_have_arrived=True, record_number="R1")


def superuser(database: Database) -> psycopg.Connection[Any]:
    """One connection kept for every look: signing in takes longer than the looks."""
    if database.name not in _kept:
        _kept[database.name] = database.as_admin()
        _kept[database.name].execute("SET session_replication_role = replica")  # a test sets the scene, whatever moves
    return _kept[database.name]


def let_go(name: str | None = None) -> None:
    """Of one database's connection, or of all."""
    for each in [name] if name else list(_kept):
        if each in _kept:
            _kept.pop(each).close()


def new_submission(child: bytes = b"child", sender_ref: str | None = None) -> NewSubmission:
    return NewSubmission(
        id=uuid4(),
        sender_ref=sender_ref or uuid4().hex,
        client_id="test",
        record_type="wise_assessment",
        kind="initial",
        schema_version="1.0",
        template_version="1",
        content_digest=b"digest",
        child_key=child,
        completed_on=date(2026, 9, 14),
        warnings=[],
        sealed=b"sealed",
    )


def new_delivery(submission: NewSubmission, **changes: Any) -> NewDelivery:
    delivery = NewDelivery(uuid4(), "record", submission.id, f"WB-{uuid4().hex}", submission.child_key)
    return replace(delivery, **changes)


def new_review(submission: NewSubmission, due_on: date = date(2026, 12, 14), **changes: Any) -> NewReview:
    review = NewReview(
        id=uuid4(),
        child_key=submission.child_key,
        submission_id=submission.id,
        record_type="wise_assessment",
        anchor_on=date(2026, 9, 14),
        due_on=due_on,
        window_days=14,
        basis="three_monthly",
    )
    return replace(review, **changes)


def record(intake: Casework, authority: str = STOCKPORT, child: bytes = b"child", **changes: Any) -> NewDelivery:
    """A submission with its delivery, ready now."""
    submission = new_submission(child)
    delivery = new_delivery(submission, **changes)
    with intake.transaction(authority) as tx:
        assert tx.submissions.add(submission)
        tx.deliveries.add(delivery)
    return delivery


def task(intake: Casework, store: Casework, authority: str = STOCKPORT, child: bytes = b"child") -> NewDelivery:
    """A review's task, ready now; its record is delivered."""
    submission = new_submission(child)
    review = new_review(submission)
    raised = new_delivery(submission, kind="review_task", review_id=review.id)
    with intake.transaction(authority) as tx:
        tx.submissions.add(submission)
        tx.reviews.open_next(review)
    with store.transaction(authority) as tx:
        tx.deliveries.add(raised)
    return raised


def claim(
    store: Casework,
    delivery_id: UUID,
    authority: str = STOCKPORT,
    in_flight_max: int = 100,
    claimer: Claimer = CLAIMER,
) -> Claim | None:
    with store.transaction(authority) as tx:
        taken = tx.deliveries.claim(claimer, in_flight_max=in_flight_max, limit=1, only=delivery_id)
    return taken[0] if taken else None


def claimed(store: Casework, delivery_id: UUID, authority: str = STOCKPORT) -> Claim:
    taken = claim(store, delivery_id, authority)
    assert taken is not None
    return taken


def settle(store: Casework, held: Claim, settlement: Settlement = RECEIPT, audit: AuditEntry = AUDIT) -> bool:
    with store.transaction(held.authority) as tx:
        return tx.deliveries.settle(held, settlement, audit, in_flight_max=100)


def sending(store: Casework, held: Claim, lease: timedelta = LEASE) -> bool:
    with store.transaction(held.authority) as tx:
        told = tx.deliveries.sending(held, lease=lease, connector="lcs", version="1", profile_digest="p")
    return told is Held.YES


def change(database: Database, delivery_id: UUID, assignments: str) -> None:
    """Sets columns of a delivery, as a superuser: mostly the clock."""
    done = superuser(database).execute(f"UPDATE casework.delivery SET {assignments} WHERE id = %s", (delivery_id,))
    assert done.rowcount == 1


def lapse(database: Database, delivery_id: UUID) -> None:
    """The lease of a worker that is gone has ended."""
    change(database, delivery_id, "lease_until = now() - interval '1 second'")


def rows(database: Database, query: str, *values: Any) -> list[dict[str, Any]]:
    return superuser(database).cursor(row_factory=dict_row).execute(query, values).fetchall()


def row(database: Database, delivery_id: UUID) -> dict[str, Any]:
    (found,) = rows(database, "SELECT * FROM casework.delivery WHERE id = %s", delivery_id)
    return found


def attempts(database: Database, delivery_id: UUID) -> list[tuple[int, str, str | None]]:
    """Number, phase and outcome."""
    found = rows(database, "SELECT * FROM casework.attempt WHERE delivery_id = %s ORDER BY number", delivery_id)
    return [(each["number"], each["phase"], each["outcome"]) for each in found]


def actions(database: Database) -> list[str]:
    """The audit trail's actions in order, without those on clients: a test makes one when it first signs in."""
    query = "SELECT action FROM casework.audit WHERE subject_type <> 'client' ORDER BY id"
    return [each["action"] for each in rows(database, query)]
