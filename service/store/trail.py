"""The chain of the trail as it grows: links for committed entries, in the order they are found in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, func, insert, select
from sqlalchemy import text as sql

from service.domain.trail.entry import FIRST, Entry, digest
from service.ports.trail import Sealed
from service.store.casework import database_errors
from service.store.tables import audit, audit_link
from service.store.tenant import act_for

_UTC = func.to_char(func.timezone("UTC", audit.c.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
AT = func.coalesce(_UTC, cast(audit.c.at, Text)).label("at")
"""As it is digested. Written by the database, which knows moments that Python does not."""
ENTRY = (
    audit.c.id,
    audit.c.authority,
    AT,
    audit.c.actor,
    audit.c.action,
    audit.c.subject_type,
    audit.c.subject_id,
    audit.c.detail,
)
_ALONE = sql("SELECT pg_try_advisory_xact_lock(hashtextextended('wise-bridge seals ' || :authority, 0))")


class ChainRows:
    """`service.ports.trail.Chain` for the role wise_keeper."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def seal(self, authority: str, above: int, limit: int) -> Sealed:
        """One short transaction. While another keeper is at it, nothing is done.

        The lock comes first and the look after it: so it sees every link that the keeper before has committed.
        """
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            if not connection.scalar(_ALONE, {"authority": authority}):
                return Sealed(0, 0)
            count = _append(connection, authority, _without_link(connection, authority, above, limit))
            highest = select(func.coalesce(func.max(audit_link.c.audit_id), 0))
            return Sealed(count, connection.scalar(highest.where(audit_link.c.authority == authority)) or 0)


def entry_from(row: Any) -> Entry:
    """From a row of `ENTRY`."""
    return Entry(**{name: getattr(row, name) for name in Entry.__dataclass_fields__})


def _without_link(connection: Connection, authority: str, above: int, limit: int) -> list[Entry]:
    linked = select(audit_link.c.audit_id).where(
        audit_link.c.authority == audit.c.authority, audit_link.c.audit_id == audit.c.id
    )
    wanted = (
        select(*ENTRY)
        .where(audit.c.authority == authority, audit.c.id > above, ~linked.exists())
        .order_by(audit.c.id)
        .limit(limit)
    )
    return [entry_from(row) for row in connection.execute(wanted)]


def _append(connection: Connection, authority: str, entries: Sequence[Entry]) -> int:
    if not entries:
        return 0
    newest = select(audit_link.c.position, audit_link.c.digest).where(audit_link.c.authority == authority)
    row = connection.execute(newest.order_by(audit_link.c.position.desc()).limit(1)).first()
    position, before = (row.position, row.digest) if row else (0, FIRST)
    links = []
    for number, entry in enumerate(entries, position + 1):
        before = digest(before, entry)
        links.append({"authority": authority, "position": number, "audit_id": entry.id, "digest": before})
    connection.execute(insert(audit_link), links)
    return len(links)
