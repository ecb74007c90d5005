"""Which fault a request meets, and how often.

Faults are taken under one lock, so that "the next two requests" means two requests however many arrive at once.
"""

import threading
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

RESET_AFTER_COMMIT, AWAY_AFTER_COMMIT = "reset_after_commit", "away_after_commit"
AFTER_COMMIT = frozenset((RESET_AFTER_COMMIT, AWAY_AFTER_COMMIT))
"""The change is stored, and its answer is lost: cut off, or a gateway's 503 comes instead."""
NAMES = (
    "auth_expired",
    "denied",
    "throttled",
    "maintenance",
    "hang",
    "drip",
    "reset",
    RESET_AFTER_COMMIT,
    AWAY_AFTER_COMMIT,
    "login_page",
    "html_fault",
    "redirect",
    "huge",
    "garbage",
)


class FaultError(ValueError):
    """A fault that does not exist, or a place or number it cannot have."""


@dataclass(frozen=True)
class Call:
    """What of a request decides: the paths it goes by (one of them without the prefix), and whether it only reads."""

    paths: tuple[str, ...]
    is_read: bool


@dataclass(frozen=True)
class Setting:
    """One fault that waits: `times` it still applies (None: until cleared), once it let `after` requests by."""

    name: str
    times: int | None = 1
    on: str = "any"
    after: int = 0

    def concerns(self, call: Call) -> bool:
        """Whether the request is one of those the fault was set for."""
        if self.on.startswith("/"):
            return any(path.startswith(self.on) for path in call.paths)
        return self.on == "any" or call.is_read == (self.on == "read")


class Faults:
    """The faults in force, shared by all request threads. `more` names faults of one simulator alone."""

    def __init__(self, *more: str) -> None:
        self.names = (*NAMES, *more)
        self._lock = threading.Lock()
        self._settings: list[Setting] = []
        self._followed = 0

    def set(self, name: str, times: int | None = 1, on: str = "any", after: int = 0) -> None:
        """Let the next `times` requests of a kind meet a fault, once `after` of them went by unharmed.

        `on` is any, read, write or the beginning of a path (with or without the prefix of the protocol). Setting a
        fault again for the same requests replaces what was set before.
        """
        new = self._checked(name, times, on, after)
        with self._lock:
            kept = [old for old in self._settings if (old.name, old.on) != (name, on)]
            self._settings = [*kept, new]

    def clear(self) -> None:
        """Back to a good day; redirects that were followed stay counted."""
        with self._lock:
            self._settings = []

    def now(self) -> tuple[Setting, ...]:
        """What is set at this moment."""
        with self._lock:
            return tuple(self._settings)

    @property
    def followed(self) -> int:
        """How many requests followed a redirect; each of them carried its key to where it was sent."""
        return self._followed

    def count_followed(self) -> None:
        """A request arrived where the redirect pointed."""
        with self._lock:
            self._followed += 1

    def take(self, call: Call, names: Collection[str]) -> str | None:
        """The fault this request must meet, one of `names`, used up once; the one set first goes first."""
        with self._lock:
            waiting = [old for old in self._settings if old.name in names and old.concerns(call)]
            due = next((old for old in waiting if not old.after), None)
            self._settings = [item for old in self._settings if (item := _used(old, old is due, old in waiting))]
            return due.name if due else None

    def _checked(self, name: Any, times: Any, on: Any, after: Any) -> Setting:
        if name not in self.names:
            raise FaultError(f"unknown fault; faults are {', '.join(self.names)}")
        if times is not None and (type(times) is not int or times < 1):
            raise FaultError("times must be a whole number from 1, or null for until cleared")
        if not isinstance(on, str) or not (on in {"any", "read", "write"} or on.startswith("/")):
            raise FaultError("on must be any, read, write or a path that begins with /")
        if type(after) is not int or after < 0:
            raise FaultError("after must be a whole number from 0")
        return Setting(name, times, on, after)


def _used(old: Setting, is_due: bool, is_waiting: bool) -> Setting | None:
    """The setting after one request: less once when it was met, one nearer when it let the request by."""
    if is_due:
        left = None if old.times is None else old.times - 1
        return None if left == 0 else replace(old, times=left)
    return replace(old, after=old.after - 1) if is_waiting and old.after else old
