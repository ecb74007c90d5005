"""Starting a process that the kernel ends when this one dies."""

import ctypes
import functools
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue

_PR_SET_PDEATHSIG = 1

Process = subprocess.Popen[bytes]
Job = tuple[Callable[[], Process], Future[Process]]


def dies_with_parent(number: int) -> Callable[[], None] | None:
    """What a new child does before exec on Linux.

    Other systems have no such signal: there `atexit` and the next start clean up. Popen runs this after its change of
    user, which would otherwise reset the setting.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it died before the request: no signal would ever come
            os._exit(1)

    return ask


def _serve(jobs: SimpleQueue[Job]) -> None:
    while True:
        make, done = jobs.get()
        try:
            done.set_result(make())
        except BaseException as problem:  # noqa: BLE001 - handed on to whoever asked
            done.set_exception(problem)


@functools.cache
def _spawner(_pid: int) -> SimpleQueue[Job]:
    """One thread that lives as long as the process does all the forking.

    Linux sends the death signal when the *thread* that forked ends. Keyed by pid, since threads do not survive a fork.
    """
    jobs: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_serve, args=(jobs,), name="embedded-spawner", daemon=True).start()
    return jobs


def spawn(make: Callable[[], Process]) -> Process:
    """Run `make` in the thread that forks; its errors come back to the caller."""
    done: Future[Process] = Future()
    _spawner(os.getpid()).put((make, done))
    return done.result()
