"""The service with its master key in a KMS: taken there from a file while it runs, and refused there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.keys.conftest import credentials
from tests.keys.world import World, in_a_hurry, world
from tests.support.bridge import Bridge

if TYPE_CHECKING:
    from tests.support.kms_server import KmsServer


@pytest.fixture
def file(kms: KmsServer, tmp_path: Path) -> Path:
    return credentials(tmp_path / "credentials", kms.machines["bridge"])


def held(kms: KmsServer, file: Path) -> dict[str, Any]:
    return {"master_key_kms_key": kms.new_key(), "master_key_kms_url": kms.url, "master_key_kms_credentials_file": file}


def under(folder: Path) -> set[str]:
    return {str(json.loads(path.read_text())["under"]).partition(":")[0] for path in folder.glob("E*.json")}


def test_without_leave_nothing_is_accepted_and_with_it_it_is(
    bridge: Bridge, kms: KmsServer, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_hurry(monkeypatch, RETRY=0, LOOK=0, FRESH=0)
    with world(bridge, tmp_path / "keys", held(kms, file)) as made:
        assert under(tmp_path / "keys") == {"kms"}
        credentials(file, kms.machines["stranger"])
        assert made.post(1) == 503
        credentials(file, kms.machines["bridge"])
        assert made.post(1) == 201
        credentials(file, kms.machines["stranger"])
        assert made.post(2) == 201  # for a quarter of an hour
        in_a_hurry(monkeypatch, HOLD=0)
        assert made.post(3) == 503


def test_keys_come_from_a_file_to_the_kms_and_open_without_the_file(
    wrapped: World, kms: KmsServer, file: Path, tmp_path: Path
) -> None:
    wrapped.fill()
    moved = {f"WISE_{name.upper()}": str(value) for name, value in held(kms, file).items()}
    assert under(tmp_path / "keys") == {"file"}
    both = World(wrapped.bridge, {**wrapped.environ, **moved})
    assert "key files" in both.done("rotate-master")
    assert under(tmp_path / "keys") == {"kms"}
    without = {name: value for name, value in both.environ.items() if name != "WISE_MASTER_KEY_FILE"}
    alone = World(wrapped.bridge, without)
    alone.done("rotate", "--authority", "E08000007")
    alone.done("rewrap", "--authority", "E08000007")


def test_a_refused_change_of_the_master_key_says_why_and_changes_no_file(
    wrapped: World, kms: KmsServer, file: Path, tmp_path: Path
) -> None:
    moved = {f"WISE_{name.upper()}": str(value) for name, value in held(kms, file).items()}
    credentials(file, kms.machines["stranger"])
    ended = World(wrapped.bridge, {**wrapped.environ, **moved}).run("rotate-master")
    assert ended.exit_code != 0
    assert "does not let us" in ended.output
    assert under(tmp_path / "keys") == {"file"}
