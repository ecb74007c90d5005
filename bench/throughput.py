"""`python -m bench.throughput`: records accepted and delivered per second, beside a bare echo of the same body.

Intake and echo take turns, so that a machine whose speed drifts does not favour one of them. Deliveries include opening
the record, mapping it, rendering its PDF and a real Mosaic or LCS simulator on the same two cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import time
from datetime import date, timedelta
from statistics import median
from typing import Any

import psycopg

from bench.load import Load, run
from bench.records import CHILDREN, OLDHAM, STOCKPORT, as_json, register, setting_of
from bench.yardsticks import echo_server
from service.clock import LondonClock
from service.demo.stack import Stack
from service.embedded import EmbeddedPostgres
from service.samples import samples
from service.settings import ROOT

FOLDER = ROOT / "var" / "bench"
DAYS = 60
"""How old the oldest record is: young enough that no review is due, which would be delivered beside the records."""

DELIVERY_SEED = 1000
"""Above any turn's, so that no record is sent twice."""


def main() -> None:
    """Measures and prints."""
    options = _options()
    EmbeddedPostgres(FOLDER / "postgres").destroy()
    shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    stack = Stack(FOLDER)
    try:
        stack.start_foundations()
        stack.run_process("casework")
        stack.run_process("hub")
        stack.wait_for_web("casework")
        stack.wait_for_web("hub")
        for authority in (STOCKPORT, OLDHAM):
            register(stack, setting_of(authority, first=_first_day()))
        stack.stop_process("hub")
        _intake(stack, options.records, options.rounds)
        _deliveries(stack, options.deliveries)
    finally:
        stack.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=400, help="requests in each turn")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each")
    parser.add_argument("--deliveries", type=int, default=200)
    return parser.parse_args()


def _intake(stack: Stack, records: int, rounds: int) -> None:
    client = stack.client(STOCKPORT, "bench")
    headers = {"Content-Type": "application/json"} | client.authorisation()
    ours: list[Load] = []
    bare: list[Load] = []
    sizes: list[int] = []
    with echo_server(FOLDER) as echo_url:
        for turn in range(rounds + 1):
            bodies = _bodies(STOCKPORT, records, seed=turn)
            mine = run(stack.casework_url, "/v1/wise-assessments", [(body, headers) for body in bodies])
            theirs = run(echo_url, "/echo", [(body, headers) for body in bodies])
            if turn:  # the first turn warms both up
                ours.append(mine)
                bare.append(theirs)
                sizes += [len(body) for body in bodies]
            _progress(f"turn {turn} of {rounds}")
    print(f"\nWISE assessments of {median(sizes):,.0f} bytes in the middle ({min(sizes):,} to {max(sizes):,}),")
    print(f"{records} a turn, {rounds} turns, 8 clients, 2 x 8 gunicorn threads")
    _print_load("intake", ours)
    _print_load("bare echo", bare)
    ratios = [mine.rate / theirs.rate for mine, theirs in zip(ours, bare, strict=True)]
    print(f"  intake / echo  {median(ratios):8.3f}   (turn by turn {min(ratios):.3f} to {max(ratios):.3f})")


def _print_load(name: str, loads: list[Load]) -> None:
    rate, p50, p99 = (median(getattr(load, part) for load in loads) for part in ("rate", "p50", "p99"))
    refused = sum(load.refused for load in loads)
    print(f"  {name:13}  {rate:8.1f} /s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   not accepted {refused}")


def _deliveries(stack: Stack, count: int) -> None:
    """Both kinds of case system in turn: the records wait before the worker starts, so nothing else is measured."""
    print(f"\nDeliveries of {count} records, 20 young people, in_flight 4, one worker")
    for name, authority in (("Mosaic", OLDHAM), ("LCS", STOCKPORT)):
        client = stack.client(authority, "bench")
        headers = {"Content-Type": "application/json"} | client.authorisation()
        bodies = _bodies(authority, count, seed=DELIVERY_SEED, children=CHILDREN[authority])
        _drain(stack)
        _send_all(stack, bodies, headers)
        began = time.perf_counter()
        stack.run_process("worker")
        stack.run_process("beat")
        seconds = _until_delivered(stack, authority, count, began)
        stack.stop_process("beat")
        stack.stop_process("worker")
        print(f"  {name:13}  {count / seconds:8.1f} /s   ({seconds:.1f} s, from the worker's start)")


def _bodies(authority: str, count: int, *, seed: int, **more: Any) -> list[bytes]:
    """Different records of different sizes, the same in every run of one day."""
    setting = setting_of(authority, first=_first_day(), **more)
    return [as_json(each) for each in samples(setting, count=count, seed=seed, record_type="wise_assessment")]


def _first_day() -> date:
    return LondonClock().today() - timedelta(days=DAYS)


def _send_all(stack: Stack, bodies: list[bytes], headers: dict[str, str]) -> None:
    """Raises `RuntimeError` when one is refused: the wait for its delivery would never end."""
    refused = run(stack.casework_url, "/v1/wise-assessments", [(body, headers) for body in bodies]).refused
    if refused:
        raise RuntimeError(f"{refused} of {len(bodies)} records were not accepted, so their delivery can't be timed.")


def _drain(stack: Stack) -> None:
    """Takes earlier turns' records out of the way: they were about accepting."""
    with _admin(stack) as connection:
        connection.execute("UPDATE casework.delivery SET state = 'cancelled' WHERE state <> 'delivered'")


def _until_delivered(stack: Stack, authority: str, count: int, began: float) -> float:
    with _admin(stack) as connection:
        while True:
            query = (
                "SELECT count(*) FROM casework.delivery"
                " WHERE authority = %s AND kind = 'record' AND state = 'delivered'"
            )
            (done,) = connection.execute(query, (authority,)).fetchone() or (0,)
            if done >= count:
                return time.perf_counter() - began
            _progress(f"{done} of {count} delivered")
            time.sleep(0.1)


def _admin(stack: Stack) -> Any:
    return psycopg.connect(stack.postgres.admin_url("wise").replace("+psycopg", ""), autocommit=True)


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{what:40}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
