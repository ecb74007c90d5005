"""Records a second, for as long as a scenario hurts the service, and all at once."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.faults.ledger import Accepted, Ledger
from tests.faults.papers import Desk, Paper


def send_all(ledger: Ledger, papers: list[Paper], *, connections: int = 8, seconds: float = 60) -> list[Accepted]:
    """Every one, insisting; those that were acknowledged."""
    with ThreadPoolExecutor(connections) as pool:
        answers = list(pool.map(lambda paper: ledger.insist(paper, seconds=seconds), papers))
    return [each for each in answers if each is not None]


@contextmanager
def stream(
    ledger: Ledger, desk: Desk, authorities: list[str], *, rate: float, connections: int = 8, insist: float = 60
) -> Iterator[None]:
    """Sends at this rate until the block ends, the authorities in turn; then waits for what is under way.

    The schedule does not wait for answers, but with every connection waiting it falls behind: a sender is patient.
    """
    ended, numbers, began = threading.Event(), itertools.count(), time.monotonic()
    turn = threading.Lock()

    def work() -> None:
        while True:
            with turn:
                number = next(numbers)
                paper = desk.paper(authorities[number % len(authorities)])
            if ended.wait(max(began + number / rate - time.monotonic(), 0)):
                return
            ledger.insist(paper, seconds=insist)

    with ThreadPoolExecutor(connections) as pool:
        for _ in range(connections):
            pool.submit(work)
        try:
            yield
        finally:
            ended.set()
