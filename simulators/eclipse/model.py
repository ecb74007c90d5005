"""What the simulated Eclipse holds, as plain values for the protocol, the page and tests alike."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .fuzzy import LONDON, FuzzyDate

DRAFT, COMPLETE = "DRAFT", "COMPLETE"
Answer = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """A young person by number. `hidden` and `restricted` are towards the sign-in of the caller."""

    id: int
    name: str
    birth: FuzzyDate | None = None
    care_first: str | None = None
    duplicated: bool = False
    duplicate_of: int | None = None
    hidden: bool = False
    restricted: bool = False
    open_episode: bool = True
    locked_by: str | None = None
    locked_until: int | None = None

    def wire(self) -> dict[str, Any]:
        """The person as the protocol writes them; of a restricted one only that they are there."""
        closed = self.restricted
        return {
            "_type": "Person",
            "id": self.id,
            "personIdentifier": str(self.id),
            "careFirstId": None if closed else self.care_first,
            "name": None if closed else self.name,
            "age": None if closed else self._age(),
            "dateOfBirth": self.birth.wire() if self.birth and not closed else None,
            "nhsNumber": None,
            "ethnicity": None,
            "duplicated": "DUPLICATE" if self.duplicated else None,
            "duplicateOf": self.duplicate_of,
            "accessLevel": "RESTRICTED" if closed else "FULL",
            "objectVersion": 0,
        }

    def _age(self) -> int | None:
        """Only a whole date of birth gives an age."""
        if self.birth is None or self.birth.mask != "DAY":
            return None
        today, born = datetime.now(LONDON).date(), self.birth.first
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@dataclass(frozen=True)
class Attachment:
    """One attachment; its bytes are in a file of the simulator's folder."""

    id: int
    form_id: int
    name: str
    title: str
    type: str
    sub_type: str
    size: int
    sha256: str
    file: Path

    @property
    def content(self) -> bytes:
        """The bytes as they were sent."""
        return self.file.read_bytes()

    def wire(self) -> dict[str, Any]:
        """The attachment as the protocol writes it."""
        return {
            "_type": "Attachment",
            "id": self.id,
            "formInstanceId": self.form_id,
            "fileName": self.name,
            "title": self.title,
            "type": self.type,
            "subType": self.sub_type,
            "size": self.size,
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class FormInstance:
    """One filled-in form of a person."""

    id: int
    design: str
    person_id: int
    reference: str
    team: str
    corrects: int | None = None
    state: str = DRAFT
    restricted: bool = False
    answers: tuple[Answer, ...] = field(default=(), repr=False)
    attachments: tuple[Attachment, ...] = ()
    corrected_by: int | None = None
    withdrawn: bool = False
    version: int = 0

    @property
    def answers_sha256(self) -> str | None:
        """Hex SHA-256 of the canonical JSON; None when there is nothing to fingerprint."""
        text = json.dumps(list(self.answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest() if self.answers else None

    def wire(self) -> dict[str, Any]:
        """The instance as the protocol writes it."""
        return {
            "_type": "FormInstance",
            "id": self.id,
            "designGuid": self.design,
            "personId": self.person_id,
            "state": self.state,
            "externalReference": self.reference,
            "ownerTeam": self.team,
            "restricted": self.restricted,
            "answerCount": len(self.answers),
            "answersSha256": self.answers_sha256,
            "attachments": [item.wire() for item in self.attachments],
            "correctsInstanceId": self.corrects,
            "correctedByInstanceId": self.corrected_by,
            "withdrawn": self.withdrawn,
            "objectVersion": self.version,
        }


@dataclass(frozen=True)
class CaseNote:
    """A note that takes a form off the person's file."""

    id: int
    person_id: int
    form_id: int
    reference: str
    event_date: date
    html: str

    def wire(self) -> dict[str, Any]:
        """The note as the protocol writes it."""
        return {
            "_type": "CaseNoteEntry",
            "id": self.id,
            "personId": self.person_id,
            "formInstanceId": self.form_id,
            "externalReference": self.reference,
            "entryType": "WITHDRAWN",
            "eventDate": FuzzyDate(self.event_date).wire(),
            "note": self.html,
            "objectVersion": 0,
        }


@dataclass(frozen=True)
class Task:
    """Something for a team's work list."""

    id: int
    person_id: int
    reference: str
    team: str
    due: date
    summary: str

    def wire(self) -> dict[str, Any]:
        """The task as the protocol writes it."""
        return {
            "_type": "WorkListTask",
            "id": self.id,
            "personId": self.person_id,
            "externalReference": self.reference,
            "team": self.team,
            "dueDate": FuzzyDate(self.due).wire(),
            "summary": self.summary,
            "state": "OPEN",
            "objectVersion": 0,
        }


Record = FormInstance | CaseNote | Task
