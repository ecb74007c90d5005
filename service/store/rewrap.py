"""What lies under which version of an authority's key, and wrapping it anew under the newest, while all goes on.

Only heads are read and written. A transaction takes a few rows and skips those that somebody else holds; they come in
the next round. Whatever stops it, the next run goes on: what is done is no longer under an old version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, text

from service.errors import NeedsHuman
from service.store.engine import let_it_take
from service.store.errors import database_errors
from service.store.keys import KeyRing
from service.store.sealed_places import PLACES, Place
from service.store.tenant import act_for
from service.store.vault import HEAD_MAX, KeyedVault

BATCH = 200
"""Rows in a transaction: some milliseconds of locks."""
COUNT_LIMIT = "10min"
SHREDDED, UNKNOWN = "shredded", "unknown"
"""Beside versions: rows without a body any more, and rows of no form we know."""
Counts = Mapping[str, Mapping[int | str, int]]


@dataclass(frozen=True)
class Rewrapped:
    """How many were wrapped anew, and how many are not: no key of today opens them, or somebody holds them still."""

    done: int
    left: int


class Rewrapper:
    """All that is sealed for one authority at a time. Raises `Unavailable` when the database or a key is away."""

    def __init__(self, engine: Engine, ring: KeyRing) -> None:
        self._engine, self._ring, self._vault = engine, ring, KeyedVault(ring)

    def counts(self, authority: str) -> Counts:
        """By place and version."""
        found: dict[str, Mapping[int | str, int]] = {}
        for place in PLACES:
            with database_errors(), self._engine.begin() as connection:
                let_it_take(connection, COUNT_LIMIT)
                act_for(connection, authority)
                rows = connection.execute(_counting(place), {"authority": authority})
                found[place.name] = {_version(row): row.rows for row in rows}
        return found

    def under(self, authority: str, version: int) -> dict[str, int]:
        """By place, how many rows lie under one version; places without any are left out."""
        found = {name: versions.get(version, 0) for name, versions in self.counts(authority).items()}
        return {name: rows for name, rows in found.items() if rows}

    def rewrap(self, authority: str, told: Callable[[int], None] = lambda _rows: None) -> Rewrapped:
        """Everything under older versions. `told` hears how many more rows were looked at."""
        done = 0
        for place in PLACES:
            while more := self._round(place, authority, told):
                done += more
        return Rewrapped(done, self._left(authority))

    def _round(self, place: Place, authority: str, told: Callable[[int], None]) -> int:
        """From the first row to the last, once. How many were wrapped anew."""
        done = 0
        after: tuple[Any, ...] | None = None
        while True:
            with database_errors(), self._engine.begin() as connection:
                act_for(connection, authority)
                rows = self._taken(connection, place, authority, after)
                done += self._wrapped(connection, place, authority, rows)
            if not rows:
                return done
            told(len(rows))
            after = tuple(rows[-1])[: len(place.keys)]

    def _taken(self, connection: Connection, place: Place, authority: str, after: tuple[Any, ...] | None) -> list[Any]:
        newest = self._ring.kept(authority, place.kind).newest
        values = {"authority": authority, "newest": newest, "batch": BATCH}
        values |= {f"after_{name}": value for name, value in zip(place.keys, after or (), strict=False)}
        return list(connection.execute(_taking(place, first=after is None), values))

    def _wrapped(self, connection: Connection, place: Place, authority: str, rows: list[Any]) -> int:
        changes = [change for row in rows if (change := self._change(place, authority, row))]
        if changes:
            connection.execute(_changing(place), [{**each, "authority": authority} for each in changes])
        return len(changes)

    def _change(self, place: Place, authority: str, row: Any) -> dict[str, Any] | None:
        try:
            head, length = self._vault.wrapped_anew(authority, place.kind, place.subject(row), bytes(row.head))
        except NeedsHuman:
            return None
        return {"head": head, "rest": length + 1} | {name: getattr(row, name) for name in place.keys}

    def _left(self, authority: str) -> int:
        """What is still not under the newest version, when nobody holds it any more."""
        left, counts = 0, self.counts(authority)
        for place in PLACES:
            newest = self._ring.kept(authority, place.kind).newest
            versions = counts[place.name]
            left += sum(
                rows
                for version, rows in versions.items()
                if version == UNKNOWN or (isinstance(version, int) and version < newest)
            )
        return left


def _version(row: Any) -> int | str:
    if row.version is not None:
        return int(row.version)
    return SHREDDED if row.shredded else UNKNOWN


def _counting(place: Place) -> TextClause:
    return text(
        f"SELECT casework.key_version(substring({place.column} FROM 1 FOR 3)) AS version,"  # noqa: S608 - our own names  # nosec B608
        f" {place.column} = '\\x00' AS shredded, count(*) AS rows"
        f" FROM casework.{place.table} WHERE authority = :authority AND {place.column} IS NOT NULL GROUP BY 1, 2"
    )


def _taking(place: Place, *, first: bool) -> TextClause:
    keys = ", ".join(f"r.{name}" for name in place.keys)
    on = f"JOIN casework.submission s ON s.id = r.{place.keys[0]}" if place.of_child else ""
    after = "" if first else f"AND ({keys}) > ({', '.join(f':after_{name}' for name in place.keys)})"
    return text(
        f"SELECT {keys}, substring(r.{place.column} FROM 1 FOR {HEAD_MAX}) AS head"  # noqa: S608 - our own names  # nosec B608
        f"{', s.child_key' if place.of_child else ''} FROM casework.{place.table} r {on}"
        f" WHERE r.authority = :authority {after}"
        f" AND casework.key_version(substring(r.{place.column} FROM 1 FOR 3)) < :newest"
        f" ORDER BY {keys} LIMIT :batch FOR NO KEY UPDATE OF r SKIP LOCKED"
    )


def _changing(place: Place) -> TextClause:
    found = " AND ".join(f"{name} = :{name}" for name in place.keys)
    new = f"CAST(:head AS bytea) || substring({place.column} FROM CAST(:rest AS integer))"
    # The names of tables and columns are constants of `sealed_places`.
    changed = f"UPDATE casework.{place.table} SET {place.column} = {new}"  # noqa: S608  # nosec B608
    return text(f"{changed} WHERE authority = :authority AND {found}")  # nosemgrep: sql-made-of-strings
