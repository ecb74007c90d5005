"""One record's body, alone with it in one transaction: looked at once more, noted as shredded, and taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from service.domain.retention import judge
from service.ports import AuditEntry
from service.ports.retention import Again, Shredded
from service.store import standing
from service.store.audit_trail import AuditTrail
from service.store.legal_holds import HOLDS_STAND
from service.store.retention_sql import ONE, as_found
from service.store.shred import shred
from service.store.tables import payload, shredded, sketch, submission, third_party

WHY = "window_over"
BY = "purge"
_LOCK = select(submission.c.child_key).with_for_update(skip_locked=True)
_ALONE = text(standing.ALONE.replace("%s", ":name"))
_NOW = text("SELECT now()")
_OPEN = text(
    "SELECT EXISTS (SELECT FROM casework.delivery WHERE authority = :authority AND submission_id = :id"
    " AND state NOT IN ('delivered', 'superseded', 'cancelled')) OR casework.legally_held(:authority, :id)"
)


class Body:
    """Locks come in one order, holds, young person, record, so that no two wait for each other."""

    def __init__(self, connection: Connection, authority: str, id: UUID) -> None:
        self._connection, self._authority, self._id = connection, authority, id

    def shred(self, days: int) -> bool:
        """False when it is gone already, when somebody else has it, or when it has to stay after all."""
        child_key = alone_with(self._connection, self._authority, self._id)
        if child_key is None:
            return False
        row = self._connection.execute(ONE, {"authority": self._authority, "id": self._id}).first()
        if row is None:
            return False
        now = self._connection.execute(_NOW).scalar_one()
        if not judge(as_found(row).situation, days).may_shred(now) or not self._note(why=WHY, days=days):
            return False
        self._tell("body_shredded", self._take(child_key) | {"days": days})
        return True

    def shred_again(self, entry: Shredded) -> Again:
        """What was shredded once is not needed any more, so that its window is not asked again."""
        child_key = alone_with(self._connection, self._authority, self._id)
        if child_key is None:
            there = self._connection.scalar(select(submission.c.id).where(*self._mine(submission.c.id)))
            return Again(stays=True) if there else Again(noted=self._note_again(entry))
        if self._connection.scalar(_OPEN, {"authority": self._authority, "id": self._id}):
            return Again(stays=True)
        noted = self._note_again(entry)
        taken = self._take(child_key)
        if any(taken.values()):
            self._tell("body_shredded_again", taken)
        return Again(taken=any(taken.values()), noted=noted)

    def _note(self, **said: Any) -> bool:
        row = {"authority": self._authority, "submission_id": self._id, **said}
        noted = insert(shredded).values(row).on_conflict_do_nothing().returning(shredded.c.submission_id)
        return self._connection.execute(noted).first() is not None

    def _note_again(self, entry: Shredded) -> bool:
        return self._note(why=entry.why, days=entry.days, at=entry.at)

    def _take(self, child_key: bytes) -> dict[str, int]:
        """How many rows of each table. A young person's sketches stay as long as any body of theirs does."""
        last = not self._has_other_bodies(child_key)
        shred(self._connection, self._authority, "submission", self._id, spare=() if last else ("sketch",))
        gone = {table.name: self._gone(table, self._mine(table.c.submission_id)) for table in (payload, third_party)}
        theirs = select(submission.c.id).where(
            submission.c.authority == self._authority, submission.c.child_key == child_key
        )
        of_child = [sketch.c.authority == self._authority, sketch.c.submission_id.in_(theirs)]
        gone["sketch"] = self._gone(sketch, of_child) if last else 0
        mark = update(submission).where(*self._mine(submission.c.id)).values(purge_after=None)
        self._connection.execute(mark)
        return gone

    def _gone(self, table: Any, which: list[Any]) -> int:
        return self._connection.execute(delete(table).where(*which)).rowcount

    def _has_other_bodies(self, child_key: bytes) -> bool:
        other = (
            select(func.count())
            .select_from(submission.join(payload, payload.c.submission_id == submission.c.id))
            .where(submission.c.authority == self._authority, submission.c.child_key == child_key)
            .where(submission.c.id != self._id)
        )
        return bool(self._connection.scalar(other))

    def _mine(self, column: Any) -> list[Any]:
        return [column.table.c.authority == self._authority, column == self._id]

    def _tell(self, action: str, detail: dict[str, int]) -> None:
        trail = AuditTrail(self._connection, self._authority)
        trail.add(AuditEntry(BY, action, "submission", str(self._id), detail))


def alone_with(connection: Connection, authority: str, id: UUID) -> bytes | None:
    """The young person's key, with every lock; None where there is no such record, or another has it."""
    connection.execute(HOLDS_STAND, {"authority": authority})
    mine = (submission.c.authority == authority, submission.c.id == id)
    child_key: bytes | None = connection.scalar(select(submission.c.child_key).where(*mine))
    if child_key is None:
        return None
    connection.execute(_ALONE, {"name": standing.lock_of(authority, child_key)[0]})
    return connection.scalar(_LOCK.where(*mine))
