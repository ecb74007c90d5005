"""Batches that were taken."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from service.store.tables import batch


class BatchRows:
    """`service.ports.casework.Batches` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def note(self, batch_id: str, content_digest: bytes, items: int) -> bytes:
        """Keeps the first digest under an id; returns the one that stands."""
        new = insert(batch).values(
            authority=self._authority, batch_id=batch_id, content_digest=content_digest, items=items
        )
        self._connection.execute(new.on_conflict_do_nothing(constraint="pk_batch"))
        mine = (batch.c.authority == self._authority) & (batch.c.batch_id == batch_id)
        return bytes(self._connection.execute(select(batch.c.content_digest).where(mine)).scalar_one())
