"""Withdrawing a record: one case note on its form instance, from wherever an earlier attempt left it."""

from __future__ import annotations

from service.adapters.eclipse.client import EclipseApi
from service.adapters.eclipse.content import form_number
from service.adapters.eclipse.found import only, require_changeable, the_person
from service.adapters.eclipse.shapes import Form, Note
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Absent, Receipt, Retraction


def withdraw(api: EclipseApi, retraction: Retraction, body: dict[str, object]) -> Receipt:
    """Find our note, or add it. Found first, for the form instance it withdrew refuses a second one."""
    number = form_number(retraction.record_number)
    there = only(api.notes(retraction.reference))
    note = there or _added(api, retraction, number, body)
    if note.form != number:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_withdrawn")
    return _receipt(note, api.form(number) if there else _read_back(api, number))


def withdrawn(api: EclipseApi, reference: str) -> Receipt | Absent:
    """The answer to a look-up."""
    note = only(api.notes(reference))
    return Absent() if note is None else _receipt(note, api.form(note.form))


def _added(api: EclipseApi, retraction: Retraction, number: int, body: dict[str, object]) -> Note:
    """A new note, when the record was looked at and is this young person's."""
    form = api.form(number)
    require_changeable(form, the_person(api, retraction.child_id).id)
    return api.add_note(form.person, body)


def _read_back(api: EclipseApi, number: int) -> Form:
    """After the note was written neither "nothing sent" nor "refused" would be true."""
    try:
        return api.form(number)
    except (NothingSent, NeedsHuman) as problem:
        raise OutcomeUnknown(Reason.NO_CLEAR_ANSWER, problem.note) from None


def _receipt(note: Note, form: Form) -> Receipt:
    """A withdrawal's proof: the note, under the number of the record withdrawn, which must show it.

    That a note takes a form off the file is our assumption, and a form that still lies there is no withdrawal.
    """
    if not form.withdrawn:
        raise NeedsHuman(Reason.CONTRADICTION, "not_withdrawn_by_its_note")
    return Receipt(str(form.id), None, {"case_note": str(note.id), "event_date": note.event_date.isoformat()})
