"""Reflective supervision's rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from service.errors import Gone
from service.ports.participation import NewSupervision, SupervisionView
from service.store.sealed_rows import SealedRows
from service.store.shred import NOTHING
from service.store.tables import supervision

_VIEW = (
    supervision.c.id,
    supervision.c.sender_ref,
    supervision.c.held_on,
    supervision.c.mode,
    supervision.c.linked,
    supervision.c.received_at,
)


class SupervisionRows(SealedRows):
    """`service.ports.participation.Supervision` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        super().__init__(connection, authority, supervision)

    def add(self, new: NewSupervision) -> bool:
        """Keeps it, once."""
        return self._add(new, held_on=new.held_on, mode=new.mode, linked=new.linked)

    def page(self, *, after: tuple[datetime, UUID] | None, limit: int) -> list[SupervisionView]:
        """In order of arrival."""
        return [SupervisionView(**row._mapping) for row in self._page(select(*_VIEW), after, limit)]

    def sealed_body(self, supervision_id: UUID) -> bytes | None:
        """The encrypted supervision. Raises `Gone` when it was shredded."""
        sealed = self._sealed(supervision_id)
        if sealed == NOTHING:
            raise Gone("This supervision was shredded.")
        return sealed
