"""What is answered, read strictly and under the page's names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.adapters.generic_rest.dialect import Dialect
from service.adapters.generic_rest.vocabulary import COMPLETE, DRAFT, OPEN, WITHDRAWAL
from service.adapters.shared.digests import canonical_sha256
from service.adapters.shared.identity import Known
from service.adapters.shared.strict import (
    UnreadableError,
    a_list,
    an_object,
    day,
    flag,
    member,
    moment,
    sha256_digits,
    text,
    whole,
)


@dataclass(frozen=True, repr=False)
class Person:
    """The id that is written under, the child id, and what is compared first."""

    id: str
    child_id: str
    known: Known


@dataclass(frozen=True, repr=False)
class StoredDocument:
    """A document on a record. A server need not offer size (bytes) and digest."""

    id: str
    record: str
    name: str
    sha256: str | None
    size: int | None


@dataclass(frozen=True, repr=False)
class Record:
    """A record. `corrects` and `corrected_by` are the ids of those before and after it, if any."""

    id: str
    reference: str
    person: str
    form_type: str
    is_complete: bool
    restricted: bool
    completed_on: date | None
    answers_sha256: str | None
    corrects: str | None
    corrected_by: str | None
    withdrawn: bool
    documents: tuple[StoredDocument, ...]


@dataclass(frozen=True, repr=False)
class Task:
    """A task in a tray, whatever the team has done with it since."""

    id: str
    reference: str
    person: str
    task_type: str
    is_open: bool
    created_at: str


@dataclass(frozen=True, repr=False)
class Note:
    """A note about a record. Its words are ours already and are not kept."""

    id: str
    reference: str
    record: str
    withdraws: bool
    created_at: str


class Reader:
    """Objects of one dialect. Every method raises `UnreadableError` for another shape."""

    def __init__(self, dialect: Dialect) -> None:
        self._id = dialect.number
        self._read = dialect.vocabulary.read

    def id(self, body: object) -> str:
        """The id of what was written."""
        return self._id(self._named(body).get("id"))

    def person(self, body: object) -> Person:
        """A person. No name is ever asked for."""
        row = self._named(body)
        born = member(row, "dateOfBirth")
        known = Known(
            date_of_birth=None if born is None else day(born),
            estimated=flag(row.get("dateOfBirthEstimated")),
            merged=member(row, "mergedTo") is not None,
            restricted=flag(row.get("restricted")),
        )
        return Person(self._id(row.get("id")), text(row.get("childId")), known)

    def record(self, body: object) -> Record:
        """A record with its documents."""
        row = self._named(body)
        completed_on = member(row, "completedOn")
        return Record(
            id=self._id(row.get("id")),
            reference=text(row.get("reference")),
            person=self._id(row.get("personId")),
            form_type=text(row.get("formType")),
            is_complete=_is_complete(row.get("state")),
            restricted=flag(row.get("restricted")),
            completed_on=None if completed_on is None else day(completed_on),
            answers_sha256=self._answers_sha256(row),
            corrects=self._id_or_none(row, "corrects"),
            corrected_by=self._id_or_none(row, "correctedBy"),
            withdrawn=flag(row.get("withdrawn")),
            documents=tuple(self.document(each) for each in a_list(row.get("documents"))),
        )

    def document(self, body: object) -> StoredDocument:
        """A document, never its bytes."""
        row = self._named(body)
        digest, size = row.get("sha256"), row.get("size")
        return StoredDocument(
            id=self._id(row.get("id")),
            record=self._id(row.get("recordId")),
            name=text(row.get("name")),
            sha256=None if digest is None else sha256_digits(digest),
            size=None if size is None else whole(size, least=0),
        )

    def task(self, body: object) -> Task:
        """A task."""
        row = self._named(body)
        return Task(
            id=self._id(row.get("id")),
            reference=text(row.get("reference")),
            person=self._id(row.get("personId")),
            task_type=text(row.get("taskType")),
            is_open=text(row.get("state")) == OPEN,
            created_at=moment(row.get("createdAt")),
        )

    def note(self, body: object) -> Note:
        """A note."""
        row = self._named(body)
        return Note(
            id=self._id(row.get("id")),
            reference=text(row.get("reference")),
            record=self._id(row.get("recordId")),
            withdraws=text(row.get("noteType")) == WITHDRAWAL,
            created_at=moment(row.get("createdAt")),
        )

    def _named(self, body: object) -> dict[str, Any]:
        return self._read(an_object(body))

    def _id_or_none(self, row: dict[str, Any], name: str) -> str | None:
        found = member(row, name)
        return None if found is None else self._id(found)

    def _answers_sha256(self, row: dict[str, Any]) -> str | None:
        """The server's own digest, or that of the answers it shows; None when there are none."""
        given = row.get("answersSha256")
        if given is not None:
            return sha256_digits(given)
        answers = [self._answer(each) for each in a_list(row.get("answers"))]
        return canonical_sha256(answers) if answers else None

    def _answer(self, body: object) -> dict[str, Any]:
        row = self._named(body)
        place = row.get("row")
        return {
            "code": text(row.get("code")),
            "row": None if place is None else whole(place),
            "value": text(row.get("value")),
        }


def _is_complete(state: object) -> bool:
    """A state we do not know could mean anything, so it is no answer."""
    if state not in (DRAFT, COMPLETE):
        raise UnreadableError
    return state == COMPLETE
