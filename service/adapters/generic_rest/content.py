"""What is sent, built from a filing: pure, and the same for the same delivery on every attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.adapters.generic_rest.dialect import Dialect, Upload
from service.adapters.generic_rest.vocabulary import DRAFT, WITHDRAWAL
from service.adapters.shared.digests import canonical_sha256, sha256
from service.adapters.shared.link import Settings
from service.adapters.shared.strict import UnreadableError
from service.adapters.shared.texts import REVIEW_DUE, legal
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, Filing, Retraction, ReviewTask

CONTENT = ("answers", "completedOn", "restricted")


def searchable(child_id: str) -> str:
    """Any text that can be searched for: leading zeros count. What cannot stand in a property is nobody's id."""
    if not child_id or not child_id.isprintable():
        raise NeedsHuman(Reason.PERSON_NOT_FOUND, "not_a_child_id")
    return child_id


def record_id(record_number: str, dialect: Dialect) -> str:
    """A record's number as the system once gave it to us."""
    try:
        return dialect.number(record_number)
    except UnreadableError:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "not_a_record_id") from None


@dataclass(frozen=True, repr=False)
class Plan:
    """One record as the system is to hold it. `corrects` is the id of the record it corrects, if any."""

    filing: Filing
    target: Settings
    corrects: str | None
    documents_here: bool
    answers: list[dict[str, Any]]

    @property
    def form_type(self) -> str:
        """The form's type there."""
        return str(self.target["form_type"])

    @property
    def answers_sha256(self) -> str | None:
        """As the server reckons it over what it holds."""
        return canonical_sha256(self.answers) if self.answers else None

    @property
    def document_sha256(self) -> str:
        """Of the bytes we send."""
        return sha256(self.filing.document.content)

    def new_record(self, person: str) -> dict[str, Any]:
        """The body that opens the draft."""
        body = {"reference": self.filing.reference, "personId": person, "formType": self.form_type}
        return body if self.corrects is None else {**body, "corrects": self.corrects}

    def upload(self) -> Upload:
        """The document, under the name by which a look-up knows it."""
        return Upload(
            name=document_name(self.filing.reference),
            title=legal(self.filing.document.title),
            content=self.filing.document.content,
            document_type=str(self.target["document_type"]),
            document_sub_type=str(self.target["document_sub_type"]),
        )

    def whole(self, state: str = DRAFT) -> dict[str, Any]:
        """All that may be changed of a record."""
        return {
            "answers": self.answers,
            "completedOn": self.filing.completed_on.isoformat(),
            "restricted": self.filing.restricted,
            "state": state,
        }


def plan_for(filing: Filing, target: Settings, dialect: Dialect, *, documents_here: bool) -> Plan:
    """The plan, refused before anything is sent when a part of it could not be: half a delivery helps nobody."""
    legal(filing.document.title)
    return Plan(
        filing,
        target,
        corrects=None if filing.replaces is None else record_id(filing.replaces, dialect),
        documents_here=documents_here,
        answers=[_answer(each) for each in filing.answers],
    )


def document_name(reference: str) -> str:
    """The file name of a delivery's document."""
    return f"{reference}.pdf"


def new_task(task: ReviewTask, person: str, settings: Settings) -> Mapping[str, Any]:
    """The body that puts a review into a work tray. It says nothing about the young person but who they are."""
    return {
        "reference": task.reference,
        "personId": person,
        "taskType": str(settings["task_type"]),
        "team": str(settings["team"]),
        "dueOn": task.due_on.isoformat(),
        "text": REVIEW_DUE,
    }


def withdrawal_note(retraction: Retraction, record: str, words: str) -> Mapping[str, Any]:
    """The body of the note that withdraws a record."""
    return {"reference": retraction.reference, "recordId": record, "noteType": WITHDRAWAL, "text": words}


def _answer(answer: Answer) -> dict[str, Any]:
    return {"code": answer.code, "row": answer.row, "value": legal(answer.value)}
