"""What feedback and supervision have in common as rows: kept once under the sender's id, listed by arrival."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from service.ports.participation import Kept, NewSealed


class SealedRows:
    """One authority's rows of one table."""

    def __init__(self, connection: Connection, authority: str, table: Table) -> None:
        self._connection, self._authority, self._table = connection, authority, table

    def by_sender_ref(self, sender_ref: str) -> Kept | None:
        """What is there under the sender's own id."""
        columns = self._table.c
        mine = self._mine(columns.sender_ref == sender_ref)
        query = select(columns.id, columns.content_digest, columns.received_at).where(mine)
        row = self._connection.execute(query).first()
        return Kept(row.id, bytes(row.content_digest), row.received_at) if row else None

    def _add(self, new: NewSealed, **plain: Any) -> bool:
        """Keeps it, unless the sender's id is already used: the unique key decides, also between racing requests."""
        values: Mapping[str, Any] = {
            "id": new.id,
            "authority": self._authority,
            "sender_ref": new.sender_ref,
            "client_id": new.client_id,
            "content_digest": new.content_digest,
            "sealed": new.sealed,
        }
        kept = upsert(self._table).values({**values, **plain})
        kept = kept.on_conflict_do_nothing(constraint=f"uq_{self._table.name}_sender_ref")
        return self._connection.execute(kept.returning(self._table.c.id)).first() is not None

    def _sealed(self, row_id: UUID) -> bytes | None:
        found = self._connection.scalar(select(self._table.c.sealed).where(self._mine(self._table.c.id == row_id)))
        return None if found is None else bytes(found)

    def _page(self, query: Select[Any], after: tuple[datetime, UUID] | None, limit: int) -> list[Row[Any]]:
        arrival = (self._table.c.received_at, self._table.c.id)
        query = query.where(self._table.c.authority == self._authority)
        if after is not None:
            query = query.where(tuple_(*arrival) > after)
        return list(self._connection.execute(query.order_by(*arrival).limit(limit)))

    def _mine(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return (self._table.c.authority == self._authority) & condition
