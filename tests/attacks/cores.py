"""Pictures of a process's memory, as the kernel writes them where it may."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DIES = "import os,signal,sys;held=sys.stdin.read()*99;os.kill(os.getpid(),signal.SIGSEGV)"
_PATTERN = Path("/proc/sys/kernel/core_pattern")


def seen_here() -> str:
    """Why a picture could not be seen on this machine, or nothing."""
    pattern = _PATTERN.read_text().strip() if _PATTERN.exists() else "|"
    if pattern.startswith("|"):
        return "The kernel hands pictures of memory to a program here."
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    return "The kernel may write no pictures of memory here." if hard == 0 else ""


@contextmanager
def allowed() -> Iterator[float]:
    """As far as who starts the processes is concerned: what begins meanwhile may be written down. Gives when it began.

    One file system counts a little behind the clock, so the moment is a second earlier.
    """
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        yield time.time() - 1
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def files(since: float, *folders: Path) -> list[Path]:
    """Pictures written there from then on."""
    found = [each for folder in folders for each in folder.glob("core*") if each.is_file()]
    return [each for each in found if each.stat().st_mtime >= since and each.read_bytes()[:4] == b"\x7fELF"]


def of_a_helper(text: str, folder: Path) -> list[Path]:
    """A process of our own that holds the text and dies: what is left of it. Inside of `allowed`."""
    since = time.time() - 1
    died = subprocess.run([sys.executable, "-c", _DIES], input=text.encode(), cwd=folder, check=False)
    return files(since, folder) if died.returncode == -signal.SIGSEGV else []
