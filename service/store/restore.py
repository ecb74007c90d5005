"""Whether the database is the one it was, and what is done when it came back from a backup."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, TextClause, event, text
from sqlalchemy.exc import OperationalError

from service.errors import ConfigFault, ConfigurationFault
from service.ports.restore import Gap, Standing
from service.store.casework import database_errors
from service.store.engine import let_it_take
from service.store.tenant import act_for

_RECOGNISE = "SELECT identity, epoch, lsn::text, mode FROM casework.recognise(%s, %s, %s::pg_lsn)"


@dataclass(frozen=True)
class Mark:
    """How far the database had come: which one it was, after how many restores, at which place of its log."""

    identity: str | None = None
    epoch: int | None = None
    lsn: str | None = None

    def place(self) -> tuple[int, int]:
        """In order."""
        high, _, low = (self.lsn or "0/0").partition("/")
        return self.epoch or 0, int(high, 16) << 32 | int(low, 16)


class Tide:
    """The mark of one process, which can only rise. With a file it is still known after a restart of the machine.

    Raises `ConfigurationFault` when the file is there and holds no mark: it is not guessed what it said.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file, self._lock = file, Lock()
        self._mark = _read(file) if file else Mark()

    def recognise(self, connection: psycopg.Connection[Any]) -> str:
        """Tells the database what it was; it answers in which mode it is now, and notes it for all."""
        mark = self._mark
        row = connection.execute(_RECOGNISE, (mark.identity, mark.epoch, mark.lsn)).fetchone()
        connection.commit()
        if row is None:
            raise LookupError("the database says nothing of itself")
        self._rise(Mark(row[0], row[1], row[2]))
        return str(row[3])

    def look(self, engine: Engine) -> str:
        """Now and then, also over a connection that is kept; and writes the mark down."""
        with database_errors(), engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            mode = self.recognise(driver)
        if self._file:
            _write(self._file, self._mark)
        return mode

    def _rise(self, mark: Mark) -> None:
        with self._lock:
            self._mark = max(self._mark, mark, key=Mark.place)


def recognise_first(engine: Engine, tide: Tide) -> Engine:
    """From now on no connection of this engine is used before the database has been recognised through it.

    A database that is restored ends its connections, so whoever goes on afterwards has a new one.
    """

    @event.listens_for(engine, "connect")
    def _recognise(connection: Any, _record: Any) -> None:
        driver: psycopg.Connection[Any] = getattr(connection, "driver_connection", connection)
        try:
            tide.recognise(driver)
        except (psycopg.errors.UndefinedFunction, psycopg.errors.InvalidSchemaName):
            driver.rollback()  # not migrated yet, so nothing can have been delivered from it
        except psycopg.OperationalError as error:
            raise OperationalError("recognise", None, error) from error

    return engine


class RestoreRows:
    """`service.ports.restore.Restores`, as the owner role."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def standing(self) -> Standing:
        """Of the one row."""
        with database_errors(), self._engine.begin() as connection:
            row = connection.execute(
                text(
                    "SELECT casework.mode() AS mode, since, by, reason, alive_until, restored_on,"
                    " identity IS NOT NULL AND identity <> casework.identity() AS strange,"
                    " reapplied_epoch IS NOT DISTINCT FROM epoch AS reapplied FROM casework.bridge"
                )
            ).one()
        return Standing(*row)

    def begin(self, by: str, reason: str, alive_until: datetime | None) -> None:
        """From now on nothing is claimed. This database is taken for the one that holds."""
        self._change(_BEGIN, by=by, reason=reason, alive_until=alive_until)

    def look(self, authorities: Iterable[str], by_hand: Collection[str], by: str) -> dict[str, int]:
        """All in one transaction. Whoever is writing a delivery is waited for, so that none is overlooked."""
        moved: dict[str, int] = {}
        with database_errors(), self._engine.begin() as connection:
            let_it_take(connection)
            connection.execute(text("LOCK TABLE casework.delivery IN SHARE ROW EXCLUSIVE MODE"))
            for authority in authorities:
                act_for(connection, authority)
                moved[authority] = _doubt(connection, authority, by, by_hand=authority in by_hand)
            connection.execute(
                text("UPDATE casework.bridge SET mode = 'look_first', by_hand = :by_hand"), {"by_hand": sorted(by_hand)}
            )
        return moved

    def finish(self, by: str, *, restored: bool) -> None:
        """As usual again. `restored` is whether anything can have been lost: then what is sent again is looked up."""
        self._change(_FINISH, by=by, restored=restored)

    def authorities(self) -> frozenset[str]:
        """Of every client there ever was."""
        with database_errors(), self._engine.begin() as connection:
            return frozenset(connection.scalars(text("SELECT DISTINCT authority FROM casework.client")))

    def doubted(self, authority: str) -> dict[str, int]:
        """How many are still open because of the restore, by state."""
        query = (
            "SELECT state, count(*) FROM casework.delivery WHERE authority = :authority AND reason = 'restored'"
            " AND state NOT IN ('delivered', 'superseded', 'cancelled') GROUP BY state"
        )
        return {row[0]: row[1] for row in self._rows(authority, query)}

    def reviews_to_raise(self, authority: str) -> int:
        """Due by today in London, and nobody told."""
        query = (
            "SELECT count(*) FROM casework.review WHERE authority = :authority AND status = 'open'"
            " AND raised_at IS NULL AND due_on <= (now() AT TIME ZONE 'Europe/London')::date"
        )
        return int(self._rows(authority, query)[0][0])

    def gaps(self, authority: str) -> list[Gap]:
        """For each client that may send: from its last record that is still here, or the last sign of life if later."""
        query = """
            SELECT c.client_id, c.name, s.newest,
                   greatest(s.newest, b.alive_until) - interval '1 minute' AS begins, b.since AS ends
            FROM casework.client AS c CROSS JOIN casework.bridge AS b LEFT JOIN (
              SELECT client_id, max(received_at) AS newest FROM casework.submission
              WHERE authority = :authority AND received_at < (SELECT since FROM casework.bridge) GROUP BY client_id
            ) AS s ON s.client_id = c.client_id
            WHERE c.authority = :authority AND 'records:write' = ANY (c.scopes)
              AND (c.revoked_at IS NULL OR c.revoked_at > b.alive_until)
            ORDER BY c.client_id
            """
        return [Gap(authority, *row) for row in self._rows(authority, query)]

    def absent(self, authority: str, sender_refs: Collection[str]) -> list[str]:
        """Which of the sender's ids are not here."""
        query = (
            "SELECT wanted FROM unnest(CAST(:wanted AS text[])) AS wanted WHERE NOT EXISTS (SELECT FROM"
            ' casework.submission WHERE authority = :authority AND sender_ref = wanted) ORDER BY wanted COLLATE "C"'
        )
        return [row[0] for row in self._rows(authority, query, wanted=list(sender_refs))]

    def _rows(self, authority: str, query: str, **values: Any) -> list[Any]:
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            return list(connection.execute(text(query), {"authority": authority, **values}))

    def _change(self, statement: TextClause, **values: Any) -> None:
        with database_errors(), self._engine.begin() as connection:
            connection.execute(statement, values)


