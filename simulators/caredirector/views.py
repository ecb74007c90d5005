"""The view `wisebridge` of each entity: which rows this client sees, and how they are written."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from .catalogue import (
    DOCUMENT_TYPES,
    NOTE_TYPES,
    RESTRICTIONS,
    SUB_TYPES,
    TEAMS,
    Wire,
    lookup,
    picklist,
    status_of_form,
)
from .filters import Row
from .forms import Template
from .model import Attachment, CaseForm, CaseNote, Record, Task
from .people import Case, Person
from .store import Store

_FIELDS = {
    "person": "id personnumber dateofbirth dateofbirthestimated inactive masterpersonid datarestrictionid",
    "case": "id casenumber personid casestatusid startdate",
    "caseform": "id externalreference ownerid documentid personid caseid casenumber startdate assessmentstatusid "
    "datarestrictionid correctscaseformid correctedbycaseformid withdrawn answercount answerssha256 createdon",
    "caseformattachment": "id caseformid documenttypeid documentsubtypeid title date filename filesize filesha256 "
    "createdon",
    "task": "id externalreference ownerid regardingid subject duedate taskstatusid createdon",
    "casenote": "id externalreference caseformid casenotetypeid notes createdon",
}
FIELDS = {entity: frozenset(names.split()) for entity, names in _FIELDS.items()}
Kind = TypeVar("Kind", bound=Record)


class Views:
    """Rows of each entity, oldest first. Nothing about a hidden person is among them."""

    def __init__(self, store: Store, templates: Mapping[str, Template]) -> None:
        self._store, self._templates = store, templates
        self._makers: dict[str, Callable[[], list[Row]]] = {
            "person": self._people,
            "case": self._cases,
            "caseform": lambda: [self._form(form) for form in self._seen(CaseForm)],
            "caseformattachment": self._attachments,
            "task": lambda: [self._task(task) for task in self._seen(Task)],
            "casenote": lambda: [self._note(note) for note in self._seen(CaseNote)],
        }

    def rows(self, entity: str) -> list[Row]:
        return self._makers[entity]()

    def _people(self) -> list[Row]:
        return [self._person(person) for person in self._store.people() if not person.hidden]

    def _cases(self) -> list[Row]:
        return [_case(case, person) for case, person in self._store.cases() if not person.hidden]

    def _attachments(self) -> list[Row]:
        return [_attachment(form, file) for form in self._seen(CaseForm) for file in form.documents]

    def _seen(self, kind: type[Kind]) -> list[Kind]:
        found = [record for record in self._store.records() if isinstance(record, kind)]
        return [record for record in found if not self._store.person_of(record).hidden]

    def _person(self, person: Person) -> Row:
        restriction = next(iter(RESTRICTIONS)) if person.restricted else None
        return {
            "id": person.id,
            "personnumber": person.number,
            "dateofbirth": person.date_of_birth,
            "dateofbirthestimated": str(person.estimated),
            "inactive": str(person.merged_to is not None),
            "masterpersonid": self._store.master_of(person),
            "datarestrictionid": _named(RESTRICTIONS, restriction, "datarestriction"),
        }

    def _form(self, form: CaseForm) -> Row:
        found = self._store.case(form.case_id)
        assert found is not None
        return {
            "id": form.id,
            "externalreference": form.reference,
            "ownerid": _named(TEAMS, form.team_id, "team"),
            "documentid": lookup(form.template_id, self._templates[form.template_id].title, "document"),
            "personid": _of_person(self._store.person_of(form)),
            "caseid": lookup(form.case_id, found[0].number, "case"),
            "casenumber": found[0].number,
            "startdate": form.start,
            "assessmentstatusid": status_of_form(form.complete),
            "datarestrictionid": _named(RESTRICTIONS, form.restriction_id, "datarestriction"),
            "correctscaseformid": self._other_form(form.corrects),
            "correctedbycaseformid": self._other_form(form.corrected_by),
            "withdrawn": str(form.withdrawn),
            "answercount": str(len(form.answers)),
            "answerssha256": form.answers_sha256,
            "createdon": form.created,
        }

    def _other_form(self, form_id: str | None) -> Wire | None:
        found = self._store.form(form_id) if form_id else None
        return _of_form(found) if found else None

    def _task(self, task: Task) -> Row:
        return {
            "id": task.id,
            "externalreference": task.reference,
            "ownerid": _named(TEAMS, task.team_id, "team"),
            "regardingid": _of_person(self._store.person_of(task)),
            "subject": task.subject,
            "duedate": task.due,
            "taskstatusid": picklist("1", "Open"),
            "createdon": task.created,
        }

    def _note(self, note: CaseNote) -> Row:
        return {
            "id": note.id,
            "externalreference": note.reference,
            "caseformid": self._other_form(note.form_id),
            "casenotetypeid": _named(NOTE_TYPES, note.type_id, "casenotetype"),
            "notes": note.notes,
            "createdon": note.created,
        }


def _case(case: Case, person: Person) -> Row:
    return {
        "id": case.id,
        "casenumber": case.number,
        "personid": _of_person(person),
        "casestatusid": picklist("1", "Open") if case.is_open else picklist("2", "Closed"),
        "startdate": case.start,
    }


def _attachment(form: CaseForm, file: Attachment) -> Row:
    return {
        "id": file.id,
        "caseformid": _of_form(form),
        "documenttypeid": _named(DOCUMENT_TYPES, file.type_id, "documenttype"),
        "documentsubtypeid": _named(SUB_TYPES, file.sub_type_id, "documentsubtype"),
        "title": file.title,
        "date": file.date,
        "filename": file.filename,
        "filesize": str(file.size),
        "filesha256": file.sha256,
        "createdon": file.created,
    }


def _of_person(person: Person) -> Wire:
    """A display name would be a person's name in the product; the simulator has none to give."""
    return lookup(person.id, person.number, "person")


def _of_form(form: CaseForm) -> Wire:
    return lookup(form.id, form.reference, "caseform")


def _named(names: Mapping[str, str], found: str | None, kind: str) -> Wire | None:
    return lookup(found, names[found], kind) if found else None
