"""Something that is done again and again beside other work, in a rhythm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

_log = structlog.get_logger()


@dataclass(frozen=True)
class Chore:
    """Something else that is found by looking: late training, reviews due. Safe to do twice."""

    name: str
    do: Callable[[], int]
    every: float

    def done(self) -> int:
        """Does it once, and says in the log when there was something to do."""
        if count := self.do():
            _log.info("chore_done", what=self.name, count=count)
        return count
