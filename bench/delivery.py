"""`python -m bench.delivery`: what one delivery costs the worker, stage by stage, in milliseconds of CPU.

One process, one thread, the real delivering parts over an embedded PostgreSQL and an inbox that answers at once. CPU
time and not time on the clock, so that a busy machine says nearly the same; the database's own share stands beside.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from bench.intake import cpu_of_children
from bench.same_job import Bench, bench_of
from service import settings, wiring
from service.adapters.egress import ALLOW_LOOPBACK
from service.central.facts import FactDoor
from service.configuration import profiles
from service.live import LiveProfiles
from service.settings import Process
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from service.store.profile_versions import ProfileVersionRows
from service.usecases.deliver import Deliverer

BATCH = 8
"""As many as the dispatcher claims at a time."""


def main() -> None:
    """Measures and prints."""
    options = _options()
    os.environ[ALLOW_LOOPBACK] = "1"
    with bench_of(documents=options.documents, in_flight=64) as bench:
        bench.post(options.records)
        bench.stack.stop_process("casework")
        print(f"{platform.machine()}, Python {platform.python_version()}; milliseconds of CPU for one of "
              f"{options.records} deliveries")  # fmt: skip
        with _worker(bench) as deliverer:
            _measure(bench, deliverer, options.records)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--documents", action="store_true", help="with the PDF")
    return parser.parse_args()


@contextmanager
def _worker(bench: Bench) -> Iterator[Deliverer]:
    """The parts of a worker, in this process."""
    os.environ.update(bench.stack.environment("worker"))
    own = settings.load(Process.WORKER)
    engine = make_engine(own.database_url)
    now = LiveProfiles(profiles(own.config_dir), ProfileVersionRows(engine), seconds=3600)
    try:
        yield wiring.make_deliverer(own, CaseworkStore(engine, FactDoor), wiring.make_lanes(now, os.environ, engine))
    finally:
        engine.dispose()


def _measure(bench: Bench, deliverer: Deliverer, expected: int) -> None:
    claiming = working = 0.0
    done, lanes, database = 0, deque(deliverer.lanes), cpu_of_children(bench.stack)
    began = time.perf_counter()
    while lanes:
        authority, before = lanes.popleft(), time.process_time()
        claims = deliverer.claim(authority, BATCH)
        claimed = time.process_time()
        for claim in claims:
            deliverer.work(claim)
        claiming, working = claiming + claimed - before, working + time.process_time() - claimed
        done += len(claims)
        lanes.extend([authority] if claims else [])
    seconds, database = time.perf_counter() - began, cpu_of_children(bench.stack) - database
    if done != expected or bench.open():
        raise RuntimeError(f"{done} of {expected} were delivered, so this measures nothing.")
    for what, spent in (("claiming", claiming), ("working", working), ("beside it, the database", database)):
        print(f"  {what:36} {spent * 1000 / done:8.3f}")
    print(f"  one after the other, {done / seconds:,.0f} a second by the clock")


if __name__ == "__main__":
    main()
