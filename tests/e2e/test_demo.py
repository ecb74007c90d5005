"""`wise-bridge demo` as the README shows it: from empty, twice, with and without a terminal."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.embedded import EmbeddedPostgres
from tests.support.waiting import eventually

NUMBERS = re.compile(r"│ (?:WISE|RISE|NWG) \w+ +│ (\w+) +│ [\w ]+ │ (\d+)")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "demo"
    EmbeddedPostgres(tmp_path / "demo" / "postgres").destroy()
    shutil.rmtree(tmp_path / "demo", ignore_errors=True)


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "service", "demo", "--folder", str(folder)]


def left_running(folder: Path) -> list[str]:
    """Command lines, environments and working folders of processes that still have to do with this demonstration."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            trace = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            trace += os.readlink(process / "cwd").encode()
        except OSError:
            continue
        if str(folder).encode() in trace and int(process.name) != os.getpid():
            found.append(process.name)
    return found


def test_without_a_terminal_it_delivers_four_records_and_stops_twice_in_a_row(folder: Path) -> None:
    for _ in range(2):
        done = subprocess.run(
            command(folder), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        numbers = dict(NUMBERS.findall(done.stdout))
        assert sorted(numbers) == ["Oldham", "Salford", "Stockport", "Tameside"]
        assert len(set(numbers.values())) == 4
        assert "Everything in this table is suppressed" in done.stdout
        assert left_running(folder) == []


def test_ctrl_c_on_a_terminal_leaves_nothing_running(folder: Path) -> None:
    terminal, inside = pty.openpty()
    running = subprocess.Popen(command(folder), stdin=inside, stdout=inside, stderr=inside, start_new_session=True)
    os.close(inside)
    os.set_blocking(terminal, False)
    shown = bytearray()

    def read() -> bool:
        try:
            shown.extend(os.read(terminal, 65536))
        except (BlockingIOError, OSError):
            return False
        return b"Ctrl-C stops everything." in shown

    eventually(read, seconds=120)
    assert left_running(folder)
    os.killpg(running.pid, signal.SIGINT)
    eventually(lambda: (read(), running.poll() is not None)[1], seconds=60)
    os.close(terminal)
    assert b"Nothing is left running" in shown
    assert eventually(lambda: left_running(folder) == [])
