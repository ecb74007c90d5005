"""Putting a record into a step, from wherever an earlier attempt left it."""

from __future__ import annotations

from service.adapters.mosaic.client import MosaicApi
from service.adapters.mosaic.content import Plan
from service.adapters.mosaic.found import (
    by_digest,
    form_receipt,
    only,
    require_correctable,
    require_not_cancelled,
    require_same,
)
from service.adapters.mosaic.shapes import Step, StoredDocument
from service.domain.delivery import Reason
from service.errors import NeedsHuman, OutcomeUnknown
from service.ports import Receipt


def carry_out(api: MosaicApi, plan: Plan) -> Receipt:
    """Find or open the step, then bring it to its end. Every part is looked for before it is sent."""
    found = only(api.steps(plan.filing.reference))
    step = require_same(found or _opened(api, plan), plan.step_type, plan.person, plan.corrects)
    require_not_cancelled(step)
    if step.status == "COMPLETED":
        return _completed(step, plan)
    if step.status != "STARTED":
        raise NeedsHuman(Reason.CONTRADICTION, f"step_{step.status.lower()}")
    return _finish(api, step, plan)


def _opened(api: MosaicApi, plan: Plan) -> Step:
    """A new step. One that corrects another is opened only when that other was looked at."""
    if plan.corrects is not None:
        require_correctable(api.step(plan.corrects), plan.step_type, plan.person)
    return api.open_step(plan.new_step())


def _finish(api: MosaicApi, step: Step, plan: Plan) -> Receipt:
    """A step we began: answers, document, completion."""
    answered = _with_answers(api, step, plan)
    document = _document(api, answered, plan)
    done = api.complete(answered, plan.completion())
    if done.number != step.number or done.status != "COMPLETED":
        raise OutcomeUnknown(Reason.UNEXPECTED_ANSWER, "step_not_completed")
    return form_receipt(done, by_digest(done, document.sha256))


def _with_answers(api: MosaicApi, step: Step, plan: Plan) -> Step:
    if _holds_answers(step, plan):
        return step
    changed = api.put_answers(step, plan.answers())
    if not _holds_answers(changed, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "answers_stored_differently")
    return changed


def _holds_answers(step: Step, plan: Plan) -> bool:
    """The restriction counts as an answer: a record kept from some eyes must not lie open for want of one flag."""
    return step.answers_sha256 == plan.answers_sha256 and step.restricted == plan.filing.restricted


def _document(api: MosaicApi, step: Step, plan: Plan) -> StoredDocument:
    there = by_digest(step, plan.document_sha256)
    if there is not None:
        return there
    stored = api.add_document(step, plan.document_name, plan.filing.document.content, plan.document_fields())
    if stored.sha256 != plan.document_sha256:
        raise NeedsHuman(Reason.CONTRADICTION, "document_stored_differently")
    return stored


def _completed(step: Step, plan: Plan) -> Receipt:
    """Completed steps cannot be changed, so what they hold must be what we would send."""
    if not _holds_answers(step, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_with_other_answers")
    return form_receipt(step, by_digest(step, plan.document_sha256))
