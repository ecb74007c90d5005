"""A place without room: a small file system filled to its last byte or, where none can be made, no writing to files.

The first gives what writes there ENOSPC, as a full disk does. Making it takes root, or a sudo that asks no password.
The second is the kernel's limit on the size of a file (RLIMIT_FSIZE), set to nothing in processes that run: EFBIG, for
everything they write, the database's log of changes and our own logs included.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.faults.world import World

_WAYS = ([], ["sudo", "-n"])
_CHUNKS = (1024 * 1024, 4096)
_EVERY = 0.02
_PATIENCE = 20


class Volume:
    """`writers` are the processes that are to find no room. `mounted`: there is a file system of its own in `place`."""

    def __init__(self, place: Path, megabytes: int, writers: Callable[[], set[int]]) -> None:
        self.place, self._megabytes, self._writers = place, megabytes, writers
        self._way: list[str] = []
        self._limited: set[int] = set()
        self._full, self._thread = threading.Event(), threading.Thread()
        self.mounted = False

    def __enter__(self) -> Self:
        self.place.mkdir()
        options = f"size={self._megabytes}m,mode=0755,uid={os.getuid()}"
        asked = ["mount", "-t", "tmpfs", "-o", options, "wise-faults", str(self.place)]
        for self._way in _WAYS:
            with suppress(FileNotFoundError):
                self.mounted = subprocess.run([*self._way, *asked], capture_output=True, check=False).returncode == 0
            if self.mounted:
                break
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.free()
        if self.mounted:
            World.wait(self._let_go, _PATIENCE, "nobody to use the small file system any more")
        shutil.rmtree(self.place)

    def _let_go(self) -> bool:
        """A killed process may keep its files open a moment longer than its parent knows of it."""
        asked = [*self._way, "umount", str(self.place)]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0

    def take(self, folder: Path) -> None:
        """Moves a folder here, owners and all, and leaves a link to it."""
        target = self.place / folder.name
        subprocess.run(["cp", "-a", str(folder), str(target)], check=True)
        shutil.rmtree(folder)
        folder.symlink_to(target)

    def fill(self) -> None:
        """No room from now on, whatever becomes free and whoever starts meanwhile, until `free`."""
        self._full.set()
        work = self._keep_full if self.mounted else self._keep_limited
        self._thread = threading.Thread(target=work, name="no room", daemon=True)
        self._thread.start()

    def free(self) -> None:
        """There is room again."""
        self._full.clear()
        if self._thread.ident is not None:
            self._thread.join()
        (self.place / "ballast").unlink(missing_ok=True)
        while self._limited:
            limit_files(self._limited.pop(), "unlimited")

    def _keep_full(self) -> None:
        with (self.place / "ballast").open("wb") as file:
            while self._full.is_set():
                for chunk in _CHUNKS:
                    with suppress(OSError):
                        while True:
                            os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, chunk)
                threading.Event().wait(_EVERY)

    def _keep_limited(self) -> None:
        while self._full.is_set():
            for pid in self._writers() - self._limited:
                self._limited.add(pid)
                limit_files(pid, "0")
            threading.Event().wait(_EVERY)


def limit_files(pid: int, size: str) -> None:
    """How large a file that process may write; asked as its own user, who may always say so. None when it is gone."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        user, group = process.uids().real, process.gids().real
        owner = {"user": user, "group": group, "extra_groups": ()} if os.geteuid() == 0 else {}
        subprocess.run(["prlimit", f"--pid={pid}", f"--fsize={size}:"], capture_output=True, check=False, **owner)
