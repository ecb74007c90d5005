"""What the simulated Mosaic holds, as plain values for the API, the page and tests alike."""

from dataclasses import dataclass
from typing import Any

from .answers import Answer, answers_sha256

STATUSES = ("INCOMING", "STARTED", "COMPLETED", "CANCELLED", "REOPENED")
CHANGEABLE = ("STARTED", "REOPENED")
WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True)
class Subject:
    """Who a step is about."""

    id: int
    type: str = "PER"

    def wire(self) -> dict[str, Any]:
        """The subject as the protocol writes it."""
        return {"type": self.type, "id": self.id}


@dataclass(frozen=True)
class Document:
    """One stored document; `content` is empty where only the description was asked for."""

    document_id: int
    name: str
    title: str
    category: str
    sub_category: str
    size: int
    sha256: str
    content: bytes = b""

    def wire(self) -> dict[str, Any]:
        """The document as the protocol writes it."""
        return {
            "documentId": self.document_id,
            "name": self.name,
            "title": self.title,
            "category": self.category,
            "subCategory": self.sub_category,
            "size": self.size,
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class NextAction:
    """What was asked for on completion, and the step it made."""

    action_type_id: int
    team: str
    incoming_on: str | None
    step_id: int

    def wire(self) -> dict[str, Any]:
        """The action in the shape it was sent, with the number of the step it made."""
        return {
            "actionTypeId": self.action_type_id,
            "assignedTo": {"team": self.team},
            "incomingOn": self.incoming_on,
            "stepId": self.step_id,
        }


@dataclass(frozen=True)
class NewNote:
    """What is needed to add a note to a step."""

    step_id: int
    external_reference: str
    note_type: str
    text: str


@dataclass(frozen=True)
class Note:
    """Something said about a step afterwards; only ever added."""

    note_id: int
    step_id: int
    external_reference: str
    note_type: str
    text: str
    created: str

    def wire(self) -> dict[str, Any]:
        """The note as the protocol writes it."""
        return {
            "noteId": self.note_id,
            "stepId": self.step_id,
            "externalReference": self.external_reference,
            "noteType": self.note_type,
            "text": self.text,
            "createdAt": self.created,
        }


@dataclass(frozen=True)
class NewStep:
    """What is needed to make a step."""

    step_type_id: int
    person_id: int
    team: str
    status: str
    external_reference: str | None = None
    incoming_on: str | None = None
    note: str | None = None
    corrects_step_id: int | None = None


@dataclass(frozen=True)
class Step:
    """One workflow step with everything in it."""

    step_id: int
    step_type_id: int
    status: str
    subjects: tuple[Subject, ...]
    external_reference: str | None
    team: str
    incoming_on: str | None
    note: str | None
    restricted: bool
    answers: tuple[Answer, ...]
    documents: tuple[Document, ...]
    next_actions: tuple[NextAction, ...]
    created: str
    corrects_step_id: int | None = None
    corrected_by_step_id: int | None = None
    notes: tuple[Note, ...] = ()

    @property
    def answers_sha256(self) -> str | None:
        """The fingerprint of the stored answers."""
        return answers_sha256(self.answers)

    @property
    def withdrawal(self) -> Note | None:
        """The note that took the step off the person's file, if one did."""
        return next((note for note in self.notes if note.note_type == WITHDRAWN), None)

    @property
    def person_id(self) -> int:
        """The single subject every step of this simulator has."""
        return self.subjects[0].id

    def wire(self) -> dict[str, Any]:
        """The step as the protocol writes it."""
        return {
            "stepId": self.step_id,
            "stepTypeId": self.step_type_id,
            "status": self.status,
            "subjects": [subject.wire() for subject in self.subjects],
            "externalReference": self.external_reference,
            "assignedTo": {"team": self.team},
            "incomingOn": self.incoming_on,
            "note": self.note,
            "restricted": self.restricted,
            "answers": len(self.answers),
            "answersSha256": self.answers_sha256,
            "documents": [document.wire() for document in self.documents],
            "nextActions": [action.wire() for action in self.next_actions],
            "correctsStepId": self.corrects_step_id,
            "correctedByStepId": self.corrected_by_step_id,
            "withdrawn": self.withdrawal is not None,
        }
