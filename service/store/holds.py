"""What may not be passed on yet, and who let it go on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, insert, select, true, tuple_, update

from service.ports import HoldView, NewHold
from service.store.tables import hold

_VIEW = (
    hold.c.id,
    hold.c.submission_id,
    hold.c.rule,
    hold.c.pointer,
    hold.c.raised_at,
    hold.c.released_at,
    hold.c.released_by,
)


class HoldRows:
    """`service.ports.casework.Holds` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def add(self, new: NewHold) -> None:
        """Raises one."""
        self._connection.execute(
            insert(hold).values(
                id=new.id,
                authority=self._authority,
                submission_id=new.submission_id,
                rule=new.rule,
                pointer=new.pointer,
            )
        )

    def get(self, hold_id: UUID) -> HoldView | None:
        """One hold."""
        found = self._connection.execute(
            select(*_VIEW).where(hold.c.authority == self._authority, hold.c.id == hold_id)
        ).first()
        return HoldView(*found) if found else None

    def open_for(self, rules: Collection[str], *, after: tuple[datetime, UUID] | None, limit: int) -> list[HoldView]:
        """Open ones of these rules."""
        return self._open(hold.c.rule.in_(sorted(rules)), after, limit)

    def of_submission(self, submission_id: UUID) -> list[HoldView]:
        """All of a record's."""
        query = select(*_VIEW).where(hold.c.authority == self._authority, hold.c.submission_id == submission_id)
        return [HoldView(*row) for row in self._connection.execute(query.order_by(hold.c.raised_at, hold.c.pointer))]

    def page(self, *, after: tuple[datetime, UUID] | None, limit: int) -> list[HoldView]:
        """Open ones, oldest first."""
        return self._open(true(), after, limit)

    def release(self, hold_id: UUID, by: str) -> bool:
        """Once; the first to look is the one who is named."""
        mine = (hold.c.authority == self._authority) & (hold.c.id == hold_id) & hold.c.released_at.is_(None)
        released = update(hold).where(mine).values(released_at=func.now(), released_by=by)
        return self._connection.execute(released).rowcount == 1

    def _open(self, which: ColumnElement[bool], after: tuple[datetime, UUID] | None, limit: int) -> list[HoldView]:
        query = select(*_VIEW).where(hold.c.authority == self._authority, hold.c.released_at.is_(None), which)
        if after is not None:
            query = query.where(tuple_(hold.c.raised_at, hold.c.id) > after)
        rows = self._connection.execute(query.order_by(hold.c.raised_at, hold.c.id).limit(limit))
        return [HoldView(*row) for row in rows]
