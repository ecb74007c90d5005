"""`wise-bridge packs` against the real casework application, over a socket."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.store.rows import let_go
from tests.support.bridge import STOCKPORT
from tests.support.by_hand import BridgeByHand, config_by_hand
from tests.support.records import example
from tests.support.servers import Database
from tests.support.training import train_the_workers

SCOPES = ("packs:read", "packs:confirm")
BY = ("--by", "stk-admin-1")


@pytest.fixture(scope="module")
def running(
    session_database: Database, broker: str, keys_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BridgeByHand]:
    folder = config_by_hand(tmp_path_factory.mktemp("by-hand") / "config")
    built = BridgeByHand(session_database, broker, folder, keys_dir)
    yield built
    built.close()
    let_go()


@pytest.fixture(scope="module")
def address(running: BridgeByHand) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, running.casework.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def environ(running: BridgeByHand, database: Database, address: str) -> dict[str, str]:
    train_the_workers(database)
    client_id, secret = running.credentials(STOCKPORT, SCOPES)
    return {"WISE_URL": address, "WISE_CLIENT_ID": client_id, "WISE_CLIENT_SECRET": secret}


@pytest.fixture
def reference(running: BridgeByHand, environ: dict[str, str]) -> str:
    assert running.post(example("wise")).status_code == 201
    (claim,) = running.worker.claim(STOCKPORT, 5)
    assert running.worker.work(claim) is not None
    (pack,) = json.loads(packs(environ, "list", "--json").stdout)
    found: str = pack["reference"]
    return found


def packs(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the application in this one logs to the same output."""
    return subprocess.run(
        [sys.executable, "-m", "service", "packs", *words],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_from_the_list_to_the_confirmation(environ: dict[str, str], reference: str, tmp_path: Path) -> None:
    assert f"{reference}  complex-safeguarding-admin  WISE assessment  open" in packs(environ, "list").stdout
    assert packs(environ, "take", reference, *BY).returncode == 0
    page, paper = tmp_path / "sheet.html", tmp_path / "record.pdf"
    assert packs(environ, "sheet", reference, "--out", str(page)).returncode == 0
    assert packs(environ, "document", reference, "--out", str(paper)).returncode == 0
    assert "<pre" in page.read_text("utf-8")
    assert paper.read_bytes().startswith(b"%PDF")
    assert {stat.S_IMODE(file.stat().st_mode) for file in (page, paper)} == {0o600}
    confirmed = packs(environ, "confirm", reference, "--number", "4711", "--document-number", "D-1", *BY)
    assert (confirmed.returncode, "confirmed, record 4711" in confirmed.stdout) == (0, True)
    shown: dict[str, Any] = json.loads(packs(environ, "show", reference).stdout)
    assert (shown["record_number"], shown["document_number"], shown["confirmed_by"]) == ("4711", "D-1", "stk-admin-1")
    assert packs(environ, "list", "--inbox", "complex-safeguarding-admin").stdout == ""


def test_a_sheet_for_a_robot(environ: dict[str, str], reference: str) -> None:
    assert json.loads(packs(environ, "sheet", reference, "--as", "json").stdout)["reference"] == reference
    assert packs(environ, "sheet", reference, "--as", "csv").stdout.startswith("part,code,row")


def test_a_refusal(environ: dict[str, str], reference: str) -> None:
    refused = packs(environ, "refuse", reference, "--reason", "no_open_episode", *BY)
    assert (refused.returncode, "refused, no_open_episode" in refused.stdout) == (0, True)
    assert reference in packs(environ, "list", "--state", "refused").stdout


def test_what_is_wrong_is_told(environ: dict[str, str], reference: str, tmp_path: Path) -> None:
    wrong = packs(environ, "confirm", reference, "--number", "Nan Biscuit's", *BY)
    assert (wrong.returncode, "/record_number" in wrong.stderr) == (1, True)
    assert packs(environ, "show", "WB-NONE").returncode == 1
    file = tmp_path / "there.html"
    file.write_text("mine")
    assert packs(environ, "sheet", reference, "--out", str(file)).returncode == 2
    assert file.read_text() == "mine"
    assert packs(environ | {"WISE_CLIENT_SECRET": "x"}, "list").returncode == 2
    assert packs(environ | {"WISE_URL": "http://127.0.0.1:9"}, "list").returncode == 2
