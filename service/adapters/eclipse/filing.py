"""Putting a record into a form instance, from wherever an earlier attempt left it."""

from __future__ import annotations

from service.adapters.eclipse.client import EclipseApi
from service.adapters.eclipse.content import Plan, completion, document_name
from service.adapters.eclipse.found import (
    by_digest,
    form_receipt,
    only,
    require_correctable,
    require_same,
    the_person,
)
from service.adapters.eclipse.shapes import Form
from service.adapters.shared.found import going_on
from service.adapters.shared.identity import compare, require_identity
from service.domain.delivery import Reason
from service.errors import NeedsHuman, OutcomeUnknown
from service.ports import Container, FiledDocument, PersonReference, Receipt


def confirmed(api: EclipseApi, person: PersonReference) -> int:
    """The id of the person, compared. A number is not an id, so who was compared and who is written to are one."""
    require_identity(person)
    found = the_person(api, person.child_id)
    compare(person, found.known)
    return found.id


def open_form(api: EclipseApi, plan: Plan) -> Container:
    """The form instance under our reference, a draft or complete; a new draft when there is none.

    A restriction comes with the answers, so for a restricted record these go first: its document never lies open.
    """
    person = confirmed(api, plan.filing.person)
    form = require_same(only(api.forms(plan.filing.reference)) or _opened(api, plan, person), plan, person)
    if form.is_complete:
        return Container(str(form.id), done=_completed(form, plan))
    kept = going_on(lambda: _with_answers(api, form, plan)) if plan.filing.restricted else form
    return Container(str(form.id), kept=kept)


def _opened(api: EclipseApi, plan: Plan, person: int) -> Form:
    """A new draft. One that corrects another is opened only when that other was looked at."""
    if plan.corrects is not None:
        require_correctable(api.form(plan.corrects), plan, person)
    return api.open_form(person, plan.new_form())


def add_document(api: EclipseApi, form: Form, plan: Plan) -> FiledDocument:
    """Our document on the form instance, unless it is there."""
    there = by_digest(form, plan.document_sha256)
    if there is None:
        name = document_name(plan.filing.reference)
        there = api.attach(form, name, plan.filing.document.content, plan.document_fields())
    if (there.form, there.sha256) != (form.id, plan.document_sha256):
        raise NeedsHuman(Reason.CONTRADICTION, "document_stored_differently")
    return FiledDocument(str(there.id), there.sha256)


def complete(api: EclipseApi, form: Form, plan: Plan) -> Receipt:
    """Answers first, and completion when they are known to be there: a complete form is never changed again."""
    answered = _with_answers(api, form, plan)
    done = api.put_state(answered, completion(answered.version))
    if not done.is_complete:
        raise OutcomeUnknown(Reason.UNEXPECTED_ANSWER, "form_not_completed")
    return _completed(done, plan)


def _with_answers(api: EclipseApi, form: Form, plan: Plan) -> Form:
    if _holds_answers(form, plan):
        return form
    changed = api.put_answers(form, plan.all_answers(form.version))
    if not _holds_answers(changed, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "answers_stored_differently")
    return changed


def _holds_answers(form: Form, plan: Plan) -> bool:
    """The restriction counts as an answer: a record kept from some eyes must not lie open for want of one flag."""
    return form.answers_sha256 == plan.answers_sha256 and form.restricted == plan.filing.restricted


def _completed(form: Form, plan: Plan) -> Receipt:
    """Complete forms cannot be changed, so what they hold must be what we would send."""
    if not _holds_answers(form, plan):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_with_other_answers")
    document = by_digest(form, plan.document_sha256) if plan.documents_here else None
    return form_receipt(form, document, documents_here=plan.documents_here)
