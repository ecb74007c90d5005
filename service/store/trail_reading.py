"""Reading the trail with its chain: for an export, for checking it, and for who touched one record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, func, select

from service.domain.trail.checkpoint import Checkpoint
from service.domain.trail.entry import Entry
from service.domain.trail.verify import Cut, Link
from service.errors import NotThere
from service.ports import AuditEntry
from service.ports.trail import Touch
from service.store.audit_trail import AuditTrail
from service.store.casework import database_errors
from service.store.engine import let_it_take
from service.store.tables import audit, audit_checkpoint, audit_cut, audit_link, forgotten, submission
from service.store.tenant import act_for
from service.store.trail import ENTRY, entry_from

AT_A_TIME = 2_000
LATE = timedelta(minutes=5)
"""What has waited for so long to be sealed says so when it is checked."""
_TOUCHED = func.casework.access_to


class TrailReading:
    """As the owner, or the keeper; one authority after the other. Nothing is held in memory but some rows at a time."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def links(self) -> Iterator[Link]:
        """In order of position."""
        mine = (audit.c.id == audit_link.c.audit_id) & (audit.c.authority == audit_link.c.authority)
        query = (
            select(audit_link.c.position, audit_link.c.digest, *ENTRY)
            .select_from(audit_link.outerjoin(audit, mine))
            .where(audit_link.c.authority == self._authority)
            .order_by(audit_link.c.position)
        )
        for row in self._streamed(query):
            yield Link(row.position, row.digest, entry_from(row) if row.id is not None else None)

    def without_link(self) -> Iterator[Entry]:
        """What is not sealed yet."""
        linked = select(audit_link.c.audit_id).where(
            audit_link.c.authority == audit.c.authority, audit_link.c.audit_id == audit.c.id
        )
        query = select(*ENTRY).where(audit.c.authority == self._authority, ~linked.exists()).order_by(audit.c.id)
        for row in self._streamed(query):
            yield entry_from(row)

    def count(self) -> int:
        """How many links there are."""
        mine = select(func.count()).select_from(audit_link).where(audit_link.c.authority == self._authority)
        return self._connection.execute(mine).scalar_one()

    def late(self) -> int:
        """How many entries have waited too long to be sealed."""
        linked = select(audit_link.c.audit_id).where(
            audit_link.c.authority == audit.c.authority, audit_link.c.audit_id == audit.c.id
        )
        old = select(func.count()).where(audit.c.authority == self._authority, audit.c.at < func.now() - LATE)
        return self._connection.execute(old.where(~linked.exists())).scalar_one()

    def cut(self) -> tuple[Cut, str] | None:
        """Where the chain begins now, with the statement of the checkpoint there; None: at its first entry."""
        query = (
            select(audit_cut.c.position, audit_cut.c.digest, func.coalesce(audit_checkpoint.c.statement, ""))
            .outerjoin(
                audit_checkpoint,
                (audit_checkpoint.c.authority == audit_cut.c.authority)
                & (audit_checkpoint.c.position == audit_cut.c.position),
            )
            .where(audit_cut.c.authority == self._authority)
            .order_by(audit_cut.c.position.desc())
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return (Cut(row[0], row[1]), row[2]) if row else None

    def checkpoints(self) -> list[tuple[Checkpoint, str]]:
        """Those the database keeps, each with its signed statement; they are no proof against who may write here."""
        query = select(audit_checkpoint).where(audit_checkpoint.c.authority == self._authority)
        found, before = [], 0
        for row in self._connection.execute(query.order_by(audit_checkpoint.c.position)):
            made = Checkpoint(
                self._authority, row.position, row.digest.hex(), row.position - before, row.at.isoformat()
            )
            found.append((made, row.statement))
            before = row.position
        return found

    def _streamed(self, query: Any) -> Iterator[Any]:
        yield from self._connection.execution_options(yield_per=AT_A_TIME).execute(query)


@contextmanager
def reading(engine: Engine, authority: str) -> Iterator[TrailReading]:
    """One look at one moment, however long it takes."""
    with database_errors(), engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        act_for(connection, authority)
        let_it_take(connection)
        yield TrailReading(connection, authority)


class AccessRows:
    """`service.ports.trail.AccessTrail`, for the web process, and for the owner's command."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, authority: str, submission_id: UUID, *, actor: str) -> list[Touch]:
        """Whoever asks is noted before they see anything, and stands last."""
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            if not _was_here(connection, authority, submission_id):
                raise NotThere("There is no such submission.")
            AuditTrail(connection, authority).add(
                AuditEntry(actor, "access_reported", "submission", str(submission_id))
            )
            touched = _TOUCHED(submission_id).table_valued("id", "at", "actor", "action", "subject_type", "detail")
            query = select(touched).order_by(touched.c.at, touched.c.id)
            return [
                Touch(row.at, row.actor, row.action, row.subject_type, dict(row.detail))
                for row in connection.execute(query)
            ]


def _was_here(connection: Connection, authority: str, submission_id: UUID) -> bool:
    """Also a record that was forgotten: who saw it is told for as long as the trail knows."""
    here = (submission.c.authority == authority) & (submission.c.id == submission_id)
    gone = (forgotten.c.authority == authority) & (forgotten.c.submission_id == submission_id)
    asked = select(submission.c.id).where(here).union_all(select(forgotten.c.submission_id).where(gone)).limit(1)
    return connection.scalar(asked) is not None
