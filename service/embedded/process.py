"""A child process that never outlives its parent: servers, the web server and workers are all run through this."""

import atexit
import functools
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from service.embedded.errors import EmbeddedServerError
from service.embedded.spawn import Process, dies_with_parent, spawn

_LOG_LIMIT = 5_000_000
_TAIL = 3_000


class Child:
    """One process in a session of its own (so Ctrl-C reaches only the parent), with its output in a log file."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        log_path: Path,
        user: str | None = None,
        cwd: Path | None = None,
        stdin_text: str = "",
        stop_signals: Sequence[int] = (signal.SIGTERM,),
        death_signal: int = signal.SIGTERM,
    ) -> None:
        self.log_path = log_path
        self._argv, self._env, self._user, self._cwd = list(argv), dict(env), user, cwd
        self._stdin_text, self._stop_signals, self._death_signal = stdin_text, tuple(stop_signals), death_signal
        self._process: Process | None = None
        self._owner, self._swept, self._log_start = 0, True, 0

    @property
    def pid(self) -> int | None:
        """Also the number of its process group."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Seeing the end also sweeps the group, while its number surely still belongs to it.

        A forked copy of the parent has no children and cannot tell: it gets no, and sweeps nothing.
        """
        if self._process is None or os.getpid() != self._owner:
            return False
        if self._process.poll() is None:
            return True
        self._sweep()
        return False

    def start(self) -> None:
        """Idempotent; may be called from any thread."""
        if self.alive:
            return
        log = self._open_log()
        try:
            self._process = spawn(functools.partial(self._popen, log))
        except (OSError, subprocess.SubprocessError) as problem:
            raise EmbeddedServerError(f"could not run {self._argv[0]} (user {self._user}): {problem}") from problem
        finally:
            os.close(log)
        self._owner, self._swept = os.getpid(), False
        atexit.register(self.stop)
        self._feed(self._process)

    def stop(self, timeout: float = 30.0) -> None:
        """Ask the leader politely, escalate, then kill what is left of its group (pool workers).

        The first signals go to the leader alone: a worker pool signalled as a group would drop its tasks half-way.
        Does nothing in a forked copy of the parent.
        """
        if self._process is None or os.getpid() != self._owner:
            return
        for number in (*self._stop_signals, signal.SIGKILL):
            if self._ended_after(number, timeout):
                break
            timeout = min(timeout, 5.0)
        self._sweep()
        atexit.unregister(self.stop)

    def wait(self, timeout: float, what: str) -> None:
        """For children that do one job: return when it has succeeded."""
        try:
            code = self._started().wait(timeout)
        except subprocess.TimeoutExpired:
            raise self._error(f"{what} did not finish within {timeout:g} s") from None
        self._sweep()
        if code != 0:
            raise self._error(f"{what} failed with exit code {code}")

    def wait_until(self, probe: Callable[[], bool], timeout: float, what: str) -> None:
        """Return when `probe` says yes; a child that ends first, or the deadline, is an error."""
        deadline = time.monotonic() + timeout
        while not probe():
            if not self.alive:
                raise self._error(
                    f"{what} ended while starting (exit code {self._process and self._process.returncode})"
                )
            if time.monotonic() > deadline:
                raise self._error(f"{what} was not ready within {timeout:g} s")
            time.sleep(0.01)

    def log_tail(self) -> str:
        """The end of what this run (not an earlier one) wrote."""
        with self.log_path.open("rb") as log:
            log.seek(max(self._log_start, self.log_path.stat().st_size - _TAIL))
            return log.read().decode(errors="replace").strip()

    def _started(self) -> Process:
        if self._process is None:
            raise EmbeddedServerError(f"{self._argv[0]} was not started: call start() first")
        return self._process

    def _error(self, message: str) -> EmbeddedServerError:
        return EmbeddedServerError(f"{message}. End of {self.log_path}:\n{self.log_tail() or '(empty)'}")

    def _open_log(self) -> int:
        if self.log_path.exists() and self.log_path.stat().st_size > _LOG_LIMIT:
            self.log_path.replace(self.log_path.with_name(self.log_path.name + ".1"))
        log = os.open(self.log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._log_start = os.fstat(log).st_size
        return log

    def _popen(self, log: int) -> Process:
        account = pwd.getpwnam(self._user) if self._user else None
        return subprocess.Popen(
            self._argv,
            env=self._env,
            cwd=self._cwd,
            stdin=subprocess.PIPE if self._stdin_text else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=() if account else None,
            start_new_session=True,
            preexec_fn=dies_with_parent(self._death_signal),  # noqa: PLW1509 - short, imports nothing, takes no lock
        )

    def _feed(self, process: Process) -> None:
        if process.stdin is not None:
            with suppress(BrokenPipeError), process.stdin as pipe:
                pipe.write(self._stdin_text.encode())

    def _ended_after(self, number: int, timeout: float) -> bool:
        try:
            self._started().send_signal(number)
            self._started().wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _sweep(self) -> None:
        if self._process is not None and not self._swept:
            self._swept = True
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
