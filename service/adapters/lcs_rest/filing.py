"""Putting something there, from wherever an earlier attempt left it: looked for first, always."""

from __future__ import annotations

from service.adapters.lcs_rest.client import LcsApi
from service.adapters.lcs_rest.content import Plan, require_reason, task_body, withdrawal_body
from service.adapters.lcs_rest.dialect import Dialect
from service.adapters.lcs_rest.found import (
    by_digest,
    form_receipt,
    holds_answers,
    require_same,
    task_receipt,
    withdrawal_receipt,
)
from service.adapters.lcs_rest.people import People
from service.adapters.lcs_rest.shapes import Form
from service.adapters.shared.found import going_on, ours
from service.adapters.shared.link import Settings
from service.domain.delivery import Reason
from service.errors import NeedsHuman, OutcomeUnknown
from service.ports import Container, FiledDocument, Receipt, Retraction, ReviewTask


def open_form(api: LcsApi, plan: Plan, people: People) -> Container:
    """The form under our reference, in draft or complete; a new one when there is none.

    A restriction comes with the answers, so for a restricted record these go first: its document never lies open.
    """
    found = ours(api.forms(plan.filing.reference))
    person = people.number(api, plan.filing.person.child_id)
    form = require_same(found or api.open_form(plan.new_form(person)), plan, person)
    if form.complete:
        return Container(str(form.number), done=_completed(form, plan))
    kept = going_on(lambda: _with_answers(api, form, plan)) if plan.filing.restricted else form
    return Container(str(form.number), kept=kept)


def add_document(api: LcsApi, form: Form, plan: Plan) -> FiledDocument:
    """Our document in the form, unless it is there."""
    there = by_digest(form, plan.document_sha256) or api.add_document(form.number, plan.document())
    if there.sha256 != plan.document_sha256:
        raise NeedsHuman(Reason.CONTRADICTION, "document_stored_differently")
    return FiledDocument(str(there.number), there.sha256)


def complete(api: LcsApi, form: Form, plan: Plan) -> Receipt:
    """Answers and completion."""
    _with_answers(api, form, plan)
    done = api.complete(form.number)
    if done.number != form.number or not done.complete:
        raise OutcomeUnknown(Reason.UNEXPECTED_ANSWER, "form_not_completed")
    return _completed(done, plan)


def _with_answers(api: LcsApi, form: Form, plan: Plan) -> Form:
    if holds_answers(form, plan):
        return form
    changed = api.put_answers(form.number, plan.answers())
    if not holds_answers(changed, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "answers_stored_differently")
    return changed


def _completed(form: Form, plan: Plan) -> Receipt:
    """A complete form cannot be changed, so what it holds must be what we would send."""
    if not holds_answers(form, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_with_other_answers")
    if form.replaces not in (None, form.record):
        raise NeedsHuman(Reason.CONTRADICTION, "version_of_another_record")
    return form_receipt(form, by_digest(form, plan.document_sha256), documents_here=plan.documents_here)


def raise_task(api: LcsApi, task: ReviewTask, settings: Settings, people: People, dialect: Dialect) -> Receipt:
    """A task in the tray, unless an earlier attempt put it there."""
    found = ours(api.tasks(task.reference))
    person = people.number(api, task.child_id)
    there = found or api.raise_task(task_body(task, person, settings, dialect))
    if (there.person, there.task_type, there.reference) != (person, str(settings["type"]), task.reference):
        raise NeedsHuman(Reason.CONTRADICTION, "another_task")
    return task_receipt(there)


def withdraw(api: LcsApi, retraction: Retraction, people: People, dialect: Dialect) -> Receipt:
    """A withdrawal, unless an earlier attempt made it: the record would refuse a second one."""
    require_reason(retraction)
    found = ours(api.withdrawals(retraction.reference))
    person = people.number(api, retraction.child_id)
    body = withdrawal_body(retraction, person, dialect)
    there = found or api.withdraw(body)
    if (there.record, there.person, there.reference) != (body["recordId"], person, retraction.reference):
        raise NeedsHuman(Reason.CONTRADICTION, "another_record_withdrawn")
    return withdrawal_receipt(there)
