"""What the simulated system holds, and how the protocol writes it under the default names.

Times are UTC text with milliseconds, dates `YYYY-MM-DD`. Everything is immutable: a change is a new value under the
same id, so that a reader never sees half of one.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Wire = dict[str, Any]
Answer = dict[str, Any]

DRAFT, COMPLETE, OPEN = "draft", "complete", "open"


def new_id() -> str:
    """Every id is a GUID, which `plain` shows as opaque text."""
    return str(uuid.uuid4())


def now() -> str:
    """This moment, as the protocol writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Person:
    """One person. No name is kept: nothing here needs one, so none can leak."""

    child_id: str
    date_of_birth: str | None = "2010-05-02"
    estimated: bool = False
    merged_to: str | None = None
    restricted: bool = False
    hidden: bool = False
    open_episode: bool = True
    locked_by: str | None = None
    id: str = field(default_factory=new_id)

    def wire(self) -> Wire:
        return {
            "id": self.id,
            "childId": self.child_id,
            "dateOfBirth": self.date_of_birth,
            "dateOfBirthEstimated": self.estimated,
            "mergedTo": self.merged_to,
            "restricted": self.restricted,
        }


@dataclass(frozen=True)
class Document:
    """A file on a record; its bytes are never part of an answer in JSON."""

    record_id: str
    name: str
    title: str
    document_type: str
    document_sub_type: str
    content: bytes
    id: str = field(default_factory=new_id)

    def wire(self) -> Wire:
        return {
            "id": self.id,
            "recordId": self.record_id,
            "name": self.name,
            "title": self.title,
            "documentType": self.document_type,
            "documentSubType": self.document_sub_type,
            "size": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


@dataclass(frozen=True)
class Record:
    """A draft or a complete record. `version` grows with every change and is what the ETag stands for."""

    reference: str
    person_id: str
    form_type: str
    corrects: str | None = None
    state: str = DRAFT
    restricted: bool = False
    completed_on: str | None = None
    answers: tuple[Answer, ...] = ()
    corrected_by: str | None = None
    withdrawn: bool = False
    documents: tuple[Document, ...] = ()
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)
    modified_at: str = field(default_factory=now)
    version: int = 1

    def wire(self) -> Wire:
        return {
            "id": self.id,
            "reference": self.reference,
            "personId": self.person_id,
            "formType": self.form_type,
            "state": self.state,
            "restricted": self.restricted,
            "completedOn": self.completed_on,
            "answers": list(self.answers),
            "answersSha256": answers_sha256(self.answers),
            "corrects": self.corrects,
            "correctedBy": self.corrected_by,
            "withdrawn": self.withdrawn,
            "createdAt": self.created_at,
            "modifiedAt": self.modified_at,
            "documents": [document.wire() for document in self.documents],
        }


@dataclass(frozen=True)
class Task:
    """Something for a team's work tray."""

    reference: str
    person_id: str
    task_type: str
    team: str
    due_on: str
    text: str
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)
    version: int = 1

    def wire(self) -> Wire:
        return {
            "id": self.id,
            "reference": self.reference,
            "personId": self.person_id,
            "taskType": self.task_type,
            "team": self.team,
            "dueOn": self.due_on,
            "text": self.text,
            "state": OPEN,
            "createdAt": self.created_at,
        }


@dataclass(frozen=True)
class Note:
    """What is said about a complete record; notes are only ever added."""

    reference: str
    record_id: str
    note_type: str
    text: str
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)
    version: int = 1

    def wire(self) -> Wire:
        return {
            "id": self.id,
            "reference": self.reference,
            "recordId": self.record_id,
            "noteType": self.note_type,
            "text": self.text,
            "createdAt": self.created_at,
        }


Entity = Person | Document | Record | Task | Note


def answers_sha256(answers: tuple[Answer, ...]) -> str | None:
    """Hex SHA-256 of the canonical JSON; null when there is nothing to fingerprint."""
    canonical = json.dumps(list(answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest() if answers else None


def etag(entity: Entity) -> str:
    """Opaque on purpose: nobody may count on what is in it. Without the quotes and the weakness of a dialect."""
    return hashlib.sha256(f"{entity.id}/{getattr(entity, 'version', 1)}".encode()).hexdigest()[:16]
