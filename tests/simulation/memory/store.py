"""`service.ports.Casework` and `service.ports.orders.OrderStore` in memory: one transaction after another.

Where a process may be killed, wait or find the database away is told to it from outside, by `Moments`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from tests.simulation.memory.deliveries import MemoryDeliveries
from tests.simulation.memory.items import MemoryItems
from tests.simulation.memory.lanes import MemoryLane, MemoryWorkers
from tests.simulation.memory.orders import MemoryOrders, MemoryTrail
from tests.simulation.memory.others import MemoryBatches, MemoryFacts, MemoryHolds, MemoryTraining
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
    "audit": MemoryTrail,
    "facts": MemoryFacts,
    "items": MemoryItems,
    "orders": MemoryOrders,
}


@dataclass
class Moments:
    """What happens around a transaction; each may raise. `committed` is told what was changed."""

    before: Callable[[], None] = lambda: None
    committing: Callable[[], None] = lambda: None
    committed: Callable[[Sequence[Change]], None] = lambda _changes: None


class MemoryTransaction:
    """`CaseworkTransaction` and `OrderTransaction`. What people say of themselves has no part in delivering.

    Its parts keep nothing of their own, so that one for each authority is enough.
    """

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def __getattr__(self, name: str) -> Any:
        """Made when it is first asked for: most transactions need one or two."""
        if name == "training":
            return MemoryTraining()
        part = PARTS[name](self._memory, self._authority)
        setattr(self, name, part)
        return part


class Atomic:
    """One transaction, as a class and not as a generator: a run has thousands of them."""

    __slots__ = ("_casework", "_given")

    def __init__(self, casework: MemoryCasework, given: MemoryTransaction | None) -> None:
        self._casework, self._given = casework, given

    def __enter__(self) -> Any:
        self._casework.moments.before()
        self._casework.memory.begin()
        return self._given

    def __exit__(self, kind: object, *_: object) -> Literal[False]:
        casework = self._casework
        if kind is not None:
            casework.memory.roll_back()
            return False
        try:
            casework.moments.committing()
        except BaseException:
            casework.memory.roll_back()
            raise
        casework.moments.committed(casework.memory.commit())
        return False


@dataclass
class MemoryCasework:
    """`clock` stands for the database's."""

    clock: Callable[[], datetime]
    moments: Moments = field(default_factory=Moments)
    memory: Memory = field(init=False)
    _of: dict[str, MemoryTransaction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.memory = Memory(self.clock)

    def transaction(self, authority: str) -> Atomic:
        """Begins for one authority; commits on leaving, rolls back on any error."""
        if authority not in self._of:
            self._of[authority] = MemoryTransaction(self.memory, authority)
        return Atomic(self, self._of[authority])

    def worker_seen(self, worker: UUID) -> None:
        with Atomic(self, None):
            MemoryWorkers(self.memory).seen(worker)

    def worker_ended(self, worker: UUID) -> None:
        with Atomic(self, None):
            MemoryWorkers(self.memory).ended(worker)
