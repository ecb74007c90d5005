"""The books: accepted = delivered + superseded + cancelled + open, per authority and London day of acceptance.

What was accepted is read from the trail, which is only ever added to; what became of it from the rows of today. Each
thing is held against its own rows, so that one that is lost and one that is there twice do not make up for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, text

from service.store.casework import database_errors
from service.store.engine import let_it_take
from service.store.tenant import act_for

DAYS = 7
"""How many days are looked at when nobody says since when."""

_SINCE = text("SELECT (now() AT TIME ZONE 'Europe/London')::date - CAST(:days AS integer)")
_BALANCE = text(
    """
    WITH moment AS (SELECT CAST(:since AS timestamp) AT TIME ZONE 'Europe/London' AS since),
    accepted AS MATERIALIZED (
      SELECT a.* FROM casework.accepted_since((SELECT since FROM moment)) AS a WHERE NOT EXISTS (
        SELECT FROM casework.forgotten AS f
        WHERE f.authority = current_setting('wise.authority', true) AND f.subject_id = CAST(a.id AS text))
    ),
    kept AS (
      SELECT id, received_at FROM casework.submission
      WHERE authority = current_setting('wise.authority', true)
        AND received_at >= (SELECT since - interval '1 hour' FROM moment)
    ),
    item AS (
      SELECT coalesce(a.id, k.id) AS id,
             coalesce(a.kind, 'record') AS kind,
             coalesce(k.received_at, a.at) AS at,
             CASE WHEN a.id IS NULL THEN 0 ELSE a.owed END AS owed,
             (a.kind = 'record' AND k.id IS NULL) IS TRUE AS gone,
             a.id IS NULL AS unnoted
      FROM accepted AS a FULL JOIN kept AS k ON k.id = a.id
    ),
    found AS (
      SELECT i.*, d.id AS delivery, d.state, d.submission_id
      FROM item AS i LEFT JOIN casework.delivery AS d
        ON d.authority = current_setting('wise.authority', true) AND d.submission_id = i.id AND d.kind <> 'review_task'
      WHERE i.kind = 'record'
      UNION ALL
      SELECT i.*, d.id, d.state, d.submission_id
      FROM item AS i LEFT JOIN casework.delivery AS d
        ON d.authority = current_setting('wise.authority', true) AND d.id = CASE i.kind WHEN 'task' THEN i.id ELSE (
          SELECT first.id FROM casework.delivery AS first
          WHERE first.authority = current_setting('wise.authority', true) AND first.review_id = i.id
          ORDER BY first.seq LIMIT 1) END
      WHERE i.kind IN ('task', 'review')
    ),
    told AS (
      SELECT f.*, f.state NOT IN ('delivered', 'superseded', 'cancelled') AS open,
             CASE WHEN f.state IN ('delivered', 'superseded', 'cancelled') THEN false
                  WHEN f.kind IN ('task', 'review') AND EXISTS (SELECT FROM casework.review AS r
                    JOIN casework.delivery AS d ON d.review_id = r.id
                    WHERE d.id = f.delivery AND r.sealed_person IS NOT NULL) THEN false
                  ELSE NOT EXISTS (SELECT FROM casework.payload AS p WHERE p.submission_id = f.submission_id)
             END AS bodiless
      FROM found AS f
    ),
    each AS (
      SELECT id, at, owed, gone, unnoted,
             count(delivery) AS there,
             count(*) FILTER (WHERE state = 'delivered') AS delivered,
             count(*) FILTER (WHERE state = 'superseded') AS superseded,
             count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
             count(*) FILTER (WHERE open) AS open,
             count(*) FILTER (WHERE open AND bodiless) AS bodiless
      FROM told WHERE at >= (SELECT since FROM moment) GROUP BY id, at, owed, gone, unnoted
    )
    SELECT CAST(at AT TIME ZONE 'Europe/London' AS date) AS day,
           sum(coalesce(owed, there)) AS accepted,
           sum(delivered) AS delivered,
           sum(superseded) AS superseded,
           sum(cancelled) AS cancelled,
           sum(open) AS open,
           sum(greatest(owed - there, CAST(gone AS integer), 0) + bodiless) AS missing,
           sum(greatest(there - owed, CAST(unnoted AS integer), 0)) AS unasked
    FROM each GROUP BY 1 ORDER BY 1
    """
)
_MANY = text(
    """
    SELECT count(*) > greatest(2000, (SELECT reltuples / 20 FROM pg_class WHERE oid = to_regclass('casework.delivery')))
    FROM casework.accepted_since(CAST(:since AS timestamp) AT TIME ZONE 'Europe/London')
    """
)
# An hour more of what is kept, because a row says when its transaction began, and the trail when the entry was written.


@dataclass(frozen=True)
class Balance:
    """One authority's day, in deliveries.

    `missing` were accepted and have no delivery, or an open one whose body is gone; `unasked` are there though nobody
    accepted them, or once too often. `accepted` less the four states is `missing` less `unasked`, missing bodies apart.
    """

    authority: str
    day: date
    accepted: int
    delivered: int
    superseded: int
    cancelled: int
    open: int
    missing: int
    unasked: int

    @property
    def difference(self) -> int:
        """0 when the books balance."""
        return self.missing + self.unasked


class ConservationRows:
    """The books of the one authority that the connection's transaction was begun for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def table(self, since: date | None = None) -> list[Balance]:
        """Every London day from `since` on with anything in it, oldest first; left out, the last `DAYS` and today."""
        authority = self._connection.scalar(text("SELECT current_setting('wise.authority', true)")) or ""
        since = since or self._connection.scalar(_SINCE, {"days": DAYS})
        with self._for_many(since):
            rows = self._connection.execute(_BALANCE, {"since": since}).all()
        return [Balance(authority, row[0], *(int(value) for value in row[1:])) for row in rows]

    @contextmanager
    def _for_many(self, since: date | None) -> Iterator[None]:
        """The planner cannot see how much a function gives and takes it for little: row by row, through indexes."""
        many = self._connection.scalar(_MANY, {"since": since})
        if many:
            self._connection.execute(text("SET LOCAL enable_nestloop = off"))
        yield
        if many:
            self._connection.execute(text("SET LOCAL enable_nestloop = on"))

    def broken(self, since: date | None = None) -> list[tuple[str, date, int]]:
        """(authority, day, difference) where the books do not balance; empty when they do."""
        return [(each.authority, each.day, each.difference) for each in self.table(since) if each.difference]


def balances(engine: Engine, authorities: Iterable[str], since: date | None = None) -> list[Balance]:
    """The books of each of these authorities, each in a transaction of its own."""
    found: list[Balance] = []
    for authority in authorities:
        with database_errors(), engine.begin() as connection:
            act_for(connection, authority)
            let_it_take(connection, "10min")
            found += ConservationRows(connection).table(since)
    return found


def difference(engine: Engine, authority: str, since: date | None = None) -> int:
    """How far an authority's books are from balancing; 0 when they do. For a gauge or an alarm."""
    return sum(each.difference for each in balances(engine, [authority], since))
