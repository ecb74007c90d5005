"""What stops a process from starting says so with file, line and field, and nothing starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.config import CONFIG, impatient_config


def start(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", *command],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | environ,
        capture_output=True, text=True, timeout=60, check=False, cwd=CONFIG.parent,
    )  # fmt: skip


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Everything a casework or worker process asks for, pointing nowhere."""
    return {
        "WISE_DATABASE_URL": "postgresql+psycopg://nobody:x@127.0.0.1:9/none",
        "WISE_BROKER_URL": "redis://127.0.0.1:9/0",
        "WISE_KEYS_DIR": str(tmp_path),
        "WISE_TOKEN_SIGNING_KEY_FILE": str(tmp_path / "a.pem"),
        "WISE_TOKEN_PUBLIC_KEY_FILE": str(tmp_path / "b.pem"),
        "WISE_CONFIG_DIR": str(impatient_config(tmp_path / "config")),
    }


@pytest.mark.parametrize("command", [["serve"], ["worker"]])
def test_a_broken_profile_stops_the_start(command: list[str], environ: dict[str, str]) -> None:
    profile = Path(environ["WISE_CONFIG_DIR"]) / "authorities" / "salford.yaml"
    profile.write_text(profile.read_text() + "review:\n  interval_months: often\n")
    at = len(profile.read_text().splitlines())
    ended = start(command, environ)
    assert ended.returncode == 2
    assert f"authorities/salford.yaml:{at}:3: review.interval_months:" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_worker_without_credentials_names_every_missing_one(environ: dict[str, str]) -> None:
    ended = start(["worker"], environ)
    assert ended.returncode == 2
    for name in ("STOCKPORT_LCS_HOST", "TAMESIDE_LCS_PRIVATE_KEY", "OLDHAM_MOSAIC_API_KEY"):
        assert name in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_process_without_settings_names_every_missing_one() -> None:
    ended = start(["serve"], {})
    assert ended.returncode == 2
    for name in ("WISE_DATABASE_URL", "WISE_KEYS_DIR", "WISE_TOKEN_SIGNING_KEY_FILE"):
        assert name in ended.stderr


def test_the_hub_asks_for_no_key_and_no_broker() -> None:
    ended = start(["serve", "--side", "hub"], {})
    assert "WISE_KEYS_DIR" not in ended.stderr
    assert "WISE_BROKER_URL" not in ended.stderr
    assert "WISE_DATABASE_URL" in ended.stderr
