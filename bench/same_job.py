"""`python -m bench.same_job`: the job a council would wire up instead, beside bare yardsticks, in one run.

Records of about 8 KB are posted over 16 connections for ten authorities and delivered to an inbox over HTTP on this
machine: at once, after 50 ms, while it is down for a while, and a backlog after an outage. Once without documents, as
peers do it, and once with the PDF. Receiver, load and PostgreSQL share the machine's cores with the bridge.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import requests

from bench.load import Load, run
from bench.processes import Usage, used_by
from bench.towns import KEY, bodies, make_config
from bench.yardsticks import commits_per_second, echo_server
from service.adapters.egress import ALLOW_LOOPBACK
from service.demo.stack import Stack
from service.embedded import Child, EmbeddedPostgres
from service.embedded.ports import free_port
from service.settings import ROOT

FOLDER = ROOT / "var" / "bench"
KEPT = FOLDER / "same_job.json"
CONNECTIONS = 16
WORKER_THREADS = 64
OURS = ("casework", "worker")


class NoSimulators:
    """In the place of the stack's simulators: the inbox is a process of its own."""

    environment = {KEY: "fictional-bench-key"}  # noqa: RUF012 - one value for one run

    def launch(self) -> None:
        """Nothing to start."""

    def wait(self) -> None:
        """Nothing to wait for."""

    def stop(self) -> None:
        """Nothing to stop."""


Point = tuple[float, int, float]


@dataclass
class Row:
    """One line of the table."""

    what: str
    numbers: dict[str, float | str] = field(default_factory=dict)
    curve: list[Point] = field(default_factory=list)
    """While it drained: seconds, deliveries that were open, and megabytes of web and worker."""


@dataclass
class Bench:
    """One stack and one inbox."""

    stack: Stack
    inbox: str
    config: Path
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    posted: int = 0

    def control(self, **wanted: float) -> dict[str, Any]:
        """Changes the inbox; what it has."""
        answer = requests.post(f"{self.inbox}/control", json=wanted, timeout=5)
        return dict(answer.json())

    def headers(self, authority: str) -> dict[str, str]:
        """Signed in, with a token of its own authority."""
        if authority not in self.tokens:
            client = self.stack.client(authority, "bench")
            self.tokens[authority] = {"Content-Type": "application/json"} | client.authorisation()
        return self.tokens[authority]

    def post(self, count: int) -> Load:
        """That many more; raises `RuntimeError` when one is refused: nothing of it could be delivered."""
        made = [(body, self.headers(code)) for code, body in bodies(self.config, count, after=self.posted)]
        self.posted += count
        load = run(self.stack.casework_url, "/v1/wise-assessments", made, connections=CONNECTIONS)
        if load.refused:
            raise RuntimeError(f"{load.refused} of {count} records were not accepted.")
        return load

    @property
    def owner_url(self) -> str:
        """Of the whole database, for looking at it from outside."""
        return self.stack.postgres.admin_url("wise").replace("+psycopg", "")

    def used(self, *names: str) -> Usage:
        """What those of its processes used that run."""
        return used_by([self.stack.process(name).pid or 0 for name in names if self.stack.runs(name)])

    def open(self) -> int:
        """Deliveries that are not done."""
        with psycopg.connect(self.owner_url) as connection:
            query = "SELECT count(*) FROM casework.delivery WHERE state NOT IN ('delivered', 'superseded', 'cancelled')"
            return int((connection.execute(query).fetchone() or (0,))[0])

    def drained(self, began: float, limit: float = 900) -> list[Point]:
        """From `began` until nothing is open: the last one's seconds are how long it took."""
        curve: list[Point] = []
        while True:
            left = self.open()
            curve.append((time.perf_counter() - began, left, self.used(*OURS).now_mb))
            if not left:
                return curve
            if curve[-1][0] > limit:
                raise RuntimeError(f"{left} deliveries were still open after {limit:.0f} s.")
            progress(f"{left} open")
            time.sleep(0.2)


