"""What is sent, built from a filing: pure, and the same for the same delivery on every attempt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.adapters.shared.digests import canonical_sha256, sha256
from service.adapters.shared.link import Settings
from service.adapters.shared.texts import REVIEW_DUE, legal, withdrawal_words
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Filing, Retraction, ReviewTask

_NUMBER = re.compile(r"^[1-9][0-9]{0,17}\Z")


def subject_number(child_id: str) -> int:
    """Mosaic counts its people. Any other id, a number with a leading zero too, cannot be one of them."""
    if not _NUMBER.match(child_id):
        raise NeedsHuman(Reason.PERSON_NOT_FOUND, "not_a_person_number")
    return int(child_id)


def step_number(record_number: str) -> int:
    """A record's number as Mosaic once gave it to us: the number of its step."""
    if not _NUMBER.match(record_number):
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "not_a_step_number")
    return int(record_number)


@dataclass(frozen=True, repr=False)
class Plan:
    """One record as Mosaic is to hold it. `corrects` is the step it corrects, if any.

    `sendable` gives a text back, or refuses it for a character that cannot travel.
    """

    filing: Filing
    target: Settings
    person: int
    corrects: int | None
    documents_here: bool
    sendable: Callable[[str], str]

    @property
    def step_type(self) -> int:
        """The form's step type in this Mosaic."""
        return int(self.target["step_type"])

    @property
    def document_name(self) -> str:
        """Short enough never to be cut there, and the handle by which a look-up knows our document."""
        return document_name(self.filing.reference)

    @property
    def document_sha256(self) -> str:
        """Of the bytes we send."""
        return sha256(self.filing.document.content)

    @property
    def answers_sha256(self) -> str:
        """As Mosaic computes it over what it stored."""
        return canonical_sha256(self._answers())

    def new_step(self) -> dict[str, Any]:
        """The body that opens the step."""
        body = _step(self.filing.reference, self.step_type, self.person, self.target["team"])
        link = {} if self.corrects is None else {"correctsStepId": self.corrects}
        return {**body, **link, "status": "STARTED"}

    def answers(self) -> dict[str, Any]:
        """The body with every answer."""
        return {"restricted": self.filing.restricted, "answers": self._answers()}

    def document_fields(self) -> dict[str, str]:
        """What goes with the document."""
        category, sub_category = self.target["document_category"], self.target["document_sub_category"]
        return {
            "title": self.sendable(self.filing.document.title),
            "category": str(category),
            "subCategory": str(sub_category),
        }

    def completion(self) -> dict[str, Any]:
        """The body that completes the step and asks the team to read it now. The review comes as a task of its own."""
        action = {
            "actionTypeId": int(self.target["next_action"]),
            "assignedTo": {"team": str(self.target["next_team"])},
            "incomingOn": None,
        }
        return {"nextActions": [action]}

    def _answers(self) -> list[dict[str, Any]]:
        return [
            {"questionUserCode": a.code, "row": a.row, "value": self.sendable(a.value)} for a in self.filing.answers
        ]


def plan_for(filing: Filing, target: Settings, *, documents_here: bool, sendable: Callable[[str], str] = legal) -> Plan:
    """The plan, refused before anything is sent when a part of it could not be: half a delivery helps nobody."""
    corrects = None if filing.replaces is None else step_number(filing.replaces)
    plan = Plan(filing, target, subject_number(filing.person.child_id), corrects, documents_here, sendable)
    plan.answers()
    plan.document_fields()
    return plan


def document_name(reference: str) -> str:
    """The file name of a delivery's document."""
    return f"{reference}.pdf"


def task_step(task: ReviewTask, settings: Settings) -> dict[str, Any]:
    """The body that puts a review into a work tray. It says nothing about the young person but the id."""
    body = _step(task.reference, int(settings["step_type"]), subject_number(task.child_id), settings["team"])
    return {**body, "status": "INCOMING", "incomingOn": task.due_on.isoformat(), "note": REVIEW_DUE}


def withdrawal_note(retraction: Retraction) -> dict[str, Any]:
    """The body of the note that withdraws a record."""
    words = withdrawal_words(retraction)
    return {"externalReference": retraction.reference, "noteType": "WITHDRAWN", "text": words}


def _step(reference: str, step_type: int, person: int, team: str | int) -> dict[str, Any]:
    return {
        "stepTypeId": step_type,
        "subjects": [{"type": "PER", "id": person}],
        "externalReference": reference,
        "assignedTo": {"team": str(team)},
    }
