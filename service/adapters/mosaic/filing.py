"""Putting a record into a step, from wherever an earlier attempt left it."""

from __future__ import annotations

from service.adapters.mosaic.content import Plan
from service.adapters.mosaic.found import (
    by_digest,
    form_receipt,
    only,
    require_correctable,
    require_not_cancelled,
    require_same,
)
from service.adapters.mosaic.shapes import Step
from service.adapters.mosaic.wire import Wire
from service.adapters.shared.found import going_on
from service.domain.delivery import Reason
from service.errors import NeedsHuman, OutcomeUnknown
from service.ports import Container, FiledDocument, Receipt


def open_step(wire: Wire, plan: Plan) -> Container:
    """The step under our reference, begun or completed; a new one when there is none.

    A restriction comes with the answers, so for a restricted record these go first: its document never lies open.
    """
    found = only(wire.steps(plan.filing.reference))
    step = require_same(found or _opened(wire, plan), plan.step_type, plan.person, plan.corrects)
    require_not_cancelled(step)
    if step.status == "COMPLETED":
        return Container(str(step.number), done=_completed(step, plan))
    if step.status != "STARTED":
        raise NeedsHuman(Reason.CONTRADICTION, f"step_{step.status.lower()}")
    kept = going_on(lambda: _with_answers(wire, step, plan)) if plan.filing.restricted else step
    return Container(str(step.number), kept=kept)


def _opened(wire: Wire, plan: Plan) -> Step:
    """A new step. One that corrects another is opened only when that other was looked at."""
    if plan.corrects is not None:
        require_correctable(wire.step(plan.corrects), plan.step_type, plan.person)
    return wire.open_step(plan.new_step())


def add_document(wire: Wire, step: Step, plan: Plan) -> FiledDocument:
    """Our document on the step, unless it is there."""
    there = by_digest(step, plan.document_sha256)
    if there is None:
        there = wire.add_document(step, plan.document_name, plan.filing.document.content, plan.document_fields())
    if there.sha256 != plan.document_sha256:
        raise NeedsHuman(Reason.CONTRADICTION, "document_stored_differently")
    return FiledDocument(str(there.number), there.sha256)


def complete(wire: Wire, step: Step, plan: Plan) -> Receipt:
    """Answers and completion. The form sees to it that the document is there before the step can be completed."""
    answered = _with_answers(wire, step, plan)
    done = wire.complete(answered, plan.completion())
    if done.number != step.number or done.status != "COMPLETED":
        raise OutcomeUnknown(Reason.UNEXPECTED_ANSWER, "step_not_completed")
    return _receipt(done, plan)


def _with_answers(wire: Wire, step: Step, plan: Plan) -> Step:
    if _holds_answers(step, plan):
        return step
    changed = wire.put_answers(step, plan.answers())
    if not _holds_answers(changed, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "answers_stored_differently")
    return changed


def _holds_answers(step: Step, plan: Plan) -> bool:
    """The restriction counts as an answer: a record kept from some eyes must not lie open for want of one flag."""
    return step.answers_sha256 == plan.answers_sha256 and step.restricted == plan.filing.restricted


def _completed(step: Step, plan: Plan) -> Receipt:
    """Completed steps cannot be changed, so what they hold must be what we would send."""
    if not _holds_answers(step, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_with_other_answers")
    return _receipt(step, plan)


def _receipt(step: Step, plan: Plan) -> Receipt:
    return form_receipt(step, by_digest(step, plan.document_sha256), documents_here=plan.documents_here)
