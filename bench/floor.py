"""`python -m bench.floor`: what the triggers under the keys cost a record, on a server of its own.

`--rows` records are kept by a statement like that of intake, a body, third parties, a sketch and a digest each, in
rounds that take turns with and without the triggers. Told is the median of the server's own CPU time, read from /proc
(Linux), so that what else the machine does counts little; the first round of each kind is left out. There are five
floors in force, as of an authority whose key was replaced five times.
"""

from __future__ import annotations

import argparse
import os
import statistics
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from bench.own_server import AUTHORITY, OwnServer, own_server
from service.store.key_changes import KeyFolder
from service.store.keys import KeyRing
from service.store.vault import KeyedVault

TABLES = ("submission", "payload", "third_party", "sketch")
KEEP = """
WITH kept AS (
  INSERT INTO casework.submission (id, authority, sender_ref, client_id, record_type, kind, schema_version,
      template_version, content_digest, child_key, completed_on, warnings, sealed_digest)
    VALUES (%(id)s, %(authority)s, %(ref)s, 'bench', 'wise_assessment', 'new', '1', '1', '', '', now(), '[]', %(small)s)
    RETURNING id, authority
), body AS (
  INSERT INTO casework.payload (submission_id, authority, sealed) SELECT id, authority, %(body)s FROM kept
), apart AS (
  INSERT INTO casework.third_party (submission_id, authority, sealed) SELECT id, authority, %(small)s FROM kept
)
INSERT INTO casework.sketch (submission_id, authority, pointer, sketch) SELECT id, authority, '', %(small)s FROM kept
"""


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.floor")
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with own_server(durable=False) as server:
        _run(server, options.rows, options.rounds)


def _run(server: OwnServer, rows: int, rounds: int) -> None:
    vault = KeyedVault(KeyRing(server.keys))
    for _ in range(5):
        KeyFolder(server.keys, []).rotate(AUTHORITY)
    body, small = vault.seal(AUTHORITY, "bench", b"x" * 8_000), vault.seal(AUTHORITY, "bench", b"x" * 200)
    with psycopg.connect(server.admin_url(), autocommit=True) as connection:
        for least in range(2, 7):
            connection.execute("INSERT INTO casework.key_floor VALUES (%s, %s, now())", [AUTHORITY, least])
        took: dict[bool, list[float]] = {True: [], False: []}
        for number in range(2 * rounds):
            on = number % 2 == 0
            _switch(connection, on=on)
            took[on].append(_round(connection, rows, body, small))
    with_them, without = (statistics.median(took[on][1:]) / rows * 1e6 for on in (True, False))
    print(f"a record kept in {without:.0f} µs without the triggers, in {with_them:.0f} µs with them")
    print(f"its {len(TABLES)} sealed values cost {with_them - without:.0f} µs more")


def _switch(connection: psycopg.Connection[Any], *, on: bool) -> None:
    for table in TABLES:
        does = "ENABLE" if on else "DISABLE"
        connection.execute(f"ALTER TABLE casework.{table} {does} TRIGGER {table}_keeps_to_the_floor")


def _round(connection: psycopg.Connection[Any], rows: int, body: bytes, small: bytes) -> float:
    """The server's seconds, without a commit: what that costs is the disk's. The rows are gone afterwards."""
    given = [{"id": uuid4(), "authority": AUTHORITY, "body": body, "small": small} for _ in range(rows)]
    began = _cpu(connection)
    with connection.transaction(force_rollback=True):
        for each in given:
            connection.execute(KEEP, each | {"ref": str(each["id"])})
        took = _cpu(connection) - began
    connection.execute(f"VACUUM {', '.join(f'casework.{table}' for table in TABLES)}")
    return took


def _cpu(connection: psycopg.Connection[Any]) -> float:
    """Of the server's process behind this connection, in seconds; in steps of a hundredth."""
    fields = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
