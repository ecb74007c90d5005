"""Checkpoints appended to a file for each authority, in a folder that is best on other storage than the database's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from service.domain.trail.checkpoint import line_of
from service.ports.trail import WayFailed


class FolderWay:
    """`service.ports.trail.Way`. The folder must be there: one that is not mounted is no place to write to."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, authority: str, statements: Sequence[str]) -> None:
        """Written to the disk before it returns. After a line that broke off, a new one is begun."""
        try:
            descriptor = os.open(self._folder / f"{authority}.jsonl", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            with os.fdopen(descriptor, "r+b", buffering=0) as file:
                torn = file.seek(0, os.SEEK_END) > 0 and os.pread(descriptor, 1, file.tell() - 1) != b"\n"
                _write_all(descriptor, (b"\n" if torn else b"") + b"".join(map(line_of, statements)))
                os.fsync(descriptor)
            _sync_folder(self._folder)
        except OSError as error:
            raise WayFailed(f"errno_{error.errno}") from None


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _sync_folder(folder: Path) -> None:
    """So that a file that is new is not gone after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
