"""Rules for completing a step and for the next actions that completing it makes."""

from typing import Any

from .answers import is_answered
from .forms import Form
from .model import NewStep, Step
from .refusals import Fault
from .shape import a_list, anything, assignment_faults, iso_date, object_faults, or_null, positive_integer

_ACTION = {"actionTypeId": positive_integer, "assignedTo": anything, "incomingOn": or_null(iso_date)}


def completion_faults(body: Any, step: Step, form: Form, teams: frozenset[str]) -> list[Fault]:
    """Everything that keeps a step from being completed."""
    faults = object_faults(body, "", {"nextActions": a_list})
    if faults:
        return faults
    faults = unfinished(step, form)
    if form.next_action_required and not body["nextActions"]:
        faults.append(Fault("NEXT_ACTION_REQUIRED", field="nextActions"))
    for index, action in enumerate(body["nextActions"]):
        faults += _action_faults(action, f"nextActions[{index}]", form, teams)
    return faults


def unfinished(step: Step, form: Form) -> list[Fault]:
    """Each mandatory question without an answer, then the document if the form demands one."""
    questions = [item for item in form.questions.values() if item.mandatory]
    faults = [Fault("UNFINISHED", question=item.code) for item in questions if not is_answered(item, step.answers)]
    if form.document_required and not step.documents:
        faults.append(Fault("UNFINISHED", field="documents"))
    return faults


def next_steps(body: Any, step: Step, form: Form) -> list[tuple[int, NewStep]]:
    """The action type and the step to make for each next action; only for a body without faults."""
    return [(action["actionTypeId"], _next_step(action, step, form)) for action in body["nextActions"]]


def _next_step(action: Any, step: Step, form: Form) -> NewStep:
    """Mosaic knows nothing of the caller's reference here, so the new step carries none."""
    created = form.creates(action["actionTypeId"])
    if created is None:
        raise ValueError("next steps are made only after the faults were checked")
    return NewStep(
        step_type_id=created,
        person_id=step.person_id,
        team=action["assignedTo"]["team"],
        status="INCOMING",
        incoming_on=action["incomingOn"],
    )


def _action_faults(action: Any, where: str, form: Form, teams: frozenset[str]) -> list[Fault]:
    faults = object_faults(action, where, _ACTION)
    if faults:
        return faults
    if form.creates(action["actionTypeId"]) is None:
        faults.append(Fault("UNKNOWN_ACTION", field=f"{where}.actionTypeId"))
    return faults + assignment_faults(action["assignedTo"], f"{where}.assignedTo", teams)
