"""What sealing the trail, and sending its checkpoints outside, need from around them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from service.domain.trail.checkpoint import Checkpoint


@dataclass(frozen=True)
class Sealed:
    """How many entries were given a link, and the highest number among all that have one."""

    count: int
    highest: int


@dataclass(frozen=True)
class Owed:
    """A checkpoint that one way has not taken yet; `statement` is its signed line."""

    position: int
    statement: str


@dataclass(frozen=True)
class Touch:
    """Who did what to a record, or saw it, and when. Codes and references only."""

    at: datetime
    actor: str
    action: str
    subject_type: str
    detail: dict[str, Any]


class WayFailed(Exception):
    """A way outside did not take a checkpoint. `trouble` is a code.

    `address_refused` is another, of our own door's, where that let nothing out to the way's address.
    """

    def __init__(self, trouble: str, *, address_refused: str = "") -> None:
        self.trouble, self.address_refused = trouble, address_refused
        super().__init__(trouble)


class Signs(Protocol):
    """The key that only the keeper has."""

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as one signed line."""


class Way(Protocol):
    """A way to where we cannot change anything any more."""

    name: str

    def send(self, authority: str, statements: Sequence[str]) -> None:
        """In order. Raises `WayFailed`; what had gone before then comes again."""


class Chain(Protocol):
    """The chain, as it grows."""

    def seal(self, authority: str, above: int, limit: int) -> Sealed:
        """Gives its link to what is committed, has a number above this one, and has no link. Safe to do twice."""


class Checkpoints(Protocol):
    """What was signed, and how far each way has taken it."""

    def make(self, authority: str, every: timedelta, signs: Signs) -> bool:
        """A checkpoint, if the last is old enough and the chain has grown.

        Raises `WayFailed` ("chain_changed") when the chain is not the one that the last checkpoint had seen.
        """

    def alone(self, authority: str, way: str) -> AbstractContextManager[bool]:
        """Whether nobody else sends by this way meanwhile."""

    def owed(self, authority: str, way: str, limit: int) -> Sequence[Owed]:
        """Oldest first; none while a failure is too fresh to try again."""

    def sent(self, authority: str, way: str, position: int) -> None:
        """It is outside."""

    def failed(self, authority: str, way: str, trouble: str) -> None:
        """It keeps the time since which it has been failing."""

    def address_refused(self, reason: str) -> None:
        """Counted, and in the trail once an hour."""

    def works(self, authority: str, way: str) -> None:
        """There is nothing amiss any more."""


class AccessTrail(Protocol):
    """Who saw or touched a record."""

    def of(self, authority: str, submission_id: UUID, *, actor: str) -> list[Touch]:
        """In order. That it was asked is added to the trail. Raises `NotThere`."""
