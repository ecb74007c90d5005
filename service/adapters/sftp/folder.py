"""The few file operations an exchange needs, over one SFTP session."""

from __future__ import annotations

import contextlib
import io
import stat
from dataclasses import dataclass
from typing import Any, cast

import paramiko
from paramiko.sftp import CMD_EXTENDED

CHUNK = 32 * 1024


@dataclass(frozen=True)
class Found:
    """A file that is there: how large, and when it was last written by the server's own clock."""

    size: int
    written: int


class Folder:
    """The exchange's root as our user sees it. Paths are relative to it."""

    def __init__(self, sftp: paramiko.SFTPClient) -> None:
        self._sftp = sftp

    def find(self, path: str) -> Found | None:
        """The file, or None when it is not there. Any other failure rises: it is not an absence."""
        try:
            found = self._sftp.stat(path)
        except FileNotFoundError:
            return None
        return Found(found.st_size or 0, found.st_mtime or 0)

    def is_folder(self, path: str) -> bool:
        """Whether the path is a folder; a file exchange without its folders proves nothing about files."""
        try:
            mode = self._sftp.stat(path).st_mode
        except FileNotFoundError:
            return False
        return mode is not None and stat.S_ISDIR(mode)

    def read(self, path: str, limit: int) -> bytes | None:
        """The file's bytes, at most one more than `limit`; None when it has gone meanwhile."""
        data = bytearray()
        try:
            with self._sftp.open(path, "rb") as file:
                while len(data) <= limit and (chunk := file.read(min(CHUNK, limit + 1 - len(data)))):
                    data += chunk
        except FileNotFoundError:
            return None
        return bytes(data)

    def put(self, path: str, content: bytes) -> Found:
        """Write and compare the size: a full disk does not always say so."""
        self._sftp.putfo(io.BytesIO(content), path, confirm=False)
        found = self.find(path)
        if found is None or found.size != len(content):
            raise OSError("short file")
        return found

    def rename(self, before: str, after: str) -> None:
        """Onto the name, replacing what is there, in one step."""
        self._sftp.posix_rename(before, after)

    def place(self, before: str, after: str) -> None:
        """Onto a name that is free; most servers refuse where it is not."""
        self._sftp.rename(before, after)

    def sync(self, path: str) -> None:
        """Onto the disk, where the server offers that; where it does not, its own care must do."""
        with contextlib.suppress(OSError), self._sftp.open(path, "r+b") as file:
            cast(Any, self._sftp)._request(CMD_EXTENDED, "fsync@openssh.com", file.handle)
