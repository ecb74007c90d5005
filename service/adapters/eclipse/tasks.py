"""A review that is due, in a team's work list."""

from __future__ import annotations

from service.adapters.eclipse.client import EclipseApi
from service.adapters.eclipse.found import only, the_person
from service.adapters.eclipse.shapes import Person, Task
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import ReviewTask


def add_task(api: EclipseApi, task: ReviewTask, body: dict[str, object]) -> Task:
    """Find our task, or add it. One that is there may have been moved to another day or team: that is theirs to do."""
    person = the_person(api, task.child_id)
    there = only(api.tasks(task.reference))
    found = there or new_task(api, person, task, body)
    if found.person != person.id:
        raise NeedsHuman(Reason.CONTRADICTION, "another_person")
    return found


def new_task(api: EclipseApi, person: Person, task: ReviewTask, body: dict[str, object]) -> Task:
    """Added. One about somebody who lives on under another number would wait where nobody looks."""
    if person.known.merged:
        raise NeedsHuman(Reason.PERSON_MERGED)
    if person.known.restricted:
        raise NeedsHuman(Reason.PERSON_RESTRICTED)
    added = api.add_task(person.id, body)
    if added.due != task.due_on:
        raise NeedsHuman(Reason.CONTRADICTION, "due_on_another_day")
    return added
