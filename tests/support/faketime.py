"""A wrong clock for one process, in tests: Debian's libfaketime, loaded before everything else and never installed.

It shows its process another time of day. How long something takes (the monotonic clock) stays true, as on a machine
whose clock was set wrongly. It moves while the process runs, since the process reads it from a file every second.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from tests.support.debian import NoPackage, fetch, once

PACKAGES = ("libfaketime",)
_SLEEP, _ASIDE = b"\0clock_nanosleep\0", b"\0-lock_nanosleep\0"
NOTICED = 1
"""Seconds until a running process has read that its clock was moved."""


class WrongClock:
    """`environment` is for the processes that go by it. Nothing is wrong before it is moved."""

    def __init__(self, file: Path) -> None:
        self._file, self._library = file, _unpacked(Path(sys.prefix) / "faketime")
        self.move(0)

    @property
    def environment(self) -> dict[str, str]:
        """For the process and all that it forks."""
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": str(NOTICED),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def move(self, seconds: float) -> None:
        """So many seconds ahead of the true time from now on; behind it when negative."""
        new = self._file.with_name(f"{self._file.name}.new")
        new.write_text(f"{seconds:+.3f}\n")
        new.replace(self._file)

    def show(self, moment: datetime) -> float:
        """Goes on from this moment (with its zone); says how many seconds ahead that is."""
        ahead = (moment - datetime.now(moment.tzinfo)).total_seconds()
        self.move(ahead)
        return ahead


def _unpacked(folder: Path) -> Path:
    """The library, fetched the first time, by one process while others wait.

    Its `clock_nanosleep` takes a wake-up time of the true monotonic clock for one of the wrong clock, and Python sleeps
    by that call: under another name it is not found, and the C library's own is used.
    """
    with once(folder) as to_do:
        if to_do:
            fetch(folder, PACKAGES)
            for original in folder.glob("root/usr/lib/*/faketime/libfaketimeMT.so.1"):
                (folder / "libfaketime.so").write_bytes(original.read_bytes().replace(_SLEEP, _ASIDE))
    if not (folder / "libfaketime.so").exists():
        raise NoPackage("Debian's libfaketime does not hold libfaketimeMT.so.1 where it was. Look where it lies now.")
    return folder / "libfaketime.so"
