"""`service.ports.ends` for the role wise_purge. What goes is taken away by the owner's functions, which look again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from service.domain.retention import Remains, Stays
from service.ports import AuditEntry
from service.ports.ends import TrailEnd
from service.store.audit_trail import AuditTrail
from service.store.bodies import BY, alone_with
from service.store.purging import Purging

BATCH = 200
_PAGE = text("SELECT r.* FROM casework.remains(:after, :batch) AS h, LATERAL casework.remains_of(h) AS r")
_FORGET = text("SELECT casework.forget_record(:newest)")
_END = text("SELECT entries, waiting, why FROM casework.trail_end()")
_CUT = text('SELECT "position", entries FROM casework.cut_trail()')


class RecordRows(Purging):
    """What is left of records."""

    def look(self, authority: str) -> Iterator[Sequence[Remains]]:
        """In batches of `BATCH`, by id."""
        after = UUID(int=0)
        while True:
            with self._acting(authority) as connection:
                rows = connection.execute(_PAGE, {"after": after, "batch": BATCH}).all()
            if not rows:
                return
            yield [_remains(row) for row in rows]
            after = max(row.newest for row in rows)

    def forget(self, authority: str, newest: UUID) -> int:
        """One transaction: all versions and what hangs on them, with an entry for each, or nothing of it."""
        with self._acting(authority) as connection:
            if alone_with(connection, authority, newest) is None:
                return 0
            versions = connection.scalar(_FORGET, {"newest": newest}) or []
            trail = AuditTrail(connection, authority)
            for each in versions:
                trail.add(AuditEntry(BY, "record_forgotten", "submission", str(each), {"versions": len(versions)}))
            return len(versions)


class TrailEnds(Purging):
    """The beginnings of trails."""

    def end(self, authority: str) -> TrailEnd:
        """One look."""
        with self._acting(authority) as connection:
            return TrailEnd(*connection.execute(_END).one())

    def cut(self, authority: str) -> int:
        """One transaction: the note, the entries with their links, and an entry that says so."""
        with self._acting(authority) as connection:
            done = connection.execute(_CUT).first()
            if done is None:
                return 0
            detail = {"position": done.position, "entries": done.entries}
            AuditTrail(connection, authority).add(AuditEntry(BY, "trail_cut", "trail", authority, detail))
            return int(done.entries)


def _remains(row: Any) -> Remains:
    reasons = frozenset(reason for reason in Stays if getattr(row, reason.value))
    return Remains(row.newest, len(row.versions), row.shredded_at, reasons)
