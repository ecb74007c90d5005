"""Knobs that make the simulated Mosaic slow, broken, locked or changed while it runs.

Settings are replaced as a whole under one lock and counters are taken under the same lock, so
that "the next two requests" means two requests however many arrive at once.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .knobvalues import READERS, Failure
from .locks import Lock


class KnobError(ValueError):
    """A knob that does not exist or a value it cannot take."""


@dataclass(frozen=True)
class Settings:
    """All knobs at one moment; the defaults are a Mosaic on a good day."""

    latency_seconds: float = 0.0
    drop_after_commit: int = 0
    fail_next: tuple[Failure, ...] = ()
    lock_step: tuple[Lock, ...] = ()
    lock_all_until: Lock | None = None
    html_instead: bool = False
    hang_seconds_on: Mapping[str, float] = field(default_factory=dict)
    merge_people: Mapping[int, int] = field(default_factory=dict)
    hide_people: frozenset[int] = frozenset()

    @property
    def locks(self) -> tuple[Lock, ...]:
        """Every lock that is set, whichever knob set it."""
        return self.lock_step + ((self.lock_all_until,) if self.lock_all_until else ())


class Knobs:
    """The settings in force, shared by all request threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings = Settings()

    def now(self) -> Settings:
        """The settings in force at this moment."""
        with self._lock:
            return self._settings

    def set(self, values: Mapping[str, Any]) -> None:
        """Change the named knobs together, or none of them when one value is wrong."""
        parsed = {name: _read(name, value) for name, value in values.items()}
        with self._lock:
            self._settings = replace(self._settings, **parsed)

    def reset(self) -> None:
        """Back to a good day."""
        with self._lock:
            self._settings = Settings()

    def take_failure(self) -> Failure | None:
        """The failure this request must get, used up once."""
        with self._lock:
            waiting = self._settings.fail_next
            if not waiting:
                return None
            first = replace(waiting[0], times=waiting[0].times - 1)
            rest = (first, *waiting[1:]) if first.times else waiting[1:]
            self._settings = replace(self._settings, fail_next=rest)
            return first

    def take_drop(self) -> bool:
        """Whether this committed change must go unanswered, used up once."""
        with self._lock:
            left = self._settings.drop_after_commit
            if left:
                self._settings = replace(self._settings, drop_after_commit=left - 1)
            return left > 0


def _read(name: str, value: Any) -> Any:
    if name not in READERS:
        raise KnobError(f"unknown knob {name!r}; knobs are {', '.join(READERS)}")
    try:
        return READERS[name](value)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise KnobError(f"{name}: {error}") from error
