"""What is sent, built from a filing: pure, and the same for the same delivery on every attempt."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from service.adapters.lcs_rest.dialect import Dialect
from service.adapters.lcs_rest.vocabulary import WITHDRAWAL_REASONS
from service.adapters.shared.digests import canonical_sha256, sha256
from service.adapters.shared.link import Settings
from service.adapters.shared.texts import REVIEW_DUE, legal
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Filing, Retraction, ReviewTask

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


def person_number(child_id: str) -> int:
    """LCS counts its people. Any other id, a number with a leading zero too, cannot be one of them."""
    return _number(child_id, Reason.PERSON_NOT_FOUND, "not_a_person_number")


def record_number(number: str) -> int:
    """A record's number as LCS once gave it to us."""
    return _number(number, Reason.RECORD_NOT_THERE, "not_a_record_number")


def _number(text: str, reason: Reason, note: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NeedsHuman(reason, note)
    return int(text)


@dataclass(frozen=True, repr=False)
class Plan:
    """One record as LCS is to hold it. `replaces` is the record it corrects, if any."""

    filing: Filing
    target: Settings
    dialect: Dialect
    replaces: int | None
    documents_here: bool

    @property
    def form_type(self) -> str:
        """The form's code in this LCS."""
        return str(self.target["form"])

    @property
    def document_sha256(self) -> str:
        """Of the bytes we send."""
        return sha256(self.filing.document.content)

    @property
    def answers_sha256(self) -> str | None:
        """As LCS reckons it over what it stored; None where there is no answer."""
        rows = self._answers()
        return canonical_sha256(self.dialect.body(rows)) if rows else None

    def new_form(self, person: int) -> dict[str, Any]:
        """The body that opens the form."""
        given = self.filing.person
        age = None if given.age is None else {"years": given.age, "asAt": given.age_as_at.isoformat()}
        return {
            "authority": self.filing.authority,
            "personId": person,
            "dateOfBirth": given.date_of_birth.isoformat() if given.date_of_birth else None,
            "age": age,
            "formType": self.form_type,
            "externalReference": self.filing.reference,
            "completedOn": self.filing.completed_on.isoformat(),
            "replacesRecordId": self.dialect.none if self.replaces is None else self.replaces,
        }

    def answers(self) -> dict[str, Any]:
        """The body with every answer."""
        return {"restricted": self.dialect.flag(value=self.filing.restricted), "answers": self._answers()}

    def document(self) -> dict[str, Any]:
        """The body with the document."""
        return {
            "fileName": document_name(self.filing.reference),
            "title": legal(self.filing.document.title),
            "documentType": str(self.target["document_type"]),
            "content": b64encode(self.filing.document.content).decode("ascii"),
        }

    def _answers(self) -> list[dict[str, Any]]:
        return [{"answerNo": a.code, "row": a.row, "answer": legal(a.value)} for a in self.filing.answers]


def require_sendable(plan: Plan, largest_document: int) -> Plan:
    """Refused before anything is sent when a part of it could not be: half a delivery helps nobody."""
    plan.answers()
    legal(plan.filing.document.title)
    if plan.documents_here and len(plan.filing.document.content) > largest_document:
        raise NeedsHuman(Reason.DOCUMENT_TOO_LARGE, "largest_document")
    return plan


def document_name(reference: str) -> str:
    """The file name of a delivery's document, and the handle by which a look-up knows it."""
    return f"{reference}.pdf"


def task_body(task: ReviewTask, person: int, settings: Settings, dialect: Dialect) -> dict[str, Any]:
    """The body that puts a review into a tray. It says nothing about the young person but the id."""
    return {
        "authority": task.authority,
        "personId": person,
        "taskType": str(settings["type"]),
        "dueOn": task.due_on.isoformat(),
        "departmentCode": str(settings.get("department", dialect.none)),
        "workerId": int(settings.get("worker", dialect.none)),
        "title": REVIEW_DUE,
        "externalReference": task.reference,
    }


def withdrawal_body(retraction: Retraction, person: int, dialect: Dialect) -> dict[str, Any]:
    """The body that withdraws a record. Its reason is a code, so that no word of it can disclose anything."""
    return {
        "authority": retraction.authority,
        "personId": person,
        "recordId": record_number(retraction.record_number),
        "reason": dialect.words.theirs(retraction.reason),
        "externalReference": retraction.reference,
    }


def require_reason(retraction: Retraction) -> None:
    """Another reason than the page's three would be refused there as a broken request."""
    if retraction.reason not in WITHDRAWAL_REASONS:
        raise NeedsHuman(Reason.MAPPING_INCOMPLETE, "withdrawal_reason")
