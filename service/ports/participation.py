"""Feedback and reflective supervision as they are kept: sealed, each in a place of its own, with few plain columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from service.domain.participation.consent import Consent

New_contra = TypeVar("New_contra", bound="NewSealed", contravariant=True)


@dataclass(frozen=True, repr=False, kw_only=True)
class NewSealed:
    """Anything that is kept once under its sender's id. `sealed` is all of it, encrypted under `id`."""

    id: UUID
    sender_ref: str
    client_id: str
    content_digest: bytes
    sealed: bytes


@dataclass(frozen=True, repr=False, kw_only=True)
class NewFeedback(NewSealed):
    """Feedback about to be kept. `sealed_consent` holds every answer about the evaluation, in order of arrival."""

    given_by: str
    given_on: date
    consent: Consent
    sealed_consent: bytes


@dataclass(frozen=True, repr=False, kw_only=True)
class NewSupervision(NewSealed):
    """A reflective supervision about to be kept. `linked`: it names a record; which one is sealed."""

    held_on: date
    mode: str
    linked: bool


@dataclass(frozen=True)
class Kept:
    """What is there under a sender's id."""

    id: UUID
    content_digest: bytes
    received_at: datetime


@dataclass(frozen=True)
class FeedbackView:
    """Feedback as a list shows it: never the words, never whom it is about."""

    id: UUID
    sender_ref: str
    given_by: str
    given_on: date
    consent: Consent
    received_at: datetime


@dataclass(frozen=True)
class SupervisionView:
    """A supervision as a list shows it: nobody's reference, and no notes."""

    id: UUID
    sender_ref: str
    held_on: date
    mode: str
    linked: bool
    received_at: datetime


class KeptOnce(Protocol[New_contra]):
    """What is kept once under its sender's id."""

    def add(self, new: New_contra) -> bool:
        """Keeps it. False, and nothing kept, when the sender's id is already used."""

    def by_sender_ref(self, sender_ref: str) -> Kept | None:
        """What is there under the sender's own id."""


class Feedback(KeptOnce[NewFeedback], Protocol):
    """What young people, parents and carers said."""

    def page(self, *, after: tuple[datetime, UUID] | None, limit: int) -> list[FeedbackView]:
        """In order of arrival, from a cursor on."""

    def consent(self, feedback_id: UUID) -> tuple[Consent, bytes] | None:
        """The answer that holds and the sealed answers so far, locked until the transaction ends; None if not there."""

    def set_consent(self, feedback_id: UUID, consent: Consent, sealed_consent: bytes) -> None:
        """The answer that holds from now on, and all answers."""

    def for_evaluation(self, first: date, last: date) -> list[UUID]:
        """Given on one of these days, with consent given and not withdrawn. The order means nothing."""

    def sealed_body(self, feedback_id: UUID) -> bytes:
        """The encrypted feedback."""


class Supervision(KeptOnce[NewSupervision], Protocol):
    """What workers reflected on."""

    def page(self, *, after: tuple[datetime, UUID] | None, limit: int) -> list[SupervisionView]:
        """In order of arrival, from a cursor on."""

    def sealed_body(self, supervision_id: UUID) -> bytes | None:
        """The encrypted supervision; None if it is not there."""
