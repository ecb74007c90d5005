"""The keeper as a process of its own, and the commands beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.commands.keys import keys
from tests.audit.conftest import Scene
from tests.support.bridge import STOCKPORT
from tests.support.waiting import eventually


def environment(scene: Scene) -> dict[str, str]:
    return {
        "WISE_DATABASE_URL": scene.database.url("wise_keeper"),
        "WISE_AUDIT_SIGNING_KEY_FILE": str(scene.keys / "audit-signing.pem"),
        "WISE_CHECKPOINT_DIR": str(scene.folder),
        "WISE_SWEEP_SECONDS": "0.2",
    }


@contextmanager
def keeper(scene: Scene) -> Iterator[None]:
    """Running, and told to stop at the end."""
    words = [sys.executable, "-m", "service", "keeper"]
    process = subprocess.Popen(words, env=os.environ | environment(scene), stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(30) == 0


def sealed(scene: Scene) -> int:
    return len(scene.rows("SELECT FROM casework.audit_link"))


def test_one_keeper_after_another_seals_until_it_is_told_to_stop(scene: Scene) -> None:
    """The second begins while the first is at work, and goes on alone."""
    with ExitStack() as second:
        with keeper(scene):
            scene.add(5)
            eventually(scene.checkpoints().exists, seconds=60)
            second.enter_context(keeper(scene))
            scene.add(5)
            eventually(lambda: sealed(scene) == 10, seconds=60)
        scene.add(5)
        eventually(lambda: sealed(scene) == 15, seconds=60)
    assert scene.verify() == set()


def test_it_says_all_that_is_missing_before_it_begins(scene: Scene) -> None:
    done = CliRunner().invoke(main, ["keeper"], env=dict.fromkeys(environment(scene)))
    assert done.exit_code == 2
    for name in ("WISE_DATABASE_URL", "WISE_AUDIT_SIGNING_KEY_FILE", "WISE_CHECKPOINT_DIR"):
        assert name in done.stderr
    given = environment(scene) | {"WISE_CHECKPOINT_DIR": str(scene.folder / "not-mounted")}
    done = CliRunner().invoke(main, ["keeper"], env=given)
    assert (done.exit_code, "names no folder" in done.stderr) == (2, True)


def test_checkpoints_of_an_earlier_key_can_still_be_checked(scene: Scene, tmp_path: Path) -> None:
    scene.keys = tmp_path / "keys"
    for command in ("create", "rotate-audit"):
        done = CliRunner().invoke(keys, [command, "--dir", str(scene.keys)])
        assert done.exit_code == 0, done.output
        scene.keep(2)
    kids = {json.loads(line)["checkpoint"].split(".")[0] for line in scene.checkpoints().read_text().splitlines()}
    assert len(kids) == 2
    assert scene.verify() == set()
    assert "PRIVATE" not in scene.public_key.read_text()


@pytest.mark.parametrize("role", ["wise_owner", "wise_keeper"])
def test_in_the_database_the_place_is_named_too(scene: Scene, role: str) -> None:
    scene.keep(4)
    good = scene.run("verify", "--authority", STOCKPORT, role=role)
    assert (good.exit_code, good.output) == (
        0, f"{STOCKPORT}: 4 entries are what they were; a checkpoint has seen them all.\n"
    )  # fmt: skip
    outside = ("--checkpoints", str(scene.checkpoints()), "--public-key", str(scene.public_key))
    assert scene.run("verify", *outside, "--authority", STOCKPORT).exit_code == 0
    assert scene.run("verify", "--public-key", str(scene.public_key)).exit_code == 0
    scene.tamper("UPDATE casework.audit SET actor = 'x' WHERE subject_id = 's-2'")
    bad = scene.run("verify", role=role)
    assert (bad.exit_code, f"{STOCKPORT}, position 3: the entry" in bad.output) == (1, True)


def test_an_entry_that_nobody_seals_is_a_finding(scene: Scene) -> None:
    scene.add(1)
    assert scene.run("verify").exit_code == 0
    scene.tamper("UPDATE casework.audit SET at = now() - interval '6 minutes'")
    assert (scene.run("verify").exit_code, "wait to be sealed" in scene.run("verify").output) == (1, True)


def test_what_cannot_be_checked_is_exit_code_two(scene: Scene, tmp_path: Path) -> None:
    scene.keep(1)
    other = tmp_path / "other"
    other.write_text("{}\n")
    export, key = str(scene.export()), str(scene.public_key)
    for words in (
        ["--export", str(other)],
        ["--export", export, "--checkpoints", str(scene.checkpoints())],
        ["--export", export, "--checkpoints", str(scene.checkpoints()), "--public-key", str(other)],
        ["--authority", "E99999999"],
    ):
        assert scene.run("verify", *words).exit_code == 2, words
    assert scene.run("export", "--authority", STOCKPORT, "--out", export).exit_code == 2
    assert scene.run("verify", "--export", export, "--public-key", key).exit_code == 1
