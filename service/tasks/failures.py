"""Saying in the log what failed: class and places, never an exception's own words, which may hold part of a record."""

from __future__ import annotations

import structlog

from service.observability import describe
from service.usecases.each import SomeFailedError

_log = structlog.get_logger()


def say_failed(what: str, error: Exception) -> None:
    """One line; where some authorities failed and others did not, one for each and one that says how many."""
    if not isinstance(error, SomeFailedError):
        _log.error("dispatch_failed", what=what, **describe(error))
        return
    for authority, each in error.failed.items():
        _log.error("dispatch_failed", what=what, authority=authority, **describe(each))
    _log.error("some_failed", what=what, count=len(error.failed))
