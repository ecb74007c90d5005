"""Where alarms are kept: raised, seen again, cleared; what each channel was told; and whose turn it is to look."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, and_, case, func, select, tuple_, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from service.domain.alarm_kinds import Kind
from service.domain.alarms import Found
from service.domain.delivery import Owner
from service.domain.telling import Alarm, Notice, Told, Word
from service.ports.alarms import Watching
from service.store.casework import database_errors
from service.store.pulse import FAILURES_REMEMBERED
from service.store.tables.alarm import alarm, alarm_channel, alarm_told, alarm_watch, wakeup_failure
from service.store.tenant import act_for

TOLD_FOR = timedelta(days=7)
"""An alarm that has been over for so long is not told any more to a channel that was away all the time."""
_ONE_AT_A_TIME = sql("SELECT pg_advisory_xact_lock(hashtext('wise-bridge alarms ' || :authority))")
_HOLD = sql("SELECT pg_try_advisory_lock(hashtext('wise-bridge channel ' || :name))")
_LET_GO = sql("SELECT pg_advisory_unlock(hashtext('wise-bridge channel ' || :name))")
_IS_OPEN = alarm.c.cleared_at.is_(None)
_ALARM = (
    alarm.c.id,
    alarm.c.authority,
    alarm.c.kind,
    alarm.c.subject,
    alarm.c.owner,
    alarm.c.since,
    alarm.c.count,
    alarm.c.raised_at,
    alarm.c.last_seen_at,
    alarm.c.cleared_at,
)


class AlarmRows:
    """`service.ports.alarms.AlarmBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take_turn(self, every: timedelta) -> bool:
        """One conditional UPDATE on the database's clock."""
        due = (alarm_watch.c.looked_at.is_(None)) | (alarm_watch.c.looked_at <= func.now() - every)
        with self._begun(None) as connection:
            return connection.execute(update(alarm_watch).where(due).values(looked_at=func.now())).rowcount == 1

    def turn_ended(self) -> None:
        """On the database's clock."""
        with self._begun(None) as connection:
            connection.execute(update(alarm_watch).values(ended_at=func.now()))

    def watching(self) -> Watching:
        """As last noted."""
        with self._begun(None) as connection:
            row = connection.execute(select(alarm_watch.c.ended_at, func.now().label("now"))).one()
        return Watching(row.ended_at, row.now)

    def keep(self, authority: str | None, found: Sequence[Found], *, unjudged: Collection[Kind]) -> int:
        """Two that look at once take turns, so that none clears what the other has just seen."""
        with self._begun(authority) as connection:
            connection.execute(_ONE_AT_A_TIME, {"authority": authority or ""})
            raised = sum(_raise(connection, authority, each) for each in found)
            return raised + _clear(connection, authority, found, unjudged)

    def open(self, authority: str | None) -> list[Alarm]:
        """Oldest first."""
        with self._begun(authority) as connection:
            query = select(*_ALARM).where(_mine(authority), _IS_OPEN).order_by(alarm.c.raised_at, alarm.c.id)
            return [_alarm(row) for row in connection.execute(query)]

    @contextmanager
    def channel(self, name: str) -> Iterator[int | None]:
        """Held by the connection and not by a row: it is let go when the process ends, however it ends.

        No transaction is open meanwhile, for a channel may take its time.
        """
        with self._begun(None) as connection:
            connection.execute(insert(alarm_channel).values(name=name).on_conflict_do_nothing())
        each_alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with database_errors(), each_alone.connect() as held:
            if not held.scalar(_HOLD, {"name": name}):
                yield None
                return
            try:
                is_due = (alarm_channel.c.name == name) & (alarm_channel.c.due_at <= func.now())
                yield held.scalar(select(alarm_channel.c.tries).where(is_due))
            finally:
                held.execute(_LET_GO, {"name": name})

    def to_tell(self, name: str, authority: str | None, limit: int) -> list[tuple[Alarm, Told]]:
        """What is open, or over and not yet said to be."""
        joined = alarm.outerjoin(alarm_told, and_(alarm_told.c.alarm_id == alarm.c.id, alarm_told.c.channel == name))
        query = (
            select(*_ALARM, alarm_told.c.word, alarm_told.c.told_at, alarm_told.c.times)
            .select_from(joined)
            .where(_mine(authority), func.coalesce(alarm_told.c.word, "") != Word.CLEARED.value)
            .where(_IS_OPEN | (alarm.c.cleared_at > func.now() - TOLD_FOR))
            .order_by(alarm.c.raised_at, alarm.c.id)
            .limit(limit)
        )
        with self._begun(authority) as connection:
            return [(_alarm(row), _told(row)) for row in connection.execute(query)]

    def told(self, name: str, notices: Sequence[Notice]) -> None:
        """Each in its own authority's name."""
        for authority in {each.alarm.authority for each in notices}:
            with self._begun(authority) as connection:
                for each in notices:
                    if each.alarm.authority == authority:
                        connection.execute(_note(name, each))

    def channel_works(self, name: str) -> None:
        """Due again at once."""
        self._channel(name, tries=0, failing_since=None, trouble=None, due_at=func.now())

    def channel_failed(self, name: str, trouble: str, rest: timedelta) -> None:
        """It keeps the time since which it has been failing."""
        since = func.coalesce(alarm_channel.c.failing_since, func.now())
        tries = alarm_channel.c.tries + 1
        self._channel(name, tries=tries, failing_since=since, trouble=trouble, due_at=func.now() + rest)

    def wakeups_failed(self, process: UUID, count: int) -> None:
        """Keeps since when, unless the last failure is long past."""
        lately = wakeup_failure.c.last_at > func.now() - FAILURES_REMEMBERED
        noted = insert(wakeup_failure).values(process=process, count=count)
        again = {
            "count": count,
            "first_at": case((lately, wakeup_failure.c.first_at), else_=func.now()),
            "last_at": func.now(),
        }
        with self._begun(None) as connection:
            connection.execute(noted.on_conflict_do_update(index_elements=[wakeup_failure.c.process], set_=again))

    def _channel(self, name: str, **values: Any) -> None:
        with self._begun(None) as connection:
            connection.execute(update(alarm_channel).where(alarm_channel.c.name == name).values(values))

    @contextmanager
    def _begun(self, authority: str | None) -> Iterator[Connection]:
        """The policy shows a transaction without an authority what is the bridge's own, and no authority's rows."""
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority or "")
            yield connection


def _mine(authority: str | None) -> Any:
    return alarm.c.authority.is_(None) if authority is None else alarm.c.authority == authority


def _raise(connection: Connection, authority: str | None, found: Found) -> int:
    """1 when it is new."""
    now = {"owner": found.owner.name.lower(), "count": found.count, "since": found.since}
    seen = (
        update(alarm)
        .where(_mine(authority), _IS_OPEN, alarm.c.kind == found.kind.value, alarm.c.subject == found.subject)
        .values(last_seen_at=func.now(), owner=now["owner"], count=now["count"])
    )
    if connection.execute(seen).rowcount:
        return 0
    new = insert(alarm).values(authority=authority, kind=found.kind.value, subject=found.subject, **now)
    return connection.execute(new).rowcount


def _clear(connection: Connection, authority: str | None, found: Sequence[Found], unjudged: Collection[Kind]) -> int:
    over = update(alarm).where(_mine(authority), _IS_OPEN).values(cleared_at=func.now())
    if unjudged:
        over = over.where(alarm.c.kind.not_in(sorted(unjudged)))
    if found:
        still = [(each.kind.value, each.subject) for each in found]
        over = over.where(tuple_(alarm.c.kind, alarm.c.subject).not_in(still))
    return connection.execute(over).rowcount


def _note(channel: str, notice: Notice) -> Any:
    said = {"word": notice.word.value, "told_at": func.now(), "times": notice.number}
    new = insert(alarm_told).values(alarm_id=notice.alarm.id, channel=channel, authority=notice.alarm.authority, **said)
    return new.on_conflict_do_update(index_elements=[alarm_told.c.alarm_id, alarm_told.c.channel], set_=said)


def _alarm(row: Any) -> Alarm:
    values = {column.name: getattr(row, column.name) for column in _ALARM}
    return Alarm(**values | {"kind": Kind(row.kind), "owner": Owner[row.owner.upper()]})


def _told(row: Any) -> Told:
    return Told(Word(row.word) if row.word else None, row.told_at, row.times or 0)
