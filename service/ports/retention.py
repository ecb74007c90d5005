"""What shredding bodies and holding them back needs of the store. Ids, codes and times only; never a body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from service.domain.legal_holds import Because, Event, Scope
from service.domain.retention import Situation


@dataclass(frozen=True)
class Found:
    """A record whose body is here, as it stands. `marked` is the moment noted for it by an earlier look."""

    submission_id: UUID
    situation: Situation
    marked: datetime | None


@dataclass(frozen=True)
class Shredded:
    """A record whose body is gone: when, why, and the window in days that held then."""

    authority: str
    submission_id: UUID
    at: datetime
    why: str
    days: int


class Bodies(Protocol):
    """The bodies of one authority at a time, each call a transaction of its own. Raises `Unavailable`."""

    def now(self) -> datetime:
        """The database's clock."""

    def is_usual(self) -> bool:
        """Whether no restore is under way."""

    def look(self, authority: str) -> Iterator[Sequence[Found]]:
        """Every record whose body is here, in batches."""

    def mark(self, authority: str, marks: Sequence[tuple[UUID, datetime | None]]) -> None:
        """Notes from when on each may be shredded; None takes the mark away."""

    def due(self, authority: str, limit: int, after: tuple[datetime, UUID] | None) -> Sequence[tuple[datetime, UUID]]:
        """Marked, and the moment has come; oldest first, from a place on."""

    def shred(self, authority: str, submission_id: UUID, days: int) -> bool:
        """Looks at it once more, alone with it, and takes its body away. False when it has to stay, or is gone."""

    def shred_again(self, entry: Shredded) -> Again:
        """What a backup brought back; open and held records stay."""

    def shredded(self, authority: str, day: date | None = None) -> Sequence[Shredded]:
        """Oldest first; of one London day, or ever."""

    def note_run(self, authority: str) -> None:
        """All of its bodies were looked through, and what was due is gone."""

    def note_reapplied(self) -> None:
        """After the restore that is under way, the list was applied."""


@dataclass(frozen=True)
class Again:
    """What became of one entry of the list: a body taken away, an entry noted anew, or why it had to stay."""

    taken: bool = False
    noted: bool = False
    stays: bool = False


@dataclass(frozen=True)
class HoldAsked:
    """A hold that somebody wants. `receipt_id` says which submission, or whose; None for a whole authority."""

    scope: Scope
    receipt_id: UUID | None
    because: Because
    ticket: str | None
    by: str


@dataclass(frozen=True)
class HoldStep:
    """What is to happen to a hold next. The database notes when."""

    event: Event
    by: str
    because: Because | None = None
    ticket: str | None = None


@dataclass(frozen=True)
class HoldEvent:
    """One thing that happened to a hold."""

    event: Event
    by: str
    at: datetime
    because: Because | None = None
    ticket: str | None = None


@dataclass(frozen=True)
class LegalHold:
    """A hold with its events, oldest first. Of a young person nothing is shown but that it is about one."""

    id: UUID
    authority: str
    scope: Scope
    receipt_id: UUID | None
    events: Sequence[HoldEvent]

    @property
    def in_force(self) -> bool:
        """From the moment it is asked for."""
        return all(each.event is not Event.LIFTED for each in self.events)

    def by(self, event: Event) -> str | None:
        """Who did that."""
        return next((each.by for each in self.events if each.event is event), None)


class LegalHolds(Protocol):
    """Holds of one authority at a time. Raises `Unavailable`; `NotThere` for a receipt that is not there."""

    def ask(self, authority: str, asked: HoldAsked) -> UUID:
        """In force when this returns: no shredding under way goes on past it."""

    def add(self, authority: str, hold: UUID, event: HoldStep) -> None:
        """The next event. The database refuses the same person twice."""

    def every(self, authority: str) -> Sequence[LegalHold]:
        """Oldest first, also those that were lifted."""
