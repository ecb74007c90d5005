"""The training register: what a rule asks of it, and what the routes of trainers and authorities do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from service.domain.training.record import TrainingRecord
from service.domain.training.standing import Trained


class Outcome(StrEnum):
    """What became of one record that was sent."""

    REGISTERED = "registered"
    REPLAYED = "replayed"
    UPDATED = "updated"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True)
class Registration:
    """How one record was taken: `fields` are those that changed, or those that contradict what is registered."""

    id: UUID
    outcome: Outcome
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class TrainingView:
    """A record as it is registered, and by which client."""

    id: UUID
    record: TrainingRecord
    registered_at: datetime
    registered_by: str


class TrainingRegister(Protocol):
    """The register as a rule reads it, for one authority."""

    def of(self, professional_ref: str) -> tuple[Trained, ...]:
        """Every attendance of one worker, ended and revoked ones included; empty when none is registered."""


class TrainingDesk(Protocol):
    """The register as it is kept. `tenant` is one authority, or None for the Hub's trainers: all of them.

    Raises `Unavailable` when the database is away; nothing was registered then.
    """

    def register(self, records: Sequence[TrainingRecord], *, tenant: str | None, by: str) -> list[Registration]:
        """Takes them all in one transaction; the answers stand in the order of the records.

        The same attendance again changes what may change, with an audit entry, and nothing else. One that contradicts
        what is registered is left out. `by` is the client's id.
        """

    def page(
        self,
        *,
        tenant: str | None,
        professional_ref: str | None,
        course: str | None,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> list[TrainingView]:
        """In order of registration, from a cursor on. The order says nothing about the workers."""
