"""Checks on the person, the lock and the record, in the order of the page. Each raises a refusal or lets by."""

from simulators.lcs_rest.memory import Memory, now
from simulators.lcs_rest.model import NONE, Form
from simulators.lcs_rest.people import Person, World
from simulators.lcs_rest.refusals import Refused, person_not_found, record_withdrawn, unknown_code, unknown_record
from simulators.lcs_rest.shared import not_merged, referral_open


def authority_served(world: World, gss: str) -> None:
    """Another authority's young person must never be looked up here."""
    if gss != world.gss:
        raise Refused(403, "WRONG_AUTHORITY", "This LCS serves another authority.")


def visible(world: World, number: int) -> Person:
    """A hidden person is nobody to this client."""
    person = world.people.get(number)
    if person is None or person.hidden:
        raise person_not_found()
    return person


def let_in(world: World, number: int) -> Person:
    """A visible person whose file this client may change."""
    person = visible(world, number)
    if person.restricted:
        raise Refused(403, "PERSON_RESTRICTED", "The person's file is restricted.")
    return person


def working_with(world: World, number: int) -> Person:
    """A person that something can be recorded on."""
    person = let_in(world, number)
    not_merged(person)
    referral_open(person)
    return person


def not_locked(person: Person) -> None:
    """A lock with an end falls by itself."""
    lock = person.locked
    if lock and (lock.until is None or lock.until > now()):
        raise Refused(409, "RECORD_LOCKED", "Somebody has the record open.", lockedBy=lock.by, lockedUntil=lock.until)


def record_of(memory: Memory, record_id: int, person_id: int, form_type: str | None = None) -> None:
    """The record is this person's, and of this form type where one is named, and has not been withdrawn."""
    versions = memory.record(record_id)
    if not versions or versions[0].person_id != person_id or form_type not in {None, versions[0].form_type}:
        raise unknown_record()
    not_withdrawn(memory, record_id)


def not_withdrawn(memory: Memory, record_id: int) -> None:
    if record_id != NONE and memory.withdrawal(record_id):
        raise record_withdrawn(record_id)


def in_draft(form: Form) -> None:
    """A complete form cannot be changed."""
    if form.status != "DRAFT":
        raise Refused(409, "FORM_STATE", "The form is complete.", status=form.status)


def assignee_known(world: World, department: str, worker: int) -> None:
    """A task that nobody watches would be lost."""
    to_department, to_worker = department != str(NONE), worker != NONE
    if to_department == to_worker:
        raise Refused(422, "ASSIGNEE", "A task goes to a department or to a worker.")
    if to_department and department not in world.departments:
        raise unknown_code("UNKNOWN_DEPARTMENT")
    if to_worker and worker not in world.workers:
        raise unknown_code("UNKNOWN_WORKER")
