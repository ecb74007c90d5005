"""Keys, documents, the day and the wake-up of the simulation; chance, where the service asks the machine for it."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Record
from service.tasks import dispatcher, failures
from tests.simulation.baton import Baton

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


@lru_cache(16)
def moment(seconds: float) -> datetime:
    """The simulation's seconds as the database's clock shows them."""
    return START + timedelta(seconds=seconds)


class PlainVault:
    """`service.ports.Vault` that binds and does not hide: nothing here is anybody's, and the seed decides all bytes."""

    def seal(self, authority: str, subject: str, plain: bytes) -> bytes:
        return f"{authority}|{subject}|".encode() + plain

    def open(self, authority: str, subject: str, sealed: bytes) -> bytes:
        bound = f"{authority}|{subject}|".encode()
        if not sealed.startswith(bound):
            raise NeedsHuman(Reason.BODY_UNREADABLE)
        return sealed[len(bound) :]

    def seal_apart(self, authority: str, subject: str, plain: bytes) -> bytes:
        return self.seal(authority, f"apart {subject}", plain)

    def open_apart(self, authority: str, subject: str, sealed: bytes) -> bytes:
        return self.open(authority, f"apart {subject}", sealed)

    def text_key(self, authority: str, child_key: bytes) -> bytes:
        return self.content_digest(authority, b"text" + child_key)

    def child_key(self, authority: str, child_id: str) -> bytes:
        return self.content_digest(authority, b"child" + child_id.encode())

    def content_digest(self, authority: str, content: bytes) -> bytes:
        return hashlib.sha256(authority.encode() + b"\x00" + content).digest()


class Papers:
    """`service.ports.DocumentMaker`. A record that stops workers does it here, where a real one would: in rendering."""

    def __init__(self, begun: Callable[[str], None], stop: Callable[[str], None]) -> None:
        self.poison: set[str] = set()
        self._begun, self._stop = begun, stop

    def case_file(self, record: Record, *, authority_name: str, reference: str, review_due_on: date | None) -> bytes:
        self._begun(reference)
        if record["submission_id"] in self.poison:
            self._stop(reference)
        return b"%PDF-1.7 of a simulation"

    def copy_for(self, *_: Any, **__: Any) -> bytes:
        raise NotImplementedError


class Log:
    """What the dispatcher and its chores say. A failure they swallow is remembered: no fault of ours hides there."""

    def __init__(self) -> None:
        self.failures: list[dict[str, Any]] = []

    def info(self, *_: Any, **__: Any) -> None:
        """Nothing of interest."""

    def error(self, event: str, **said: Any) -> None:
        if event != "some_failed":  # each of those has a line of its own
            self.failures.append(said)


@contextmanager
def seeded(seed: object, baton: Baton, log: Log) -> Iterator[None]:
    """While it lasts, ids, references, the dispatcher's time and its log are the simulation's."""
    chance = random.Random(f"ids {seed}")
    time = SimpleNamespace(
        monotonic=lambda: baton.now, sleep=lambda seconds: baton.point("waits", wait=max(seconds, 1.0))
    )
    with ExitStack() as stack:
        stack.enter_context(patch.object(os, "urandom", chance.randbytes))
        stack.enter_context(patch.object(dispatcher, "time", time))
        for module in (dispatcher, failures):
            stack.enter_context(patch.object(module, "_log", log))
        yield
