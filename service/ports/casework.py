"""What the use cases need of the casework store: one transaction for one authority, and what can be done in it.

Every state change takes an audit entry and is committed with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from service.domain.delivery import Reason, State
from service.ports.surroundings import FactSink
from service.ports.training import TrainingRegister


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to what. `detail` holds codes, counts and ids; never a value of a record."""

    actor: str
    action: str
    subject_type: str
    subject_id: str
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class NewSubmission:
    """A record about to be kept.

    `sealed` is its encrypted body, `sealed_apart` what it says of third parties; `supersedes` the record it corrects or
    withdraws, whose next `version` it is. `fact` is what it comes down to for the central side; `sketches` are keyed
    digests of its narratives by pointer; `meeting_key` tells the same meeting again.
    """

    id: UUID
    sender_ref: str
    client_id: str
    record_type: str
    kind: str
    schema_version: str
    template_version: str
    content_digest: bytes
    child_key: bytes
    completed_on: date
    warnings: Sequence[Mapping[str, Any]]
    sealed: bytes
    sealed_apart: bytes | None = None
    version: int = 1
    supersedes: UUID | None = None
    fact: Mapping[str, str] | None = None
    sketches: Mapping[str, bytes] = field(default_factory=dict)
    meeting_key: bytes | None = None


@dataclass(frozen=True)
class StoredSubmission:
    """A submission as it stands, without its body."""

    id: UUID
    sender_ref: str
    record_type: str
    kind: str
    schema_version: str
    template_version: str
    content_digest: bytes
    child_key: bytes
    completed_on: date
    received_at: datetime
    warnings: Sequence[Mapping[str, Any]]
    version: int
    supersedes: UUID | None
    superseded_by: UUID | None
    withdrawn_by: UUID | None
    fact: Mapping[str, str] | None


@dataclass(frozen=True)
class NewDelivery:
    """One thing to be put into a case system, under a reference that never changes.

    With a `held` reason it waits for a person from the start. `retracts` is the delivery a retraction takes back.
    """

    id: UUID
    kind: str
    submission_id: UUID
    reference: str
    child_key: bytes
    review_id: UUID | None = None
    retracts: UUID | None = None
    held: Reason | None = None


@dataclass(frozen=True)
class NewHold:
    """Something in a record that is not passed on before a person has looked: the rule, and where it stands."""

    id: UUID
    submission_id: UUID
    rule: str
    pointer: str


@dataclass(frozen=True)
class HoldView:
    """A hold as it stands."""

    id: UUID
    submission_id: UUID
    rule: str
    pointer: str
    raised_at: datetime
    released_at: datetime | None
    released_by: str | None


@dataclass(frozen=True)
class NewReview:
    """The next review of a young person."""

    id: UUID
    child_key: bytes
    submission_id: UUID
    record_type: str
    anchor_on: date
    due_on: date
    window_days: int
    basis: str


@dataclass(frozen=True)
class Claim:
    """A delivery one worker holds until its lease ends. `fence` tells this holder from any later one."""

    id: UUID
    authority: str
    kind: str
    submission_id: UUID
    review_id: UUID | None
    retracts: UUID | None
    reference: str
    fence: int
    attempt: int
    failures: int
    lapses: int
    lookups: int
    absences: int
    may_have_arrived: bool
    since_first_sent: timedelta | None


@dataclass(frozen=True)
class Settlement:
    """How an attempt ended, and what becomes of the delivery."""

    state: State
    reason: Reason
    note: str = ""
    due_in: timedelta = timedelta(0)
    may_have_arrived: bool = False
    failures: int = 0
    lapses: int = 0
    lookups: int = 0
    absences: int = 0
    record_number: str | None = None
    document_number: str | None = None
    evidence: Mapping[str, str] | None = None


@dataclass(frozen=True)
class DeliveryView:
    """A delivery as its sender and its officer may see it."""

    id: UUID
    kind: str
    submission_id: UUID
    reference: str
    state: State
    reason: Reason
    attempts: int
    behind_earlier: bool
    may_have_arrived: bool
    record_number: str | None
    document_number: str | None
    created_at: datetime
    changed_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True)
