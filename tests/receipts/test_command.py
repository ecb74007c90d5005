"""`wise-bridge receipts`, from the sender's chair: over a socket to fetch, and without one to check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example

BODY = json.dumps(example("wise"), indent=2).encode()
REFERENCE = example("wise")["submission_id"]


def receipts(*words: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the application in this one logs to the same output."""
    return subprocess.run(
        [sys.executable, "-m", "service", "receipts", *map(str, words)],
        env={"PATH": os.environ["PATH"], "WISE_CONFIG_DIR": "/nowhere"} | environ,
        capture_output=True,
        text=True,
        timeout=60,
    )


def send(bridge: Bridge, body: bytes, path: str = "/v1/wise-assessments", kind: str = "application/json") -> Any:
    answer = bridge.casework.post(path, data=body, headers=bridge.headers(STOCKPORT) | {"Content-Type": kind})
    assert answer.status_code in (200, 201), answer.text
    return answer.get_json()


@pytest.fixture
def folder(bridge: Bridge, tmp_path: Path) -> Path:
    """What a sender has kept: its record, the answer to it, and the service's keys."""
    (tmp_path / "sent.json").write_bytes(BODY)
    (tmp_path / "answer.json").write_text(json.dumps(send(bridge, BODY)))
    (tmp_path / "keys.json").write_text(bridge.casework.get("/.well-known/wise-bridge-receipts.json").text)
    return tmp_path


