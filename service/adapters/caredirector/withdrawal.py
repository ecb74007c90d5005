"""Withdrawing a record: one case note on its form, from wherever an earlier attempt left it."""

from __future__ import annotations

from service.adapters.caredirector.client import CareDirectorApi
from service.adapters.caredirector.content import form_number, withdrawal_note
from service.adapters.caredirector.found import as_written, form_of_record, require_changeable
from service.adapters.caredirector.shapes import Form, Note
from service.adapters.shared.found import ours
from service.adapters.shared.texts import withdrawal_words
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Absent, Receipt, Retraction


def withdraw(api: CareDirectorApi, retraction: Retraction, note_type: str) -> Receipt:
    """Find our note, or add it. Found first, for the form it withdrew refuses a second one."""
    words = withdrawal_words(retraction)
    there = ours(api.notes(retraction.reference))
    number = form_number(retraction.record_number)
    if there is None:
        _require_withdrawable(form_of_record(api, number), retraction.child_id)
        api.add_note(withdrawal_note(retraction, number, note_type, words))
    note = there or as_written(lambda: api.notes(retraction.reference))
    if note.form != number:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_withdrawn")
    form = form_of_record(api, number) if there else as_written(lambda: api.form(number))
    return _receipt(note, form, note_type)


def withdrawn(api: CareDirectorApi, reference: str, note_type: str) -> Receipt | Absent:
    """The answer to a look-up."""
    note = ours(api.notes(reference))
    return Absent() if note is None else _receipt(note, form_of_record(api, note.form), note_type)


def _require_withdrawable(form: Form, child_id: str) -> None:
    """By the number people there read on the form: the person may have been merged or hidden since it was filed."""
    if form.person_number != child_id:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_person")
    require_changeable(form)


def _receipt(note: Note, form: Form, note_type: str) -> Receipt:
    """A withdrawal's proof: the note, under the number of the record withdrawn, which must show it.

    That a note takes a form off the file is our assumption, and a form that still lies there is no withdrawal.
    """
    if note.note_type != note_type:
        raise NeedsHuman(Reason.CONTRADICTION, "another_note_type")
    if not form.withdrawn:
        raise NeedsHuman(Reason.CONTRADICTION, "not_withdrawn_by_its_note")
    return Receipt(form.id, None, {"case_note": note.id, "created_on": note.created_on})
