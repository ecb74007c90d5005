"""Rules for making a step."""

from collections.abc import Collection
from typing import Any

from .model import NewStep
from .refusals import Fault
from .shape import (
    a_list,
    anything,
    assignment_faults,
    iso_date,
    object_faults,
    one_of,
    or_null,
    positive_integer,
    text,
)

LONGEST_REFERENCE = 40
LONGEST_NOTE = 250

external_reference = text(LONGEST_REFERENCE, shortest=1)

_REQUIRED = {
    "stepTypeId": positive_integer,
    "subjects": a_list,
    "externalReference": external_reference,
    "assignedTo": anything,
    "status": one_of("STARTED", "INCOMING"),
}
_OF_THE_TRAY = {"incomingOn": or_null(iso_date), "note": or_null(text(LONGEST_NOTE))}
_OPTIONAL = {**_OF_THE_TRAY, "correctsStepId": positive_integer}


def new_step_faults(body: Any, step_types: Collection[int], teams: frozenset[str]) -> list[Fault]:
    """Everything wrong with a request for a new step, before the subject is looked up."""
    faults = object_faults(body, "", _REQUIRED, _OPTIONAL)
    if faults:
        return faults
    if body["stepTypeId"] not in step_types:
        faults.append(Fault("UNKNOWN_STEP_TYPE", field="stepTypeId"))
    faults += _subject_faults(body["subjects"])
    faults += assignment_faults(body["assignedTo"], "assignedTo", teams)
    return faults + _tray_faults(body)


def read_new_step(body: Any) -> NewStep:
    """The request as a value; only for a body without faults."""
    return NewStep(
        step_type_id=body["stepTypeId"],
        person_id=body["subjects"][0]["id"],
        team=body["assignedTo"]["team"],
        status=body["status"],
        external_reference=body["externalReference"],
        incoming_on=body.get("incomingOn"),
        note=body.get("note"),
        corrects_step_id=body.get("correctsStepId"),
    )


def _subject_faults(subjects: list[Any]) -> list[Fault]:
    if len(subjects) != 1:
        return [Fault("SUBJECT_COUNT", field="subjects")]
    return object_faults(subjects[0], "subjects[0]", {"type": one_of("PER"), "id": positive_integer})


def _tray_faults(body: Any) -> list[Fault]:
    """Only a step that waits in a work tray has an incoming date and a note."""
    if body["status"] == "INCOMING":
        return []
    return [Fault("NOT_ALLOWED", field=name) for name in _OF_THE_TRAY if body.get(name) is not None]
