"""What a step or a note under our reference says about a delivery, and whether a step may be changed."""

from __future__ import annotations

from typing import TypeVar

from service.adapters.mosaic.content import document_name
from service.adapters.mosaic.shapes import Note, Step, StoredDocument
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent
from service.ports import Partial, Receipt

T = TypeVar("T", Step, Note)


def only(found: tuple[T, ...]) -> T | None:
    """The one step or note of ours. Mosaic allows several; we make one, so a second is for a person to judge."""
    if len(found) > 1:
        raise NeedsHuman(Reason.CONTRADICTION, "several_under_our_reference")
    return found[0] if found else None


def require_same(step: Step, step_type: int, person: int, corrects: int | None = None) -> Step:
    """A step under our reference about somebody or something else."""
    if step.step_type != step_type:
        raise NeedsHuman(Reason.CONTRADICTION, "another_step_type")
    if step.subjects != (("PER", person),):
        raise NeedsHuman(Reason.CONTRADICTION, "another_subject")
    if step.corrects != corrects:
        raise NeedsHuman(Reason.CONTRADICTION, "another_step_corrected")
    return step


def require_changeable(step: Step, person: int) -> None:
    """A record that may be corrected or withdrawn: of this person, not withdrawn, and completed.

    The person comes first: nothing is said or changed about a record of somebody else.
    """
    if step.subjects != (("PER", person),):
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_subject")
    if step.withdrawn:
        raise NeedsHuman(Reason.ALREADY_WITHDRAWN, "step_withdrawn")
    if step.status == "REOPENED":
        raise NothingSent(Reason.LOCKED, "step_reopened")
    if step.status != "COMPLETED":
        raise NeedsHuman(Reason.RECORD_NOT_THERE, f"step_{step.status.lower()}")


def require_correctable(step: Step, step_type: int, person: int) -> None:
    """Mosaic has one code for all that stands in the way of a correction; a person needs to know what it is."""
    require_changeable(step, person)
    if step.step_type != step_type:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_step_type")
    if step.corrected_by is not None:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "corrected_by_another_step")


def task_receipt(step: Step) -> Receipt:
    """A task is delivered when it is in the tray, whatever the team has done with it since; unless it was cancelled."""
    require_not_cancelled(step)
    return Receipt(str(step.number), None, {"step_type": str(step.step_type), "step_status": step.status})


def form_receipt(step: Step, document: StoredDocument | None, *, documents_here: bool) -> Receipt:
    """A completed form must hold answers, and our document if it is kept here; else somebody else completed it."""
    if step.answers_sha256 is None or (documents_here and document is None):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_without_our_content")
    evidence = {"answers_sha256": step.answers_sha256}
    if document is not None:
        evidence["document_sha256"] = document.sha256
    if step.corrects is not None:
        evidence["corrects_step"] = str(step.corrects)
    return Receipt(str(step.number), str(document.number) if document else None, evidence)


def note_receipt(note: Note) -> Receipt:
    """A withdrawal's proof: the note, under the number of the record withdrawn."""
    return Receipt(str(note.step), None, {"note_id": str(note.number), "created_at": note.created_at})


def require_not_cancelled(step: Step) -> None:
    """Somebody there decided against the step; doing it again is not ours to decide."""
    if step.status == "CANCELLED":
        raise NeedsHuman(Reason.CONTRADICTION, "step_cancelled")


def outcome(step: Step, reference: str, task_type: int, *, documents_here: bool) -> Receipt | Partial:
    """The answer to a look-up, which has nothing to go by but the reference."""
    require_not_cancelled(step)
    if step.step_type == task_type:
        return task_receipt(step)
    if step.status == "COMPLETED":
        return form_receipt(step, latest(step, document_name(reference)), documents_here=documents_here)
    if step.status == "INCOMING":
        raise NeedsHuman(Reason.CONTRADICTION, "step_incoming")
    return Partial()


def latest(step: Step, name: str) -> StoredDocument | None:
    """Our document by its name; the last one, should an earlier attempt have left another."""
    ours = [document for document in step.documents if document.name == name]
    return max(ours, key=lambda document: document.number, default=None)


def by_digest(step: Step, sha256: str) -> StoredDocument | None:
    """Our document by its bytes; the first one, should it have been stored twice."""
    ours = [document for document in step.documents if document.sha256 == sha256]
    return min(ours, key=lambda document: document.number, default=None)
