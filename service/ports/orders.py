"""Officers' orders: deliveries as an officer sees them, lanes, and what was ordered by whom. No word of a record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from service.domain.delivery import Reason, State
from service.domain.orders import Action, Because
from service.ports.case_system import Answer, Record
from service.ports.casework import Audit, Holds, Lanes, Submissions
from service.ports.rows import AuditEntry, LaneView


@dataclass(frozen=True)
class Officer:
    """Who orders: the person by their staff reference, and the client through which they do."""

    by: str
    client: str


@dataclass(frozen=True)
class Grounds:
    """Why, and where more about it stands: a reference in the authority's own service desk, never words."""

    because: Because
    ticket: str | None = None


@dataclass(frozen=True)
class Item:
    """A delivery as an officer sees it. `behind` is the earlier one of the same young person that goes first.

    `corrected`, `withdrawn` and `shredded` are its record's. Ages are on the database's clock, whose time is `now`.
    """

    id: UUID
    kind: str
    submission_id: UUID
    review_id: UUID | None
    retracts: UUID | None
    record_type: str
    reference: str
    state: State
    reason: Reason
    note: str
    attempts: int
    failures: int
    lapses: int
    deaths: int
    absences: int
    may_have_arrived: bool
    first_sent_at: datetime | None
    due_at: datetime
    connector: str | None
    connector_version: str | None
    profile_digest: str | None
    record_number: str | None
    document_number: str | None
    created_at: datetime
    state_since: datetime
    changed_at: datetime
    delivered_at: datetime | None
    corrected: bool
    withdrawn: bool
    behind: str | None
    changed_in: int
    now: datetime
    shredded: bool = False

    @property
    def age(self) -> timedelta:
        """How long it has been in its state."""
        return self.now - self.state_since


@dataclass(frozen=True)
class Tried:
    """One attempt: how far it came and how it ended."""

    number: int
    phase: str
    outcome: str | None
    reason: Reason | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """Which deliveries. Everything given must fit."""

    states: Collection[State]
    reasons: Collection[Reason] = ()
    references: Collection[str] = ()
    older_than: timedelta = timedelta(0)


@dataclass(frozen=True)
class NewOrder:
    """An order about to be kept. `batch` binds those that were given at once."""

    id: UUID
    action: Action
    officer: Officer
    grounds: Grounds
    delivery_id: UUID | None = None
    batch: UUID | None = None
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """An order as it stands. Open while `done_at` is None: it waits for a second person."""

    id: UUID
    batch: UUID | None
    action: Action
    delivery_id: UUID | None
    reference: str | None
    officer: Officer
    grounds: Grounds
    detail: Mapping[str, Any]
    asked_at: datetime
    approver: Officer | None
    approved_at: datetime | None
    done_at: datetime | None
    outcome: str | None
    age: timedelta


@dataclass(frozen=True)
class Seen:
    """What an officer saw in the case system: its own numbers, who looked, and when."""

    record_number: str
    document_number: str | None
    by: str
    at: str


class Items(Protocol):
    """Deliveries, for officers. Nothing here opens a body."""

    def get(self, reference: str, *, lock: bool = False) -> Item | None:
        """One; locked until the transaction ends, if it is to be moved. A claim passes by what is locked."""

    def page(self, wanted: Wanted, *, after: tuple[int, UUID] | None, limit: int) -> Sequence[Item]:
        """In the order in which they last changed, from a cursor on."""

    def lock_all(self, wanted: Wanted, limit: int) -> Sequence[Item]:
        """As `page` from the start, each locked."""

    def count(self, wanted: Wanted, at_most: int) -> int:
        """How many there are, counted no further than `at_most`."""

    def attempts(self, delivery_id: UUID) -> Sequence[Tried]:
        """Every attempt, the first first."""

    def number_of(self, delivery_id: UUID) -> str | None:
        """The case system's number of another delivery."""

    def is_of_another(self, item: Item, record_number: str) -> bool:
        """Whether a record of another young person was filed under this number."""

    def move(self, items: Sequence[Item], after: State, reason: Reason, *, arrived: bool | None = None) -> None:
        """Into another state, due now; with a clean slate if they go on. `arrived`: whether something may be there."""

    def mark_delivered(self, item: Item, seen: Seen, order: UUID) -> None:
        """With what an officer saw as its evidence."""


class Orders(Protocol):
    """What was ordered. Kept for good."""

    def add(self, *new: NewOrder) -> None:
        """Keeps them, open."""

    def done(self, orders: Collection[UUID], outcome: str) -> None:
        """Notes what came of them."""

    def approve(self, orders: Collection[UUID], by: Officer) -> None:
        """Notes the second person."""

    def reopening(self, deliveries: Collection[UUID]) -> Mapping[UUID, Order]:
        """By delivery, the open order to reopen it."""

    def of_delivery(self, delivery_id: UUID) -> Sequence[Order]:
        """All about one delivery, oldest first."""

    def open_of(self, order_or_batch: UUID) -> Sequence[Order]:
        """The open one of this id, or all open ones of this batch, locked."""

    def find(self, order_or_batch: UUID) -> Sequence[Order]:
        """As above, open or not, and not locked."""

    def page(self, *, only_open: bool, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Order]:
        """Oldest first, from a cursor on."""


class Trail(Audit, Protocol):
    """The trail, for many lines at once."""

    def add_all(self, entries: Sequence[AuditEntry]) -> None:
        """Appends them in this order."""


class OrderTransaction(Protocol):
    """What can be done for one authority, all or nothing."""

    @property
    def items(self) -> Items:
        """Deliveries."""

    @property
    def orders(self) -> Orders:
        """Orders."""

    @property
    def lane(self) -> Lanes:
        """The authority's lane."""

    @property
    def submissions(self) -> Submissions:
        """Records, for a preview."""

    @property
    def holds(self) -> Holds:
        """Holds of a record."""

    @property
    def audit(self) -> Trail:
        """The trail."""


class OrderStore(Protocol):
    """Raises `Unavailable` when the database is away; nothing was committed then."""

    def transaction(self, authority: str) -> AbstractContextManager[OrderTransaction]:
        """Begins for one authority; commits on leaving, rolls back on any error."""


class Mapped(Protocol):
    """A profile for its mapping only: no credentials, and nothing is sent."""

    profile_digest: str

    def answers(self, record: Record, reference: str) -> tuple[Answer, ...]:
        """The record as this authority's form answers. Raises `NeedsHuman`."""


class Mappings(Protocol):
    """Every mapping that is known."""

    def now(self, authority: str) -> Mapped | None:
        """The one that holds; None for an authority without a profile."""

    def then(self, authority: str, digest: str) -> Mapped | None:
        """The one of a version with this digest; None where it is not kept."""


__all__ = [
    "Grounds",
    "Item",
    "Items",
    "LaneView",
    "Mapped",
    "Mappings",
    "NewOrder",
    "Officer",
    "Order",
    "OrderStore",
    "OrderTransaction",
    "Orders",
    "Seen",
    "Trail",
    "Tried",
    "Wanted",
]
