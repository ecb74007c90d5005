"""What this LCS holds, and how the page writes it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NONE = -1
"""A number that is missing."""


@dataclass(frozen=True)
class Document:
    """One document with its bytes."""

    document_id: int
    file_name: str
    title: str
    document_type: str
    content: bytes

    def wire(self) -> dict[str, Any]:
        return {
            "documentId": self.document_id,
            "fileName": self.file_name,
            "title": self.title,
            "documentType": self.document_type,
            "size": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


@dataclass(frozen=True)
class Form:
    """A form in draft, or one complete version of a record. `record_id` and `version` are NONE while in draft."""

    form_id: int
    person_id: int
    form_type: str
    reference: str
    completed_on: str
    worker: int
    replaces: int = NONE
    status: str = "DRAFT"
    record_id: int = NONE
    version: int = NONE
    restricted: bool = False
    answers: tuple[Mapping[str, Any], ...] = ()
    documents: tuple[Document, ...] = ()
    filed_at: str | None = None

    def wire(self, withdrawn: bool) -> dict[str, Any]:
        """FORM of the page; whether it is withdrawn is a matter of its record."""
        return {
            "formId": self.form_id,
            "status": self.status,
            "recordId": self.record_id,
            "version": self.version,
            "personId": self.person_id,
            "formType": self.form_type,
            "externalReference": self.reference,
            "completedOn": self.completed_on,
            "replacesRecordId": self.replaces,
            "restricted": "Y" if self.restricted else "N",
            "workerId": self.worker,
            "answers": len(self.answers),
            "answersSha256": _digest(self.answers) if self.answers else None,
            "documents": [document.wire() for document in self.documents],
            "filedAt": self.filed_at,
            "withdrawn": "Y" if withdrawn else "N",
        }


@dataclass(frozen=True)
class Task:
    """A piece of work in the tray of a department, or of a worker; the other is "-1" or NONE."""

    task_id: int
    sent: Mapping[str, Any]
    created_at: str

    @property
    def reference(self) -> str:
        return str(self.sent["externalReference"])

    def wire(self) -> dict[str, Any]:
        shown = {name: value for name, value in self.sent.items() if name != "authority"}
        return {"taskId": self.task_id, **shown, "createdAt": self.created_at}


@dataclass(frozen=True)
class Withdrawal:
    """A record taken off its person's file, every version of it."""

    withdrawal_id: int
    record_id: int
    person_id: int
    reason: str
    reference: str
    withdrawn_at: str

    def wire(self) -> dict[str, Any]:
        return {
            "withdrawalId": self.withdrawal_id,
            "recordId": self.record_id,
            "personId": self.person_id,
            "reason": self.reason,
            "externalReference": self.reference,
            "withdrawnAt": self.withdrawn_at,
        }


def _digest(answers: tuple[Mapping[str, Any], ...]) -> str:
    text = json.dumps(list(answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
