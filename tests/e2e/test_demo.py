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

pytestmark = pytest.mark.timeout(480)
"""Two demonstrations, each of which may take three minutes on a busy machine."""

STEPS = (
    "made-up facts were added",
    "is built by Ann Example",
    "PASSED: nothing was found",
    "is approved by Ben Example",
    "is published as number 1",
)
TITLES = ("Young people, by authority", "Assessments, by kind of record and first or review")
NUMBERS = re.compile(r"│ (?:WISE|RISE|NWG) \w+ +│ (\w+) +│ [\w ]+ │ (\d+)")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "demo"
    EmbeddedPostgres(tmp_path / "demo" / "postgres").destroy()
    shutil.rmtree(tmp_path / "demo", ignore_errors=True)


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "service", "demo", "--folder", str(folder)]


def is_in_order(sentences: tuple[str, ...], screen: str) -> bool:
    """Whether each stands on the screen, after the one before."""
    places = [screen.find(each) for each in sentences]
    return -1 not in places and places == sorted(places)


def shown(screen: str, title: str) -> dict[str, str]:
    """The Hub's table of this title: what stands under its groups' labels."""
    assert title in screen
    lines = screen.split(title, 1)[1].split("└", 1)[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
    return {" / ".join(row[:-1]): row[-1] for row in cells}


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
            command(folder), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        numbers = dict(NUMBERS.findall(done.stdout))
        assert sorted(numbers) == ["Oldham", "Salford", "Stockport", "Tameside"]
        assert len(set(numbers.values())) == 4
        assert is_in_order(STEPS, done.stdout), done.stdout
        by_authority, by_record = (shown(done.stdout, title) for title in TITLES)
        figures = [int(each) for each in by_authority.values() if each.isdecimal()]
        assert len(figures) >= 2
        assert all(each >= 10 and each % 5 == 0 for each in figures)
        assert by_authority["Wigan"] == "x"
        assert "c" in by_record.values()
        assert all(f"\n{symbol} " in done.stdout for symbol in "cxz")
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

    eventually(read, seconds=180)
    assert left_running(folder)
    os.killpg(running.pid, signal.SIGINT)
    eventually(lambda: (read(), running.poll() is not None)[1], seconds=60)
    os.close(terminal)
    assert b"Nothing is left running" in shown
    assert eventually(lambda: left_running(folder) == [])
