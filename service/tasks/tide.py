"""Looks whether the database is still the one it was, and says so in the log while nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

_log = structlog.get_logger()


@dataclass(frozen=True)
class TideWatch:
    """`mode_now` tells the database what it was, keeps the mark, and gives the mode it is in."""

    mode_now: Callable[[], str]

    def look(self) -> int:
        """1 while a restore is under way."""
        mode = self.mode_now()
        if mode == "usual":
            return 0
        _log.warning("restore_under_way", state=mode, what="see `wise-bridge restore status`")
        return 1
