"""A load from this machine: threads with connections that stay open, each request timed."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median, quantiles
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What a run of requests took. Rates per second; latencies in milliseconds."""

    rate: float
    p50: float
    p99: float
    refused: int


def run(url: str, path: str, made: list[tuple[bytes, dict[str, str]]], *, connections: int = 8) -> Load:
    """Posts every body once, with its headers."""
    shares = [made[start::connections] for start in range(connections)]
    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        results = [each for share in pool.map(lambda s: list(_post_all(url, path, s)), shares) for each in share]
    seconds = time.perf_counter() - began
    times = [took * 1000 for took, _ in results]
    return Load(
        rate=len(results) / seconds,
        p50=median(times),
        p99=quantiles(times, n=100)[98],
        refused=sum(status != http.client.CREATED for _, status in results),
    )


def _post_all(url: str, path: str, made: list[tuple[bytes, dict[str, str]]]) -> Iterator[tuple[float, int]]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    for body, headers in made:
        began = time.perf_counter()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        yield time.perf_counter() - began, answer.status
    connection.close()
