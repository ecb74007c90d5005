"""What is sent, built from a filing: pure, and the same for the same delivery on every attempt."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from service.adapters.caredirector.shapes import COMPLETE, INITIAL
from service.adapters.shared.digests import canonical_sha256, sha256
from service.adapters.shared.guid import guid
from service.adapters.shared.link import Settings
from service.adapters.shared.texts import REVIEW_DUE, legal
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, Filing, Retraction, ReviewTask

COMPLETION = {"assessmentstatusid": {"id": COMPLETE}}


def person_number(child_id: str) -> str:
    """Any text that can be searched for: leading zeros count. What cannot stand in a field is nobody's number."""
    if not child_id or not child_id.isprintable():
        raise NeedsHuman(Reason.PERSON_NOT_FOUND, "not_a_person_number")
    return child_id


def form_number(record_number: str) -> str:
    """A record's number as CareDirector once gave it to us: the id of its case form."""
    found = guid(record_number)
    if found is None:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "not_a_form_id")
    return found


@dataclass(frozen=True, repr=False)
class Plan:
    """One record as CareDirector is to hold it. `corrects` and `restriction` are GUIDs, or None."""

    filing: Filing
    target: Settings
    corrects: str | None
    restriction: str | None
    documents_here: bool
    answers: list[dict[str, Any]]

    @property
    def template(self) -> str | None:
        """The form template in this CareDirector."""
        return guid(self.target["form_template"])

    @property
    def document_sha256(self) -> str:
        """Of the bytes we send."""
        return sha256(self.filing.document.content)

    @property
    def answers_sha256(self) -> str:
        """As CareDirector computes it over what it stored."""
        return canonical_sha256(self.answers)

    def new_form(self, person: str, case: str) -> dict[str, Any]:
        """The body that opens the form: restricted from the start, so that not even the draft lies open."""
        return {
            "externalreference": self.filing.reference,
            "ownerid": _lookup(self.target["team"]),
            "documentid": _lookup(self.target["form_template"]),
            "personid": _lookup(person),
            "caseid": _lookup(case),
            "startdate": self.filing.completed_on.isoformat(),
            "assessmentstatusid": {"id": INITIAL},
            "datarestrictionid": _lookup_or_none(self.restriction),
            "correctscaseformid": _lookup_or_none(self.corrects),
        }

    def attachment(self, form: str) -> dict[str, Any]:
        """The body that puts the document on the form."""
        record = {
            "caseformid": _lookup(form),
            "documenttypeid": _lookup(self.target["document_type"]),
            "documentsubtypeid": _lookup(self.target["document_sub_type"]),
            "title": legal(self.filing.document.title),
            "date": self.filing.completed_on.isoformat(),
        }
        file = b64encode(self.filing.document.content).decode("ascii")
        return {"record": record, "filename": document_name(self.filing.reference), "file": file}


def plan_for(filing: Filing, target: Settings, restriction: str | None, *, documents_here: bool) -> Plan:
    """The plan, refused before anything is sent when a part of it could not be: half a delivery helps nobody."""
    if filing.restricted and restriction is None:
        raise NeedsHuman(Reason.RESTRICTION_NOT_CARRIED)
    legal(filing.document.title)
    return Plan(
        filing,
        target,
        corrects=None if filing.replaces is None else form_number(filing.replaces),
        restriction=restriction if filing.restricted else None,
        documents_here=documents_here,
        answers=[_answer(each) for each in filing.answers],
    )


def document_name(reference: str) -> str:
    """The file name of a delivery's document, and the handle by which a look-up knows it."""
    return f"{reference}.pdf"


def new_task(task: ReviewTask, person: str, settings: Settings) -> dict[str, Any]:
    """The body that puts a review into a work tray. It says nothing about the young person but who they are."""
    return {
        "externalreference": task.reference,
        "ownerid": _lookup(settings["team"]),
        "regardingid": _lookup(person),
        "subject": REVIEW_DUE,
        "duedate": task.due_on.isoformat(),
    }


def withdrawal_note(retraction: Retraction, form: str, note_type: str, words: str) -> dict[str, Any]:
    """The body of the note that withdraws a record."""
    return {
        "externalreference": retraction.reference,
        "caseformid": _lookup(form),
        "casenotetypeid": _lookup(note_type),
        "notes": words,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    row = None if answer.row is None else str(answer.row)
    return {"questioncode": answer.code, "row": row, "value": legal(answer.value)}


def _lookup(number: object) -> dict[str, object]:
    return {"id": number}


def _lookup_or_none(number: str | None) -> dict[str, object] | None:
    return None if number is None else _lookup(number)
