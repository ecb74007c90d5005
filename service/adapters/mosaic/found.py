"""What a step under our reference says about a delivery."""

from __future__ import annotations

from service.adapters.mosaic.content import document_name
from service.adapters.mosaic.shapes import Step, StoredDocument
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Absent, Partial, Receipt


def only(steps: tuple[Step, ...]) -> Step | None:
    """The one step under our reference. Mosaic allows several; we make one, so a second is for a person to judge."""
    if len(steps) > 1:
        raise NeedsHuman(Reason.CONTRADICTION, "several_steps")
    return steps[0] if steps else None


def require_same(step: Step, step_type: int, person: int) -> Step:
    """A step under our reference about somebody or something else."""
    if step.step_type != step_type:
        raise NeedsHuman(Reason.CONTRADICTION, "another_step_type")
    if step.subjects != (("PER", person),):
        raise NeedsHuman(Reason.CONTRADICTION, "another_subject")
    return step


def task_receipt(step: Step) -> Receipt:
    """A task is delivered when it is in the tray, whatever the team has done with it since; unless it was cancelled."""
    require_not_cancelled(step)
    return Receipt(str(step.number), None, {"step_type": str(step.step_type), "step_status": step.status})


def form_receipt(step: Step, document: StoredDocument | None) -> Receipt:
    """A completed form must hold answers and our document; without them somebody else completed it."""
    if document is None or step.answers_sha256 is None:
        raise NeedsHuman(Reason.CONTRADICTION, "completed_without_our_content")
    evidence = {"answers_sha256": step.answers_sha256, "document_sha256": document.sha256}
    return Receipt(str(step.number), str(document.number), evidence)


def require_not_cancelled(step: Step) -> None:
    """Somebody there decided against the step; doing it again is not ours to decide."""
    if step.status == "CANCELLED":
        raise NeedsHuman(Reason.CONTRADICTION, "step_cancelled")


def outcome(step: Step | None, reference: str, task_type: int) -> Receipt | Partial | Absent:
    """The answer to a look-up, which has nothing to go by but the reference."""
    if step is None:
        return Absent()
    require_not_cancelled(step)
    if step.step_type == task_type:
        return task_receipt(step)
    if step.status == "COMPLETED":
        return form_receipt(step, latest(step, document_name(reference)))
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
