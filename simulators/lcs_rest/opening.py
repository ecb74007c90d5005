"""Opening a form: who it is about, and whether it may be begun at all."""

from collections.abc import Mapping
from typing import Any

from simulators.lcs_rest import body, checks
from simulators.lcs_rest.forms import FormType
from simulators.lcs_rest.memory import Memory
from simulators.lcs_rest.model import NONE, Form
from simulators.lcs_rest.people import Person, World
from simulators.lcs_rest.refusals import Refused, unknown_code
from simulators.lcs_rest.shared import Claim, birth_agrees, not_merged, referral_open

SHAPE = {
    "authority": body.text,
    "personId": body.whole,
    "dateOfBirth": body.or_null(body.day),
    "age": body.or_null(lambda value: isinstance(value, dict)),
    "formType": body.text,
    "externalReference": body.reference,
    "completedOn": body.day,
    "replacesRecordId": body.whole,
}
_AGE = {"years": body.whole, "asAt": body.day}


def claim_of(sent: Mapping[str, Any]) -> Claim:
    """When the sender says the young person was born."""
    age = None if sent["age"] is None else body.members(sent["age"], _AGE, "age")
    dob = None if sent["dateOfBirth"] is None else body.to_day(sent["dateOfBirth"])
    return Claim(dob, age["years"] if age else None, body.to_day(age["asAt"]) if age else None)


def person_agreed(world: World, number: int, claim: Claim) -> Person:
    """The person, once everything about them agrees and their record is free."""
    person = checks.let_in(world, number)
    not_merged(person)
    birth_agrees(person, claim)
    referral_open(person)
    checks.not_locked(person)
    return person


def form_allowed(forms: Mapping[str, FormType], code: str) -> None:
    if code not in forms:
        raise unknown_code("UNKNOWN_FORM_CODE")
    if not forms[code].permitted:
        raise Refused(403, "NOT_PERMITTED", "This client may not use that form.")


def new_form(memory: Memory, sent: Mapping[str, Any], person: Person) -> Form:
    """A draft; for a correction the record it names has been looked at."""
    if sent["replacesRecordId"] != NONE:
        checks.record_of(memory, sent["replacesRecordId"], person.number, sent["formType"])
    return Form(
        form_id=next(memory.form_ids),
        person_id=person.number,
        form_type=sent["formType"],
        reference=sent["externalReference"],
        completed_on=sent["completedOn"],
        worker=int(person.worker),
        replaces=sent["replacesRecordId"],
    )
