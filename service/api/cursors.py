"""Cursors into the changes: opaque, and good only for the database they come from."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from service.errors import Gone, Malformed
from service.ports.changes import Place

_FORM = "c1"
_LONGEST = 200
NOW = "now"


class CursorGone(Gone):
    """It pointed into a database that is no longer this one."""

    type, title = "cursor-gone", "Start reading again"


def start_again() -> CursorGone:
    """The sentence for it."""
    return CursorGone(
        "The bridge was restored from a backup since it gave out this cursor, so it cannot say what changed after it. "
        "Start again with `changed_since=` left empty, and compare what comes with what you have."
    )


def written(place: Place) -> str:
    """For an address."""
    parts = (_FORM, place.history, str(place.changed_in), place.last.hex, str(place.until or ""))
    return base64.urlsafe_b64encode(" ".join(parts).encode()).decode().rstrip("=")


def read(cursor: str) -> Place:
    """Raises `Malformed` for what was never ours."""
    try:
        form, history, changed_in, last, until = _parts(cursor)
        if form != _FORM or not (changed_in.isdecimal() and (until.isdecimal() or not until)):
            raise ValueError
        return Place(history, int(changed_in), UUID(hex=last), int(until) if until else None)
    except (ValueError, binascii.Error):
        detail = f"`changed_since` is empty, `{NOW}`, or a cursor that this address gave out."
        raise Malformed(detail) from None


def _parts(cursor: str) -> list[str]:
    if len(cursor) > _LONGEST or not cursor.isascii():
        raise ValueError
    padded = cursor + "=" * (-len(cursor) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").split(" ")
