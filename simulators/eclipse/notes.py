"""Case notes that take a form off the file, and tasks for a team's work list."""

import re
from dataclasses import replace
from typing import Any

from . import people, shape
from .fuzzy import exact_day
from .instances import reference_faults
from .model import COMPLETE, CaseNote, FormInstance, Task
from .refusals import Fault, refuse_if_any, withdrawn, wrong_state
from .world import World

LONGEST_NOTE, LONGEST_SUMMARY = 1000, 250
_ELEMENT = re.compile(r"</?(p|br|strong|em|ul|ol|li) ?/?>")
_ENTITY = re.compile(r"&(#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+);")
_NOTE = {
    "externalReference": shape.TEXT,
    "entryType": shape.TEXT,
    "formInstanceId": shape.NUMBER,
    "eventDate": shape.OBJECT,
    "note": shape.TEXT,
}
_TASK = {"externalReference": shape.TEXT, "team": shape.TEXT, "dueDate": shape.OBJECT, "summary": shape.TEXT}


def of_person(world: World, person_id: int) -> list[CaseNote]:
    """A person's notes, oldest first."""
    people.readable(world, person_id)
    return [note for note in world.all(CaseNote) if note.person_id == person_id]


def withdraw(world: World, person_id: int, sent: Any) -> CaseNote:
    """A note that withdraws a complete form. The form's content stays for those who answer for the records."""
    body = shape.read(sent, "NewCaseNoteEntry", _NOTE)
    day = exact_day(body["eventDate"], "eventDate")
    people.unlocked(world, person_id)
    form = world.form(body["formInstanceId"])
    if form is not None and form.person_id == person_id:
        _check_withdrawable(form)
    refuse_if_any(_note_faults(body, form, person_id) + _day_faults(day, "eventDate"))
    assert form is not None
    assert day is not None
    world.put(replace(form, withdrawn=True, version=form.version + 1))
    return world.put(CaseNote(world.next_id(), person_id, form.id, body["externalReference"], day, body["note"]))


def add_task(world: World, person_id: int, sent: Any) -> Task:
    """A task for a team, with a day it is due."""
    body = shape.read(sent, "NewWorkListTask", _TASK)
    day = exact_day(body["dueDate"], "dueDate")
    people.live(world, person_id)
    faults = reference_faults(body["externalReference"]) + _day_faults(day, "dueDate")
    faults += _length_faults(body["summary"], LONGEST_SUMMARY, "summary")
    faults += [] if body["team"] in world.teams else [Fault("UNKNOWN_TEAM", field="team")]
    refuse_if_any(faults)
    assert day is not None
    number, reference = world.next_id(), body["externalReference"]
    return world.put(Task(number, person_id, reference, body["team"], day, body["summary"]))


def is_safe_html(text: str) -> bool:
    """Only the elements of the protocol, without attributes; everything else escaped."""
    rest = _ENTITY.sub("", _ELEMENT.sub("", text))
    return not set("<>&").intersection(rest)


def _check_withdrawable(form: FormInstance) -> None:
    if form.state != COMPLETE:
        raise wrong_state(form.state)
    if form.withdrawn:
        raise withdrawn()


def _note_faults(body: dict[str, Any], form: FormInstance | None, person_id: int) -> list[Fault]:
    faults = reference_faults(body["externalReference"]) + _length_faults(body["note"], LONGEST_NOTE, "note")
    if form is None or form.person_id != person_id:
        faults.append(Fault("UNKNOWN_INSTANCE", field="formInstanceId"))
    if body["entryType"] != "WITHDRAWN":
        faults.append(Fault("NOT_IN_LIST", field="entryType"))
    if not is_safe_html(body["note"]):
        faults.append(Fault("HTML_NOT_ALLOWED", field="note"))
    return faults


def _length_faults(text: str, longest: int, field: str) -> list[Fault]:
    code = shape.length_code(text, longest)
    return [Fault(code, field=field)] if code else []


def _day_faults(day: object, field: str) -> list[Fault]:
    return [] if day else [Fault("WRONG_TYPE", field=field)]
