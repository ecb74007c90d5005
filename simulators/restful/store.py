"""All that is held, in memory: it outlives a stop of the server, and nothing else."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from .model import Note, Person, Record, Task, now


@dataclass(frozen=True)
class Lock:
    """Who has a file or a record open, and until when (None: nobody knows)."""

    by: str
    until: str | None


@dataclass
class Store:
    """Entities by id, oldest first. Whoever reads and then writes holds `lock` in between."""

    people: dict[str, Person]
    records: dict[str, Record] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    locks: dict[str, Lock] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.RLock)

    @classmethod
    def holding(cls, people: Iterable[Person]) -> "Store":
        """A store with people and nothing about them."""
        held = {person.id: person for person in people}
        locks = {person.id: Lock(person.locked_by, None) for person in held.values() if person.locked_by}
        return cls(held, locks=locks)

    def change(self, record: Record, **changes: Any) -> Record:
        """The record after a change, stored; its ETag is another one."""
        changed = replace(record, **changes, version=record.version + 1, modified_at=now())
        self.records[record.id] = changed
        return changed
