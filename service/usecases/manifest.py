"""Say what was accepted on a day, so that a sender can hold it against its own list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from service.domain.manifests import moments_of
from service.ports.manifest import Accepted, ManifestSource, Totals


@dataclass(frozen=True)
class ManifestMaker:
    """For one authority and one London day; all its clients together, or one of them."""

    source: ManifestSource

    def totals(self, authority: str, day: date, client_id: str | None = None) -> Totals:
        """Counts and the digest of the sender's ids."""
        return self.source.totals(authority, moments_of(day), client_id)

    def page(
        self,
        authority: str,
        day: date,
        client_id: str | None = None,
        *,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> Sequence[Accepted]:
        """In order of arrival, from a cursor on."""
        return self.source.page(authority, moments_of(day), client_id, after=after, limit=limit)
