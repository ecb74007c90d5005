"""`python -m bench.intake`: what one record costs the web process, stage by stage, in milliseconds of CPU.

One process, one thread, the real application over an embedded PostgreSQL; no socket, no gunicorn and no broker. It is
CPU time and not time on the clock, so that a busy machine says nearly the same. The database's own share stands beside.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import platform
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask

from bench.records import STOCKPORT, as_json, register, setting_of
from service import observability, settings, wiring
from service.api.parsing import parse_object
from service.api.schemas.check import check_record
from service.api.schemas.structure import structural_faults
from service.api.services import Services
from service.api.tokens import TokenReader
from service.clock import LondonClock
from service.demo.stack import Stack
from service.domain.policy import Policy
from service.domain.rules import Known, Subject
from service.embedded import EmbeddedPostgres
from service.samples import samples
from service.settings import ROOT, Process
from service.usecases.incoming import Incoming

FOLDER = ROOT / "var" / "bench-intake"
ADDRESS = "/v1/wise-assessments"
KIND = "wise_assessment"
DAYS = 60


class NobodyToWake:
    """`service.ports.Wakeup`: how the worker is woken is no part of this."""

    def look_now(self, authority: str) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Bench:
    """The application, and what a request to it has."""

    app: Flask
    services: Services
    token: str
    policy: Policy

    def post(self, path: str, body: bytes) -> int:
        """One request by WSGI, as gunicorn hands it over; the status."""
        told: list[str] = []
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "bench",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)), "HTTP_AUTHORIZATION": f"Bearer {self.token}", "HTTP_HOST": "bench",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
        answer = self.app.wsgi_app(environ, lambda status, _headers, _error=None: told.append(status) or len)
        for _ in answer:
            pass
        return int(told[0][:3])


def main() -> None:
    """Measures and prints."""
    options = _options()
    EmbeddedPostgres(FOLDER / "postgres").destroy()
    shutil.rmtree(FOLDER, ignore_errors=True)
    stack = Stack(FOLDER)
    try:
        _measure(_bench(stack), stack, options.records)
    finally:
        stack.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200, help="for each of the stages")
    return parser.parse_args()


def _bench(stack: Stack) -> Bench:
    """The application in this process. Training is registered, and the token fetched, through real processes."""
    stack.start_foundations()
    for name in ("casework", "hub"):
        stack.run_process(name)
        stack.wait_for_web(name)
    register(stack, setting_of(STOCKPORT, first=_first_day()))
    token = stack.client(STOCKPORT, "bench").authorisation()["Authorization"].removeprefix("Bearer ")
    for name in ("casework", "hub"):
        stack.stop_process(name)
    os.environ.update(stack.environment("casework"))
    observability.configure("bench")
    app = wiring.casework_app(settings.load(Process.CASEWORK))
    services: Services = app.extensions["wise_bridge"]
    quiet = replace(services, receiver=replace(services.receiver, wakeup=NobodyToWake()))
    app.extensions["wise_bridge"] = quiet
    return Bench(app, quiet, token, quiet.policies[STOCKPORT])


def _measure(bench: Bench, stack: Stack, count: int) -> None:
    bodies, again = (_bodies(count, seed) for seed in (1, 2))
    print(f"{platform.machine()}, Python {platform.python_version()}; {count} WISE assessments of "
          f"{median(map(len, bodies)):,.0f} bytes in the middle; milliseconds of CPU for each")  # fmt: skip
    records = [parse_object(body) for body in bodies]
    reader: TokenReader = bench.app.extensions["wise_bridge_tokens"]
    today = LondonClock().today()
    known: list[Known] = []

    def ask(record: dict[str, Any]) -> None:
        known.append(bench.services.knower.about(Subject(record, KIND, bench.policy, today)))

    def judge(pair: tuple[dict[str, Any], Known]) -> Incoming:
        findings = check_record(pair[0], record_type=KIND, policy=bench.policy, today=today, known=pair[1])
        return Incoming(pair[0], findings, KIND, bench.policy, "bench")

    _show("the token", _cpu(lambda _: reader.caller(bench.token), bodies))
    _show("parsing", _cpu(parse_object, bodies))
    _show("structure", _cpu(lambda record: structural_faults(record, KIND), records))
    _show("what is known, from the database", _cpu(ask, records, rounds=1))
    pairs = list(zip(records, known, strict=True))
    _show("structure and rules", _cpu(judge, pairs))
    incoming = [judge(pair) for pair in pairs]
    _show("sketches, encryption, keeping", _cpu(bench.services.receiver.accept, incoming, rounds=1))
    _show("a request that is turned away", _cpu(lambda _: bench.post("/nowhere", b""), bodies))
    began, database = time.perf_counter(), cpu_of_children(stack)
    cost = _cpu(lambda body: _expect(bench.post(ADDRESS, body), 201), again, rounds=1)
    _show("a whole request", cost)
    _show("  beside it, the database", (cpu_of_children(stack) - database) * 1000 / count)
    print(f"  one after the other, {count / (time.perf_counter() - began):,.0f} a second by the clock")


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"A record was answered with {status}, so this measures nothing.")


def _cpu(work: Callable[[Any], object], each: Sequence[Any], *, rounds: int = 5) -> float:
    """The best round's milliseconds for one. The first few go before, where the work may be done again."""
    if rounds > 1:
        for one in each[:20]:
            work(one)
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        began = time.process_time()
        for one in each:
            work(one)
        best = min(best, time.process_time() - began)
    return best * 1000 / len(each)


def cpu_of_children(stack: Stack) -> float:
    """Seconds of CPU that the database has used: its first process, and those it has and had."""
    first = int((stack.postgres.cluster / "postmaster.pid").read_text().split()[0])
    processes = [first, *(int(each.name) for each in Path("/proc").iterdir() if _parent(each) == first)]
    ticks = sum(sum(map(int, _stat(process)[11:15])) for process in processes)
    return ticks / os.sysconf("SC_CLK_TCK")


def _parent(folder: Path) -> int | None:
    try:
        return int(_stat(int(folder.name))[1])
    except (OSError, ValueError):
        return None


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()


def _bodies(count: int, seed: int) -> list[bytes]:
    setting = setting_of(STOCKPORT, first=_first_day())
    return [as_json(each) for each in samples(setting, count=count, seed=seed, record_type=KIND)]


def _first_day() -> Any:
    return LondonClock().today() - timedelta(days=DAYS)


def _show(stage: str, milliseconds: float) -> None:
    print(f"  {stage:36} {milliseconds:8.3f}", flush=True)


if __name__ == "__main__":
    main()
