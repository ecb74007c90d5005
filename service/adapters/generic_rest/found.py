"""What a record, a task or a note under our reference says about a delivery, and whether a record may be changed."""

from __future__ import annotations

from service.adapters.generic_rest.client import RestApi
from service.adapters.generic_rest.content import Plan, document_name, searchable
from service.adapters.generic_rest.shapes import Person, Record, StoredDocument, Task
from service.adapters.shared.identity import compare, require_identity
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Partial, PersonReference, Receipt


def the_person(api: RestApi, child_id: str) -> Person:
    """The one person under a child id."""
    found = api.people(searchable(child_id)).only(Reason.PERSON_AMBIGUOUS, "several_under_one_child_id")
    if found is None:
        raise NeedsHuman(Reason.PERSON_NOT_FOUND)
    return found


def confirmed(api: RestApi, person: PersonReference) -> str:
    """The id of the person, compared. A child id need not be unique: who is compared and who is written to are one."""
    require_identity(person)
    found = the_person(api, person.child_id)
    compare(person, found.known)
    return found.id


def live(person: Person) -> Person:
    """A task about somebody who lives on under another id would wait where nobody looks."""
    if person.known.merged:
        raise NeedsHuman(Reason.PERSON_MERGED)
    if person.known.restricted:
        raise NeedsHuman(Reason.PERSON_RESTRICTED)
    return person


def require_same(record: Record, plan: Plan, person: str) -> Record:
    """A record under our reference about somebody or something else."""
    if record.person != person:
        raise NeedsHuman(Reason.CONTRADICTION, "another_person")
    if record.form_type != plan.form_type:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_type")
    if record.corrects != plan.corrects:
        raise NeedsHuman(Reason.CONTRADICTION, "another_record_corrected")
    return record


def holds_content(record: Record, plan: Plan) -> bool:
    """The restriction counts as content: a record kept from some eyes must not lie open for want of one flag."""
    held = (record.answers_sha256, record.completed_on, record.restricted)
    return held == (plan.answers_sha256, plan.filing.completed_on, plan.filing.restricted)


def require_changeable(record: Record) -> None:
    """A record that may be corrected or withdrawn: complete, and not withdrawn."""
    if record.withdrawn:
        raise NeedsHuman(Reason.ALREADY_WITHDRAWN, "record_withdrawn")
    if not record.is_complete:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "record_not_complete")


def require_correctable(record: Record, plan: Plan, person: str) -> None:
    """The person comes first: nothing is said about a record of somebody else. The server has one code for several."""
    if record.person != person:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_person")
    require_changeable(record)
    if record.form_type != plan.form_type:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_form_type")
    if record.corrected_by is not None:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "corrected_by_another_record")


def our_document(record: Record, plan: Plan) -> StoredDocument | None:
    """Our document by its name and bytes; the first one, should it have been stored twice."""
    return next((each for each in _named(record, plan.filing.reference) if is_ours(each, plan)), None)


def is_ours(document: StoredDocument, plan: Plan) -> bool:
    """By digest; where a server offers none, its size is all there is to compare."""
    if document.sha256 is not None:
        return document.sha256 == plan.document_sha256
    return document.size in (None, len(plan.filing.document.content))


def outcome(record: Record, reference: str, *, documents_here: bool) -> Receipt | Partial:
    """The answer to a look-up, which has nothing to go by but the reference and so takes our latest document."""
    if not record.is_complete:
        return Partial()
    if record.answers_sha256 is None:
        raise NeedsHuman(Reason.CONTRADICTION, "completed_without_our_content")
    named = _named(record, reference)
    latest = next((each for each in named if each.sha256 == named[-1].sha256), None)
    return form_receipt(record, latest, documents_here=documents_here)


def form_receipt(record: Record, document: StoredDocument | None, *, documents_here: bool) -> Receipt:
    """A complete record must have our document if it is kept here; else somebody else completed it."""
    if documents_here and document is None:
        raise NeedsHuman(Reason.CONTRADICTION, "completed_without_our_content")
    evidence = {
        "answers_sha256": record.answers_sha256,
        "document_sha256": document.sha256 if document else None,
        "corrects_record": record.corrects,
    }
    known = {name: value for name, value in evidence.items() if value is not None}
    return Receipt(record.id, document.id if document else None, known)


def task_receipt(task: Task) -> Receipt:
    """A task is delivered when it is in the tray, whatever the team has done with it since."""
    return Receipt(task.id, None, {"created_at": task.created_at})


def _named(record: Record, reference: str) -> tuple[StoredDocument, ...]:
    return tuple(each for each in record.documents if each.name == document_name(reference))
