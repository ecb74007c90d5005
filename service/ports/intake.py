"""What taking a record in needs of the casework store, each in one go: what is known around it, and keeping it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from service.domain.training.standing import Trained
from service.ports.casework import Casework
from service.ports.reviews import NewReview
from service.ports.rows import AuditEntry, NewDelivery, NewSubmission, StoredSubmission


@dataclass(frozen=True, repr=False)
class Question:
    """What is to be looked up. None where the record does not say, or nobody asks; then nothing is found of it."""

    record_type: str
    worker: str | None
    child_key: bytes | None
    sender_ref: str | None
    names: str | None
    met_on: date | None = None
    meeting_key: bytes | None = None


@dataclass(frozen=True, repr=False)
class Surroundings:
    """What was found.

    `training` is the worker's, `review_due_on` that of the young person's open clock, `sketches` as they were kept with
    their newest record that stands. `same_meeting` is of a record that stands, `sent_before` of the sender's id;
    `named` is the record with the id that is named.
    """

    training: tuple[Trained, ...]
    review_due_on: date | None
    sketches: bytes | None
    same_meeting: bool
    sent_before: bool
    named: StoredSubmission | None


@dataclass(frozen=True, repr=False)
class NewRecord:
    """A record that corrects no other, and what becomes of it. Without `review` the young person's clocks stop."""

    submission: NewSubmission
    delivery: NewDelivery
    review: NewReview | None
    audit: AuditEntry


@runtime_checkable
class Intake(Casework, Protocol):
    """The store, as the web process uses it."""

    def look_up(self, authority: str, question: Question) -> Surroundings:
        """Reads in one transaction of its own. Raises `Unavailable`."""

    def keep(self, authority: str, new: NewRecord) -> datetime | None:
        """When it was received, once it is durable, and its fact has crossed. Raises `Unavailable`, `FactRefused`.

        None, and nothing kept, when the sender's id is already used, or when the young person has an earlier record
        whose fact changes with this one.
        """
