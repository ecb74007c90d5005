"""A published file on its way to the central team's address: where it stands, and what follows on each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

FILES = ("data-package.zip", "tables.xlsx")
"""What is sent of a release. The figures of both are the same; one is for programs, one for people."""

RETRY_BASE = 5
RETRY_CAP = 15 * 60
AGED_ATTEMPTS = 8
AGED_AFTER = timedelta(hours=24)
ASKED_TO_WAIT_MAX = 3600
"""Seconds. An address is not obeyed that asks for a day's silence."""

Spread = Callable[[], float]
"""A number from 0 to 1, another each time."""
Receipt = Mapping[str, str | int]
"""What the address said of a file: `status`, `etag`, `size` in bytes, where it says them."""


class State(StrEnum):
    """`ready`: nothing of it has left. `unknown`: it may be there, and is looked up before anything is sent again."""

    READY = "ready"
    IN_FLIGHT = "in_flight"
    SENT = "sent"
    UNKNOWN = "unknown"
    NEEDS_HUMAN = "needs_human"


class Why(StrEnum):
    """Why a file is where it is. Closed: it is never a text of the address."""

    WAITING = "waiting"
    NOT_REACHED = "not_reached"
    AWAY = "away"
    NO_CLEAR_ANSWER = "no_clear_answer"
    REFUSED = "refused"
    SIGN_IN_REFUSED = "sign_in_refused"
    NOT_THE_SERVER = "not_the_server"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    OTHER_BYTES_THERE = "other_bytes_there"
    BYTES_CHANGED = "bytes_changed"
    RELEASE_UNREADABLE = "release_unreadable"
    TOO_MANY_ATTEMPTS = "too_many_attempts"


WORDS: Mapping[Why, str] = {
    Why.WAITING: "Waiting its turn.",
    Why.NOT_REACHED: "The address cannot be reached. It is tried again.",
    Why.AWAY: "The address says that it is closed for a while. It is tried again.",
    Why.NO_CLEAR_ANSWER: "It may have arrived. The address is asked before anything is sent again.",
    Why.REFUSED: "The address refuses the file. Ask the central team, then send it again.",
    Why.SIGN_IN_REFUSED: "The address refuses our sign-in. Check the token or the key, then send it again.",
    Why.NOT_THE_SERVER: "The server is not the one we know: its key or certificate differs. Ask the central team.",
    Why.ADDRESS_NOT_ALLOWED: "The address lies where nothing may be sent. Check WISE_CENTRAL_URL and its networks.",
    Why.OTHER_BYTES_THERE: "A file of this name with other bytes is there. Nothing was replaced. Ask the central team.",
    Why.BYTES_CHANGED: "The release no longer makes the bytes that were asked for. Ask for the sending again.",
    Why.RELEASE_UNREADABLE: "The release cannot be read here. It is tried again.",
    Why.TOO_MANY_ATTEMPTS: "It was tried for a day without success. Look at the address, then send it again.",
}


@dataclass(frozen=True)
class Claimed:
    """A file in a courier's hands. `fence` is this claim's own number; `attempts` counts this one.

    `digest` is the SHA-256 of the bytes that were asked for, in hex; `since_asked` by the database's clock.
    """

    id: UUID
    quarter: str
    file: str
    digest: str
    fence: int
    attempts: int
    may_have_arrived: bool
    since_asked: timedelta


@dataclass(frozen=True)
class Settled:
    """What becomes of a file after an attempt. `due_in` is for what is tried again."""

    state: State
    why: Why
    may_have_arrived: bool
    due_in: timedelta = timedelta()
    receipt: Receipt = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A file's sending, as people are shown it. Times by the database's clock."""

    quarter: str
    file: str
    state: State
    why: Why
    attempts: int
    may_have_arrived: bool
    due_at: datetime
    digest: str
    receipt: Receipt
    asked_by: str
    asked_at: datetime
    sent_at: datetime | None


def address_digest(url: str) -> str:
    """What an address is called in what is kept: 64 hex digits."""
    return sha256(url.encode()).hexdigest()


def arrived(receipt: Receipt) -> Settled:
    """Sent means that the address said so, or that the bytes were seen there."""
    return Settled(State.SENT, Why.WAITING, may_have_arrived=True, receipt=receipt)


def for_a_person(why: Why, *, may_have_arrived: bool) -> Settled:
    """Nothing more is done until somebody asks again."""
    return Settled(State.NEEDS_HUMAN, why, may_have_arrived)


def later(claimed: Claimed, why: Why, spread: Spread, *, may_have_arrived: bool, asked: int = 0) -> Settled:
    """Tried again after a while, with full jitter; `asked` are the seconds that the address wants to be left alone."""
    ceiling = min(RETRY_CAP, RETRY_BASE * 2 ** min(max(claimed.attempts, 1) - 1, 8))
    wait = timedelta(seconds=max(min(asked, ASKED_TO_WAIT_MAX), spread() * ceiling))
    return Settled(State.UNKNOWN if may_have_arrived else State.READY, why, may_have_arrived, wait)


def is_aged(claimed: Claimed) -> bool:
    """Whether it has been tried often enough, and for long enough, that a person should look."""
    return claimed.attempts > AGED_ATTEMPTS and claimed.since_asked >= AGED_AFTER
