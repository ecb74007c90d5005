"""Raise what is due for review, once: as a delivery of its own, with all the care a record gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from service.ports import AuditEntry, Casework, CaseworkTransaction, Clock, NewDelivery, ReviewView, Wakeup
from service.usecases.each import each_by_itself
from service.usecases.references import reference_of

BATCH = 200


@dataclass(frozen=True)
class ReviewRaiser:
    """Safe to run twice at once: the rows are locked, and a review can have one delivery only."""

    casework: Casework
    wakeup: Wakeup
    clock: Clock
    authorities: Iterable[str]

    def raise_due(self) -> int:
        """Queues a task for every review due by today in London; returns how many. Raises `SomeFailedError`."""
        today = self.clock.today()
        return each_by_itself(self.authorities, lambda authority: self._raise_for(authority, today))

    def _raise_for(self, authority: str, today: date) -> int:
        with self.casework.transaction(authority) as tx:
            queued = [
                _queue(tx, review, child_key) for review, child_key in tx.reviews.due_and_not_raised(today, BATCH)
            ]
        if queued:
            self.wakeup.look_now(authority)
        return len(queued)


def _queue(tx: CaseworkTransaction, review: ReviewView, child_key: bytes) -> NewDelivery:
    record = tx.submissions.get(review.submission_id)
    delivery = NewDelivery(
        id=uuid4(),
        kind="review_task",
        submission_id=review.submission_id,
        reference=reference_of(child_key, "review_task", record.sender_ref if record else str(review.id)),
        child_key=child_key,
        review_id=review.id,
    )
    tx.deliveries.add(delivery)
    tx.reviews.mark_raised(review.id)
    tx.audit.add(AuditEntry("review clock", "review_raised", "review", str(review.id), {"due_on": str(review.due_on)}))
    return delivery
