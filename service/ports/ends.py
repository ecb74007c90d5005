"""What ends by itself after its body: what is left of a record, and the beginning of the trail. Ids and times only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from service.domain.retention import Remains


@dataclass(frozen=True)
class TrailEnd:
    """How many entries may be cut off an authority's trail now; how many wait beyond their six years, and why."""

    entries: int
    waiting: int = 0
    why: str | None = None


class Records(Protocol):
    """What is left of one authority's records, each call a transaction of its own. Raises `Unavailable`."""

    def now(self) -> datetime:
        """The database's clock."""

    def is_usual(self) -> bool:
        """Whether no restore is under way."""

    def look(self, authority: str) -> Iterator[Sequence[Remains]]:
        """Every record whose newest version lost its body 12 months ago or more, in batches."""

    def forget(self, authority: str, newest: UUID) -> int:
        """Looks once more, alone with the young person, and takes it all away. How many versions; 0: it stays."""


class Trails(Protocol):
    """The beginnings of trails, each call a transaction of its own. Raises `Unavailable`."""

    def is_usual(self) -> bool:
        """Whether no restore is under way."""

    def end(self, authority: str) -> TrailEnd:
        """What may go now."""

    def cut(self, authority: str) -> int:
        """Takes the first of it away, at most so much at once, and says so in the trail. How many entries."""
