"""The web and the worker, as they are wired, know their database again or stop."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.restore.house import House
from tests.store.rows import rows, superuser
from tests.support.waiting import eventually


@pytest.fixture
def moved(house: House) -> House:
    """Accepted, and then the database is not the one that it remembers."""
    assert house.send("A") == 201
    remembered = rows(house.database, "SELECT identity FROM casework.bridge")
    assert remembered[0]["identity"] is not None
    superuser(house.database).execute("UPDATE casework.bridge SET identity = 'another'")
    return house


def test_the_web_notices_and_goes_on_accepting(moved: House) -> None:
    moved.let_connections_go()
    assert moved.send("B") == 201
    assert moved.mode() == "reconcile_first"
    assert moved.states() == {"ready": 1, "unknown": 1}


def test_the_worker_notices_keeps_its_mark_and_says_so(moved: House, tmp_path: Path) -> None:
    """A process of its own, with nobody to deliver to."""
    shutil.copytree(moved.config_dir, tmp_path / "config")
    for file in (tmp_path / "config" / "authorities").glob("*.yaml"):
        file.write_text(file.read_text().replace("in_use: true", "in_use: false"))
    environ = {
        "PATH": os.environ["PATH"],
        "WISE_DATABASE_URL": moved.database.url("wise_delivery"),
        "WISE_KEYS_DIR": str(moved.keys_dir),
        "WISE_CONFIG_DIR": str(tmp_path / "config"),
        "WISE_TIDE_FILE": str(tmp_path / "tide"),
        "WISE_SWEEP_SECONDS": "0.5",
    }
    argv = [sys.executable, "-m", "service", "worker", "--concurrency", "2"]
    with subprocess.Popen(argv, env=environ, stderr=subprocess.PIPE, text=True) as worker:
        try:
            eventually((tmp_path / "tide").exists, seconds=60)
        finally:
            worker.terminate()
            _, said = worker.communicate(timeout=60)
    assert moved.mode() == "reconcile_first", said
    assert json.loads((tmp_path / "tide").read_text())["epoch"] == 1
    assert '"event": "restore_under_way"' in said
