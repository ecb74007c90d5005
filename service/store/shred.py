"""Taking away what was sealed of one record, feedback or supervision, and with it the only key to its body.

The row stays, with every column that is not sealed: what a purge leaves as a tombstone is the purge's to say. It acts
in the caller's transaction, for the authority of that transaction, and needs UPDATE on the sealed columns only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Column, Connection, update

from service.store.tables import feedback, payload, sketch, submission, supervision, third_party

Subject = Literal["submission", "feedback", "supervision"]
NOTHING = b"\x00"
"""Of no form that opens; `casework.key_version` knows no version of it."""

_PLACES: Mapping[Subject, tuple[tuple[Column[Any], Mapping[str, bytes | None]], ...]] = {
    "submission": (
        (payload.c.submission_id, {"sealed": NOTHING}),
        (third_party.c.submission_id, {"sealed": NOTHING}),
        (sketch.c.submission_id, {"sketch": NOTHING}),
        (submission.c.id, {"sealed_digest": None}),
    ),
    "feedback": ((feedback.c.id, {"sealed": NOTHING, "sealed_consent": NOTHING}),),
    "supervision": ((supervision.c.id, {"sealed": NOTHING}),),
}


def shred(connection: Connection, authority: str, subject: Subject, id: UUID, *, spare: Collection[str] = ()) -> bool:
    """Whether there was such a row. Done again, it changes nothing more. `spare` are tables that are left alone."""
    done = [
        connection.execute(update(found.table).where(found.table.c.authority == authority, found == id).values(**taken))
        for found, taken in _PLACES[subject]
        if found.table.name not in spare
    ]
    return any(each.rowcount for each in done)
