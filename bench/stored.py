"""`python -m bench.stored`: what a record costs in and out of a bridge that has held a million others for three years.

The same records are taken in and delivered twice: into an empty bridge and, in the same cluster, once it is full. The
stored rows are copies of rows that real records left, in every table of the casework side that a record fills: keys and
references are new, days go from a thousand days ago to yesterday, reviews are done. Only their sealed bodies are short:
nothing reads an old one.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from bench.intake import cpu_of_children
from bench.same_job import Bench, bench_of, progress
from service.adapters.egress import ALLOW_LOOPBACK

TEMPLATES = 100
DAYS = 1000
TABLES = ("submission", "payload", "third_party", "sketch", "review", "delivery", "attempt", "audit")
STEP = 500
"""Copies of every template in one statement."""


@dataclass(frozen=True)
class Cost:
    """Of one record, in milliseconds of CPU, and how many went in and out in a second."""

    into: float
    out: float
    web: float
    worker: float
    database_in: float
    database_out: float


def main() -> None:
    """Measures, fills, measures, prints."""
    options = _options()
    os.environ[ALLOW_LOOPBACK] = "1"
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {options.records} records"
    )
    with bench_of(documents=False, in_flight=8) as bench:
        bench.post(TEMPLATES)
        _drain(bench)
        empty = _measured(bench, options.records)
        began = time.perf_counter()
        stored = _fill(bench, options.stored)
        print(f"{stored:,} records were put beside them in {time.perf_counter() - began:,.0f} s")
        _table({"nothing else stored": empty, f"{stored:,} stored": _measured(bench, options.records)})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1000, help="taken in and delivered, each time")
    parser.add_argument("--stored", type=int, default=1_000_000)
    return parser.parse_args()


def _measured(bench: Bench, count: int) -> Cost:
    """In with no worker beside it, then out with nothing coming in."""
    bench.post(100)  # warms the web up, and what it leaves warms the worker up
    before = _seconds(bench, "casework")
    load = bench.post(count)
    web, database_in = (now - then for now, then in zip(_seconds(bench, "casework"), before, strict=True))
    bench.stack.run_process("worker")
    while bench.open() > count:
        time.sleep(0.05)
    left, before, began = bench.open(), _seconds(bench, "worker"), time.perf_counter()
    bench.drained(began)
    seconds = time.perf_counter() - began
    worker, database_out = (now - then for now, then in zip(_seconds(bench, "worker"), before, strict=True))
    bench.stack.stop_process("worker")
    each, out = 1000 / count, 1000 / left
    return Cost(load.rate, left / seconds, web * each, worker * out, database_in * each, database_out * out)


def _drain(bench: Bench) -> None:
    bench.stack.run_process("worker")
    bench.drained(time.perf_counter())
    bench.stack.stop_process("worker")


def _seconds(bench: Bench, process: str) -> tuple[float, float]:
    """CPU of one of ours with its children, and of the database."""
    return bench.used(process).seconds, cpu_of_children(bench.stack)


def _fill(bench: Bench, wanted: int) -> int:
    """Copies what is there until that many are; how many were made. Foreign keys and triggers rest meanwhile."""
    with psycopg.connect(bench.owner_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for table in TABLES:
            old, kept = Identifier(f"old_{table}"), Identifier("casework", table)
            connection.execute(SQL("CREATE TEMP TABLE {} AS SELECT * FROM {}").format(old, kept))
        (templates,) = connection.execute("SELECT count(*) FROM old_submission").fetchone() or (0,)
        copies = -(-wanted // templates)
        statements = [_copying(connection, table) for table in TABLES]
        for first in range(1, copies + 1, STEP):
            for statement in statements:
                span = {"first": first, "last": min(first + STEP - 1, copies), "copies": copies, "days": DAYS}
                connection.execute(statement, span)
            progress(f"{first * templates:,} stored")
        connection.execute("VACUUM (ANALYZE)")
    return int(copies * templates)


def _copying(connection: psycopg.Connection[Any], table: str) -> Composed:
    """The statement that copies all templates of one table, for each number from `first` to `last` once."""
    columns = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'casework' AND table_name = %s AND is_identity = 'NO'",
        (table,),
    ).fetchall()
    return SQL(
        "INSERT INTO {} ({}) SELECT {} FROM {} AS old CROSS JOIN generate_series(%(first)s::integer, %(last)s) AS copy"
    ).format(
        Identifier("casework", table),
        SQL(", ").join(Identifier(name) for name, _ in columns),
        SQL(", ").join(_copied(table, name, kind) for name, kind in columns),
        Identifier(f"old_{table}"),
    )


def _copied(table: str, name: str, kind: str) -> Composed:
    """One column of a copy. What is unique is made from the old value and the number: references still meet."""
    if kind == "uuid":
        made = "md5({}::text || copy)::uuid"
    elif name in ("sender_ref", "reference", "subject_id"):
        made = "{} || '-' || copy"
    elif name == "child_key":
        made = "sha256({} || copy::text::bytea)"
    elif name == "sealed":
        made = "substr({}, 1, 100)"
    elif kind == "date" or kind.startswith("timestamp"):
        made = "{} - make_interval(days => 1 + %(days)s * (%(copies)s - copy) / %(copies)s)"
    else:
        made = "'done'" if (table, name) == ("review", "status") else "{}"
    return SQL(made).format(Identifier("old", name))


def _table(costs: dict[str, Cost]) -> None:
    heads = ("in /s", "out /s", "web ms", "worker ms", "PostgreSQL in", "PostgreSQL out")
    print(f"\n{'':28}" + "".join(f"{head:>16}" for head in heads))
    for what, cost in costs.items():
        print(f"{what:28}" + "".join(f"{value:>16.1f}" for value in vars(cost).values()))


if __name__ == "__main__":
    main()
