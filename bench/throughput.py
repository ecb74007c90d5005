"""`make bench`: records accepted per second and delivered per second, beside a bare echo of the same body.

Intake and echo take turns, so that a machine whose speed drifts does not favour one of them. Deliveries include opening
the record, mapping it, rendering its PDF and a real Mosaic or LCS simulator on the same two cores.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import platform
import shutil
import sys
import time
from statistics import median
from typing import Any

import psycopg
import requests

from bench.load import Load, run
from service.demo.ports import free_port
from service.demo.stack import Stack
from service.demo.story import register_training
from service.embedded import Child, EmbeddedPostgres
from service.settings import ROOT

FOLDER = ROOT / "var" / "bench"
OLDHAM, STOCKPORT = "E08000004", "E08000007"
WORKERS = ["--workers", "2", "--threads", "8"]


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
        register_training(stack)
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
    echo, echo_url = _start_echo()
    ours: list[Load] = []
    bare: list[Load] = []
    try:
        for turn in range(rounds + 1):
            bodies = _bodies("wise_assessment-stockport", f"IN-{turn}", records)
            mine = run(stack.casework_url, "/v1/wise-assessments", bodies, headers)
            theirs = run(echo_url, "/echo", bodies, headers)
            if turn:  # the first turn warms both up
                ours.append(mine)
                bare.append(theirs)
            _progress(f"turn {turn} of {rounds}")
    finally:
        echo.stop()
    size = len(_bodies("wise_assessment-stockport", "IN", 1)[0])
    print(f"\nA WISE assessment of {size:,} bytes, {records} a turn, {rounds} turns, 8 clients, 2 x 8 gunicorn threads")
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
    for name, authority, children in (("Mosaic", OLDHAM, _MOSAIC), ("LCS", STOCKPORT, _LCS)):
        client = stack.client(authority, "bench")
        headers = {"Content-Type": "application/json"} | client.authorisation()
        example = "wise_assessment-oldham" if authority == OLDHAM else "wise_assessment-stockport"
        _drain(stack)
        run(stack.casework_url, "/v1/wise-assessments", _bodies(example, f"OUT-{name}", count, children), headers)
        began = time.perf_counter()
        stack.run_process("worker")
        stack.run_process("beat")
        seconds = _until_delivered(stack, authority, count, began)
        stack.stop_process("beat")
        stack.stop_process("worker")
        print(f"  {name:13}  {count / seconds:8.1f} /s   ({seconds:.1f} s, from the worker's start)")


def _bodies(example: str, prefix: str, count: int, children: list[tuple[str, str]] | None = None) -> list[bytes]:
    record: dict[str, Any] = json.loads((ROOT / "tests" / "examples" / f"{example}.json").read_text())
    made = []
    for number in range(count):
        each = copy.deepcopy(record) | {"submission_id": f"{prefix}-{number}", "review": {"basis": "initial"}}
        if children:
            child, born = children[number % len(children)]
            person = each["young_person"]
            person.pop("age_at_completion", None)
            person |= {"la_child_id": child, "date_of_birth": born}
        made.append(json.dumps(each, ensure_ascii=False).encode())
    return made


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


def _start_echo() -> tuple[Child, str]:
    port = free_port()
    argv = [sys.executable, "-m", "gunicorn", "bench.echo:app()", "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", *WORKERS, "--log-level", "warning"]  # fmt: skip
    child = Child(argv, env={"PATH": os.environ.get("PATH", "")}, log_path=FOLDER / "logs" / "echo.log", cwd=ROOT)
    child.start()
    url = f"http://127.0.0.1:{port}"
    child.wait_until(lambda: _answers(url), 20, "the echo")
    return child, url


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/ready", timeout=2).ok
    except requests.RequestException:
        return False


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{what:40}", end="", file=sys.stderr, flush=True)


_LCS = [(f"STK00007{number:02}", born) for number, born in enumerate(
    ["2009-02-03", "2009-05-08", "2009-08-10", "2009-11-12", "2010-02-14", "2010-05-19", "2010-08-04", "2010-11-06",
     "2011-02-08", "2011-05-13", "2011-08-15", "2011-11-17", "2012-02-02", "2012-05-06", "2012-08-08", "2012-11-10",
     "2013-02-12", "2013-04-30", "2013-08-02", "2013-11-04"])]  # fmt: skip
_MOSAIC = [(str(40300 + number), born) for number, born in enumerate(
    ["2010-01-14", "2010-03-03", "2010-06-21", "2010-09-09", "2010-12-30", "2011-02-11", "2011-04-27", "2011-07-05",
     "2011-10-18", "2011-12-01", "2012-02-29", "2012-05-16", "2012-08-08", "2012-10-25", "2013-01-07", "2013-03-19",
     "2013-06-02", "2013-08-30", "2014-01-22", "2014-05-11"])]  # fmt: skip
"""The simulators' children for load: fictional references and dates of birth, as their seed files have them."""

if __name__ == "__main__":
    main()
