"""What Eclipse answers, read strictly: a missing or mistyped name, or another class, makes all of it unreadable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from service.adapters.eclipse.fuzzy import read_birth, read_day
from service.adapters.eclipse.media import PAGE_SIZE
from service.adapters.shared.guid import guid
from service.adapters.shared.identity import Known
from service.adapters.shared.strict import (
    UnreadableError,
    a_list,
    an_object,
    flag,
    member,
    sha256_digits,
    text,
    whole,
)

T = TypeVar("T")
DRAFT, COMPLETE = "DRAFT", "COMPLETE"


@dataclass(frozen=True, repr=False)
class Person:
    """Somebody found under a number: `identifier` is theirs, `care_first` the one of the product before Eclipse."""

    id: int
    identifier: str
    care_first: str | None
    known: Known


@dataclass(frozen=True, repr=False)
class Design:
    """A form design, and whether it can be completed without an attachment."""

    guid: str
    needs_attachment: bool


@dataclass(frozen=True, repr=False)
class Attachment:
    """A file on a form instance."""

    id: int
    form: int
    name: str
    sha256: str


@dataclass(frozen=True, repr=False)
class Form:
    """A form instance. `version` is the optimistic lock: a change must name the one it was made from."""

    id: int
    design: str
    person: int
    is_complete: bool
    reference: str | None
    restricted: bool
    answers_sha256: str | None
    attachments: tuple[Attachment, ...]
    corrects: int | None
    corrected_by: int | None
    withdrawn: bool
    version: int


@dataclass(frozen=True, repr=False)
class Note:
    """A case note that withdraws a form instance. Its words are ours already and are not kept."""

    id: int
    form: int
    reference: str
    event_date: date


@dataclass(frozen=True, repr=False)
class Task:
    """A task of a work list, whatever the team has done with it since."""

    id: int
    person: int
    reference: str
    due: date


def read_results(body: object, read: Callable[[object], T]) -> tuple[T, ...]:
    """The first page of a list. One that is shorter or longer than it says is none of the protocol's."""
    results = a_list(an_object(body).get("results"))
    total = whole(an_object(body).get("totalSize"), least=0)
    if len(results) != min(total, PAGE_SIZE):
        raise UnreadableError
    return tuple(read(each) for each in results)


def read_under(body: object, reference: str, read: Callable[[object], T]) -> tuple[T, ...]:
    """What was found under our reference; something under another shows that the search was not understood."""
    return read_results(body, lambda each: read_ours(each, reference, read))


def read_ours(body: object, reference: str, read: Callable[[object], T]) -> T:
    """One thing under our reference."""
    if an_object(body).get("externalReference") != reference:
        raise UnreadableError
    return read(body)


def read_person(body: object) -> Person:
    """`duplicateOf` may be null for a duplicate; one who has it is a duplicate, whatever else is said."""
    row = _of_class(body, "Person")
    duplicated, survivor = member(row, "duplicated"), _id_or_none(row, "duplicateOf")
    level, care_first = row.get("accessLevel"), member(row, "careFirstId")
    if duplicated not in (None, "DUPLICATE") or level not in ("FULL", "RESTRICTED"):
        raise UnreadableError
    merged = duplicated is not None or survivor is not None
    known = read_birth(member(row, "dateOfBirth"), merged=merged, restricted=level == "RESTRICTED")
    care_first = None if care_first is None else text(care_first)
    return Person(whole(row.get("id")), text(row.get("personIdentifier")), care_first, known)


def read_design(body: object) -> Design:
    """One form design."""
    row = _of_class(body, "FormDesign")
    return Design(_guid(row.get("designGuid")), flag(row.get("attachmentRequired")))


def read_form(body: object) -> Form:
    """One form instance. A state we do not know could mean anything, so it is no answer."""
    row = _of_class(body, "FormInstance")
    digest, reference = member(row, "answersSha256"), member(row, "externalReference")
    if row.get("state") not in (DRAFT, COMPLETE):
        raise UnreadableError
    return Form(
        id=whole(row.get("id")),
        design=_guid(row.get("designGuid")),
        person=whole(row.get("personId")),
        is_complete=row["state"] == COMPLETE,
        reference=None if reference is None else text(reference),
        restricted=flag(row.get("restricted")),
        answers_sha256=None if digest is None else sha256_digits(digest),
        attachments=tuple(read_attachment(each) for each in a_list(row.get("attachments"))),
        corrects=_id_or_none(row, "correctsInstanceId"),
        corrected_by=_id_or_none(row, "correctedByInstanceId"),
        withdrawn=flag(row.get("withdrawn")),
        version=whole(row.get("objectVersion"), least=0),
    )


def read_attachment(body: object) -> Attachment:
    """One attachment."""
    row = _of_class(body, "Attachment")
    return Attachment(
        whole(row.get("id")),
        whole(row.get("formInstanceId")),
        text(row.get("fileName")),
        sha256_digits(row.get("sha256")),
    )


def read_note(body: object) -> Note:
    """One note of ours. Only this type of entry takes a record off a person's file."""
    row = _of_class(body, "CaseNoteEntry")
    if row.get("entryType") != "WITHDRAWN":
        raise UnreadableError
    return Note(
        whole(row.get("id")),
        whole(row.get("formInstanceId")),
        text(row.get("externalReference")),
        read_day(row.get("eventDate")),
    )


def read_task(body: object) -> Task:
    """One task of ours."""
    row = _of_class(body, "WorkListTask")
    return Task(
        whole(row.get("id")),
        whole(row.get("personId")),
        text(row.get("externalReference")),
        read_day(row.get("dueDate")),
    )


def read_permissions(body: object) -> frozenset[str]:
    """What the sign-in may do, as `domain.PERMISSION`."""
    return frozenset(each for entry in a_list(body) for each in _permissions(an_object(entry)))


def _permissions(entry: dict[str, Any]) -> list[str]:
    return [f"{text(entry.get('domain'))}.{text(each)}" for each in a_list(entry.get("permissions"))]


def _of_class(body: object, name: str) -> dict[str, Any]:
    row = an_object(body)
    if row.get("_type") != name:
        raise UnreadableError
    return row


def _guid(value: object) -> str:
    found = guid(value)
    if found is None:
        raise UnreadableError
    return found


def _id_or_none(row: dict[str, Any], name: str) -> int | None:
    return None if member(row, name) is None else whole(row[name])
