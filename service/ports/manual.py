"""Packs for people: what was handed over to be typed in by hand, and what whoever typed it gave back.

Nothing of a record is kept with a pack: it is a reference, the name of an inbox, and numbers of the case system. The
words are rendered from the sealed record each time somebody looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from service.domain.delivery import Reason
from service.ports.casework import Audit

REFUSALS = (
    Reason.PERSON_NOT_FOUND,
    Reason.PERSON_AMBIGUOUS,
    Reason.PERSON_MERGED,
    Reason.PERSON_RESTRICTED,
    Reason.DOB_MISMATCH,
    Reason.DOB_ESTIMATED,
    Reason.NO_OPEN_EPISODE,
    Reason.NOT_PERMITTED,
    Reason.UNKNOWN_CODE,
    Reason.CONTENT_REFUSED,
    Reason.DOCUMENT_REFUSED,
    Reason.DOCUMENT_TOO_LARGE,
    Reason.RECORD_NOT_THERE,
    Reason.ALREADY_WITHDRAWN,
    Reason.CONTRADICTION,
)
"""What a person at a case system can find that keeps a pack from being typed in. Closed, and without a word of it."""


class PackState(StrEnum):
    """How far a pack is."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Confirmation:
    """A person says that it is there. The numbers are the case system's own."""

    record_number: str
    document_number: str | None
    by: str
    at: datetime


@dataclass(frozen=True)
class NewPack:
    """Something to be typed in. `kind` is the delivery's: record, review_task or retraction.

    `about_number` is the record that is corrected or withdrawn; `form` what a record is called there. `handed_sha256`
    is of what there was to type, for the evidence.
    """

    reference: str
    inbox: str
    kind: str
    form: str | None
    about_number: str | None
    handed_sha256: str


@dataclass(frozen=True)
class Handed:
    """A pack as the connector sees it again: handed over, and what came of it so far."""

    pack: NewPack
    confirmation: Confirmation | None
    refused: Reason | None


class Confirmations(Protocol):
    """One authority's packs, for the connector. Raises `Unavailable` when they cannot be asked."""

    def given(self, reference: str) -> Handed | None:
        """The pack of a reference; None when nothing was ever handed over under it."""

    def put(self, new: NewPack) -> None:
        """Hands it over. Under a reference that is there already, nothing happens."""


@dataclass(frozen=True)
class Pack:
    """A pack as the people see it who work through an inbox, with the delivery it belongs to. No word of the record.

    `due_on` is the day of the review that a task is about. `withdrawn`: the record was taken back after this was
    handed over.
    """

    handed: Handed
    delivery_id: UUID
    submission_id: UUID
    review_id: UUID | None
    retracts: UUID | None
    record_type: str
    due_on: date | None
    withdrawn: bool
    put_at: datetime
    taken_by: str | None
    taken_at: datetime | None
    refused_by: str | None
    refused_at: datetime | None

    @property
    def reference(self) -> str:
        """The delivery's."""
        return self.handed.pack.reference

    @property
    def state(self) -> PackState:
        """How far it is."""
        if self.handed.confirmation is not None:
            return PackState.CONFIRMED
        return PackState.OPEN if self.handed.refused is None else PackState.REFUSED


class Packs(Protocol):
    """One authority's packs, for the people who type them in. Each change is made to an open pack or not at all."""

    def get(self, reference: str, *, lock: bool = False) -> Pack | None:
        """One pack; locked until the transaction ends, if it is to be changed."""

    def page(
        self, state: PackState, *, inbox: str | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Pack]:
        """In the order in which they were handed over, from a cursor on."""

    def take(self, reference: str, by: str) -> None:
        """Notes who works on it."""

    def confirm(self, reference: str, record_number: str, document_number: str | None, by: str) -> None:
        """Keeps what was confirmed, and has the delivery looked at now."""

    def refuse(self, reference: str, reason: Reason, by: str) -> None:
        """Keeps why not, and has the delivery looked at now."""

    def has_number(self, record_number: str) -> bool:
        """Whether a record was confirmed under this number before."""


class PackTransaction(Protocol):
    """What can be done for one authority, all or nothing."""

    @property
    def packs(self) -> Packs:
        """The packs."""

    @property
    def audit(self) -> Audit:
        """The trail."""


class PackStore(Protocol):
    """Raises `Unavailable` when the database is away; nothing was committed then."""

    def transaction(self, authority: str) -> AbstractContextManager[PackTransaction]:
        """Begins for one authority; commits on leaving, rolls back on any error."""


@dataclass(frozen=True)
class TypedField:
    """What a person needs to know of one field of their form: what it is called, and whether it holds a quotation."""

    label: str
    quoted: bool


Fields = Mapping[str, TypedField]
"""The fields of one form by their code there."""
