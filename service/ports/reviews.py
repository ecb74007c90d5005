"""The review clock's plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from service.domain.reviews import Channel, Stage


@dataclass(frozen=True)
class NewReview:
    """The next review of a young person, whose own reference is sealed with it."""

    id: UUID
    child_key: bytes
    submission_id: UUID
    record_type: str
    anchor_on: date
    due_on: date
    window_days: int
    basis: str
    sealed_person: bytes | None = None


@dataclass(frozen=True)
class ReviewView:
    """A review as it stands."""

    id: UUID
    submission_id: UUID
    record_type: str
    anchor_on: date
    due_on: date
    window_days: int
    basis: str
    status: str
    raised_at: datetime | None
    known_on: date
    sealed_person: bytes | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Telling:
    """An open review, and what was told of it in each channel so far."""

    review: ReviewView
    child_key: bytes
    told: Mapping[Channel, frozenset[Stage]]
