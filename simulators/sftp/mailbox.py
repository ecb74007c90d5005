"""The four folders the two sides share, seen from the side that picks sets up."""

import hashlib
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simulators.sftp import durable
from simulators.sftp.layout import Layout

REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")


@dataclass(frozen=True)
class HeldFile:
    """Content plus which file on disk it was read from.

    A sender may rename a newer file onto the same name while we work. The identity
    lets us clear away what we have read and leave what we have not.
    """

    content: bytes
    identity: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class FileSet:
    """A marker and what lay beside it when it was picked up."""

    reference: str
    files: Mapping[str, HeldFile]

    def held(self, suffix: str) -> HeldFile | None:
        return self.files.get(f"{self.reference}.{suffix}")

    @property
    def identities(self) -> dict[str, str]:
        return {name: file.identity for name, file in self.files.items()}


class Mailbox:
    """Knows the folders and file names, and nothing about what the files mean."""

    def __init__(self, root: Path, layout: Layout) -> None:
        self.layout = layout
        self.inbox, self.archive, self.outbox = root / layout.inbox, root / layout.archive, root / layout.outbox
        for name in layout.folders:
            (root / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def waiting(self) -> list[str]:
        """References with a marker, oldest first. Names that are no reference are left alone."""
        found = []
        with os.scandir(self.inbox) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    reference, dot, suffix = entry.name.partition(".")
                    if (dot + suffix) == ".done" and REFERENCE.fullmatch(reference) and _is_file(entry):
                        found.append((entry.stat(follow_symlinks=False).st_mtime_ns, reference))
        return [reference for _, reference in sorted(found)]

    def read(self, reference: str) -> FileSet | None:
        """The set, or None if its marker is gone again."""
        names = [f"{reference}.{suffix}" for suffix in ("done", *self.layout.suffixes)]
        held = {name: file for name in names if (file := _read(self.inbox / name))}
        return FileSet(reference, held) if f"{reference}.done" in held else None

    def tidy(self, identities: Mapping[str, str]) -> None:
        """Marker to the archive first, then the rest away. Safe to do again after a crash."""
        for name in sorted(identities, key=lambda name: not name.endswith(".done")):
            path = self.inbox / name
            if _identity(path) != identities[name]:
                continue
            if name.endswith(".done"):
                path.replace(self.archive / name)
                durable.sync_folder(self.archive)
            else:
                path.unlink()
        durable.sync_folder(self.inbox)

    def answer(self, name: str, content: bytes) -> None:
        """Puts an answer in the outbox, in one piece."""
        durable.write(self.outbox / name, content)


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


def _read(path: Path) -> HeldFile | None:
    """None for anything that is not an ordinary file."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            return HeldFile(file.read(), _named(status)) if stat.S_ISREG(status.st_mode) else None
    except OSError:
        return None


def _identity(path: Path) -> str | None:
    try:
        return _named(path.lstat())
    except FileNotFoundError:
        return None


def _named(status: os.stat_result) -> str:
    return f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"
