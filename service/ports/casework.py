"""What the use cases need of the casework store: one transaction for one authority, and what can be done in it.

Every state change takes an audit entry and is committed with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from service.domain.delivery import Reason, State
from service.domain.delivery.breaker import Hold
from service.domain.reviews import Channel, Stage
from service.ports.participation import Feedback, Supervision
from service.ports.reviews import NewReview, ReviewView, Telling
from service.ports.rows import (
    AuditEntry,
    Claim,
    Claimer,
    DeliveryView,
    Held,
    HoldView,
    Kept,
    LaneView,
    NewDelivery,
    NewHold,
    NewSubmission,
    Settlement,
    StandingRecord,
    StoredSubmission,
)
from service.ports.surroundings import FactSink
from service.ports.training import TrainingRegister


class Submissions(Protocol):
    """The records kept."""

    def add(self, new: NewSubmission) -> bool:
        """Keeps it with its sealed body. False, and nothing kept, when the sender's id is already used."""

    def by_sender_ref(self, sender_ref: str, *, lock: bool = False) -> StoredSubmission | None:
        """The submission with the sender's own id; locked until the transaction ends, if it is to be changed."""

    def get(self, submission_id: UUID) -> StoredSubmission | None:
        """One submission."""

    def shredded_at(self, submission_id: UUID) -> datetime | None:
        """When its body was shredded; None while it is here."""

    def sealed_body(self, submission_id: UUID) -> bytes:
        """The encrypted body, without third parties."""

    def kept(self, submission_id: UUID) -> Kept:
        """The record as it is kept: all that is sealed, and whether it corrects another."""

    def versions(self, submission_id: UUID) -> list[UUID]:
        """The record's earlier versions and itself, oldest first."""

    def supersede(self, earlier: UUID, by: UUID) -> None:
        """Notes that a correction has taken its place."""

    def withdraw(self, versions: Collection[UUID], by: UUID) -> None:
        """Notes that these versions of a record were taken back."""

    def alone_with(self, child_key: bytes) -> None:
        """Waits until no other transaction is at this young person's facts, and keeps the others waiting."""

    def standing(self, child_key: bytes) -> list[StandingRecord]:
        """The young person's records that stand and have a fact, in any order."""

    def set_fact(self, submission_id: UUID, fact: Mapping[str, str]) -> None:
        """Keeps what crossed in the record's name, so that the very same can be taken back."""


class Deliveries(Protocol):
    """The rows that are the jobs."""

    def add(self, new: NewDelivery) -> None:
        """A delivery in state `ready`, due now; or, with a reason to hold it, in `needs_human`."""

    def set_aside(self, delivery_id: UUID, state: State) -> bool:
        """Ends a delivery of which nothing can have arrived. False, and nothing changed, when something may have."""

    def held_for(self, reasons: Collection[Reason], limit: int) -> list[tuple[UUID, UUID]]:
        """(delivery, submission) of what waits for one of these reasons and was never sent, oldest first."""

    def release(self, delivery_id: UUID) -> bool:
        """From `needs_human` to `ready`, when nothing can have arrived."""

    def get(self, delivery_id: UUID) -> DeliveryView | None:
        """One delivery."""

    def filed_as(self, submissions: Collection[UUID]) -> str | None:
        """The number under which the newest delivered one of these records stands in the case system."""

    def claim(self, claimer: Claimer, *, in_flight_max: int, limit: int, only: UUID | None = None) -> list[Claim]:
        """One conditional UPDATE on the database's clock: counts the attempts, moves the fences, takes the leases.

        As many as are due, free and first of their young person, oldest due first; no more than `limit`, nor than the
        lane lets through: its hold, its breaker and `in_flight_max` are looked at in the same transaction.
        """

    def any_to_be_claimed_alone(self, claimer: Claimer) -> bool:
        """Whether something is due that was in the hands of a worker that is gone."""

    def sending(self, claim: Claim, *, lease: timedelta, connector: str, version: str, profile_digest: str) -> Held:
        """Commits that bytes may leave from now on, and takes the lease anew; unless it was lost or the lane closed."""

    def settle(self, claim: Claim, settlement: Settlement, audit: AuditEntry | None, *, in_flight_max: int) -> bool:
        """Ends the attempt, and tells the lane. False, and nothing changed, when the fence has moved on.

        Without `audit` when all is as it was before: `Settlement.is_news`.
        """

    def next_due(self) -> timedelta | None:
        """How long until something could be claimed, 0 when it could be now; None when nothing waits for the bridge."""

    def of_submission(self, submission_id: UUID) -> list[DeliveryView]:
        """Everything that is or was to be delivered for a record."""

    def page(self, states: Collection[State], *, after: tuple[datetime, UUID] | None, limit: int) -> list[DeliveryView]:
        """Deliveries in any of these states, oldest first, from a cursor on."""


