"""`service.ports.Casework` in memory: one transaction after another, all or nothing.

Where a process may be killed, wait or find the database away is told to it from outside, by `Moments`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.simulation.memory.deliveries import MemoryDeliveries
from tests.simulation.memory.lanes import MemoryLane, MemoryWorkers
from tests.simulation.memory.others import MemoryAudit, MemoryBatches, MemoryFacts, MemoryHolds, MemoryTraining
from tests.simulation.memory.reviews import MemoryReviews
from tests.simulation.memory.submissions import MemorySubmissions
from tests.simulation.memory.tables import Change, Memory

PARTS: dict[str, Callable[[Memory, str], Any]] = {
    "submissions": MemorySubmissions,
    "deliveries": MemoryDeliveries,
    "lane": MemoryLane,
    "reviews": MemoryReviews,
    "holds": MemoryHolds,
    "batches": MemoryBatches,
    "audit": MemoryAudit,
    "facts": MemoryFacts,
}


@dataclass
class Moments:
    """What happens around a transaction; each may raise. `committed` is told what was changed."""

    before: Callable[[], None] = lambda: None
    committing: Callable[[], None] = lambda: None
    committed: Callable[[Sequence[Change]], None] = lambda _changes: None


class MemoryTransaction:
    """`service.ports.CaseworkTransaction`. What people say of themselves has no part in delivering."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def __getattr__(self, name: str) -> Any:
        """Made when it is first asked for: most transactions need one or two."""
        if name == "training":
            return MemoryTraining()
        part = PARTS[name](self._memory, self._authority)
        setattr(self, name, part)
        return part


@dataclass
class MemoryCasework:
    """`clock` stands for the database's."""

    clock: Callable[[], datetime]
    moments: Moments = field(default_factory=Moments)
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.clock)

    @contextmanager
    def transaction(self, authority: str) -> Iterator[MemoryTransaction]:
        """Begins for one authority; commits on leaving, rolls back on any error."""
        with self._atomic():
            yield MemoryTransaction(self.memory, authority)

    def worker_seen(self, worker: UUID) -> None:
        with self._atomic():
            MemoryWorkers(self.memory).seen(worker)

    def worker_ended(self, worker: UUID) -> None:
        with self._atomic():
            MemoryWorkers(self.memory).ended(worker)

    @contextmanager
    def _atomic(self) -> Iterator[None]:
        self.moments.before()
        self.memory.begin()
        try:
            yield
            self.moments.committing()
        except BaseException:
            self.memory.roll_back()
            raise
        self.moments.committed(self.memory.commit())
