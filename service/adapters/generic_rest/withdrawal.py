"""Withdrawing a record: one note about it, from wherever an earlier attempt left it."""

from __future__ import annotations

from service.adapters.generic_rest.client import RestApi
from service.adapters.generic_rest.content import record_id, withdrawal_note
from service.adapters.generic_rest.dialect import Dialect
from service.adapters.generic_rest.found import require_changeable
from service.adapters.generic_rest.shapes import Note, Record
from service.adapters.shared.found import ours, read_back
from service.adapters.shared.texts import withdrawal_words
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Absent, Receipt, Retraction


def withdraw(api: RestApi, retraction: Retraction, dialect: Dialect) -> Receipt:
    """Find our note, or add it. Found first, for the record it withdrew refuses a second one."""
    words = withdrawal_words(retraction)
    note = ours(api.notes(retraction.reference))
    number = record_id(retraction.record_number, dialect)
    if note is not None:
        return _receipt(_require_about(note, number), api.record(number))
    _require_withdrawable(api, api.record(number), retraction.child_id)
    added = _require_about(api.add_note(withdrawal_note(retraction, number, words)), number)
    return _receipt(added, read_back(lambda: api.record(number)))


def withdrawn(api: RestApi, reference: str) -> Receipt | Absent:
    """The answer to a look-up."""
    note = ours(api.notes(reference))
    return Absent() if note is None else _receipt(note, api.record(note.record))


def _require_withdrawable(api: RestApi, record: Record, child_id: str) -> None:
    """By the child id of the person on the record: they may have been merged since it was filed, and still answer."""
    if api.person(record.person).child_id != child_id:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "another_person")
    require_changeable(record)


def _require_about(note: Note, number: str) -> Note:
    if note.record != number:
        raise NeedsHuman(Reason.CONTRADICTION, "another_record_withdrawn")
    return note


def _receipt(note: Note, record: Record) -> Receipt:
    """A withdrawal's proof: the note, under the number of the record withdrawn, which must show it.

    That a note takes a record off the file is our assumption, and one that still lies there is no withdrawal.
    """
    if not note.withdraws or not record.withdrawn:
        raise NeedsHuman(Reason.CONTRADICTION, "not_withdrawn_by_its_note")
    return Receipt(record.id, None, {"note_id": note.id, "created_at": note.created_at})
