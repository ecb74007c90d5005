"""What the receiver holds. It never looks for doubles: asked twice, it has two. Written from docs/protocols alone."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Wire = dict[str, Any]
SENDERS_ID = "submission_id"
"""The question whose answer is the sender's own id, by which doubles show under whatever reference they came."""


@dataclass
class Record:
    """A draft, or complete. `version` is what its ETag stands for."""

    id: str
    reference: str
    person: str
    form_type: str
    corrects: str | None
    state: str = "draft"
    restricted: bool = False
    completed_on: str | None = None
    answers: list[Wire] = field(default_factory=list)
    documents: list[Wire] = field(default_factory=list)
    withdrawn: bool = False
    version: int = 1

    @property
    def sender(self) -> str | None:
        """The sender's own id, once the answers are there."""
        return next((each["value"] for each in self.answers if each["code"] == SENDERS_ID), None)

    def wire(self) -> Wire:
        """As it is answered."""
        return {
            "id": self.id,
            "reference": self.reference,
            "personId": self.person,
            "formType": self.form_type,
            "state": self.state,
            "restricted": self.restricted,
            "completedOn": self.completed_on,
            "answers": self.answers,
            "answersSha256": _digest(self.answers) if self.answers else None,
            "corrects": self.corrects,
            "correctedBy": None,
            "withdrawn": self.withdrawn,
            "createdAt": "2026-09-14T10:00:00Z",
            "modifiedAt": "2026-09-14T10:00:00Z",
            "documents": self.documents,
        }


def _digest(answers: list[Wire]) -> str:
    canonical = [{"code": each["code"], "row": each.get("row"), "value": each["value"]} for each in answers]
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Holdings:
    """One authority's records, tasks and notes. Everything that changes is written to the journal, and never out."""

    def __init__(self, authority: str, journal: Path) -> None:
        self.authority = authority
        self._journal = journal.open("a", buffering=1, encoding="utf-8")
        self.records: dict[str, Record] = {}
        self.by_reference: dict[str, list[Record]] = {}
        self.kept: dict[str, list[Wire]] = {"tasks": [], "notes": []}

    def note(self, what: str, **about: Any) -> None:
        """One line of the journal."""
        line = {"at": time.time(), "authority": self.authority, "what": what} | about
        self._journal.write(json.dumps(line) + "\n")

    def open(self, body: Wire) -> Record:
        """A new draft, whatever is there under the same reference."""
        number = f"{self.authority}-{len(self.records) + 1}"
        record = Record(number, body["reference"], body["personId"], body["formType"], body.get("corrects"))
        self.records[number] = record
        self.by_reference.setdefault(record.reference, []).append(record)
        self.note("opened", record=number, reference=record.reference, person=record.person)
        return record

    def change(self, record: Record, body: Wire) -> Record:
        """The four properties that may change."""
        record.answers = body.get("answers", record.answers)
        record.completed_on = body.get("completedOn", record.completed_on)
        record.restricted = body.get("restricted", record.restricted)
        finished = body.get("state") == "complete"
        record.state = "complete" if finished else record.state
        record.version += 1
        self.note(
            "finished" if finished else "changed",
            record=record.id,
            reference=record.reference,
            person=record.person,
            sender=record.sender,
        )
        return record

    def attach(self, record: Record, name: str, content: bytes) -> Wire:
        """A document more."""
        document = {
            "id": f"{record.id}-d{len(record.documents) + 1}",
            "recordId": record.id,
            "name": name,
            "title": "",
            "documentType": "ASSESS",
            "documentSubType": "WISE",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        record.documents.append(document)
        record.version += 1
        self.note("attached", record=record.id, reference=record.reference)
        return document

    def keep(self, collection: str, body: Wire) -> Wire:
        """A task or a note more."""
        kept = body | {"id": f"{self.authority}-{collection}-{len(self.kept[collection]) + 1}"}
        kept |= {"createdAt": "2026-09-14T10:00:00Z"} | ({"state": "open"} if collection == "tasks" else {})
        self.kept[collection].append(kept)
        if collection == "notes" and (record := self.records.get(body["recordId"])):
            record.withdrawn = True
        self.note(collection, record=kept["id"], reference=body["reference"])
        return kept
