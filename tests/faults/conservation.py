"""Every second of a fault run: accepted = delivered + superseded + cancelled + open, by SQL of its own.

Also, at any moment: what was acknowledged outside is in the database, no young person has two records on the way at
once, and whatever is delivered has the case system's number for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg

_BALANCE = b"""
    SELECT s.authority, (s.received_at AT TIME ZONE 'Europe/London')::date::text AS day,
           count(DISTINCT s.id) AS accepted,
           count(*) FILTER (WHERE d.state = 'delivered') AS delivered,
           count(*) FILTER (WHERE d.state = 'superseded') AS superseded,
           count(*) FILTER (WHERE d.state = 'cancelled') AS cancelled,
           count(*) FILTER (WHERE d.state IN ('ready', 'in_flight', 'retry', 'unknown', 'needs_human')) AS open
      FROM casework.submission s
      LEFT JOIN casework.delivery d ON d.submission_id = s.id AND d.kind IN ('record', 'retraction')
     GROUP BY 1, 2
"""
_TWO_AT_ONCE = b"""
    SELECT authority, count(*) FROM casework.delivery
     WHERE state = 'in_flight' AND kind IN ('record', 'retraction')
     GROUP BY authority, child_key HAVING count(*) > 1
"""
_UNPROVEN = b"SELECT count(*) FROM casework.delivery WHERE state = 'delivered' AND record_number IS NULL"


class Outside(Protocol):
    """What was acknowledged, kept outside the service."""

    accepted: dict[str, Any]


@dataclass
class Conservation:
    """`samples` counts the looks that the database answered, `broken` says what did not add up."""

    url: str
    outside: Outside
    samples: int = 0
    missed: int = 0
    broken: list[str] = field(default_factory=list)

    @contextmanager
    def watched(self, *, every: float = 1.0) -> Iterator[None]:
        """Looks every second while the block runs, and once more at its end."""
        ended = threading.Event()
        thread = threading.Thread(target=self._watch, args=(ended, every), name="conservation", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(30)
            self.look()

    def look(self) -> None:
        """One look, on a connection of its own: the server may be killed at any moment."""
        promised = len(self.outside.accepted)
        try:
            with psycopg.connect(self.url, autocommit=True, connect_timeout=3) as connection:
                found = faults(connection, promised)
        except psycopg.Error:
            self.missed += 1
            return
        self.samples += 1
        self.broken += [f"{time.strftime('%H:%M:%S')} {each}" for each in found]

    def _watch(self, ended: threading.Event, every: float) -> None:
        while not ended.wait(every):
            self.look()


def faults(connection: psycopg.Connection[tuple[Any, ...]], promised: int) -> list[str]:
    """What does not add up. `promised` is how many had been acknowledged before this look began."""
    found, kept = [], 0
    for authority, day, accepted, *parts in connection.execute(_BALANCE).fetchall():
        kept += accepted
        if accepted != sum(parts):
            found.append(f"{authority} {day}: {accepted} accepted, {sum(parts)} accounted for")
    if kept < promised:
        found.append(f"{promised} acknowledged, {kept} in the database")
    for authority, count in connection.execute(_TWO_AT_ONCE).fetchall():
        found.append(f"{authority}: {count} records of one young person on the way at once")
    ((unproven,),) = connection.execute(_UNPROVEN).fetchall()
    if unproven:
        found.append(f"{unproven} delivered without a number of the case system")
    return found