class Lanes(Protocol):
    """The transaction's authority's lane."""

    def view(self) -> LaneView:
        """As it stands."""

    def hold(self, hold: Hold, *, by: str, reason: str) -> bool:
        """Pauses, stops or lets go. False when it stood like that already."""

    def swept(self) -> None:
        """Notes that the sweep has been here."""


class Reviews(Protocol):
    """The review clock."""

    def open_next(self, new: NewReview) -> None:
        """Closes the child's open reviews of this kind of record as done, and opens this one."""

    def close(self, child_key: bytes, *, by: UUID) -> None:
        """Stops every open clock of a young person: by this record the service is no longer involved."""

    def run_on(self, versions: Collection[UUID]) -> None:
        """The clocks that these versions of a record had stopped run on: involvement did not end after all."""

    def withdraw(self, versions: Collection[UUID]) -> None:
        """Stops the clock these versions of a record had started, and lets the one before it run on."""

    def due_of(self, child_key: bytes, record_type: str) -> date | None:
        """When the young person's open clock of this kind of record says that the next review is due."""

    def to_be_told(self, due_by: date, after: tuple[date, UUID] | None, limit: int) -> list[Telling]:
        """Open reviews due on or before a day, soonest first from a cursor on, locked: "older than", never a window.

        One that another process is at is left out.
        """

    def note_told(self, review_id: UUID, channel: Channel, stage: Stage, delivery_id: UUID) -> None:
        """Notes what was told. It fails where that was told before, and with it all that its transaction did."""

    def get(self, review_id: UUID) -> ReviewView | None:
        """One review."""

    def of_submission(self, submission_id: UUID) -> ReviewView | None:
        """The review a record opened."""

    def page(self, *, due_by: date | None, after: tuple[date, UUID] | None, limit: int) -> list[ReviewView]:
        """Open reviews in order of due date, from a cursor on."""


class Holds(Protocol):
    """What may not be passed on until a person has looked."""

    def add(self, new: NewHold) -> None:
        """Raises one."""

    def get(self, hold_id: UUID) -> HoldView | None:
        """One hold."""

    def open_for(self, rules: Collection[str], *, after: tuple[datetime, UUID] | None, limit: int) -> list[HoldView]:
        """Open ones of these rules, oldest first, from a cursor on."""

    def of_submission(self, submission_id: UUID) -> list[HoldView]:
        """All of a record's, released or not, oldest first."""

    def page(self, *, after: tuple[datetime, UUID] | None, limit: int) -> list[HoldView]:
        """Open ones, oldest first, from a cursor on."""

    def release(self, hold_id: UUID, by: str) -> bool:
        """Notes who looked and let it go on. False when it is not there or was released before."""


class Batches(Protocol):
    """The batches that were taken."""

    def note(self, batch_id: str, content_digest: bytes, items: int) -> bytes:
        """Keeps the first digest under an id; returns the one that stands."""


class Audit(Protocol):
    """The trail."""

    def add(self, entry: AuditEntry) -> None:
        """Appends one entry."""


class CaseworkTransaction(Protocol):
    """What can be done for one authority, all or nothing."""

    @property
    def submissions(self) -> Submissions:
        """The records kept."""

    @property
    def deliveries(self) -> Deliveries:
        """The rows that are the jobs."""

    @property
    def lane(self) -> Lanes:
        """The way into the authority's case system."""

    @property
    def reviews(self) -> Reviews:
        """The review clock."""

    @property
    def holds(self) -> Holds:
        """What may not be passed on yet."""

    @property
    def batches(self) -> Batches:
        """Batches taken."""

    @property
    def training(self) -> TrainingRegister:
        """What is registered of the authority's own staff."""

    @property
    def feedback(self) -> Feedback:
        """What young people, parents and carers said."""

    @property
    def supervision(self) -> Supervision:
        """What workers reflected on."""

    @property
    def audit(self) -> Audit:
        """The trail."""

    @property
    def facts(self) -> FactSink:
        """The one door to the central side."""


class Casework(Protocol):
    """The store. Raises `Unavailable` when the database is away; nothing was committed then."""

    def transaction(self, authority: str) -> AbstractContextManager[CaseworkTransaction]:
        """Begins for one authority; commits on leaving, rolls back on any error."""

    def worker_seen(self, worker: UUID) -> None:
        """Notes that this process is alive, so that what it holds can be told from what a dead one held."""

    def worker_ended(self, worker: UUID) -> None:
        """Notes that it stopped on purpose and holds nothing."""
