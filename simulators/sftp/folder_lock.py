"""Keeps a second process out of an instance's folder, where it would file the same sets again."""

import fcntl
import os
from pathlib import Path


class FolderLock:
    """An flock: the system lets go of it when the process dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        self._path, self._handle = folder / "lock", -1

    def acquire(self) -> None:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise RuntimeError(f"another simulator is using {self._path.parent}") from error
        self._handle = handle

    def release(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1