class ReviewView:
    """A review as it stands."""

    id: UUID
    submission_id: UUID
    record_type: str
    anchor_on: date
    due_on: date
    window_days: int
    basis: str
    status: str
    raised_at: datetime | None


class Submissions(Protocol):
    """The records kept."""

    def add(self, new: NewSubmission) -> bool:
        """Keeps it with its sealed body. False, and nothing kept, when the sender's id is already used."""

    def by_sender_ref(self, sender_ref: str, *, lock: bool = False) -> StoredSubmission | None:
        """The submission with the sender's own id; locked until the transaction ends, if it is to be changed."""

    def get(self, submission_id: UUID) -> StoredSubmission | None:
        """One submission."""

    def sealed_body(self, submission_id: UUID) -> bytes:
        """The encrypted body, without third parties."""

    def sealed_third_parties(self, submission_id: UUID) -> bytes | None:
        """What the record says of people, groups and places that may pose risk, encrypted apart; None if nothing."""

    def versions(self, submission_id: UUID) -> list[UUID]:
        """The record's earlier versions and itself, oldest first."""

    def supersede(self, earlier: UUID, by: UUID) -> None:
        """Notes that a correction has taken its place."""

    def withdraw(self, versions: Collection[UUID], by: UUID) -> None:
        """Notes that these versions of a record were taken back."""

    def last_sketches(self, child_key: bytes, record_type: str) -> Mapping[str, bytes]:
        """Of the narratives of the young person's newest record of this type, by pointer."""

    def has_meeting(self, meeting_key: bytes, child_key: bytes, on: date) -> bool:
        """Whether a record of this meeting about this young person is here and stands."""


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

    def due(self, limit: int) -> list[UUID]:
        """Ids that could be claimed now, oldest due first; those of lapsed leases included."""

    def claim(self, delivery_id: UUID, *, lease: timedelta, in_flight_max: int) -> Claim | None:
        """One conditional UPDATE on the database's clock: counts the attempt, moves the fence, takes the lease.

        None when it is not due, held by somebody, behind an earlier open record of the same child, or the lane is full.
        """

    def sending(self, claim: Claim, *, connector: str, version: str, profile_digest: str) -> bool:
        """Commits that bytes may leave from now on. False when the lease was lost."""

    def settle(self, claim: Claim, settlement: Settlement, audit: AuditEntry) -> bool:
        """Ends the attempt. False, and nothing changed, when the fence has moved on."""

    def of_submission(self, submission_id: UUID) -> list[DeliveryView]:
        """Everything that is or was to be delivered for a record."""

    def page(self, states: Collection[State], *, after: tuple[datetime, UUID] | None, limit: int) -> list[DeliveryView]:
        """Deliveries in any of these states, oldest first, from a cursor on."""


class Reviews(Protocol):
    """The review clock."""

    def open_next(self, new: NewReview) -> None:
        """Closes the child's open reviews of this kind of record as done, and opens this one."""

    def close(self, child_key: bytes) -> None:
        """Stops every open clock of a young person: the service is no longer involved, so nobody is reminded."""

    def withdraw(self, versions: Collection[UUID]) -> None:
        """Stops the clock these versions of a record had started, and lets the one before it run on."""

    def due_of(self, child_key: bytes, record_type: str) -> date | None:
        """When the young person's open clock of this kind of record says that the next review is due."""

    def due_and_not_raised(self, today: date, limit: int) -> list[tuple[ReviewView, bytes]]:
        """Open reviews due on or before `today` that nobody has been told of, each with its child key, locked."""

    def mark_raised(self, review_id: UUID) -> None:
        """Notes that the task was queued."""

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

    def open_for(self, rules: Collection[str], limit: int) -> list[HoldView]:
        """Open ones of these rules, oldest first."""

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
    def audit(self) -> Audit:
        """The trail."""

    @property
    def facts(self) -> FactSink:
        """The one door to the central side."""


class Casework(Protocol):
    """The store. Raises `Unavailable` when the database is away; nothing was committed then."""

    def transaction(self, authority: str) -> AbstractContextManager[CaseworkTransaction]:
        """Begins for one authority; commits on leaving, rolls back on any error."""

    def lane_of(self, delivery_id: UUID) -> str | None:
        """The authority a delivery belongs to."""
