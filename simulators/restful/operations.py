"""What can be asked of the system, the same in both dialects: arguments under the default names, entities back."""

from collections.abc import Callable, Mapping
from typing import Any

from . import catalogue, shape
from .forms import Form, answer_list
from .model import COMPLETE, DRAFT, Answer, Document, Note, Person, Record, Task
from .refusals import Fault, Refusal, bad_request, invalid, locked, merged, not_found, refused, wrong_state
from .store import Store

Precondition = Callable[[Record], None]
"""Raises when what the caller has seen of the record is not what it is now."""


class Operations:
    """The rules of the protocol page over one store. `guids` says that a key must be a GUID to be readable."""

    def __init__(self, store: Store, forms: Mapping[str, Form], largest: int, *, guids: bool) -> None:
        self._store, self._forms, self._largest, self._guids = store, forms, largest, guids

    def people(self) -> list[Person]:
        return [person for person in self._store.people.values() if not person.hidden]

    def records(self) -> list[Record]:
        """What the caller may know of: nothing about a person hidden from it."""
        with self._store.lock:
            return [record for record in self._store.records.values() if self._visible(record.person_id)]

    def tasks(self) -> list[Task]:
        with self._store.lock:
            return [task for task in self._store.tasks.values() if self._visible(task.person_id)]

    def notes(self) -> list[Note]:
        seen = {record.id for record in self.records()}
        with self._store.lock:
            return [note for note in self._store.notes.values() if note.record_id in seen]

    def record(self, record_id: str) -> Record:
        found = self._store.records.get(record_id)
        if found is None or not self._visible(found.person_id):
            raise not_found()
        return found

    def open(self, body: Any) -> Record:
        """A new draft."""
        given = shape.read(body, shape.RECORD, guids=self._guids)
        with self._store.lock:
            person = self._person(given["personId"])
            self._may_write(person, self._form(given["formType"]))
            record = Record(given["reference"], person.id, given["formType"], given.get("corrects"))
            self._check_correction(record)
            self._store.records[record.id] = record
            return record

    def change(self, record_id: str, body: Any, precondition: Precondition, *, whole: bool = False) -> Record:
        """Put answers into a draft, and finish it when the body says so."""
        with self._store.lock:
            record = self.record(record_id)
            precondition(record)
            self._check_draft(record)
            given = shape.read(body, shape.CHANGE, whole=whole)
            answers = tuple(answer_list(given["answers"])) if "answers" in given else record.answers
            return self._changed(record, given, answers)

    def attach(self, body: Any, content: bytes) -> Document:
        """Put a file on a draft. `body` is the shape's, with whatever stands for the content."""
        given = shape.read(body, shape.DOCUMENT, guids=self._guids)
        with self._store.lock:
            record = self._known(given["recordId"], "recordId")
            self._check_draft(record)
            document = self._document(given, content)
            self._store.change(record, documents=(*record.documents, document))
            return document

    def document(self, document_id: str, record_id: str | None = None) -> Document:
        for record in self.records():
            for document in record.documents:
                if document.id == document_id and record_id in {None, record.id}:
                    return document
        raise not_found()

    def add_task(self, body: Any) -> Task:
        given = shape.read(body, shape.TASK, guids=self._guids)
        with self._store.lock:
            person = self._person(given["personId"])
            _check_person(person)
            _refuse(catalogue.task_faults(given["taskType"], given["team"]))
            task = Task(given["reference"], person.id, given["taskType"], given["team"], given["dueOn"], given["text"])
            self._store.tasks[task.id] = task
            return task

    def add_note(self, body: Any) -> Note:
        """Take a complete record off the person's file; neither lock nor restriction hinders that."""
        given = shape.read(body, shape.NOTE, guids=self._guids)
        with self._store.lock:
            record = self._known(given["recordId"], "recordId")
            if given["noteType"] != catalogue.WITHDRAWAL:
                raise refused("UNKNOWN_NOTE_TYPE", "noteType")
            _check_withdrawable(record)
            note = Note(given["reference"], record.id, given["noteType"], given["text"])
            self._store.notes[note.id] = note
            self._store.change(record, withdrawn=True)
            return note

    def _changed(self, record: Record, given: dict[str, Any], answers: tuple[Answer, ...]) -> Record:
        form, state = self._forms[record.form_type], given.get("state", DRAFT)
        if state not in {DRAFT, COMPLETE}:
            raise bad_request(f"state must be {DRAFT} or {COMPLETE}.")
        _refuse(form.faults(list(answers)))
        if state == COMPLETE:
            self._check_finished(record, form, answers)
        changed = self._store.change(
            record,
            answers=answers,
            state=state,
            restricted=given.get("restricted", record.restricted),
            completed_on=given.get("completedOn", record.completed_on),
        )
        if state == COMPLETE and record.corrects:
            self._store.change(self._store.records[record.corrects], corrected_by=record.id)
        return changed

    def _check_finished(self, record: Record, form: Form, answers: tuple[Answer, ...]) -> None:
        demanded = [Fault("DOCUMENT_REQUIRED", "documents")] if form.document and not record.documents else []
        _refuse(form.unanswered(answers) + demanded)
        self._check_correction(record)

    def _check_draft(self, record: Record) -> None:
        person = self._store.people[record.person_id]
        _check_person(person)
        self._check_locks(record.id, person.id)
        if record.state != DRAFT:
            raise wrong_state(record.state)

    def _check_locks(self, *keys: str) -> None:
        for key in keys:
            if lock := self._store.locks.get(key):
                raise locked(lock.by, lock.until)

    def _check_correction(self, record: Record) -> None:
        if record.corrects is None:
            return
        earlier = self._known(record.corrects, "corrects")
        if (earlier.person_id, earlier.form_type) != (record.person_id, record.form_type):
            raise refused("UNKNOWN_RECORD", "corrects")
        if earlier.state != COMPLETE or earlier.withdrawn or earlier.corrected_by:
            raise refused("NOT_CORRECTABLE", "corrects")

    def _document(self, given: dict[str, Any], content: bytes) -> Document:
        if len(content) > self._largest:
            raise Refusal(413, "TOO_LARGE", f"A document may have {self._largest} bytes.")
        kind, sub_type = given["documentType"], given["documentSubType"]
        _refuse(catalogue.document_faults(given["name"], kind, sub_type, len(content)))
        return Document(given["recordId"], given["name"], given["title"], kind, sub_type, content)

    def _may_write(self, person: Person, form: Form) -> None:
        _check_person(person)
        self._check_locks(person.id)
        if not person.open_episode:
            raise refused("NO_OPEN_EPISODE", "personId")
        if not form.writable:
            raise Refusal(403, "NOT_PERMITTED", "This client may not write this form.")

    def _form(self, form_type: str) -> Form:
        if form_type not in self._forms:
            raise refused("UNKNOWN_FORM", "formType")
        return self._forms[form_type]

    def _person(self, person_id: str) -> Person:
        if not self._visible(person_id):
            raise refused("UNKNOWN_PERSON", "personId")
        return self._store.people[person_id]

    def _known(self, record_id: str, target: str) -> Record:
        """A record named in a body: unknown there is a fault of the content, not of the address."""
        try:
            return self.record(record_id)
        except Refusal:
            raise refused("UNKNOWN_RECORD", target) from None

    def _visible(self, person_id: str) -> bool:
        person = self._store.people.get(person_id)
        return person is not None and not person.hidden


def _check_person(person: Person) -> None:
    if person.merged_to is not None:
        raise merged(person.merged_to)
    if person.restricted:
        raise Refusal(403, "RESTRICTED", "The person's file is open to named workers only.")


def _check_withdrawable(record: Record) -> None:
    if record.state != COMPLETE:
        raise wrong_state(record.state)
    if record.withdrawn:
        raise Refusal(409, "WITHDRAWN", "The record is withdrawn already.")


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise invalid(faults)
