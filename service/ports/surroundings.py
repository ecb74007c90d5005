"""Keys, documents, the day, the wake-up, and the one door to the central side."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from service.domain.audiences import Copy
from service.domain.fact import Fact
from service.ports.case_system import Record


class Vault(Protocol):
    """Seals and opens under one authority's keys. Raises `Unavailable` when it has no key for that authority."""

    def seal(self, authority: str, subject: str, plain: bytes) -> bytes:
        """Encrypts under a key of its own, wrapped by the authority's; bound to authority and subject."""

    def open(self, authority: str, subject: str, sealed: bytes) -> bytes:
        """The plain bytes. Raises `NeedsHuman(BODY_UNREADABLE)` for any other authority, subject or content."""

    def seal_apart(self, authority: str, subject: str, plain: bytes) -> bytes:
        """As `seal`, for what is about third parties: under a key that opens nothing else."""

    def open_apart(self, authority: str, subject: str, sealed: bytes) -> bytes:
        """As `open`, for what was sealed apart."""

    def child_key(self, authority: str, child_id: str) -> bytes:
        """A keyed, per-authority index value for "the same child"; useless without the key and across authorities."""

    def content_digest(self, authority: str, content: bytes) -> bytes:
        """A keyed digest. A bare hash of a form with few unknowns could be guessed."""


class DocumentMaker(Protocol):
    """Renders a record for the case file, and the copies of it for others."""

    def case_file(self, record: Record, *, authority_name: str, reference: str, review_due_on: date | None) -> bytes:
        """An accessible PDF. Raises `DocumentError` when it cannot be made."""

    def copy_for(self, copy: Copy, *, authority_name: str, reference: str, review_due_on: date | None) -> bytes:
        """An accessible PDF of a copy (`service.domain.audiences.copy_for`). Raises `DocumentError` as above.

        It takes a `Copy` and never a record, so that what its reader may not see cannot be handed in by mistake.
        """


class FactSink(Protocol):
    """The one door to the central side. Nothing but a `Fact` fits through it."""

    def hand_over(self, fact: Fact) -> None:
        """Writes the fact in the caller's transaction."""

    def take_back(self, fact: Fact) -> None:
        """Writes that it counts no longer: its record was corrected or withdrawn."""


class Wakeup(Protocol):
    """Says "look now" about an authority's lane. May be lost, doubled or away: the sweep finds what is due."""

    def look_now(self, authority: str) -> None:
        """Returns at once and never raises; failing is counted and logged."""


class Clock(Protocol):
    """The day in London. Leases and due times are the database's own business."""

    def today(self) -> date:
        """Today's date in Europe/London."""
