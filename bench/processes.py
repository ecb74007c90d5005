"""What processes and all their children used, from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """CPU seconds since each was started; the sum of their resident sizes, largest and now."""

    seconds: float
    peak_mb: float
    now_mb: float


def used_by(pids: Iterable[int]) -> Usage:
    """Of these and whatever they started and still have."""
    everyone = [each for pid in pids for each in (pid, *_below(pid))]
    return Usage(sum(map(_seconds, everyone)), *(sum(_mb(each, line) for each in everyone) for line in ("HWM", "RSS")))


def _below(pid: int) -> list[int]:
    children = [int(word) for task in Path(f"/proc/{pid}/task").glob("*/children") for word in task.read_text().split()]
    return [each for child in children for each in (child, *_below(child))]


def _seconds(pid: int) -> float:
    """Fields 14 and 15 of stat, counted behind the name, which may have anything in it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _mb(pid: int, what: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"Vm{what}:"):
            return int(line.split()[1]) / 1024
    return 0.0
