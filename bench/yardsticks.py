"""What the same machine does at best in the same run: a bare echo of the same bodies, and bare commits."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import requests

from service.embedded import Child
from service.embedded.ports import free_port
from service.settings import ROOT

WORKERS = ["--workers", "2", "--threads", "8"]
_SECONDS = 3.0
_ROW = os.urandom(8192)


@contextmanager
def echo_server(folder: Path) -> Iterator[str]:
    """The least a Flask application under gunicorn can do with a body; its address."""
    port = free_port()
    argv = [sys.executable, "-m", "gunicorn", "bench.echo:app()", "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", *WORKERS, "--log-level", "warning"]  # fmt: skip
    log = folder / "logs" / "echo.log"
    child = Child(argv, env={"PATH": os.environ.get("PATH", "")}, log_path=log, cwd=ROOT)
    child.start()
    url = f"http://127.0.0.1:{port}"
    try:
        child.wait_until(lambda: _answers(url), 20, "the echo")
        yield url
    finally:
        child.stop()


def commits_per_second(url: str, clients: int) -> float:
    """Of one 8 KB row each, over as many connections."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS public.yardstick (id bigserial PRIMARY KEY, body bytea)")
    with ThreadPoolExecutor(clients) as pool:
        done = sum(pool.map(lambda _: _commits(url), range(clients)))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE public.yardstick")
    return done / _SECONDS


def _commits(url: str) -> int:
    done, end = 0, time.perf_counter() + _SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while time.perf_counter() < end:
            connection.execute("INSERT INTO public.yardstick (body) VALUES (%b)", (_ROW,))
            done += 1
    return done


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/ready", timeout=2).ok
    except requests.RequestException:
        return False
