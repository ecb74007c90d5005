"""Everything the simulated Eclipse holds, in memory; only the bytes of attachments are in files."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from .forms import Design
from .model import CaseNote, FormInstance, Person, Record, Task
from .refusals import not_found
from .seed import Seed

R = TypeVar("R", FormInstance, CaseNote, Task)


@dataclass(frozen=True)
class Limits:
    """What may be attached, and how large."""

    largest: int
    extensions: frozenset[str]
    types: frozenset[tuple[str, str]]


class World:
    """The state; whoever reads or changes it holds `lock`."""

    def __init__(self, seed: Seed, designs: Mapping[str, Design], folder: Path, largest: int) -> None:
        self.lock = threading.RLock()
        self.people: dict[int, Person] = dict(seed.people)
        self.teams, self.designs, self.folder = seed.teams, designs, folder
        self.limits = Limits(largest, seed.extensions, seed.attachment_types)
        self._records: dict[int, Record] = {}
        self._last = 880_000

    def next_id(self) -> int:
        """One row of numbers for everything, so that a mix-up of ids never meets a record by chance."""
        self._last += 1
        return self._last

    def put(self, record: R) -> R:
        """Store a new record, or a new state of one."""
        self._records[record.id] = record
        return record

    def all(self, kind: type[R]) -> list[R]:
        """Every record of a kind, oldest first."""
        return [item for item in self._records.values() if isinstance(item, kind)]

    def under(self, reference: str) -> list[Record]:
        """Everything under an external reference, oldest first."""
        return [item for item in self._records.values() if item.reference == reference]

    def form(self, number: int) -> FormInstance | None:
        """A form instance by its id."""
        found = self._records.get(number)
        return found if isinstance(found, FormInstance) else None

    def person(self, number: int) -> Person:
        """A person the sign-in may know of. Raises a 404 for a hidden one as for nobody."""
        found = self.people.get(number)
        if found is None or found.hidden:
            raise not_found()
        return found

    def readable(self, kind: type[R], reference: str) -> list[R]:
        """What a search by reference finds: nothing of people who are hidden or restricted."""
        shown = {person.id for person in self.people.values() if not (person.hidden or person.restricted)}
        return [item for item in self.all(kind) if item.reference == reference and item.person_id in shown]

    def change_person(self, number: int, **changes: Any) -> None:
        """What a worker does at the screen."""
        with self.lock:
            self.people[number] = replace(self.people[number], **changes)

    def merge(self, number: int, into: int) -> None:
        """Mark a person as the duplicate of another, and move what is filed to the survivor."""
        with self.lock:
            self.change_person(number, duplicated=True, duplicate_of=into)
            for item in list(self._records.values()):
                if item.person_id == number:
                    self._records[item.id] = replace(item, person_id=into)
