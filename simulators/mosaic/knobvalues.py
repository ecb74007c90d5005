"""Reading knob values, which arrive as JSON from the control route or as Python from a test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .locks import SOMEBODY, Lock

HANG_PLACES = ("documents", "answers", "complete", "notes", "steps")
_LONGEST_WAIT = 3600


@dataclass(frozen=True)
class Failure:
    """An answer from something in front of Mosaic: the request never reaches it."""

    status: int
    times: int = 1
    retry_after: int | None = None


def _seconds(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= _LONGEST_WAIT:
        raise ValueError(f"must be between 0 and {_LONGEST_WAIT} seconds")
    return float(value)


def _count(value: Any, least: int = 0) -> int:
    if type(value) is not int or value < least:
        raise ValueError(f"must be a whole number from {least}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _only(value: Any, *names: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or set(value) - set(names):
        raise ValueError(f"must be an object with only {', '.join(names)}")
    return value


def _failures(value: Any) -> tuple[Failure, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list")
    return tuple(_failure(item) for item in value)


def _failure(value: Any) -> Failure:
    entry = _only(value, "status", "times", "retryAfter")
    status = _count(entry["status"], least=400)
    if status > 599:
        raise ValueError("status must be between 400 and 599")
    retry_after = entry.get("retryAfter")
    return Failure(status, _count(entry.get("times", 1), least=1), None if retry_after is None else _count(retry_after))


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time needs its offset, for example 2027-02-10T09:00:00Z")
    return moment


def _locks(value: Any) -> tuple[Lock, ...]:
    """One lock, several, or null to lift them."""
    items = [] if value is None else value if isinstance(value, (list, tuple)) else [value]
    return tuple(_lock(item) for item in items)


def _lock(value: Any) -> Lock:
    entry = _only(value, "externalReference", "until", "lockedBy")
    until = entry.get("until")
    reference, locked_by = entry["externalReference"], entry.get("lockedBy", SOMEBODY)
    if not isinstance(reference, str) or not isinstance(locked_by, str):
        raise ValueError("externalReference and lockedBy must be text")
    return Lock(reference, None if until is None else _moment(until), locked_by)


def _lock_all(value: Any) -> Lock | None:
    return None if value is None else Lock(until=_moment(value))


def _hangs(value: Any) -> dict[str, float]:
    return {place: _seconds(seconds) for place, seconds in _only(value, *HANG_PLACES).items()}


def _merges(value: Any) -> dict[int, int]:
    return {_count(int(old), least=1): _count(new, least=1) for old, new in value.items()}


def _people(value: Any) -> frozenset[int]:
    return frozenset(_count(item, least=1) for item in value)


READERS: dict[str, Callable[[Any], Any]] = {
    "latency_seconds": _seconds,
    "drop_after_commit": _count,
    "fail_next": _failures,
    "lock_step": _locks,
    "lock_all_until": _lock_all,
    "html_instead": _flag,
    "hang_seconds_on": _hangs,
    "merge_people": _merges,
    "hide_people": _people,
}
