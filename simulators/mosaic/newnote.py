"""Rules for adding a note to a step."""

from typing import Any

from .model import WITHDRAWN, NewNote
from .newstep import LONGEST_NOTE, external_reference
from .refusals import Fault
from .shape import object_faults, one_of, text

_REQUIRED = {
    "externalReference": external_reference,
    "noteType": one_of(WITHDRAWN),
    "text": text(LONGEST_NOTE, shortest=1),
}


def new_note_faults(body: Any) -> list[Fault]:
    """Everything wrong with a request for a new note."""
    return object_faults(body, "", _REQUIRED)


def read_new_note(step_id: int, body: Any) -> NewNote:
    """The request as a value; only for a body without faults."""
    return NewNote(step_id, body["externalReference"], body["noteType"], body["text"])
