"""Private files, locks and servers left behind: what both servers need from the operating system."""

import fcntl
import os
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from service.embedded.errors import EmbeddedServerError

_PROC = Path("/proc")


def write_private(path: Path, text: str, owner: tuple[int, int] | None = None) -> None:
    """A 0600 file that is either the old text or the new one, even after a crash."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(handle)
        if owner is not None:
            os.fchown(handle, *owner)
    os.replace(name, path)


def read_or_create_secret(path: Path) -> str:
    """Kept, so that the URL of a server does not change its password on every start."""
    if path.exists() and (kept := path.read_text().strip()):
        return kept
    secret = secrets.token_urlsafe(32)
    write_private(path, secret + "\n")
    return secret


def lock_file(path: Path, what: str) -> int:
    """Held while the owner lives. It tells a server that somebody still uses from one that was left behind."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise EmbeddedServerError(
            f"{what} is in use by another running process: stop that one first, or give this one a folder of its own"
        ) from None
    return handle


def hold_folder(path: Path) -> int:
    """systemd-tmpfiles passes over a locked folder, so it does not age away files of a server that runs."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def _recorded_pid(pid_file: Path) -> int | None:
    try:
        return abs(int(pid_file.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def _is_server(pid: int, folder: Path, name: str) -> bool:
    """Numbers are reused, in containers quickly: believe one only with the right program in the right folder."""
    if (_PROC / "self" / "cwd").exists():
        with suppress(OSError):
            running_in = os.readlink(_PROC / str(pid) / "cwd")
            return running_in == str(folder) and (_PROC / str(pid) / "comm").read_text().strip() == name
        return False
    shown = subprocess.run(["/bin/ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False)
    return Path(shown.stdout.strip()).name.startswith(name)


def stop_leftover(pid_file: Path, folder: Path, name: str, signals: Sequence[int]) -> None:
    """End the server of an owner that was killed. Call it only with the lock held: then nobody uses that server."""
    pid = _recorded_pid(pid_file)
    if pid is None:
        return
    for number in (*signals, signal.SIGKILL):
        if not _is_server(pid, folder, name):
            break
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        _wait_while(lambda: _is_server(pid, folder, name), 20.0)
    _forget_reused(pid, pid_file)


def _forget_reused(pid: int, pid_file: Path) -> None:
    """A recorded number that now belongs to another program would make the server refuse to start.

    The number of no process is left to the server, which also looks for what else may use its data.
    """
    with suppress(ProcessLookupError):
        with suppress(PermissionError):
            os.kill(pid, 0)
        pid_file.unlink(missing_ok=True)


def _wait_while(condition: Callable[[], bool], timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while condition() and time.monotonic() < deadline:
        time.sleep(0.02)
