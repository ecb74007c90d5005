"""What has changed since: deliveries in the order in which their changes were committed, and none ever passed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from service.ports.rows import DeliveryView


@dataclass(frozen=True)
class Place:
    """A place in one database's changes: after the one that transaction `changed_in` made to `last`.

    `until` is where the run that is being read ends, so that a change made while reading waits for the next run and
    nothing comes twice in one; None between two runs. `history` tells this database from what it becomes when it is
    restored from a backup.
    """

    history: str
    changed_in: int
    last: UUID
    until: int | None = None


@dataclass(frozen=True)
class Changes:
    """Some changes, each delivery as it stands now, and the place after them; `more` of this run are still to come."""

    deliveries: Sequence[DeliveryView]
    place: Place
    more: bool


class ChangeFeed(Protocol):
    """The changes of one authority's deliveries: state, reason, or the case system's number."""

    def now(self, authority: str) -> Place:
        """The place after everything that can be served now."""

    def read(self, authority: str, after: Place | None, limit: int) -> Changes | None:
        """What changed after a place, or everything. None when the place is none of this database's history."""
