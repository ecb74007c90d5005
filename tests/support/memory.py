"""How much memory a process has really taken, as the kernel counts it for this very program (Linux).

`getrusage` will not do for a process that was just started: its highest mark is inherited from whoever started it, so
that a child of a large parent seems never to grow.
"""

from __future__ import annotations

from pathlib import Path

_STATUS, _FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def _kib(name: str) -> int:
    lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def begin() -> int:
    """Forgets the highest mark so far; KiB resident now."""
    _FORGET.write_text("5")
    return _kib("VmRSS")


def grown_since(before: int) -> int:
    """KiB that were taken at the most beyond what `begin` gave."""
    return max(_kib("VmHWM") - before, 0)
