"""What the client may do. A change is checked in the order the protocol page names, and stored whole or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from . import catalogue, fields
from .answers import answer_list, check_answers, check_complete
from .attachments import check_filename, decoded
from .forms import Template
from .model import CaseForm, CaseNote, Task
from .people import Case, Person
from .refusals import Refusal, bad_request, conflict, record_not_found
from .store import Store

_REFERENCE = fields.text(50)
_FORM = {
    "externalreference": _REFERENCE,
    "ownerid": fields.lookup,
    "documentid": fields.lookup,
    "personid": fields.lookup,
    "caseid": fields.lookup,
    "startdate": fields.iso_date,
    "assessmentstatusid": fields.picklist("1"),
}
_CHANGE = {
    "answers": answer_list,
    "datarestrictionid": fields.lookup,
    "assessmentstatusid": fields.picklist("2"),
}
_TASK = {
    "externalreference": _REFERENCE,
    "ownerid": fields.lookup,
    "regardingid": fields.lookup,
    "subject": fields.text(250),
    "duedate": fields.iso_date,
}
_NOTE = {
    "externalreference": _REFERENCE,
    "caseformid": fields.lookup,
    "casenotetypeid": fields.lookup,
    "notes": fields.text(2000),
}
_ATTACHMENT = {
    "caseformid": fields.lookup,
    "documenttypeid": fields.lookup,
    "documentsubtypeid": fields.lookup,
    "title": fields.text(200),
    "date": fields.iso_date,
}


class Operations:
    """The writes of the protocol over one store; each returns the id the answer carries."""

    def __init__(self, store: Store, templates: Mapping[str, Template], file_limit: int) -> None:
        self._store, self._templates, self._file_limit = store, templates, file_limit

    def open_form(self, body: Any) -> str:
        links = {"datarestrictionid": fields.lookup, "correctscaseformid": fields.lookup}
        sent = fields.read(body, _FORM, links)
        self._check_codes(sent)
        person, case = self._person(sent["personid"], "personid"), self._case(sent["caseid"])
        earlier = (
            self._form(sent["correctscaseformid"], "correctscaseformid") if sent.get("correctscaseformid") else None
        )
        self._check_person(person)
        if not case[0].is_open:
            raise conflict("CaseNotOpen", "The case is closed.")
        if earlier and (not earlier.complete or earlier.withdrawn or earlier.corrected_by):
            raise conflict("RecordNotCorrectable", "The state of the case form does not allow a correction.")
        if case[1].id != person.id:
            raise bad_request("CaseOfAnotherPerson", "The case is not a case of this person.", "caseid")
        return self._add_form(_new_form(sent), earlier)

    def change_form(self, form_id: str, body: Any) -> str:
        sent = fields.read(body, {}, _CHANGE)
        catalogue.require(
            catalogue.RESTRICTIONS, sent.get("datarestrictionid"), "UnknownRestriction", "datarestrictionid"
        )
        form = self._form(form_id)
        self._check_writable(form)
        return self._store.put(self._changed(form, sent))

    def attach(self, body: Any) -> str:
        outer = fields.read(body, {"record": _an_object, "filename": fields.text(200), "file": _some_text})
        sent = fields.read(outer["record"], _ATTACHMENT)
        catalogue.require_document_type(sent["documenttypeid"], sent["documentsubtypeid"])
        form = self._form(sent["caseformid"], "caseformid")
        self._check_writable(form)
        content = decoded(outer["file"], self._file_limit)
        check_filename(outer["filename"])
        about = {"type_id": sent["documenttypeid"], "sub_type_id": sent["documentsubtypeid"]}
        file = self._store.keep_file(
            content, **about, title=sent["title"], date=sent["date"], filename=outer["filename"]
        )
        self._store.put(replace(form, documents=(*form.documents, file)))
        return file.id

    def add_task(self, body: Any) -> str:
        sent = fields.read(body, _TASK)
        catalogue.require(catalogue.TEAMS, sent["ownerid"], "UnknownTeam", "ownerid")
        person = self._person(sent["regardingid"], "regardingid")
        self._check_person(person, locks=False)
        task = Task(
            reference=sent["externalreference"],
            team_id=sent["ownerid"],
            person_id=person.id,
            subject=sent["subject"],
            due=sent["duedate"],
        )
        return self._store.put(task)

    def withdraw(self, body: Any) -> str:
        sent = fields.read(body, _NOTE)
        catalogue.require(catalogue.NOTE_TYPES, sent["casenotetypeid"], "UnknownNoteType", "casenotetypeid")
        form = self._form(sent["caseformid"], "caseformid")
        self._check_person(self._store.person_of(form))
        if not form.complete:
            raise _wrong_state(form)
        if form.withdrawn:
            raise conflict("AlreadyWithdrawn", "The case form was withdrawn before.")
        self._store.put(replace(form, withdrawn=True))
        about = {"reference": sent["externalreference"], "type_id": sent["casenotetypeid"]}
        return self._store.put(CaseNote(**about, form_id=form.id, notes=sent["notes"]))

    def _check_codes(self, sent: dict[str, Any]) -> None:
        catalogue.require(catalogue.TEAMS, sent["ownerid"], "UnknownTeam", "ownerid")
        catalogue.require(self._templates, sent["documentid"], "UnknownForm", "documentid")
        restriction = sent.get("datarestrictionid")
        catalogue.require(catalogue.RESTRICTIONS, restriction, "UnknownRestriction", "datarestrictionid")

    def _person(self, person_id: str, name: str) -> Person:
        person = self._store.person(person_id)
        if person is None or person.hidden:
            raise record_not_found(name)
        return person

    def _case(self, case_id: str) -> tuple[Case, Person]:
        found = self._store.case(case_id)
        if found is None or found[1].hidden:
            raise record_not_found("caseid")
        return found

    def _form(self, form_id: str, name: str | None = None) -> CaseForm:
        form = self._store.form(form_id.lower())
        if form is None or self._store.person_of(form).hidden:
            raise record_not_found(name)
        return form

    def _check_person(self, person: Person, *, locks: bool = True) -> None:
        if person.restricted:
            raise Refusal(403, "RecordRestricted", "The record is restricted.")
        if person.merged_to is not None:
            raise conflict("PersonMerged", "The person was merged.", masterpersonid=self._store.master_of(person))
        if locks and person.lock is not None:
            lock = {"lockedby": person.lock.by, "lockeduntil": person.lock.until}
            raise conflict("RecordLocked", "The record is open for editing.", **lock)

    def _check_writable(self, form: CaseForm) -> None:
        self._check_person(self._store.person_of(form))
        if form.complete:
            raise _wrong_state(form)

    def _add_form(self, form: CaseForm, earlier: CaseForm | None) -> str:
        if earlier is not None:
            if (earlier.template_id, earlier.person_id) != (form.template_id, form.person_id):
                raise bad_request(
                    "CorrectionMismatch", "The case form is of another template or person.", "correctscaseformid"
                )
            self._store.put(replace(earlier, corrected_by=form.id))
        return self._store.put(form)

    def _changed(self, form: CaseForm, sent: dict[str, Any]) -> CaseForm:
        """The form after a change, with its rules checked; null leaves answers and state as they are."""
        template = self._templates[form.template_id]
        if "datarestrictionid" in sent:
            form = replace(form, restriction_id=sent["datarestrictionid"])
        if sent.get("answers") is not None:
            check_answers(sent["answers"], template)
            form = replace(form, answers=sent["answers"])
        if sent.get("assessmentstatusid"):
            check_complete(template, form.answers, form.documents)
            form = replace(form, complete=True)
        return form


def _new_form(sent: dict[str, Any]) -> CaseForm:
    return CaseForm(
        reference=sent["externalreference"],
        team_id=sent["ownerid"],
        template_id=sent["documentid"],
        person_id=sent["personid"],
        case_id=sent["caseid"],
        start=sent["startdate"],
        restriction_id=sent.get("datarestrictionid"),
        corrects=sent.get("correctscaseformid"),
    )


def _wrong_state(form: CaseForm) -> Refusal:
    status = catalogue.status_of_form(form.complete)
    return conflict("RecordNotEditable", "The state of the case form does not allow this.", assessmentstatusid=status)


def _an_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError
    return value


def _some_text(value: Any) -> str:
    """Text of any length, none included: an empty file is for the rules of files to refuse."""
    if not isinstance(value, str):
        raise ValueError
    return value
