"""What a day's manifest is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Accepted:
    """One record that was accepted, and where it stands: the state of what is open of it, else of what is done."""

    receipt_id: UUID
    submission_id: str
    received_at: datetime
    state: str


@dataclass(frozen=True)
class Totals:
    """All of a span: by state, and the digest of the sender's ids. `closed` when nothing can be added any more."""

    by_state: Mapping[str, int]
    ids_sha256: str
    closed: bool


class ManifestSource(Protocol):
    """The records accepted in a span of time, by one authority's clients, or by one of them. Raises `Unavailable`."""

    def totals(self, authority: str, span: tuple[datetime, datetime], client_id: str | None) -> Totals:
        """Of the whole span."""

    def page(
        self,
        authority: str,
        span: tuple[datetime, datetime],
        client_id: str | None,
        *,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> Sequence[Accepted]:
        """In order of arrival, from a cursor on."""
