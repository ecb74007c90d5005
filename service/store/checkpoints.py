"""Checkpoints of the trail: made, kept, and how far each way outside has taken them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as upsert

from service.domain.trail.checkpoint import Checkpoint
from service.ports.trail import Owed, Signs, WayFailed
from service.store.casework import database_errors
from service.store.refused import CHECKPOINTS, refused
from service.store.tables import audit_checkpoint, audit_link, checkpoint_sending
from service.store.tenant import act_for

TRY_AGAIN = timedelta(seconds=30)
_ONE_AT_A_TIME = sql("SELECT pg_advisory_xact_lock(hashtextextended('wise-bridge checkpoint ' || :authority, 0))")
_HOLD = sql("SELECT pg_try_advisory_lock(hashtextextended('wise-bridge sends ' || :what, 0))")
_LET_GO = sql("SELECT pg_advisory_unlock(hashtextextended('wise-bridge sends ' || :what, 0))")


class CheckpointRows:
    """`service.ports.trail.Checkpoints` for the role wise_keeper."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(self, authority: str, every: timedelta, signs: Signs) -> bool:
        """On the database's clock."""
        with self._begun(authority) as connection:
            connection.execute(_ONE_AT_A_TIME, {"authority": authority})
            last, head = _last(connection, authority), _newest(connection, authority)
            _require_grown_from(connection, authority, last)
            now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            if head is None or (last and (head.position <= last.position or now - last.at < every)):
                return False
            since = last.position if last else 0
            at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            new = Checkpoint(authority, head.position, head.digest.hex(), head.position - since, at)
            row = {"authority": authority, "position": head.position, "digest": head.digest, "at": now}
            connection.execute(insert(audit_checkpoint), row | {"statement": signs.sign(new)})
            return True

    @contextmanager
    def alone(self, authority: str, way: str) -> Iterator[bool]:
        """Held by the connection: it is let go when the process ends, however it ends. No transaction is open."""
        what = {"what": f"{authority} {way}"}
        each_alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with database_errors(), each_alone.connect() as held:
            if not held.scalar(_HOLD, what):
                yield False
                return
            try:
                yield True
            finally:
                held.execute(_LET_GO, what)

    def owed(self, authority: str, way: str, limit: int) -> Sequence[Owed]:
        """From where this way has come to."""
        with self._begun(authority) as connection:
            mine = (checkpoint_sending.c.authority == authority) & (checkpoint_sending.c.way == way)
            fresh = checkpoint_sending.c.failing_since.is_not(None) & (
                checkpoint_sending.c.tried_at > func.now() - TRY_AGAIN
            )
            state = connection.execute(select(checkpoint_sending.c.position, fresh.label("fresh")).where(mine)).first()
            if state and state.fresh:
                return []
            query = (
                select(audit_checkpoint.c.position, audit_checkpoint.c.statement)
                .where(audit_checkpoint.c.authority == authority)
                .where(audit_checkpoint.c.position > (state.position if state else 0))
                .order_by(audit_checkpoint.c.position)
                .limit(limit)
            )
            return [Owed(*row) for row in connection.execute(query)]

    def sent(self, authority: str, way: str, position: int) -> None:
        """Over whatever failed before."""
        self._keep(authority, way, position=position, failing_since=None, trouble=None)

    def failed(self, authority: str, way: str, trouble: str) -> None:
        """The position stays."""
        since = func.coalesce(checkpoint_sending.c.failing_since, func.now())
        self._keep(authority, way, failing_since=since, trouble=trouble)

    def address_refused(self, reason: str) -> None:
        """The address is the operator's and one for all, so the entry is no authority's."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(select(refused(CHECKPOINTS, "", reason)))

    def works(self, authority: str, way: str) -> None:
        """Writes only where something was amiss."""
        with self._begun(authority) as connection:
            amiss = checkpoint_sending.c.failing_since.is_not(None) & (checkpoint_sending.c.way == way)
            mine = checkpoint_sending.c.authority == authority
            changed = checkpoint_sending.update().where(mine, amiss)
            connection.execute(changed.values(failing_since=None, trouble=None, tried_at=func.now()))

    def _keep(self, authority: str, way: str, **values: Any) -> None:
        first = {
            name: func.now() if name == "failing_since" and value is not None else value
            for name, value in values.items()
        }
        new = upsert(checkpoint_sending).values(authority=authority, way=way, tried_at=func.now(), **first)
        later = new.on_conflict_do_update(index_elements=["authority", "way"], set_=values | {"tried_at": func.now()})
        with self._begun(authority) as connection:
            connection.execute(later)

    @contextmanager
    def _begun(self, authority: str) -> Iterator[Connection]:
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            yield connection


def _last(connection: Connection, authority: str) -> Any:
    """Position, digest and moment, or None."""
    mine = select(audit_checkpoint.c.position, audit_checkpoint.c.digest, audit_checkpoint.c.at)
    mine = mine.where(audit_checkpoint.c.authority == authority)
    return connection.execute(mine.order_by(audit_checkpoint.c.position.desc()).limit(1)).first()


def _newest(connection: Connection, authority: str) -> Any:
    """Position and digest, or None."""
    mine = select(audit_link.c.position, audit_link.c.digest).where(audit_link.c.authority == authority)
    return connection.execute(mine.order_by(audit_link.c.position.desc()).limit(1)).first()


def _require_grown_from(connection: Connection, authority: str, last: Any) -> None:
    """A chain that is not the one we signed is for people to look at, and is not signed over."""
    if last is None:
        return
    there = select(audit_link.c.digest).where(
        audit_link.c.authority == authority, audit_link.c.position == last.position
    )
    if connection.scalar(there) != last.digest:
        raise WayFailed("chain_changed")
