"""What is sent, built from a filing: pure, and the same for the same delivery on every attempt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from service.adapters.eclipse.fuzzy import fuzzy
from service.adapters.eclipse.shapes import COMPLETE
from service.adapters.shared.digests import canonical_sha256, sha256
from service.adapters.shared.guid import guid
from service.adapters.shared.link import Settings
from service.adapters.shared.texts import REVIEW_DUE, legal, withdrawal_words
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, Filing, Retraction, ReviewTask

_NUMBER, _ID = re.compile(r"[0-9]{1,18}"), re.compile(r"[1-9][0-9]{0,17}")
Body = dict[str, Any]


def person_number(child_id: str) -> str:
    """Digits and nothing else: Eclipse looks for any other text in people's names, and finds somebody."""
    if not _NUMBER.fullmatch(child_id):
        raise NeedsHuman(Reason.PERSON_NOT_FOUND, "not_a_person_number")
    return child_id


def form_number(record_number: str) -> int:
    """A record's number as Eclipse once gave it to us: the id of its form instance."""
    if not _ID.fullmatch(record_number):
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "not_a_form_instance")
    return int(record_number)


@dataclass(frozen=True, repr=False)
class Plan:
    """One record as Eclipse is to hold it. `corrects` is the form instance it corrects, if any."""

    filing: Filing
    target: Settings
    corrects: int | None
    documents_here: bool
    answers: tuple[Body, ...]

    @property
    def design(self) -> str | None:
        """The form design in this authority's Eclipse."""
        return guid(self.target["design_guid"])

    @property
    def document_sha256(self) -> str:
        """Of the bytes we send."""
        return sha256(self.filing.document.content)

    @property
    def answers_sha256(self) -> str:
        """As Eclipse computes it over what it stored."""
        return canonical_sha256(list(self.answers))

    def new_form(self) -> Body:
        """The body that opens the form instance."""
        return {
            "designGuid": self.design,
            "externalReference": self.filing.reference,
            "ownerTeam": str(self.target["team"]),
            "correctsInstanceId": self.corrects,
        }

    def all_answers(self, version: int) -> Body:
        """The body with every answer, and the restriction, which travels with them."""
        answers = [{"_type": "FormAnswer", **each} for each in self.answers]
        return {"objectVersion": version, "restricted": self.filing.restricted, "answers": answers}

    def document_fields(self) -> dict[str, str]:
        """What goes with the document."""
        kind, sub_kind = self.target["attachment_type"], self.target["attachment_sub_type"]
        return {"title": legal(self.filing.document.title), "type": str(kind), "subType": str(sub_kind)}


def plan_for(filing: Filing, target: Settings, *, documents_here: bool) -> Plan:
    """The plan, refused before anything is sent when a part of it could not be: half a delivery helps nobody."""
    corrects = None if filing.replaces is None else form_number(filing.replaces)
    answers = tuple(_answer(each) for each in filing.answers)
    plan = Plan(filing, target, corrects, documents_here, answers)
    plan.document_fields()
    return plan


def document_name(reference: str) -> str:
    """The file name of a delivery's document, and the handle by which a look-up knows it."""
    return f"{reference}.pdf"


def completion(version: int) -> Body:
    """The body that completes a form instance."""
    return {"objectVersion": version, "state": COMPLETE}


def task_body(task: ReviewTask, settings: Settings) -> Body:
    """The body that puts a review into a work list. It says nothing about the young person."""
    return {
        "externalReference": task.reference,
        "team": str(settings["team"]),
        "dueDate": fuzzy(task.due_on),
        "summary": REVIEW_DUE,
    }


def withdrawal_note(retraction: Retraction, today: date) -> Body:
    """The body of the note that withdraws a record. Notes are HTML there."""
    return {
        "externalReference": retraction.reference,
        "entryType": "WITHDRAWN",
        "formInstanceId": form_number(retraction.record_number),
        "eventDate": fuzzy(today),
        "note": f"<p>{escape(withdrawal_words(retraction), quote=False)}</p>",
    }


def _answer(answer: Answer) -> Body:
    return {"controlName": answer.code, "row": answer.row, "value": legal(answer.value)}
