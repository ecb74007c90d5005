"""Withdrawing a record: one note on its step, from wherever an earlier attempt left it."""

from __future__ import annotations

from service.adapters.mosaic.content import step_number, subject_number, withdrawal_note
from service.adapters.mosaic.found import note_receipt, only, require_changeable
from service.adapters.mosaic.shapes import Note
from service.adapters.mosaic.wire import Wire
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Receipt, Retraction


def withdraw(wire: Wire, retraction: Retraction) -> Receipt:
    """Find our note, or add it. Found first, for the step it withdrew refuses a second one."""
    number, person = step_number(retraction.record_number), subject_number(retraction.child_id)
    body = withdrawal_note(retraction)
    note = only(wire.notes(retraction.reference))
    if note is None:
        step = wire.step(number)
        require_changeable(step, person)
        note = wire.add_note(step, body)
    return note_receipt(_require_of(note, number, retraction.reference))


def _require_of(note: Note, number: int, reference: str) -> Note:
    """A note under our reference on another record, or one of ours stored under another reference."""
    if (note.step, note.reference) != (number, reference):
        raise NeedsHuman(Reason.CONTRADICTION, "another_step_withdrawn")
    return note