def test_a_receipt_is_checked_without_asking_anybody(folder: Path) -> None:
    done = receipts("verify", folder / "answer.json", "--body", folder / "sent.json", "--keys", folder / "keys.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"good: {REFERENCE} of {STOCKPORT}, version 1, received ")


def test_the_receipt_alone_is_enough(folder: Path) -> None:
    (folder / "line").write_text(json.loads((folder / "answer.json").read_text())["receipt"] + "\n")
    done = receipts("verify", folder / "line", "--keys", folder / "keys.json", "--json")
    (found,) = json.loads(done.stdout)
    assert (done.returncode, found["good"], found["says"]["submission_id"]) == (0, True, REFERENCE)


def test_the_keys_may_be_fetched(folder: Path, address: str) -> None:
    assert receipts("verify", folder / "answer.json", WISE_URL=address).returncode == 0
    where = f"{address}/.well-known/wise-bridge-receipts.json"
    assert receipts("verify", folder / "answer.json", "--keys", where).returncode == 0


def changed(folder: Path, **values: Any) -> None:
    answer = json.loads((folder / "answer.json").read_text())
    (folder / "answer.json").write_text(json.dumps(answer | values))


def test_other_bytes_are_not_what_was_received(folder: Path) -> None:
    (folder / "sent.json").write_bytes(BODY + b" ")
    done = receipts("verify", folder / "answer.json", "--body", folder / "sent.json", "--keys", folder / "keys.json")
    assert (done.returncode, done.stdout[:8]) == (1, "NOT GOOD")
    assert "other bytes" in done.stdout


def test_an_answer_that_was_changed_beside_its_receipt_is_not_good(folder: Path) -> None:
    changed(folder, received_at="2026-01-01T00:00:00+00:00")
    done = receipts("verify", folder / "answer.json", "--keys", folder / "keys.json")
    assert done.returncode == 1
    assert "something else beside it: received_at" in done.stdout


def test_a_receipt_by_another_key_is_not_good(folder: Path) -> None:
    from joserfc.jwk import OKPKey

    kid = json.loads((folder / "keys.json").read_text())["keys"][0]["kid"]
    other = OKPKey.generate_key("Ed25519").as_dict(private=False) | {"kid": kid}
    (folder / "keys.json").write_text(json.dumps({"keys": [other]}))
    done = receipts("verify", folder / "answer.json", "--keys", folder / "keys.json")
    assert (done.returncode, "not by any of these keys" in done.stdout) == (1, True)


@pytest.mark.parametrize("text", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_receipt_is_not_good(folder: Path, text: str) -> None:
    (folder / "line").write_text(text)
    done = receipts("verify", folder / "line", "--keys", folder / "keys.json")
    assert (done.returncode, done.stdout[:8]) == (1, "NOT GOOD"), done.stderr


@pytest.mark.parametrize(("file", "text"), [("keys.json", "{}"), ("answer.json", "{"), ("answer.json", '{"a": 1}')])
def test_what_cannot_be_checked_is_told(folder: Path, file: str, text: str) -> None:
    (folder / file).write_text(text)
    done = receipts("verify", folder / "answer.json", "--keys", folder / "keys.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert file in done.stderr


@pytest.mark.parametrize("as_lines", [True, False])
def test_a_batch_is_checked_item_by_item(bridge: Bridge, folder: Path, *, as_lines: bool) -> None:
    records = [example("wise", submission_id=f"B-{n}", young_person__la_child_id=f"STK000000{n}") for n in (1, 2)]
    records.append(example("wise", submission_id="B-3", exploitation__category="x"))
    lines = "\n".join(map(json.dumps, records)).encode()
    body, kind = (lines, "application/x-ndjson") if as_lines else (json.dumps(records).encode(), "application/json")
    (folder / "batch").write_bytes(body)
    (folder / "batch.json").write_text(json.dumps(send(bridge, body, "/v1/batches", kind)))
    done = receipts("verify", folder / "batch.json", "--body", folder / "batch", "--keys", folder / "keys.json")
    assert (done.returncode, done.stdout.count("good: B-")) == (0, 2), done.stdout + done.stderr


def fetched(bridge: Bridge, folder: Path, address: str, *words: str) -> Path:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    client_id, secret = bridge.credentials(STOCKPORT, ("records:read",))
    out, day = folder / f"manifest{len(words)}.json", datetime.now(ZoneInfo("Europe/London")).date().isoformat()
    signed_in = {"WISE_URL": address, "WISE_CLIENT_ID": client_id, "WISE_CLIENT_SECRET": secret}
    done = receipts("manifest", day, "--out", out, *words, **signed_in)
    assert done.returncode == 0, done.stderr
    return out


def sent(folder: Path, *rows: str, head: str = "submission_id,receipt_id") -> Path:
    (folder / "list.csv").write_text("\n".join((head, *rows)) + "\n", encoding="utf-8-sig")
    return folder / "list.csv"


def test_a_manifest_is_fetched_whole_and_compared(bridge: Bridge, folder: Path, address: str) -> None:
    for number in range(1, 4):
        send(bridge, json.dumps(example("wise", submission_id=f"M-{number}")).encode())
    manifest = fetched(bridge, folder, address)
    first = json.loads((folder / "answer.json").read_text())["receipt_id"]
    agreed = receipts("compare", manifest, sent(folder, f"{REFERENCE},{first}", "M-1,", "M-2,", "M-3,"))
    assert agreed.returncode == 0, agreed.stdout + agreed.stderr
    assert "4 are on both sides" in agreed.stdout
    differs = receipts("compare", manifest, sent(folder, f"{REFERENCE},another", "M-1,", "M-3,", "LOST,"), "--json")
    assert differs.returncode == 1
    assert json.loads(differs.stdout) == {
        "agree": False,
        "both": 3,
        "never_arrived": ["LOST"],
        "not_known_to_sender": ["M-2"],
        "other_receipt": [REFERENCE],
    }
    told = receipts("compare", manifest, folder / "list.csv")
    assert (told.returncode, "send again" in told.stdout, "  LOST\n" in told.stdout) == (1, True, True)


def test_what_arrived_on_the_day_beside_is_not_missed(bridge: Bridge, folder: Path, address: str) -> None:
    whole = json.loads(fetched(bridge, folder, address).read_text())
    empty = whole | {
        "submissions": [],
        "ids_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",  # pragma: allowlist secret
    }
    (folder / "empty.json").write_text(json.dumps(empty))
    mine = sent(folder, REFERENCE, head="submission_id")
    assert receipts("compare", folder / "empty.json", mine).returncode == 1
    assert receipts("compare", folder / "empty.json", mine, "--beside", folder / "manifest0.json").returncode == 0


def test_a_manifest_that_lost_a_page_is_not_compared(bridge: Bridge, folder: Path, address: str) -> None:
    manifest = fetched(bridge, folder, address)
    whole = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(whole | {"submissions": []}))
    done = receipts("compare", manifest, sent(folder))
    assert (done.returncode, "not whole" in done.stderr) == (2, True)


@pytest.mark.parametrize(("text", "said"), [("id\nA\n", "no column submission_id"), ("", "no column submission_id")])
def test_a_list_without_the_column_is_told(bridge: Bridge, folder: Path, address: str, text: str, said: str) -> None:
    manifest = fetched(bridge, folder, address)
    (folder / "list.csv").write_text(text)
    done = receipts("compare", manifest, folder / "list.csv")
    assert (done.returncode, said in done.stderr) == (2, True)
