"""Say that a review is coming, due or overdue: each once, as a delivery of its own with all the care a record gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from service.domain.london import london_date
from service.domain.reviews import (
    EARLIEST_DAYS,
    Calendar,
    Channel,
    Planned,
    Reminders,
    Stage,
    days_of,
    stage_to_tell,
)
from service.ports import AuditEntry, Casework, CaseworkTransaction, NewDelivery, Telling, Wakeup
from service.usecases.each import each_by_itself
from service.usecases.references import reference_of

BATCH = 200
HOLIDAYS = 14
"""More days than can lie between a day and the working day before it."""
USUAL = Reminders()


@dataclass(frozen=True)
class ReviewRaiser:
    """Safe to run twice at once, and again: the rows are locked, and each stage is noted once for each channel.

    `reminders` says by authority how it is reminded; where it says nothing, the usual holds.
    """

    casework: Casework
    wakeup: Wakeup
    now: Callable[[], datetime]
    authorities: Iterable[str]
    reminders: Mapping[str, Reminders]
    calendar: Calendar

    def raise_due(self) -> int:
        """Queues what is to be told by now; returns how many. Outside working hours none. Raises `SomeFailedError`."""
        now = self.now()
        if not self.calendar.may_send(now):
            return 0
        return each_by_itself(self.authorities, lambda authority: self._raise_for(authority, london_date(now)))

    def _raise_for(self, authority: str, today: date) -> int:
        plan, told, after = self.reminders.get(authority, USUAL), 0, None
        due_by = today + timedelta(days=EARLIEST_DAYS + HOLIDAYS)
        while True:
            with self.casework.transaction(authority) as tx:
                found = tx.reviews.to_be_told(due_by, after, BATCH)
                told += sum(self._tell(tx, each, plan, today) for each in found)
            if len(found) < BATCH:
                break
            after = found[-1].review.due_on, found[-1].review.id
        if told:
            self.wakeup.look_now(authority)
        return told

    def _tell(self, tx: CaseworkTransaction, found: Telling, plan: Reminders, today: date) -> int:
        review = found.review
        days = days_of(Planned(review.due_on, review.known_on, review.window_days), plan, self.calendar)
        queued = 0
        for channel, stages in plan.channels.items():
            stage = stage_to_tell(days, stages, told=found.told.get(channel, frozenset()), today=today)
            if stage is not None:
                _queue(tx, found, channel, stage)
                queued += 1
        return queued


def _queue(tx: CaseworkTransaction, found: Telling, channel: Channel, stage: Stage) -> None:
    review = found.review
    delivery = NewDelivery(
        id=uuid4(),
        kind="review_task",
        submission_id=review.submission_id,
        reference=_reference(tx, found, stage),
        child_key=found.child_key,
        review_id=review.id,
    )
    tx.deliveries.add(delivery)
    tx.reviews.note_told(review.id, channel, stage, delivery.id)
    detail = {
        "due_on": str(review.due_on),
        "channel": channel.value,
        "stage": stage.value,
        "delivery": str(delivery.id),
    }
    tx.audit.add(AuditEntry("review clock", "review_raised", "review", str(review.id), detail))


def _reference(tx: CaseworkTransaction, found: Telling, stage: Stage) -> str:
    """The same for the same stage of the same review, also after a restore."""
    record = tx.submissions.get(found.review.submission_id)
    name = record.sender_ref if record else str(found.review.id)
    return reference_of(found.child_key, "review_task", name if stage is Stage.DUE else f"{name}\0{stage.value}")
