"""`python -m bench.rewrapping`: how long an authority's rows take to be wrapped anew, on a server of its own.

`--rows` bodies of `--bytes` are put there under the first version; then the key is replaced and `rewrap` runs once.
"""

from __future__ import annotations

import argparse
import os
import time
from uuid import uuid4

import psycopg

from bench.own_server import AUTHORITY, OwnServer, own_server
from service.store.engine import short_lived_engine
from service.store.key_changes import KeyFolder
from service.store.keys import KeyRing
from service.store.rewrap import Rewrapper
from service.store.vault import KeyedVault

SUBMISSION = (
    "INSERT INTO casework.submission (id, authority, sender_ref, client_id, record_type, kind, schema_version,"
    " template_version, content_digest, child_key, completed_on, warnings)"
    " VALUES (%s, %s, %s, 'bench', 'wise_assessment', 'new', '1', '1', '', '', now(), '[]')"
)


def main() -> None:
    """Fills, replaces the key, wraps anew, prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.rewrapping")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--bytes", type=int, default=8_000)
    options = parser.parse_args()
    with own_server(durable=True) as server:
        _run(server, options.rows, options.bytes)


def _run(server: OwnServer, rows: int, size: int) -> None:
    _fill(server, KeyedVault(KeyRing(server.keys)), rows, size)
    KeyFolder(server.keys, []).rotate(AUTHORITY)
    with short_lived_engine(server.url("wise_keeper")) as engine:
        rewrapper = Rewrapper(engine, KeyRing(server.keys))
        began = time.perf_counter()
        rewrapper.counts(AUTHORITY)
        counted = time.perf_counter()
        done = rewrapper.rewrap(AUTHORITY)
        took = time.perf_counter() - counted
    print(f"{rows:,} rows of {size:,} bytes: counted in {counted - began:.2f} s")
    print(f"{done.done:,} wrapped anew, {done.left} left, in {took:.1f} s: {done.done / took:,.0f} a second")


def _fill(server: OwnServer, vault: KeyedVault, rows: int, size: int) -> None:
    ids, plain = [uuid4() for _ in range(rows)], os.urandom(size)
    with psycopg.connect(server.admin_url()) as connection, connection.cursor() as cursor:
        cursor.executemany(SUBMISSION, [(each, AUTHORITY, str(each)) for each in ids])
        with cursor.copy("COPY casework.payload (submission_id, authority, sealed) FROM STDIN") as copy:
            for each in ids:
                copy.write_row((each, AUTHORITY, vault.seal(AUTHORITY, str(each), plain)))


if __name__ == "__main__":
    main()
