"""What a form instance, a task or a note under our reference says, and whether a form instance may be changed."""

from __future__ import annotations

from typing import TypeVar

from service.adapters.eclipse.client import EclipseApi
from service.adapters.eclipse.content import Plan, document_name, person_number
from service.adapters.eclipse.shapes import Attachment, Form, Person, Task
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Partial, Receipt

T = TypeVar("T")


def the_person(api: EclipseApi, child_id: str) -> Person:
    """The one person who has this number. It may be the old number of another, so of several we choose none."""
    number = person_number(child_id)
    found = api.people(number)
    if len(found) > 1:
        raise NeedsHuman(Reason.PERSON_AMBIGUOUS, "several_under_one_number")
    if not found:
        raise NeedsHuman(Reason.PERSON_NOT_FOUND)
    return _require_numbered(found[0], number)


def _require_numbered(person: Person, number: str) -> Person:
    """A restricted person's old number is not shown, so it may be the one that was found."""
    if number in (person.identifier, person.care_first) or person.known.restricted:
        return person
    raise NeedsHuman(Reason.PERSON_NOT_FOUND, "found_under_another_number")


def only(found: tuple[T, ...]) -> T | None:
    """The one thing of ours. Eclipse allows several; we make one, so a second is for a person to judge."""
    if len(found) > 1:
        raise NeedsHuman(Reason.CONTRADICTION, "several_under_our_reference")
    return found[0] if found else None


def require_same(form: Form, plan: Plan, person: int) -> Form:
    """A form instance under our reference about somebody or something else, or one that others closed off."""
    if form.person != person:
        raise NeedsHuman(Reason.CONTRADICTION, "another_person")
    if form.design != plan.design:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_design")
    if form.corrects != plan.corrects:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_corrected")
    if form.restricted and not plan.filing.restricted:
        raise NeedsHuman(Reason.CONTRADICTION, "another_restriction")
    return form


def require_changeable(form: Form, person: int) -> None:
    """A record that may be corrected or withdrawn: of this person, not withdrawn, and complete.

    The person comes first: nothing is said or changed about a record of somebody else.
    """
    if form.person != person:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_person")
    if form.withdrawn:
        raise NeedsHuman(Reason.ALREADY_WITHDRAWN, "form_withdrawn")
    if not form.is_complete:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "form_not_complete")


def require_correctable(form: Form, plan: Plan, person: int) -> None:
    """Eclipse has one code for several of these; a person needs to know which it is."""
    require_changeable(form, person)
    if form.design != plan.design:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_form_design")
    if form.corrected_by is not None:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "corrected_by_another_form")


def by_digest(form: Form, sha256: str) -> Attachment | None:
    """A document by its bytes; the first one, should it have been stored twice."""
    same = [each for each in form.attachments if each.sha256 == sha256]
    return min(same, key=lambda each: each.id, default=None)


def form_receipt(form: Form, document: Attachment | None, *, documents_here: bool) -> Receipt:
    """A complete form must hold answers, and our document if it is kept here; else somebody else completed it."""
    if form.answers_sha256 is None or (documents_here and document is None):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_without_our_content")
    evidence = {"answers_sha256": form.answers_sha256}
    if document is not None:
        evidence["document_sha256"] = document.sha256
    if form.corrects is not None:
        evidence["corrects_form"] = str(form.corrects)
    return Receipt(str(form.id), str(document.id) if document else None, evidence)


def outcome(form: Form, reference: str, *, documents_here: bool) -> Receipt | Partial:
    """The answer to a look-up, which has nothing to go by but the reference, and so takes our latest document."""
    if not form.is_complete:
        return Partial()
    ours = [each for each in form.attachments if each.name == document_name(reference)]
    latest = max(ours, key=lambda each: each.id, default=None) if documents_here else None
    document = by_digest(form, latest.sha256) if latest else None
    return form_receipt(form, document, documents_here=documents_here)


def task_receipt(task: Task) -> Receipt:
    """A task is delivered when it is in the work list, whatever the team has done with it since."""
    return Receipt(str(task.id), None, {"due_on": task.due.isoformat()})