_BEGIN = text(
    "UPDATE casework.bridge SET mode = 'reconcile_first', epoch = epoch + 1, identity = casework.identity(),"
    " alive_until = :alive_until, since = now(), by = :by, reason = :reason"
)
_FINISH = text(
    "UPDATE casework.bridge SET mode = 'usual', identity = casework.identity(), by = :by,"
    " restored_on = CASE WHEN :restored THEN (now() AT TIME ZONE 'Europe/London')::date ELSE restored_on END"
)
_MOVE = text(
    """
    WITH moved AS (
      UPDATE casework.delivery
      SET state = :state, reason = 'restored', may_have_arrived = true, lookups = 0, absences = 0, failures = 0,
          lease_until = NULL, held_by = NULL, put_off_since = NULL, due_at = now(), changed_at = now()
      WHERE authority = :authority AND state IN ('ready', 'retry', 'in_flight', 'unknown')
      RETURNING id, reference
    )
    INSERT INTO casework.audit (authority, actor, action, subject_type, subject_id, detail)
    SELECT :authority, 'officer:' || :by, 'delivery_' || :state, 'delivery', id::text,
           jsonb_build_object('reference', reference, 'reason', 'restored')
    FROM moved
    """
)
_HELD = text(
    "UPDATE casework.delivery SET may_have_arrived = true"
    " WHERE authority = :authority AND state = 'needs_human' AND NOT may_have_arrived"
)
_FORGOTTEN_FUTURE = text(
    "UPDATE casework.delivery SET changed_in = pg_current_xact_id()::text::bigint"
    " WHERE authority = :authority AND changed_in > pg_current_xact_id()::text::bigint"
)
# A cluster made anew counts its transactions from the beginning; what changed in one that it has not come to would not
# be told to anybody until then.


def _doubt(connection: Connection, authority: str, by: str, *, by_hand: bool) -> int:
    state = "needs_human" if by_hand else "unknown"
    connection.execute(_HELD, {"authority": authority})
    connection.execute(_FORGOTTEN_FUTURE, {"authority": authority})
    return connection.execute(_MOVE, {"authority": authority, "by": by, "state": state}).rowcount


def _read(file: Path) -> Mark:
    try:
        content = json.loads(file.read_text())
        mark = Mark(str(content["identity"]), int(content["epoch"]), str(content["lsn"]))
        mark.place()
    except FileNotFoundError:
        return Mark()
    except (OSError, ValueError, KeyError, TypeError):
        fix = "Look at docs/restore.md before you remove it."
        raise ConfigurationFault([ConfigFault(str(file), None, "WISE_TIDE_FILE", "isn't a tide mark.", fix)]) from None
    return mark


def _write(file: Path, mark: Mark) -> None:
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with new.open("w", encoding="utf-8") as opened:
        opened.write(json.dumps(asdict(mark)))
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
