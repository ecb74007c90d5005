"""The processes that deliver: seen, and ended."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Boolean, Connection, and_, bindparam, func, not_, select, update
from sqlalchemy.dialects.postgresql import insert

from service.store.tables import delivery, worker

SILENT = timedelta(seconds=15)
"""Not seen for so long, a worker is gone. It says that it is there with every sweep."""


class WorkerRows:
    """Of no authority: a worker serves all of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, worker_id: UUID) -> None:
        """Now."""
        seen = insert(worker).values(id=worker_id)
        self._connection.execute(
            seen.on_conflict_do_update(index_elements=[worker.c.id], set_={"seen_at": func.now(), "ended_at": None})
        )

    def ended(self, worker_id: UUID) -> None:
        """On purpose, holding nothing."""
        self._connection.execute(update(worker).where(worker.c.id == worker_id).values(ended_at=func.now()))


_HOLDER = (worker.c.id == delivery.c.held_by, worker.c.ended_at.is_(None))
HOLDER_IS_GONE = select(worker.c.id).where(*_HOLDER, worker.c.seen_at < func.now() - SILENT).exists()
"""Whether the worker that held a delivery has fallen silent."""
HOLDER_MAY_BE_GONE = (
    select(worker.c.id)
    .where(
        *_HOLDER,
        worker.c.seen_at < delivery.c.lease_until,
        not_(and_(bindparam("_judging", type_=Boolean), worker.c.seen_at < func.now() - SILENT)),
    )
    .exists()
)
"""Not seen since its lease ended, and not silent for long enough to be sure: what it held is left until that is known.

Taken at once, it would be worked on among others, and should it be what ended that worker, they would end with it.
"""
