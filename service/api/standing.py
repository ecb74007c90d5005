"""Whether a token's client, and the key it signed in with, still stand: looked up, and remembered for seconds.

Without this a revoked client could go on for as long as its token lasts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

SECONDS = 5.0
"""The longest that a revoked client can go on in one process."""
REMEMBERED = 1_000


class Standing:
    """`look_up` is given a client's id and the id of its key, empty for none. It may raise `Unavailable`."""

    def __init__(
        self,
        look_up: Callable[[str, str], bool],
        *,
        seconds: float = SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look_up, self._seconds, self._monotonic = look_up, seconds, monotonic
        self._known: dict[tuple[str, str], tuple[bool, float]] = {}
        self._remembering = Lock()

    def stands(self, client_id: str, kid: str) -> bool:
        """As of at most so many seconds ago."""
        asked, now = (client_id, kid), self._monotonic()
        known = self._known.get(asked)
        if known is not None and now < known[1]:
            return known[0]
        found = self._look_up(client_id, kid)
        with self._remembering:
            while len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known.pop(asked, None)
            self._known[asked] = (found, now + self._seconds)
        return found
