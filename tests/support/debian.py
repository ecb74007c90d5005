"""Debian's own packages, fetched with apt and unpacked into a folder: never installed, and without root."""

from __future__ import annotations

import fcntl
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

APT_SECONDS = 300


class NoPackage(RuntimeError):
    """There is nothing to test against. The message says what to do."""


@contextmanager
def once(folder: Path) -> Iterator[bool]:
    """Whether it is still to be done; while one process does it, others wait. What fails is tried again."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = (folder / "ready").exists()
        yield not done
        (folder / "ready").touch()


def fetch(folder: Path, packages: Sequence[str]) -> None:
    """Downloads packages and unpacks them. Lists of our own only where those of the machine do not do."""
    if not packages:
        return
    with tempfile.TemporaryDirectory(dir=folder) as name:
        if not _download(Path(name), packages):
            _private_lists(folder)
            if not _download(Path(name), packages, *_private(folder)):
                raise NoPackage(
                    f"The Debian packages {', '.join(packages)} could not be fetched with apt-get download. These tests"
                    " need them: give this machine a way to a Debian mirror, and apt its sources, then run them again."
                )
        for package in Path(name).glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, folder / "root"], check=True)


def _download(into: Path, packages: Sequence[str], *options: str) -> bool:
    done = _apt("download", *options, *packages, cwd=into)
    return done and len(list(into.glob("*.deb"))) == len(packages)


def _private_lists(folder: Path) -> None:
    """Whether it worked shows in the download that follows."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    _apt("update", *_private(folder), cwd=folder)


def _private(folder: Path) -> list[str]:
    """apt's places, away from those that belong to root."""
    places = {
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Dir::State::status": "/var/lib/dpkg/status",
    }
    return [word for name, place in places.items() for word in ("-o", f"{name}={place}")]


def _apt(command: str, *arguments: str, cwd: Path) -> bool:
    """Without the unprivileged user that apt would change to as root: it could not write here."""
    call = ["apt-get", command, "-q", "-o", "APT::Sandbox::User=root", *arguments]
    with suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run(call, cwd=cwd, capture_output=True, timeout=APT_SECONDS, check=False).returncode == 0
    return False
