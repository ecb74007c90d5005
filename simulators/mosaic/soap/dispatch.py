"""Each operation of the WSDL as a call of the same operations the JSON binding calls."""

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from simulators.mosaic.newstep import external_reference
from simulators.mosaic.operations import Operations
from simulators.mosaic.refusals import Fault, refuse_if_any

from .values import number, plain, text, truth, typed_answers, upload, word

_TEAM = {"team": text}
_ACTION = {"actionTypeId": number, "assignedTo": _TEAM, "incomingOn": word}
_REFERENCE = {"externalReference": text}
_STEP = {"stepId": number}
_SHAPES: Mapping[str, Mapping[str, Any]] = {
    "GetPerson": {"personId": number},
    "FindSteps": _REFERENCE,
    "GetStep": _STEP,
    "OpenStep": {
        "stepTypeId": number,
        "subjects": [{"type": text, "id": number}],
        **_REFERENCE,
        "assignedTo": _TEAM,
        "status": text,
        "incomingOn": word,
        "note": text,
        "correctsStepId": number,
    },
    "PutAnswers": {**_STEP, "restricted": truth, "answers": [{"questionUserCode": text, "row": number, "value": text}]},
    "AddDocument": {
        **_STEP,
        "fileName": text,
        "title": text,
        "category": text,
        "subCategory": text,
        "content": word,
    },
    "CompleteStep": {**_STEP, "nextActions": [_ACTION]},
    "AddNote": {**_STEP, **_REFERENCE, "noteType": text, "text": text},
    "FindNotes": _REFERENCE,
}
Called = Callable[[dict[str, Any]], dict[str, Any]]


class Dispatch:
    """The operations by their names in the WSDL; each takes plain values and gives the content of its answer."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._calls: dict[str, Called] = {
            "GetPerson": lambda found: {"person": operations.person(found["personId"]).wire()},
            "FindSteps": self._find_steps,
            "GetStep": lambda found: {"step": operations.step(found["stepId"]).wire()},
            "OpenStep": lambda found: {"step": operations.create(found).wire()},
            "PutAnswers": self._put_answers,
            "AddDocument": lambda found: {"document": operations.add_document(found["stepId"], upload(found)).wire()},
            "CompleteStep": self._complete,
            "AddNote": lambda found: {"note": operations.add_note(found.pop("stepId"), found).wire()},
            "FindNotes": self._find_notes,
        }

    def call(self, name: str, body: etree._Element) -> dict[str, Any]:
        """Carry out an operation whose body matches the schema; raises Refusal."""
        return self._calls[name](plain(body, _SHAPES[name]))

    def _find_steps(self, found: dict[str, Any]) -> dict[str, Any]:
        _require_reference(found)
        return {"steps": [step.wire() for step in self._operations.search(found["externalReference"])]}

    def _find_notes(self, found: dict[str, Any]) -> dict[str, Any]:
        _require_reference(found)
        return {"notes": [note.wire() for note in self._operations.notes(found["externalReference"])]}

    def _put_answers(self, found: dict[str, Any]) -> dict[str, Any]:
        step = found.pop("stepId")
        answers = typed_answers(found["answers"], self._operations.question_types(step))
        return {"step": self._operations.replace_answers(step, {**found, "answers": answers}).wire()}

    def _complete(self, found: dict[str, Any]) -> dict[str, Any]:
        actions = [{"incomingOn": None, **action} for action in found["nextActions"]]
        return {"step": self._operations.complete(found["stepId"], {"nextActions": actions}).wire()}


def _require_reference(found: dict[str, Any]) -> None:
    code = external_reference(found["externalReference"])
    refuse_if_any([Fault(code, field="externalReference")] if code else [])
