"""What can be done with form instances: open, answer, attach, finish."""

import hashlib
from dataclasses import replace
from typing import Any

from . import people, shape
from .answers import answer_faults, read_answers, unanswered
from .attachments import Upload, upload_faults
from .forms import Design
from .model import COMPLETE, DRAFT, Attachment, FormInstance
from .refusals import Fault, not_found, not_permitted, refuse_if_any, stale, too_large, wrong_state
from .world import World

LONGEST_REFERENCE = 40
_NEW = {
    "designGuid": shape.TEXT,
    "externalReference": shape.TEXT,
    "ownerTeam": shape.TEXT,
    "correctsInstanceId": shape.NUMBER_OR_NULL,
}
_ANSWERS = {"objectVersion": shape.NUMBER, "restricted": shape.FLAG, "answers": shape.LIST}
_STATE = {"objectVersion": shape.NUMBER, "state": shape.TEXT}


def one(world: World, number: int) -> FormInstance:
    """A form instance the sign-in may open. Raises a 404 or a 403."""
    found = world.form(number)
    if found is None:
        raise not_found()
    people.readable(world, found.person_id)
    return found


def create(world: World, person_id: int, sent: Any) -> FormInstance:
    """A new draft. One that corrects another is named in that one at once."""
    body = shape.read(sent, "NewFormInstance", _NEW)
    design = world.designs.get(body["designGuid"])
    if design is not None and not design.may_add:
        raise not_permitted("formInstance.ADD")
    person = people.unlocked(world, person_id)
    if design is None or design.episode_required:
        people.in_episode(person)
    corrected = world.form(body["correctsInstanceId"] or 0)
    refuse_if_any(_new_faults(world, body, design, corrected, person_id))
    number = world.next_id()
    if corrected is not None:
        world.put(replace(corrected, corrected_by=number, version=corrected.version + 1))
    return world.put(_draft(number, person_id, body))


def answer(world: World, number: int, sent: Any) -> FormInstance:
    """Replace all answers of a draft."""
    body = shape.read(sent, "FormAnswers", _ANSWERS)
    answers = read_answers(body["answers"])
    found = _draft_to_change(world, number)
    _check_version(found, body["objectVersion"])
    refuse_if_any(answer_faults(answers, world.designs[found.design]))
    return world.put(replace(found, answers=answers, restricted=body["restricted"], version=found.version + 1))


def attach(world: World, number: int, upload: Upload) -> Attachment:
    """Add a document to a draft."""
    found = _draft_to_change(world, number)
    if len(upload.content) > world.limits.largest:
        raise too_large(world.limits.largest)
    refuse_if_any(upload_faults(upload, world.limits))
    attachment = _stored(world, number, upload)
    world.put(replace(found, attachments=(*found.attachments, attachment)))
    return attachment


def finish(world: World, number: int, sent: Any) -> FormInstance:
    """From draft to complete; there is no way back."""
    body = shape.read(sent, "FormInstanceState", _STATE)
    found = _draft_to_change(world, number)
    _check_version(found, body["objectVersion"])
    refuse_if_any([] if body["state"] == COMPLETE else [Fault("NOT_IN_LIST", field="state")])
    refuse_if_any(_unfinished(found, world.designs[found.design]))
    return world.put(replace(found, state=COMPLETE, version=found.version + 1))


def reference_faults(reference: str) -> list[Fault]:
    """What is wrong with an external reference."""
    code = shape.length_code(reference, LONGEST_REFERENCE)
    return [Fault(code, field="externalReference")] if code else []


def _draft(number: int, person_id: int, body: dict[str, Any]) -> FormInstance:
    return FormInstance(
        id=number,
        design=body["designGuid"],
        person_id=person_id,
        reference=body["externalReference"],
        team=body["ownerTeam"],
        corrects=body["correctsInstanceId"],
    )


def _new_faults(
    world: World, body: dict[str, Any], design: Design | None, corrected: FormInstance | None, person_id: int
) -> list[Fault]:
    faults = reference_faults(body["externalReference"])
    if design is None:
        faults.append(Fault("UNKNOWN_DESIGN", field="designGuid"))
    if body["ownerTeam"] not in world.teams:
        faults.append(Fault("UNKNOWN_TEAM", field="ownerTeam"))
    if body["correctsInstanceId"] is not None:
        faults += _correction_faults(corrected, body["designGuid"], person_id)
    return faults


def _correction_faults(corrected: FormInstance | None, design: str, person_id: int) -> list[Fault]:
    if corrected is None or (corrected.design, corrected.person_id) != (design, person_id):
        return [Fault("UNKNOWN_INSTANCE", field="correctsInstanceId")]
    done = corrected.withdrawn or corrected.corrected_by is not None
    correctable = corrected.state == COMPLETE and not done
    return [] if correctable else [Fault("INSTANCE_NOT_CORRECTABLE", field="correctsInstanceId")]


def _draft_to_change(world: World, number: int) -> FormInstance:
    """The person first, so that a hidden person's form looks like none; then the form's own state."""
    found = one(world, number)
    people.unlocked(world, found.person_id)
    if found.state != DRAFT:
        raise wrong_state(found.state)
    return found


def _check_version(found: FormInstance, sent: int) -> None:
    if sent != found.version:
        raise stale(found.version)


def _unfinished(found: FormInstance, design: Design) -> list[Fault]:
    faults = [Fault("UNFINISHED", control=name) for name in unanswered(found.answers, design)]
    if design.attachment_required and not found.attachments:
        faults.append(Fault("UNFINISHED", field="attachments"))
    return faults


def _stored(world: World, form_id: int, upload: Upload) -> Attachment:
    number = world.next_id()
    file = world.folder / f"attachment-{number}.bin"
    file.write_bytes(upload.content)
    digest = hashlib.sha256(upload.content).hexdigest()
    named = (upload.name, upload.title, upload.type, upload.sub_type)
    return Attachment(number, form_id, *named, len(upload.content), digest, file)
