"""What telling a sender's system needs from outside: the addresses kept, the messages to them, and a way to post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol
from uuid import UUID

from service.domain.webhooks import PausedFor
from service.ports.casework import Audit


@dataclass(frozen=True, repr=False)
class NewEndpoint:
    """An address about to be kept. `sealed` holds it with its secret; `host` is all of it that is shown."""

    id: UUID
    name: str
    host: str
    networks: Sequence[str]
    sealed: bytes
    made_by: str


@dataclass(frozen=True)
class EndpointView:
    """An address as it stands, without what is secret of it. `waiting` messages are written down and not told yet.

    `given_up` messages it refused again and again; `given_up_answer` is the status it gave the last of them.
    """

    id: UUID
    number: int
    name: str
    host: str
    former_until: datetime | None
    made_by: str
    made_at: datetime
    rotated_at: datetime | None
    paused_for: PausedFor | None
    paused_by: str | None
    paused_note: str | None
    paused_at: datetime | None
    failures: int
    failing_since: datetime | None
    waiting: int
    oldest_waiting_at: datetime | None
    given_up: int
    given_up_at: datetime | None
    given_up_answer: str | None


@dataclass(frozen=True, repr=False)
class Turn:
    """The right to tell one address what waits for it, until its lease ends. `fence` tells it from any later one.

    `former_valid`: the secret before this one is still signed with.
    """

    id: UUID
    authority: str
    number: int
    fence: int
    sealed: bytes
    networks: Sequence[str]
    former_valid: bool


@dataclass(frozen=True)
class Message:
    """One message that is due. `tried_for` is the time since its first try; `attempts` how often it was tried."""

    id: UUID
    body: str
    attempts: int
    tried_for: timedelta | None


class Refusal(Enum):
    """What becomes of a message that was not taken, and of the turn."""

    WAITS = auto()
    GIVEN_UP = auto()
    PAUSED = auto()
    TURN_OVER = auto()


@dataclass(frozen=True)
class Due:
    """Messages that are due, and whether asking again at once may bring others."""

    messages: Sequence[Message]
    more: bool


@dataclass(frozen=True)
class Sent:
    """What became of a test message. `answer` is a status or a word of ours, None before the first try."""

    answer: str | None
    told: bool


@dataclass(frozen=True)
class Answer:
    """What came back. Without a `status` none did, and `note` says in a word of ours why.

    `address_refused`: our own door let nothing out to where the address leads.
    """

    status: int | None
    note: str = ""
    retry_after: int | None = None
    address_refused: bool = False


class Post(Protocol):
    """Posts to an address, by the rules for where connections may go. Never raises for what happens out there."""

    def __call__(self, url: str, networks: Sequence[str], headers: Mapping[str, str], body: bytes) -> Answer:
        """One try, ended after some seconds whatever happens."""


class Endpoints(Protocol):
    """The addresses of one authority, for who looks after them."""

    def every(self) -> Sequence[EndpointView]:
        """In order of their numbers."""

    def add(self, new: NewEndpoint) -> int | None:
        """Keeps it from the changes of now on; its number. None when the authority has as many as it may."""

    def sealed(self, number: int) -> tuple[UUID, bytes] | None:
        """Address and secret, locked until the transaction ends."""

    def reseal(self, number: int, sealed: bytes, former_for: timedelta) -> None:
        """Another secret; the one before is signed with for so long."""

    def pause(self, number: int, *, by: str, note: str) -> bool:
        """Nothing more is told there. False when it is not there, or paused already."""

    def resume(self, number: int) -> bool:
        """From where it stood, and what was given up is told, too; all of it with its time anew.

        False when it is not paused and nothing was given up.
        """

    def remove(self, number: int) -> bool:
        """With what is not told yet."""

    def add_test(self, number: int, message_id: UUID, body: str) -> bool:
        """A message that is due at once. False when it is not there, or paused."""

    def sent(self, message_id: UUID) -> Sent | None:
        """What became of a message."""


class Telling(Protocol):
    """The same addresses, for the worker that tells."""

    def claim(self, lease: timedelta) -> Sequence[Turn]:
        """A turn for each address that is not paused, not being told, not waiting, and has something to be told."""

    def due(self, turn: Turn, limit: int) -> Due:
        """Writes down what changed since, with the place in the feed; then what is due. Empty when the turn is lost."""

    def told(self, turn: Turn, message: Message, answer: str, lease: timedelta) -> bool:
        """It took the message. False when the turn is over: the lease went to another, or somebody paused it."""

    def refused(self, turn: Turn, message: Message, answer: str, *, wait: timedelta, lease: timedelta) -> Refusal:
        """It does not take this one message, which waits, or is given up in the end; the others go on.

        One that refuses whatever it is sent is paused after three days, with nothing given up.
        """

    def failed(self, turn: Turn, message: Message, answer: str, *, spread: float, asked: int | None) -> bool:
        """Nothing gets through: all wait, and the turn is over. True when that has lasted too long and it is paused."""

    def address_refused(self, turn: Turn, reason: str) -> None:
        """Counted, and in the trail once an hour for each address. `reason`: a code of the door's."""

    def pause(self, turn: Turn, why: PausedFor) -> bool:
        """By the bridge itself. False when the turn was lost before."""

    def done(self, turn: Turn) -> None:
        """Lets go."""

    def forget(self) -> int:
        """What was told, or given up, long ago; how many."""


class WebhookTransaction(Protocol):
    """What can be done for one authority, all or nothing."""

    @property
    def endpoints(self) -> Endpoints:
        """For who looks after them."""

    @property
    def telling(self) -> Telling:
        """For the worker."""

    @property
    def audit(self) -> Audit:
        """The trail."""


class WebhookStore(Protocol):
    """Raises `Unavailable` when the database is away."""

    def transaction(self, authority: str) -> AbstractContextManager[WebhookTransaction]:
        """Begins for one authority; commits on leaving, rolls back on any error."""
