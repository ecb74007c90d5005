"""What is needed of the store after a backup was restored. Ids, times and counts only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class Standing:
    """Usual, `reconcile_first` or `look_first`, since when, and who or what brought it about.

    `alive_until` is the last sign of life in what was restored; `strange` says that nobody has noticed yet; `reapplied`
    that the list of shredded bodies was applied since.
    """

    mode: str
    since: datetime
    by: str | None
    reason: str | None
    alive_until: datetime | None
    restored_on: date | None
    strange: bool
    reapplied: bool = False


@dataclass(frozen=True)
class Gap:
    """What one client is asked to send again: all it sent from `begins` (None: ever) until `ends`."""

    authority: str
    client_id: str
    name: str
    newest: datetime | None
    begins: datetime | None
    ends: datetime


class Restores(Protocol):
    """The owner's way through it. Raises `Unavailable` when the database is away."""

    def standing(self) -> Standing:
        """Where the bridge is."""

    def begin(self, by: str, reason: str, alive_until: datetime | None) -> None:
        """Stops everything; this database holds from now on."""

    def look(self, authorities: Iterable[str], by_hand: Collection[str], by: str) -> dict[str, int]:
        """Doubts everything open, and lets it be looked up; by authority how many. `by_hand`: nobody can be asked."""

    def finish(self, by: str, *, restored: bool) -> None:
        """Back to usual."""

    def authorities(self) -> frozenset[str]:
        """That have clients."""

    def doubted(self, authority: str) -> dict[str, int]:
        """What is still open because of the restore, by state."""

    def reviews_to_raise(self, authority: str) -> int:
        """Reviews that are due and not raised yet."""

    def gaps(self, authority: str) -> list[Gap]:
        """What its clients are asked to send again."""

    def absent(self, authority: str, sender_refs: Collection[str]) -> list[str]:
        """Which of these are not here."""
