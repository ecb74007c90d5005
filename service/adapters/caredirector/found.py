"""What a form, a task or a note under our reference says about a delivery, and whether a form may be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from service.adapters.caredirector.client import CareDirectorApi
from service.adapters.caredirector.content import Plan, document_name, person_number
from service.adapters.caredirector.shapes import Attachment, Form, Person, Task
from service.adapters.shared.found import Found, ours, read_back
from service.domain.delivery import Reason
from service.errors import NeedsHuman, OutcomeUnknown
from service.ports import Receipt

T = TypeVar("T")


def the_person(api: CareDirectorApi, child_id: str) -> Person:
    """The one person under a number."""
    found = api.people(person_number(child_id)).only(Reason.PERSON_AMBIGUOUS, "several_under_one_number")
    if found is None:
        raise NeedsHuman(Reason.PERSON_NOT_FOUND)
    return found


def as_written(ask: Callable[[], Found[T]]) -> T:
    """What was just written, as it is there. A write answers with an id alone, which proves nothing of the rest."""
    one = ours(read_back(ask))
    if one is None:
        raise OutcomeUnknown(Reason.UNEXPECTED_ANSWER, "not_there_after_writing")
    return one


def form_of_record(api: CareDirectorApi, number: str) -> Form:
    """The form of a record we once filed; hidden from us looks like gone."""
    form = ours(api.form(number))
    if form is None:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "form_not_found")
    return form


def require_same(form: Form, plan: Plan, person: str) -> Form:
    """A form under our reference about somebody or something else, or one that other people may read."""
    if form.person != person:
        raise NeedsHuman(Reason.CONTRADICTION, "another_person")
    if form.template != plan.template:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_template")
    if form.corrects != plan.corrects:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_corrected")
    if form.restriction != plan.restriction:
        raise NeedsHuman(Reason.CONTRADICTION, "another_restriction")
    return form


def require_changeable(form: Form) -> None:
    """A record that may be corrected or withdrawn: complete, and not withdrawn."""
    if form.withdrawn:
        raise NeedsHuman(Reason.ALREADY_WITHDRAWN, "form_withdrawn")
    if not form.is_complete:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "form_not_complete")


def require_correctable(form: Form, plan: Plan, person: str) -> None:
    """CareDirector has one code for several of these. The person comes first: somebody else's record is not there."""
    if form.person != person:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_person")
    require_changeable(form)
    if form.template != plan.template:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_form_template")
    if form.corrected_by is not None:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "corrected_by_another_form")


def files_of(api: CareDirectorApi, form: Form, reference: str) -> tuple[Attachment, ...]:
    """The files of our name on a form."""
    found = api.attachments(form.id, document_name(reference))
    if found.more:
        raise NeedsHuman(Reason.CONTRADICTION, "more_files_than_can_be_asked_for")
    return found.rows


def by_digest(files: tuple[Attachment, ...], sha256: str) -> Attachment | None:
    """Our document by its bytes; the first one, should it have been stored twice."""
    return next((each for each in files if each.sha256 == sha256), None)


def form_receipt(form: Form, document: tuple[str, str] | None, *, documents_here: bool) -> Receipt:
    """A complete form must hold answers, and our document if it is kept here; else somebody else completed it.

    `document` is its number and its digest.
    """
    if form.answers_sha256 is None or (documents_here and document is None):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_without_our_content")
    evidence = {"answers_sha256": form.answers_sha256}
    if document is not None:
        evidence["document_sha256"] = document[1]
    if form.corrects is not None:
        evidence["corrects_form"] = form.corrects
    return Receipt(form.id, document[0] if document else None, evidence)


def task_receipt(task: Task) -> Receipt:
    """A task is delivered when it is in the tray, whatever the team has done with it since."""
    return Receipt(task.id, None, {"created_on": task.created_on})
