"""Results as they come, and a run that is stopped and goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from service.embedded import EmbeddedPostgres
from tests.intruder.judge import Breach
from tests.intruder.keeping import Unfit, keep, read, resumed
from tests.intruder.progress import DRILLS, Progress
from tests.intruder.run import Result

FIRST = 83
"""The first of two seeds with cohorts of ten."""
LONGEST = 900
"""Seconds after which a run is taken to hang."""


def test_what_is_kept_is_read_again_by_its_seeds(tmp_path: Path) -> None:
    results = [Result(3, 100, breaches=[Breach("T1", "here", "too narrow")]), Result(DRILLS, 10)]
    keep(results, [], tmp_path / "kept.json")
    assert read(tmp_path / "kept.json") == results[::-1]
    assert [each.name for each in tmp_path.iterdir()] == ["kept.json"]


def test_what_cannot_be_written_leaves_nothing_beside(tmp_path: Path) -> None:
    into = tmp_path / "kept.json"
    into.mkdir()
    with pytest.raises(OSError, match=r"kept\.json"):
        keep([Result(3, 100)], [], into)
    assert list(tmp_path.iterdir()) == [into]


def test_a_run_goes_on_from_nothing_from_its_own_and_from_no_other(tmp_path: Path) -> None:
    into = tmp_path / "kept.json"
    assert resumed(into, []) == []
    keep([Result(3, 100)], ["secondary", "audit"], into)
    assert resumed(into, ["audit", "secondary"]) == read(into) == [Result(3, 100)]
    with pytest.raises(Unfit, match="other steps left out"):
        resumed(into, [])


@pytest.mark.parametrize("text", ["", "{", '{"seed": 1}', "3", "[3]", '[{"seed": 3}]'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "kept.json").write_text(text)
    with pytest.raises(Unfit, match="holds no results"):
        resumed(tmp_path / "kept.json", [])


def test_progress_tells_cohorts_findings_and_time_left() -> None:
    progress = Progress([DRILLS, 0, 8, 16, 24], [Result(0, 10)])
    said = progress.add(Result(8, 10, breaches=[Breach("T1", "here", "too narrow")] * 2), 60.0)
    assert said.startswith("2 of 4 cohorts done, 2 findings so far, ")
    assert said.endswith(" left: seed 8, 10 young people, 2 findings")
    assert progress.left == [DRILLS, 16, 24]
    assert "3 of 4 cohorts done" in progress.add(Result(16, 10), 120.0)
    progress.add(Result(DRILLS, 10), 180.0)
    assert "4 of 4 cohorts done, 2 findings so far, less than a minute left" in progress.add(Result(24, 10), 240.0)


def test_time_left_goes_by_what_was_done_in_this_run() -> None:
    """Four cohorts alike: one of them was done before, and one took an hour, so the two others take two."""
    progress = Progress([0, 8, 16, 24], [Result(0, 10)])
    assert ", 2 h 0 min left: " in progress.add(Result(8, 10), 3600.0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """One of its own: a run sets the passwords of roles, which all databases of a server share."""
    postgres = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    try:
        postgres.start()
        yield postgres.admin_url()
    finally:
        postgres.destroy()


@pytest.mark.timeout(4 * LONGEST)
def test_a_run_that_is_killed_goes_on_where_it_was(server: str, tmp_path: Path) -> None:
    into = tmp_path / "kept.json"
    given = [sys.executable, "-m", "tests.intruder", "--no-drills", "--jobs", "1", "--seed", str(FIRST)]
    environment = os.environ | {"WISE_DATABASE_URL": server}
    kept = [*given, "--cohorts", "400", "--json", str(into)]
    stopped = subprocess.Popen(kept, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        _wait_for(into, stopped)
    finally:
        os.killpg(stopped.pid, signal.SIGKILL)
        stopped.wait()
    first = json.loads(into.read_text())
    assert [each["seed"] for each in first][:1] == [FIRST]
    more = [*given, "--cohorts", str(len(first) + 1), "--resume", str(into)]
    went_on = subprocess.run(more, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert went_on.returncode == 0, went_on.stderr
    assert f"seed {FIRST}:" not in went_on.stderr
    assert f"{len(first) + 1} of {len(first) + 1} cohorts done, 0 findings so far" in went_on.stderr
    *before, last = json.loads(into.read_text())
    assert before == first
    assert last["seed"] == FIRST + len(first)


def _wait_for(file: Path, run: subprocess.Popen[bytes]) -> None:
    """Until a result was kept."""
    until = monotonic() + LONGEST
    while not file.exists():
        assert run.poll() is None, "the run ended by itself"
        assert monotonic() < until, "no result was kept"
        sleep(0.05)
