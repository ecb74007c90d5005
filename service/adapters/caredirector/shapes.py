"""What CareDirector answers, read strictly. Numbers and yes/no are text there; an empty field of a view is null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.adapters.shared.guid import guid
from service.adapters.shared.identity import Known
from service.adapters.shared.strict import UnreadableError, an_object, day, member, moment, sha256_digits, text

INITIAL, COMPLETE = "1", "2"
_FLAGS = {"True": True, "False": False}


@dataclass(frozen=True, repr=False)
class Person:
    """A row of the view of people: the id that is written under, and what is compared first."""

    id: str
    known: Known


@dataclass(frozen=True, repr=False)
class Form:
    """A case form. `person_number` is what people there call the child id; the other ids are GUIDs."""

    id: str
    template: str
    person: str
    person_number: str
    case: str
    is_complete: bool
    restriction: str | None
    corrects: str | None
    corrected_by: str | None
    withdrawn: bool
    answers_sha256: str | None


@dataclass(frozen=True, repr=False)
class Attachment:
    """A file of a case form."""

    id: str
    form: str
    sha256: str


@dataclass(frozen=True, repr=False)
class Task:
    """A task in a tray, whatever the team has done with it since."""

    id: str
    person: str
    created_on: str


@dataclass(frozen=True, repr=False)
class Note:
    """A case note on a case form. Its words are ours already and are not kept."""

    id: str
    form: str
    note_type: str
    created_on: str


def read_created(body: dict[str, Any]) -> str:
    """The id of what was written."""
    return an_id(body.get("id"))


def read_person(row: dict[str, Any]) -> Person:
    """`masterpersonid` may be null for a merged person; one who has it was merged, whatever else the row says."""
    born, master = member(row, "dateofbirth"), _lookup_or_none(row, "masterpersonid")
    known = Known(
        date_of_birth=None if born is None else day(born),
        estimated=flag(row.get("dateofbirthestimated")),
        merged=flag(row.get("inactive")) or master is not None,
        restricted=_lookup_or_none(row, "datarestrictionid") is not None,
    )
    return Person(an_id(row.get("id")), known)


def read_case(row: dict[str, Any]) -> str:
    """A case is no more to us than its id."""
    return an_id(row.get("id"))


def read_form(row: dict[str, Any]) -> Form:
    """One case form."""
    digest = member(row, "answerssha256")
    return Form(
        id=an_id(row.get("id")),
        template=_lookup(row, "documentid"),
        person=_lookup(row, "personid"),
        person_number=text(an_object(row.get("personid")).get("name")),
        case=_lookup(row, "caseid"),
        is_complete=_status(row) == COMPLETE,
        restriction=_lookup_or_none(row, "datarestrictionid"),
        corrects=_lookup_or_none(row, "correctscaseformid"),
        corrected_by=_lookup_or_none(row, "correctedbycaseformid"),
        withdrawn=flag(row.get("withdrawn")),
        answers_sha256=None if digest is None else sha256_digits(digest),
    )


def read_attachment(row: dict[str, Any]) -> Attachment:
    """One file."""
    return Attachment(an_id(row.get("id")), _lookup(row, "caseformid"), sha256_digits(row.get("filesha256")))


def read_task(row: dict[str, Any]) -> Task:
    """One task."""
    return Task(an_id(row.get("id")), _lookup(row, "regardingid"), moment(row.get("createdon")))


def read_note(row: dict[str, Any]) -> Note:
    """One case note."""
    created_on = moment(row.get("createdon"))
    return Note(an_id(row.get("id")), _lookup(row, "caseformid"), _lookup(row, "casenotetypeid"), created_on)


def an_id(value: object) -> str:
    """A GUID."""
    found = guid(value)
    if found is None:
        raise UnreadableError
    return found


def _lookup(row: dict[str, Any], name: str) -> str:
    return an_id(an_object(row.get(name)).get("id"))


def _lookup_or_none(row: dict[str, Any], name: str) -> str | None:
    return None if member(row, name) is None else _lookup(row, name)


def _status(row: dict[str, Any]) -> str:
    """A status we do not know could mean anything, so it is no answer."""
    status = text(an_object(row.get("assessmentstatusid")).get("id"))
    if status not in (INITIAL, COMPLETE):
        raise UnreadableError
    return status


def flag(value: object) -> bool:
    """Yes or no, in the one spelling of the two that we know."""
    found = _FLAGS.get(text(value))
    if found is None:
        raise UnreadableError
    return found
