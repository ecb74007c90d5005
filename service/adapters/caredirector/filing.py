"""Putting a record into a case form, from wherever an earlier attempt left it."""

from __future__ import annotations

from service.adapters.caredirector.client import CareDirectorApi
from service.adapters.caredirector.content import COMPLETION, Plan
from service.adapters.caredirector.found import (
    as_written,
    by_digest,
    files_of,
    form_of_record,
    form_receipt,
    require_correctable,
    require_same,
    the_person,
)
from service.adapters.caredirector.shapes import Attachment, Form
from service.adapters.shared.found import ours
from service.adapters.shared.identity import compare, require_identity
from service.domain.delivery import Reason
from service.errors import NeedsHuman, OutcomeUnknown
from service.ports import Container, FiledDocument, Partial, PersonReference, Receipt


def confirmed(api: CareDirectorApi, person: PersonReference) -> str:
    """The id of the person, compared. A number is not unique, so who was compared and who is written to are one row."""
    require_identity(person)
    found = the_person(api, person.child_id)
    compare(person, found.known)
    return found.id


def open_form(api: CareDirectorApi, plan: Plan) -> Container:
    """The form under our reference, begun or complete; a new draft when there is none."""
    person = confirmed(api, plan.filing.person)
    found = ours(api.forms(plan.filing.reference)) or _opened(api, plan, person)
    form = require_same(found, plan, person)
    if form.is_complete:
        return Container(form.id, done=_completed(api, form, plan))
    return Container(form.id, kept=form)


def _opened(api: CareDirectorApi, plan: Plan, person: str) -> Form:
    """A new draft. One that corrects another is opened only when that other was looked at."""
    earlier = None
    if plan.corrects is not None:
        earlier = form_of_record(api, plan.corrects)
        require_correctable(earlier, plan, person)
    case = _case(api, person, earlier.case if earlier else None)
    api.open_form(plan.new_form(person, case))
    return as_written(lambda: api.forms(plan.filing.reference))


def _case(api: CareDirectorApi, person: str, preferred: str | None) -> str:
    """The open case. Of several we take none, except where a correction's earlier form already stands in one."""
    found = api.open_cases(person)
    if preferred is not None and preferred in found.rows:
        return preferred
    case = found.only(Reason.SEVERAL_OPEN_EPISODES, "several_open_cases")
    if case is None:
        raise NeedsHuman(Reason.NO_OPEN_EPISODE)
    return case


def add_document(api: CareDirectorApi, form: Form, plan: Plan) -> FiledDocument:
    """Our document on the form, unless it is there."""
    there = by_digest(files_of(api, form, plan.filing.reference), plan.document_sha256) or _attached(api, form, plan)
    return FiledDocument(there.id, there.sha256)


def _attached(api: CareDirectorApi, form: Form, plan: Plan) -> Attachment:
    number = api.attach(plan.attachment(form.id))
    stored = as_written(lambda: api.attachment(number, form.id))
    if stored.sha256 != plan.document_sha256:
        raise NeedsHuman(Reason.CONTRADICTION, "document_stored_differently")
    return stored


def complete(api: CareDirectorApi, form: Form, plan: Plan, document: FiledDocument | None) -> Receipt:
    """Answers first, and completion when they were read back: a complete form is never changed again."""
    answered = _with_answers(api, form, plan)
    api.change_form(form.id, COMPLETION)
    done = require_same(as_written(lambda: api.form(form.id)), plan, answered.person)
    if not done.is_complete:
        raise OutcomeUnknown(Reason.UNEXPECTED_ANSWER, "form_not_completed")
    here = document if plan.documents_here else None
    pair = (here.number, here.sha256) if here and here.number else None
    return form_receipt(_holding(done, plan, "completed_with_other_answers"), pair, documents_here=plan.documents_here)


def _with_answers(api: CareDirectorApi, form: Form, plan: Plan) -> Form:
    if form.answers_sha256 == plan.answers_sha256:
        return form
    api.change_form(form.id, {"answers": plan.answers})
    changed = require_same(as_written(lambda: api.form(form.id)), plan, form.person)
    return _holding(changed, plan, "answers_stored_differently")


def _holding(form: Form, plan: Plan, otherwise: str) -> Form:
    if form.answers_sha256 != plan.answers_sha256:
        raise NeedsHuman(Reason.CONTRADICTION, otherwise)
    return form


def _completed(api: CareDirectorApi, form: Form, plan: Plan) -> Receipt:
    """Complete forms cannot be changed, so what they hold must be what we would send."""
    _holding(form, plan, "completed_with_other_answers")
    if not plan.documents_here:
        return form_receipt(form, None, documents_here=False)
    there = by_digest(files_of(api, form, plan.filing.reference), plan.document_sha256)
    return form_receipt(form, _pair(there), documents_here=True)


def outcome(api: CareDirectorApi, form: Form, reference: str, *, documents_here: bool) -> Receipt | Partial:
    """The answer to a look-up, which has nothing to go by but the reference and so takes our latest document."""
    if not form.is_complete:
        return Partial()
    if not documents_here:
        return form_receipt(form, None, documents_here=False)
    files = files_of(api, form, reference)
    latest = by_digest(files, files[-1].sha256) if files else None
    return form_receipt(form, _pair(latest), documents_here=True)


def _pair(there: Attachment | None) -> tuple[str, str] | None:
    return (there.id, there.sha256) if there else None
