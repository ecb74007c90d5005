"""`wise-bridge send` and the running bridge, as a council developer would try them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from service.demo.stack import Stack
from tests.support.bridge import OLDHAM
from tests.support.records import example


@pytest.fixture(scope="module")
def environ(stack: Stack) -> dict[str, str]:
    client = stack.client(OLDHAM, "send test")
    return {"WISE_URL": stack.casework_url, "WISE_CLIENT_ID": client.client_id, "WISE_CLIENT_SECRET": client.secret}


def send(file: Path, environ: dict[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", "send", str(file), *more],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | environ,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(example("oldham", submission_id="SEND-1", young_person__la_child_id="40215",
                                       young_person__date_of_birth="2012-08-19")))  # fmt: skip
    return path


def test_sent_waited_for_and_sent_again(file: Path, environ: dict[str, str]) -> None:
    first = send(file, environ, "--wait", "60")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "accepted. Receipt" in first.stdout
    assert "Access Mosaic: record 8" in first.stdout
    again = send(file, environ, "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["replayed"] is True


def test_a_refused_record_says_every_fault(file: Path, environ: dict[str, str]) -> None:
    record = json.loads(file.read_text()) | {"submission_id": "SEND-2", "risk_level": "medium"}
    del record["analysis_narrative"]
    file.write_text(json.dumps(record))
    ended = send(file, environ)
    assert ended.returncode == 1
    assert "/risk_level  [X-2]" in ended.stdout
    assert "/analysis_narrative  [F-missing]" in ended.stdout


def test_what_cannot_be_sent_is_exit_code_two(file: Path, environ: dict[str, str]) -> None:
    nowhere = send(file, environ | {"WISE_URL": "http://127.0.0.1:9"})
    wrong_secret = send(file, environ | {"WISE_CLIENT_SECRET": "wrong"})
    unreadable = send(file.parent / "none.json", environ)
    assert [each.returncode for each in (nowhere, wrong_secret, unreadable)] == [2, 2, 2]
    assert "The client id or its secret is not known here." in wrong_secret.stderr
    assert "Traceback" not in nowhere.stderr + wrong_secret.stderr + unreadable.stderr
