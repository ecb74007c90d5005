"""Logs as JSON lines that carry ids and codes. Keys that are not on the list are dropped, not trusted.

Other libraries' messages are written as their templates, without the values they would fill in, and exceptions as their
class and the places they passed: an exception's text may hold part of a record.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog

_OURS = "/service/"
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "process",
        "authority", "client_id", "receipt_id", "delivery_id", "reference", "record_type", "state", "reason",
        "attempt", "count", "number", "method", "route", "status", "duration_ms", "error", "places", "logger", "table",
        "what",
    }
)  # fmt: skip
"""Every key a log line may have."""


def configure(process: str) -> None:
    """Sets up logging for this process; call once, in a composition root."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: Lines(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TemplateFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


class Lines(structlog.WriteLogger):
    """A line that cannot be written is lost, and nothing else: on a full disk, too, what was kept is acknowledged."""

    def msg(self, message: str) -> None:
        """Writes it and flushes it, or not."""
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def keep_allowed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops every key that is not on the list."""
    return {key: value for key, value in event.items() if key in ALLOWED}


class TemplateFormatter(logging.Formatter):
    """Other libraries' records: level, logger and message template; never the arguments."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON line."""
        line: dict[str, Any] = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.msg if isinstance(record.msg, str) and len(record.msg) <= 300 else "(message withheld)",
        }
        if record.exc_info and record.exc_info[1]:
            line |= describe(record.exc_info[1])
        return json.dumps(line)


def describe(error: BaseException) -> dict[str, Any]:
    """An exception's class and where it passed through our code; not its words."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _OURS in frame.filename][-8:]
    return {"error": type(error).__name__, "places": [_place(frame) for frame in (*ours, *frames[-1:])]}


def _place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno}"
