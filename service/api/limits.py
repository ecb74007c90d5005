"""How often one client may ask, so that one that runs wild leaves room for all others.

Each process counts for itself, in memory: a limit that needed the broker would fall with it. A limit never hides a
receipt: what was accepted before is answered as ever, however many requests came before it.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from typing import NoReturn

from flask import current_app, g

from service.errors import TooManyRequests

BURST_SECONDS = 4
"""A client that was quiet may ask for so many seconds' worth at once."""
CLIENTS_MAX = 10_000


class Limiter:
    """A bucket for each client, filled with `per_second` a second. With 0 nothing is limited."""

    def __init__(self, per_second: float, *, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._now = per_second, now
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._counting = Lock()

    def take(self, client_id: str, cost: float = 1) -> float:
        """Seconds until this client may ask again; 0: it may now, and this is counted.

        A cost above what is left is granted once, and waited for afterwards: a batch is not cut into pieces.
        """
        if not self._rate:
            return 0.0
        with self._counting:
            level = self._level(client_id)
            if level < 1:
                return (1 - level) / self._rate
            self._keep(client_id, level - cost)
            return 0.0

    def charge(self, client_id: str, cost: float) -> None:
        """Counts what a request turned out to hold, beyond the one that was taken for it."""
        if self._rate and cost > 0:
            with self._counting:
                self._keep(client_id, self._level(client_id) - cost)

    def _level(self, client_id: str) -> float:
        most = max(self._rate * BURST_SECONDS, 1.0)
        level, at = self._levels.get(client_id, (most, self._now()))
        return min(most, level + (self._now() - at) * self._rate)

    def _keep(self, client_id: str, level: float) -> None:
        """Who asked longest ago is forgotten first."""
        self._levels[client_id] = (level, self._now())
        self._levels.move_to_end(client_id)
        while len(self._levels) > CLIENTS_MAX:
            self._levels.popitem(last=False)


def limit(client_id: str, *, unless_known: bool) -> None:
    """Raises `TooManyRequests`; with `unless_known` lets the request in, to be answered if it was answered before."""
    limiter: Limiter = current_app.extensions["wise_bridge_limiter"]
    g.asked_too_often = limiter.take(client_id)
    if g.asked_too_often and not unless_known:
        refuse()


def charge(client_id: str, cost: int) -> None:
    """Counts further items of this request."""
    limiter: Limiter = current_app.extensions["wise_bridge_limiter"]
    limiter.charge(client_id, cost)


def is_over() -> bool:
    """Whether this request was let in only in case it is a repetition."""
    return bool(g.get("asked_too_often"))


def refuse() -> NoReturn:
    """Raises `TooManyRequests`."""
    raise TooManyRequests(
        "This client asks more often than one client may. Nothing was stored; wait as long as Retry-After says.",
        retry_after=ceil(g.asked_too_often),
    )
