"""Everything the simulator holds, in memory; only the bytes of files lie in its folder."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from .catalogue import Wire, lookup
from .model import Attachment, CaseForm, Record, Task, new_id
from .people import Case, Person


class Store:
    """Records by id, oldest first. `lock` is held over each request: order is easier to reason about than speed."""

    def __init__(self, folder: Path, people: Iterable[Person]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.lock = threading.RLock()
        self._records: dict[str, Record] = {}
        people = tuple(people)
        self._people = {person.id: person for person in people}
        self._cases = {case.id: (case, person.id) for person in people for case in person.cases}
        if len(self._people) < len(people) or len(self._cases) < sum(len(person.cases) for person in people):
            raise ValueError("two people have one number and serial, or two cases one number")

    def people(self) -> list[Person]:
        return list(self._people.values())

    def person(self, person_id: str) -> Person | None:
        return self._people.get(person_id)

    def change_people(self, number: str, **changes: Any) -> None:
        """Change everybody under a number, as somebody at the screen could. Raises LookupError if there is nobody."""
        with self.lock:
            meant = [person for person in self._people.values() if person.number == number]
            if not meant:
                raise LookupError(f"there is no person {number}")
            for person in meant:
                changed = replace(person, **changes)
                self._people[person.id] = changed
                self._cases |= {case.id: (case, person.id) for case in changed.cases}

    def cases(self) -> list[tuple[Case, Person]]:
        return [(case, self._people[owner]) for case, owner in self._cases.values()]

    def case(self, case_id: str) -> tuple[Case, Person] | None:
        found = self._cases.get(case_id)
        return (found[0], self._people[found[1]]) if found else None

    def records(self) -> list[Record]:
        with self.lock:
            return list(self._records.values())

    def form(self, form_id: str) -> CaseForm | None:
        found = self._records.get(form_id)
        return found if isinstance(found, CaseForm) else None

    def put(self, record: Record) -> str:
        """Add a record, or put it in the place of the one with its id."""
        self._records[record.id] = record
        return record.id

    def keep_file(self, content: bytes, **about: str) -> Attachment:
        """Write a file to the folder; the attachment is nobody's until it is put into a case form."""
        number = new_id()
        path = self._folder / number
        path.write_bytes(content)
        digest = sha256(content).hexdigest()
        return Attachment(id=number, size=len(content), sha256=digest, path=path, **about)

    def master_of(self, person: Person) -> Wire | None:
        """The record a merged person lives on under, as the protocol writes it; None also where that one is hidden."""
        seen = (other for other in self._people.values() if not other.hidden)
        found = next((other for other in seen if other.number == person.merged_to), None)
        return lookup(found.id, found.number, "person") if found else None

    def person_of(self, record: Record) -> Person:
        if isinstance(record, CaseForm | Task):
            return self._people[record.person_id]
        form = self.form(record.form_id)
        assert form is not None
        return self._people[form.person_id]
