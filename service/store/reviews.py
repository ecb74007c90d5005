"""The review clock's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, insert, select, tuple_, update

from service.domain.reviews import Channel, Stage
from service.ports import NewReview, ReviewView, Telling
from service.store.driver import Plain, driver_of
from service.store.tables import reminder, review, submission

_VIEW = (
    review.c.id,
    review.c.submission_id,
    review.c.record_type,
    review.c.anchor_on,
    review.c.due_on,
    review.c.window_days,
    review.c.basis,
    review.c.status,
    review.c.raised_at,
    review.c.known_on,
    review.c.sealed_person,
)
_BY_ID, _OF_SUBMISSION = (
    Plain(select(*_VIEW).where(review.c.authority == bindparam("_authority"), column == bindparam("_id")))
    for column in (review.c.id, review.c.submission_id)
)


class ReviewRows:
    """`service.ports.casework.Reviews` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def open_next(self, new: NewReview) -> None:
        """A completed review closes its cycle and opens the next; the instruments keep a clock each.

        A record that is older than the one the clock already stands on (a paper form typed in late) leaves it alone.
        """
        mine = self._open_of(new)
        newer = self._connection.scalar(select(review.c.id).where(mine, review.c.anchor_on > new.anchor_on).limit(1))
        if newer is None:
            self._connection.execute(update(review).where(mine).values(status="done", closed_at=func.now()))
        self._connection.execute(
            insert(review).values(
                id=new.id,
                authority=self._authority,
                child_key=new.child_key,
                submission_id=new.submission_id,
                record_type=new.record_type,
                anchor_on=new.anchor_on,
                due_on=new.due_on,
                window_days=new.window_days,
                basis=new.basis,
                sealed_person=new.sealed_person,
                status="open" if newer is None else "superseded",
            )
        )

    def close(self, child_key: bytes, *, by: UUID) -> None:
        """Stops every open clock of a young person: the service is no longer involved, so nobody is reminded."""
        mine = (review.c.authority == self._authority) & (review.c.child_key == child_key) & (review.c.status == "open")
        self._connection.execute(update(review).where(mine).values(status="closed", closed_at=func.now(), closed_by=by))

    def run_on(self, versions: Collection[UUID]) -> None:
        """Those clocks that these versions stopped, unless their own record is gone or another has taken over."""
        taken_over, own = review.alias(), submission.alias()
        stopped = (
            (review.c.authority == self._authority)
            & (review.c.status == "closed")
            & review.c.closed_by.in_(versions)
            & exists().where(
                own.c.authority == self._authority, own.c.id == review.c.submission_id, own.c.withdrawn_by.is_(None)
            )
            & ~exists().where(
                taken_over.c.authority == self._authority,
                taken_over.c.child_key == review.c.child_key,
                taken_over.c.record_type == review.c.record_type,
                taken_over.c.status == "open",
            )
        )
        again = {"status": "open", "closed_at": None, "closed_by": None}
        self._connection.execute(update(review).where(stopped).values(again))

    def withdraw(self, versions: Collection[UUID]) -> None:
        """Closes the clock they had started. If it was running, the one it had taken over from runs again."""
        theirs = (review.c.authority == self._authority) & review.c.submission_id.in_(versions)
        stopped = self._connection.execute(
            update(review)
            .where(theirs, review.c.status == "open")
            .values(status="closed", closed_at=func.now())
            .returning(review.c.child_key, review.c.record_type)
        ).first()
        if stopped is None:
            return
        before = (
            select(review.c.id)
            .join(submission, submission.c.id == review.c.submission_id)
            .where(
                review.c.authority == self._authority,
                review.c.child_key == stopped.child_key,
                review.c.record_type == stopped.record_type,
                review.c.status.in_(("done", "superseded")),
                submission.c.withdrawn_by.is_(None),
            )
            .order_by(review.c.anchor_on.desc(), submission.c.received_at.desc())
            .limit(1)
            .scalar_subquery()
        )
        self._connection.execute(
            update(review)
            .where(review.c.authority == self._authority, review.c.id == before)
            .values(status="open", closed_at=None)
        )

    def due_of(self, child_key: bytes, record_type: str) -> date | None:
        """Of the clock that runs."""
        due: date | None = self._connection.scalar(
            select(func.min(review.c.due_on)).where(
                review.c.authority == self._authority,
                review.c.child_key == child_key,
                review.c.record_type == record_type,
                review.c.status == "open",
            )
        )
        return due

    def to_be_told(self, due_by: date, after: tuple[date, UUID] | None, limit: int) -> list[Telling]:
        """Open reviews in order of due date, each with what was told of it."""
        query = select(*_VIEW, review.c.child_key).where(
            review.c.authority == self._authority, review.c.status == "open", review.c.due_on <= due_by
        )
        if after is not None:
            query = query.where(tuple_(review.c.due_on, review.c.id) > after)
        query = query.order_by(review.c.due_on, review.c.id).limit(limit).with_for_update(skip_locked=True, of=review)
        rows = self._connection.execute(query).all()
        told = self._told([row.id for row in rows])
        return [Telling(ReviewView(*row[:-1]), row.child_key, _as_told(row, told[row.id])) for row in rows]

    def _told(self, reviews: Collection[UUID]) -> Mapping[UUID, list[tuple[Channel, Stage]]]:
        query = select(reminder.c.review_id, reminder.c.channel, reminder.c.stage).where(
            reminder.c.authority == self._authority, reminder.c.review_id.in_(reviews)
        )
        found: dict[UUID, list[tuple[Channel, Stage]]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row.review_id].append((Channel(row.channel), Stage(row.stage)))
        return found

    def note_told(self, review_id: UUID, channel: Channel, stage: Stage, delivery_id: UUID) -> None:
        """Notes it, and when anything was told for the first time."""
        row = {"authority": self._authority, "review_id": review_id, "channel": channel.value, "stage": stage.value}
        self._connection.execute(insert(reminder).values(row | {"delivery_id": delivery_id}))
        self._connection.execute(
            update(review)
            .where(review.c.authority == self._authority, review.c.id == review_id, review.c.raised_at.is_(None))
            .values(raised_at=func.now())
        )

    def get(self, review_id: UUID) -> ReviewView | None:
        """One review."""
        return self._one(_BY_ID, review_id)

    def of_submission(self, submission_id: UUID) -> ReviewView | None:
        """The review a record opened."""
        return self._one(_OF_SUBMISSION, submission_id)

    def page(self, *, due_by: date | None, after: tuple[date, UUID] | None, limit: int) -> list[ReviewView]:
        """Open reviews in order of due date, from a cursor on."""
        query = select(*_VIEW).where(review.c.authority == self._authority, review.c.status == "open")
        if due_by is not None:
            query = query.where(review.c.due_on <= due_by)
        if after is not None:
            query = query.where(tuple_(review.c.due_on, review.c.id) > after)
        rows = self._connection.execute(query.order_by(review.c.due_on, review.c.id).limit(limit))
        return [ReviewView(*row) for row in rows]

    def _one(self, query: Plain, number: UUID) -> ReviewView | None:
        row = query.on(driver_of(self._connection), {"_authority": self._authority, "_id": number}).fetchone()
        return ReviewView(*row) if row else None

    def _open_of(self, new: NewReview) -> ColumnElement[bool]:
        return (
            (review.c.authority == self._authority)
            & (review.c.child_key == new.child_key)
            & (review.c.record_type == new.record_type)
            & (review.c.status == "open")
        )


def _as_told(row: Any, told: list[tuple[Channel, Stage]]) -> Mapping[Channel, frozenset[Stage]]:
    """A worker of the version before noted only that a task was raised: that was when the review was due."""
    if row.raised_at is not None and not told:
        told = [(Channel.TRAY, Stage.DUE)]
    return {channel: frozenset(stage for each, stage in told if each is channel) for channel in Channel}
