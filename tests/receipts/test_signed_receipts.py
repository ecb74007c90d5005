"""What a sender keeps: checked here with nothing but the published key, and none of our own code."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from werkzeug.test import TestResponse

from service import wiring
from service.commands.keys import keys
from service.errors import ConfigurationFault
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example

POST, BATCHES, WELL_KNOWN = "/v1/wise-assessments", "/v1/batches", "/.well-known/wise-bridge-receipts.json"
JSON, LINES = "application/json", "application/x-ndjson"


def part(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def checked(receipt: str, published: dict[str, Any]) -> dict[str, Any]:
    """What it says, if it is by one of the published keys. Raises `InvalidSignature`."""
    head, claims, signature = receipt.split(".")
    kid = json.loads(part(head))["kid"]
    (key,) = [each for each in published["keys"] if each["kid"] == kid]
    Ed25519PublicKey.from_public_bytes(part(key["x"])).verify(part(signature), f"{head}.{claims}".encode())
    said: dict[str, Any] = json.loads(part(claims))
    return said


def published(bridge: Bridge) -> dict[str, Any]:
    answer = bridge.casework.get(WELL_KNOWN)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def send(bridge: Bridge, body: bytes, path: str = POST, kind: str = JSON) -> TestResponse:
    return bridge.casework.post(path, data=body, headers=bridge.headers(STOCKPORT) | {"Content-Type": kind})


def spelt(**changes: Any) -> bytes:
    return json.dumps(example("wise", **changes), indent=3).encode()


def test_it_says_what_was_received_from_whom_and_when(bridge: Bridge) -> None:
    body = spelt()
    answer = send(bridge, body)
    assert answer.status_code == 201
    told = answer.get_json()
    said = checked(told["receipt"], published(bridge))
    assert said == {
        "iss": "wise-bridge",
        "receipt_id": told["receipt_id"],
        "authority": STOCKPORT,
        "submission_id": example("wise")["submission_id"],
        "version": 1,
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "received_at": told["received_at"],
    }


def test_nobody_else_can_have_signed_it(bridge: Bridge) -> None:
    receipt, known = send(bridge, spelt()).get_json()["receipt"], published(bridge)
    head, claims, signature = receipt.split(".")
    other = base64.urlsafe_b64encode(part(claims).replace(b'"version":1', b'"version":2')).decode().rstrip("=")
    for forged in (f"{head}.{other}.{signature}", f"{head}.{claims}.{'A' * len(signature)}"):
        with pytest.raises(InvalidSignature):
            checked(forged, known)


def test_nothing_private_is_published(bridge: Bridge) -> None:
    for key in published(bridge)["keys"]:
        assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}
        assert (key["kty"], key["crv"], key["use"]) == ("OKP", "Ed25519", "sig")


def test_the_same_record_spelt_otherwise_tells_the_bytes_that_came_first(bridge: Bridge) -> None:
    body = spelt()
    first, again = send(bridge, body), send(bridge, json.dumps(example("wise")).encode())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json()["receipt"] == first.get_json()["receipt"]
    said = checked(again.get_json()["receipt"], published(bridge))
    assert said["body_sha256"] == hashlib.sha256(body).hexdigest()


def test_a_refusal_has_no_receipt(bridge: Bridge) -> None:
    assert "receipt" not in send(bridge, spelt(exploitation__category="x")).get_json()


def test_a_correction_is_the_next_version(bridge: Bridge) -> None:
    send(bridge, spelt())
    fix = spelt(
        submission_id="FIX", submission_kind="correction", supersedes_submission_id=example("wise")["submission_id"]
    )
    assert checked(send(bridge, fix).get_json()["receipt"], published(bridge))["version"] == 2


def test_a_batch_of_lines_has_the_digest_of_each_line(bridge: Bridge) -> None:
    lines = [json.dumps(example("wise", submission_id=f"L-{n}", young_person__la_child_id=f"C{n}")) for n in (1, 2)]
    answer = send(bridge, "\r\n".join(lines).encode() + b"\n", BATCHES, LINES)
    said = [checked(item["receipt"]["receipt"], published(bridge)) for item in answer.get_json()["items"]]
    assert [each["submission_id"] for each in said] == ["L-1", "L-2"]
    sent = (lines[0] + "\r").encode(), lines[1].encode()
    assert [each["body_sha256"] for each in said] == [hashlib.sha256(line).hexdigest() for line in sent]


def test_a_batch_as_a_list_has_the_digest_of_the_whole(bridge: Bridge) -> None:
    body = json.dumps({"items": [example("wise")]}).encode()
    (item,) = send(bridge, body, BATCHES).get_json()["items"]
    said = checked(item["receipt"]["receipt"], published(bridge))
    assert said["body_sha256"] == hashlib.sha256(body).hexdigest()


def test_no_word_of_the_record_is_in_it(bridge: Bridge) -> None:
    record = example("wise")
    said = json.dumps(checked(send(bridge, spelt()).get_json()["receipt"], published(bridge)))
    assert record["young_person"]["la_child_id"] not in said
    assert not any(value in said for value in record.values() if isinstance(value, str) and len(value) > 20)


def test_what_was_sent_is_sealed_in_the_database(bridge: Bridge) -> None:
    body = spelt()
    send(bridge, body)
    with bridge.database.as_admin() as admin:
        (kept,) = admin.execute("SELECT sealed_digest FROM casework.submission").fetchone() or (b"",)
    assert hashlib.sha256(body).digest() not in kept
    assert len(kept) > 32


@pytest.mark.parametrize("kept", ["NULL", "'\\x01'::bytea"])
def test_a_record_without_a_readable_digest_is_acknowledged_without_one(bridge: Bridge, kept: str) -> None:
    send(bridge, spelt())
    with bridge.database.as_admin() as admin:
        admin.execute(f"UPDATE casework.submission SET sealed_digest = {kept}")
    answer = send(bridge, spelt())
    assert answer.status_code == 200
    assert checked(answer.get_json()["receipt"], published(bridge))["body_sha256"] is None


def test_receipts_of_an_earlier_key_can_still_be_checked(bridge: Bridge, config_dir: Path, tmp_path: Path) -> None:
    def built() -> Bridge:
        return Bridge(bridge.database, bridge.broker_url, config_dir, tmp_path)

    CliRunner().invoke(keys, ["create", "--dir", str(tmp_path), "--config", str(config_dir)])
    receipts, known = [], []
    for _ in range(3):
        running = built()
        receipts.append(send(running, spelt()).get_json()["receipt"])
        known.append(published(running))
        running.close()
        done = CliRunner().invoke(keys, ["rotate-receipts", "--dir", str(tmp_path)])
        assert done.exit_code == 0, done.output
    assert [len(each["keys"]) for each in known] == [1, 2, 3]
    assert len({receipt.split(".")[0] for receipt in receipts}) == 3
    assert {checked(receipt, known[-1])["submission_id"] for receipt in receipts} == {example("wise")["submission_id"]}
    assert (tmp_path / "receipt-signing.pem").read_text().count("PRIVATE KEY-----\n") == 2  # one beginning, one end
    assert (tmp_path / "receipt-signing.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, "", "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n"])
def test_without_a_key_the_service_does_not_start(bridge: Bridge, keys_dir: Path, tmp_path: Path, content: str) -> None:
    for file in keys_dir.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "receipt-signing.pem").unlink()
    if content is not None:
        (tmp_path / "receipt-signing.pem").write_text(content)
    there = Bridge(bridge.database, bridge.broker_url, bridge.config_dir, tmp_path)
    with pytest.raises(ConfigurationFault, match="keys create"):
        wiring.casework_app(there.settings("wise_intake"))


def test_a_receipt_costs_little(bridge: Bridge) -> None:
    from service.api.services import services
    from service.usecases.receive import Received

    send(bridge, spelt())
    application = bridge.casework.application
    with bridge.database.as_admin() as admin:
        row = admin.execute("SELECT id, received_at, sender_ref, sealed_digest FROM casework.submission").fetchone()
    assert row is not None
    received = Received(row[0], row[1], 1, (), (), replayed=False, sender_ref=row[2], sealed_digest=row[3])
    with application.app_context():
        sign = services().receipts.sign
        began = time.process_time()
        for _ in range(500):
            sign(STOCKPORT, received)
        assert (time.process_time() - began) / 500 < 0.001
