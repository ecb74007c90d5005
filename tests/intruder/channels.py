"""T7: everything about an answer but its figures, before and after one more fact came in the unreleased period."""

from __future__ import annotations

import gzip
import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import exp, sqrt

from tests.intruder.claims import Claims
from tests.intruder.client import Answer, Client
from tests.intruder.queries import ROOT, served
from tests.intruder.reading import Menu

OTHER = (
    "/health/live",
    "/health/ready",
    "/metrics",
    "/v1/releases",
    f"{ROOT}/no-such-table",
    f"{ROOT}?authority=E08000007",
    "/v1/releases/2099Q4",
    "/nothing-here",
)
OF_THE_MOMENT = ("date", "x-request-id")
SAMPLES = 200


@dataclass(frozen=True)
class Trace:
    """What an outsider can note of an answer without reading figures."""

    status: int
    headers: tuple[tuple[str, str], ...]
    length: int
    compressed: int
    digest: str
    etag_answer: int
    head: tuple[int, str]


@dataclass
class Listener:
    """Notes traces and times, before and after. `samples` calls for the times.

    `by_chance` is the chance p for two samples between which nothing came: on a busy machine these differ as well.
    """

    client: Client
    menu: Menu
    samples: int = SAMPLES
    before: Mapping[str, Trace] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    by_chance: float = 1.0

    def listen(self) -> None:
        """Before anything came."""
        self.before, earlier, self.times = self._traces(), self._times(), self._times()
        self.by_chance = same_kind(earlier, self.times)

    def compare(self, claims: Claims) -> float:
        """After. Notes every difference as an oddity, and gives the chance p that the times are of one kind."""
        after = self._traces()
        for path, trace in after.items():
            claims.tried["T7 answers"] += 1
            if trace != self.before[path]:
                claims.odd("T7", path, f"differs in {_differs(self.before[path], trace)}")
        return same_kind(self.times, self._times())

    def _paths(self) -> list[str]:
        return [*served(self.menu), *OTHER]

    def _traces(self) -> dict[str, Trace]:
        return {path: self._trace(path) for path in self._paths()}

    def _trace(self, path: str) -> Trace:
        answer = self.client.get(path)
        etag = answer.header("ETag")
        again = self.client.get(path, {"If-None-Match": etag}) if etag else answer
        head = self.client.get(path, method="HEAD")
        return Trace(
            answer.status,
            _headers(answer),
            len(answer.body),
            len(gzip.compress(answer.body, mtime=0)),
            sha256(answer.body).hexdigest(),
            again.status,
            (head.status, head.header("Content-Length")),
        )

    def _times(self) -> list[float]:
        path = f"{ROOT}/{self.menu.tables[0]}"
        for _ in range(self.samples // 4):
            self.client.get(path)
        found = []
        for _ in range(self.samples):
            began = time.perf_counter()
            self.client.get(path)
            found.append(time.perf_counter() - began)
        return found


def same_kind(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sample Kolmogorov-Smirnov test: the chance p of such a difference, if both are of one kind.

    Raises `ValueError` when a sample is empty.
    """
    if not one or not other:
        raise ValueError("both samples need values")
    first, second = sorted(one), sorted(other)
    places = [*first, *second]
    gap = max(abs(bisect_right(first, at) / len(first) - bisect_right(second, at) / len(second)) for at in places)
    effective = sqrt(len(first) * len(second) / (len(first) + len(second)))
    if gap == 0:
        return 1.0
    scaled = (effective + 0.12 + 0.11 / effective) * gap
    terms = (2 * (-1) ** (k - 1) * exp(-2 * k * k * scaled * scaled) for k in range(1, 101))
    return min(1.0, max(0.0, sum(terms))) if scaled > 0.2 else 1.0


def _headers(answer: Answer) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in answer.headers if pair[0].lower() not in OF_THE_MOMENT)


def _differs(before: Trace, after: Trace) -> str:
    return ", ".join(name for name in Trace.__dataclass_fields__ if getattr(before, name) != getattr(after, name))