def main() -> None:
    """Measures, prints, and keeps the numbers in var/bench/same_job.json."""
    options = _options()
    os.environ[ALLOW_LOOPBACK] = "1"
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    rows: list[Row] = []
    for documents in (False, True) if options.documents else (False,):
        rows += _measured(options, documents=documents)
    _table(rows)
    kept = [{"what": row.what, "curve": row.curve} | row.numbers for row in rows]
    KEPT.write_text(json.dumps(kept, indent=1), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--backlog", type=int, default=20000)
    parser.add_argument("--down", type=float, default=20, help="seconds for which the inbox is down")
    parser.add_argument("--in-flight", type=int, default=8, help="of each authority")
    parser.add_argument("--documents", action="store_true", help="then once more with the PDF")
    return parser.parse_args()


def _measured(options: argparse.Namespace, *, documents: bool) -> Iterator[Row]:
    suffix = ", with the PDF" if documents else ""
    with bench_of(documents=documents, in_flight=options.in_flight) as bench:
        if not documents:
            yield from _yardsticks(bench, options)
        bench.post(100)  # warms everything up
        bench.stack.run_process("worker")
        bench.drained(time.perf_counter())
        yield _job(bench, f"inbox answers at once{suffix}", options.records, delay=0.0)
        yield _job(bench, f"inbox answers after 50 ms{suffix}", options.records, delay=0.05)
        if not documents:
            yield _outage(bench, options)
            yield _backlog(bench, options)


def _job(bench: Bench, what: str, count: int, *, delay: float) -> Row:
    """Posted and delivered side by side, as in a real day."""
    bench.control(delay=delay)
    before, began = bench.used(*OURS), time.perf_counter()
    load = bench.post(count)
    curve = bench.drained(began)
    return Row(what, _load(load) | {"delivered /s": count / curve[-1][0]} | _cost(bench, before, count), curve)


def _outage(bench: Bench, options: argparse.Namespace) -> Row:
    """Intake goes on; the first delivery after the end is what counts."""
    bench.control(delay=0.0, down=options.down)
    before, began = bench.used(*OURS), time.perf_counter()
    load = bench.post(options.records)
    time.sleep(max(0.0, options.down - (time.perf_counter() - began)))
    ended = time.perf_counter()
    curve = bench.drained(ended)
    first = bench.control()["first_after_down"]
    return Row(
        f"inbox down for {options.down:.0f} s",
        _load(load) | {"first after s": first, "caught up s": curve[-1][0]} | _cost(bench, before, options.records),
        curve,
    )


def _backlog(bench: Bench, options: argparse.Namespace) -> Row:
    """What gathered while no worker ran."""
    bench.stack.stop_process("worker")
    before = bench.used(*OURS)
    load = bench.post(options.backlog)
    began = time.perf_counter()
    bench.stack.run_process("worker")
    curve = bench.drained(began)
    seconds = curve[-1][0]
    return Row(
        f"backlog of {options.backlog}",
        _load(load) | {"delivered /s": options.backlog / seconds, "caught up s": seconds}
        | _cost(bench, before, options.backlog),
        curve,
    )  # fmt: skip


def _yardsticks(bench: Bench, options: argparse.Namespace) -> Iterator[Row]:
    made = [(body, {"Content-Type": "application/json"}) for _, body in bodies(bench.config, options.records, after=0)]
    with echo_server(FOLDER) as url:
        yield Row("yardstick: bare gunicorn + Flask echo", _load(run(url, "/echo", made, connections=CONNECTIONS)))
    for clients in (1, CONNECTIONS):
        rate = commits_per_second(bench.owner_url, clients)
        yield Row(f"yardstick: commits of an 8 KB row, {clients} at once", {"in /s": rate})


def _load(load: Load) -> dict[str, float | str]:
    return {"in /s": load.rate, "p50 ms": load.p50, "p99 ms": load.p99}


def _cost(bench: Bench, before: Usage, count: int) -> dict[str, float | str]:
    now = bench.used(*OURS)
    return {"CPU s /1,000": (now.seconds - before.seconds) / count * 1000, "peak MB": now.peak_mb}


@contextmanager
def bench_of(*, documents: bool, in_flight: int) -> Iterator[Bench]:
    """The casework side in front of a database and an inbox; no worker yet."""
    EmbeddedPostgres(FOLDER / "postgres").destroy()
    shutil.rmtree(FOLDER, ignore_errors=True)
    port = free_port()
    config = make_config(FOLDER / "config", port, documents=documents, in_flight=in_flight)
    stack = Stack(FOLDER, config_dir=config)
    stack.case_systems = NoSimulators()  # type: ignore[assignment] # the same three verbs
    stack.worker_threads = WORKER_THREADS
    # In the rhythm that it has when nobody sets one; one client sends all there is.
    stack.tuning = {ALLOW_LOOPBACK: "1", "WISE_REQUESTS_PER_SECOND": "0"}
    receiver = Child([sys.executable, "-m", "bench.receiver", "--port", str(port)],
                     env={"PATH": os.environ.get("PATH", "")}, log_path=FOLDER / "receiver.log", cwd=ROOT)  # fmt: skip
    try:
        stack.start_foundations()
        receiver.start()
        stack.run_process("casework")
        stack.wait_for_web("casework")
        yield Bench(stack, f"http://127.0.0.1:{port}", config)
    finally:
        receiver.stop()
        stack.stop()


def _table(rows: list[Row]) -> None:
    names = ("in /s", "p50 ms", "p99 ms", "delivered /s", "first after s", "caught up s", "CPU s /1,000", "peak MB")
    print(f"\n{'':46}" + "".join(f"{name:>15}" for name in names))
    for row in rows:
        shown = (f"{row.numbers[name]:>15,.1f}" if name in row.numbers else f"{'':15}" for name in names)
        print(f"{row.what:46}" + "".join(shown))


def progress(what: str) -> None:
    """On a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{what:40}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
