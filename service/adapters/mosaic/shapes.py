"""What Mosaic answers, read strictly: a missing or mistyped member makes the whole answer unreadable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.adapters.shared.identity import Known
from service.adapters.shared.strict import (
    UnreadableError,
    a_list,
    an_object,
    day,
    flag,
    moment,
    sha256_digits,
    text,
    whole,
)

STATES = frozenset({"INCOMING", "STARTED", "COMPLETED", "CANCELLED", "REOPENED"})
MAY_BE_NULL = frozenset({"externalReference", "answersSha256", "correctsStepId", "correctedByStepId"})
"""Null says something there; left out says that the other side speaks another protocol."""


@dataclass(frozen=True, repr=False)
class StoredDocument:
    """A document attached to a step."""

    number: int
    name: str
    sha256: str


@dataclass(frozen=True, repr=False)
class Step:
    """A workflow step. `corrects` and `corrected_by` are the numbers of the steps before and after it, if any."""

    number: int
    step_type: int
    status: str
    subjects: tuple[tuple[str, int], ...]
    reference: str | None
    restricted: bool
    answers_sha256: str | None
    documents: tuple[StoredDocument, ...]
    corrects: int | None
    corrected_by: int | None
    withdrawn: bool


@dataclass(frozen=True, repr=False)
class Note:
    """A note that withdraws a step. Its text is ours already and is not kept."""

    number: int
    step: int
    reference: str
    created_at: str


def read_person(body: dict[str, Any], number: int) -> Known:
    """The person with this number."""
    if whole(body.get("personId")) != number or not {"dateOfBirth", "mergedTo"} <= body.keys():
        raise UnreadableError
    born = body["dateOfBirth"]
    return Known(
        None if born is None else day(born), flag(body.get("dateOfBirthEstimated")), body["mergedTo"] is not None
    )


def read_steps(body: dict[str, Any], reference: str) -> tuple[Step, ...]:
    """The steps of a search; one with another reference shows that the search was not understood."""
    steps = tuple(read_step(each) for each in a_list(body.get("steps")))
    if any(step.reference != reference for step in steps):
        raise UnreadableError
    return steps


def read_this_step(body: object, number: int) -> Step:
    """The step with this number."""
    step = read_step(body)
    if step.number != number:
        raise UnreadableError
    return step


def read_step(body: object) -> Step:
    """One step."""
    step = an_object(body)
    status = text(step.get("status"))
    if status not in STATES or not step.keys() >= MAY_BE_NULL:
        raise UnreadableError
    return Step(
        number=whole(step.get("stepId")),
        step_type=whole(step.get("stepTypeId")),
        status=status,
        subjects=tuple(_subject(each) for each in a_list(step.get("subjects"))),
        reference=None if step["externalReference"] is None else text(step["externalReference"]),
        restricted=flag(step.get("restricted")),
        answers_sha256=None if step["answersSha256"] is None else sha256_digits(step["answersSha256"]),
        documents=tuple(read_document(each) for each in a_list(step.get("documents"))),
        corrects=_whole_or_none(step["correctsStepId"]),
        corrected_by=_whole_or_none(step["correctedByStepId"]),
        withdrawn=flag(step.get("withdrawn")),
    )


def read_document(body: object) -> StoredDocument:
    """One document."""
    found = an_object(body)
    return StoredDocument(whole(found.get("documentId")), text(found.get("name")), sha256_digits(found.get("sha256")))


def read_notes(body: dict[str, Any], reference: str) -> tuple[Note, ...]:
    """The notes of a search; as with steps, another reference shows that the search was not understood."""
    notes = tuple(read_note(each) for each in a_list(body.get("notes")))
    if any(note.reference != reference for note in notes):
        raise UnreadableError
    return notes


def read_note(body: object) -> Note:
    """One note. The protocol knows one type, and only that type takes a record off a person's file."""
    note = an_object(body)
    if note.get("noteType") != "WITHDRAWN":
        raise UnreadableError
    return Note(
        number=whole(note.get("noteId")),
        step=whole(note.get("stepId")),
        reference=text(note.get("externalReference")),
        created_at=moment(note.get("createdAt")),
    )


def _subject(value: object) -> tuple[str, int]:
    subject = an_object(value)
    return text(subject.get("type")), whole(subject.get("id"))


def _whole_or_none(value: object) -> int | None:
    return None if value is None else whole(value)
