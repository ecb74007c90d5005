"""Our own processes, servers included: started, killed with -9, stopped and continued, from outside."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from service.demo.stack import Stack
from service.embedded import Child

WORKER, WEB, BEAT = "worker", "casework", "beat"
PATIENCE = 120


class Processes:
    """`worker` may have companions, `worker-2` and so on: the number at the end is cut off for its role.

    `besides` is what one of them finds in its environment besides, by its name, from its next start on; `urls` where a
    companion of the web listens.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.besides: dict[str, dict[str, str]] = {}
        self.urls: dict[str, str] = {}
        self._children: dict[str, Child] = {}

    def start(self, name: str) -> Child:
        """Starts it, or does nothing when it runs."""
        if name in self._children and self._children[name].alive:
            return self._children[name]
        role = name.partition("-")[0]
        child = Child(
            self._arguments(role, self.urls.get(name, self._stack.casework_url)),
            env=self._stack.environment(role) | self.besides.get(name, {}),
            log_path=self._log(name),
            death_signal=signal.SIGKILL,  # one that is frozen heeds no other
        )
        child.start()
        self._children[name] = child
        return child

    def kill(self, name: str) -> None:
        """kill -9 for it and all it forked: no clean-up, no goodbye."""
        self._signal(name, signal.SIGKILL)
        self.stop(name)

    def kill_web_worker(self) -> None:
        """kill -9 for one of gunicorn's workers; the master forks another."""
        pid = self._children[WEB].pid
        forked = psutil.Process(pid).children() if pid else []
        if forked:
            with suppress(psutil.NoSuchProcess):
                forked[0].kill()

    def freeze(self, name: str) -> None:
        """SIGSTOP."""
        self._signal(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """SIGCONT."""
        self._signal(name, signal.SIGCONT)

    def stop(self, name: str) -> None:
        """Politely; what is dead already is tidied up."""
        if name in self._children:
            self._children.pop(name).stop()

    def end(self) -> None:
        """All of them, and at once: what they leave is thrown away."""
        for name in reversed(list(self._children)):
            self.kill(name)

    def alive(self, name: str) -> bool:
        """Whether it runs."""
        return name in self._children and self._children[name].alive

    def pids(self, name: str) -> set[int]:
        """Its number, and those of what it forked; none when it does not run."""
        if not self.alive(name) or (pid := self._children[name].pid) is None:
            return set()
        return {pid, *(each.pid for each in psutil.Process(pid).children(recursive=True))}

    def _signal(self, name: str, number: signal.Signals) -> None:
        child = self._children.get(name)
        if child is not None and child.pid and child.alive:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, number)

    def _log(self, name: str) -> Path:
        return self._stack.folder / "logs" / f"{name}.log"

    @staticmethod
    def _arguments(role: str, url: str) -> list[str]:
        bind = url.removeprefix("http://")
        more = {WEB: ["serve", "--side", "casework", "--bind", bind]}.get(role, [role])
        return [sys.executable, "-m", "service", *more]


def kill_postgres(stack: Stack, *, number: signal.Signals = signal.SIGKILL) -> None:
    """The postmaster, at once; the sessions die with it. SIGQUIT is PostgreSQL's own immediate stop."""
    lines = (stack.postgres.cluster / "postmaster.pid").read_text().splitlines()
    _end(int(lines[0]), number)


def kill_valkey(stack: Stack) -> None:
    """kill -9."""
    text = (stack.valkey.data_dir / "valkey.pid").read_text()
    _end(int(text.split()[0]), signal.SIGKILL)


def _end(pid: int, number: signal.Signals) -> None:
    """Waits until it is gone, which its own parent notices later."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.send_signal(number)
        with suppress(psutil.TimeoutExpired):
            process.wait(10)
