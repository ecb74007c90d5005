"""A sign-in that is asked for once, and shown by all threads until it ends."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from service.adapters.egress import Deadline
from service.adapters.http.messages import Reply, Request
from service.adapters.http.sign_in import Send
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent

WAIT_SECONDS = 20.0


@dataclass(frozen=True, repr=False)
class Pass:
    """What is shown, and `until` when by the clock of this process: a server's own clock is not asked."""

    headers: Mapping[str, str]
    until: float


class KeptSignIn(ABC):
    """Renewed when it ends, and once after a 401. Keep one for all calls: it holds the pass.

    Its request changes nothing in the case system, so its failures mean "nothing sent", or that a person must look.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._lock = threading.Lock()
        self._pass: Pass | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """Where passes come from."""
        return (self._request.path,)

    def headers(self, send: Send, deadline: Deadline) -> Mapping[str, str]:
        """The pass there is, or a new one. One thread asks; the others wait for it, though not for ever."""
        if not self._lock.acquire(timeout=deadline.left(WAIT_SECONDS)):
            raise NothingSent(Reason.UNAVAILABLE, "token_not_in_time")
        try:
            if self._pass is None or self._pass.until <= time.monotonic():
                self._pass = self._read(send(self._request))
            return self._pass.headers
        finally:
            self._lock.release()

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Forget the refused pass; another thread may have had a newer one meanwhile, which stays."""
        with self._lock:
            if self._pass is not None and self._pass.headers == refused:
                self._pass = None
        return True

    @abstractmethod
    def _read(self, reply: Reply) -> Pass:
        """The pass in an answer. Raises `DeliveryProblem`."""


def refusal(reply: Reply) -> DeliveryProblem:
    """400 is how OAuth says "unknown client" or "not this scope"; 403 comes from what stands before it."""
    note = f"token_status_{reply.status}"
    if reply.status in (400, 401, 403):
        return NeedsHuman(Reason.SIGN_IN_REFUSED, note)
    if reply.status == 429:
        return NothingSent(Reason.THROTTLED, note, retry_after=reply.retry_after)
    return NothingSent(Reason.UNAVAILABLE, note, retry_after=reply.retry_after)
