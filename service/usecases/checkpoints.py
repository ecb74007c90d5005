"""Makes checkpoints of each authority's trail, and brings them to where we cannot change them any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.ports.trail import Checkpoints, Signs, Way, WayFailed
from service.usecases.each import each_by_itself

AT_A_TIME = 100
CHAIN = "chain"
"""Under this name it is kept that an authority's chain is not the one that was signed."""


@dataclass(frozen=True)
class Checkpointer:
    """Every `every`, for each authority whose trail has grown; by every one of the `ways`."""

    book: Checkpoints
    signs: Signs
    ways: Sequence[Way]
    authorities: Callable[[], Iterable[str]]
    every: timedelta

    def look(self) -> int:
        """How many were made or sent. Raises `SomeFailedError` once every authority has had its turn."""
        return each_by_itself(self.authorities(), self._look_at)

    def _look_at(self, authority: str) -> int:
        return self._make(authority) + sum(self._send(authority, way) for way in self.ways)

    def _make(self, authority: str) -> int:
        try:
            made = self.book.make(authority, self.every, self.signs)
        except WayFailed as failure:
            self.book.failed(authority, CHAIN, failure.trouble)
            return 0
        self.book.works(authority, CHAIN)
        return int(made)

    def _send(self, authority: str, way: Way) -> int:
        with self.book.alone(authority, way.name) as alone:
            owed = self.book.owed(authority, way.name, AT_A_TIME) if alone else ()
            if not owed:
                return 0
            try:
                way.send(authority, [each.statement for each in owed])
            except WayFailed as failure:
                self.book.failed(authority, way.name, failure.trouble)
                if failure.address_refused:
                    self.book.address_refused(failure.address_refused)
                return 0
            self.book.sent(authority, way.name, owed[-1].position)
            return len(owed)
