"""An authority's key is replaced while records come in: nothing is lost, nothing stays behind or goes too early."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from service.adapters.master import MasterKeyFile
from service.errors import NeedsHuman
from service.store.engine import short_lived_engine
from service.store.key_changes import SETTLED
from service.store.keys import KeyRing
from service.store.rewrap import Rewrapper
from service.store.vault import KeyedVault
from tests.keys import world
from tests.keys.conftest import Engines, master_file
from tests.keys.world import World, in_a_hurry, later
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.records import example
from tests.support.waiting import eventually


@pytest.fixture
def wrapped(wrapped: World, monkeypatch: pytest.MonkeyPatch) -> World:
    in_a_hurry(monkeypatch, LOOK=0.1)
    return wrapped


@pytest.fixture
def folder(wrapped: World) -> Path:
    return wrapped.bridge.keys_dir


def under(wrapped: World, authority: str = STOCKPORT) -> dict[str, dict[int | str, int]]:
    with short_lived_engine(wrapped.bridge.database.url("wise_keeper")) as engine:
        counts = Rewrapper(engine, KeyRing(wrapped.bridge.keys_dir)).counts(authority)
    return {name: dict(versions) for name, versions in counts.items()}


def bodies(wrapped: World) -> dict[str, str]:
    """Everything of Stockport's records and third parties, opened with keys read now; by the record's own id."""
    vault = wrapped.bridge.vault
    query = (
        "SELECT s.sender_ref, p.submission_id, p.sealed FROM casework.{} p"
        " JOIN casework.submission s ON s.id = p.submission_id"
    )
    found = {}
    for each in rows(wrapped.bridge.database, query.format("payload") + " WHERE p.authority = %s", STOCKPORT):
        found[each["sender_ref"]] = vault.open(STOCKPORT, str(each["submission_id"]), bytes(each["sealed"])).decode()
    for each in rows(wrapped.bridge.database, query.format("third_party")):
        vault.open_apart(STOCKPORT, str(each["submission_id"]), bytes(each["sealed"]))
    return found


def test_all_of_it_from_rotation_to_the_end_of_the_old_key(wrapped: World, folder: Path) -> None:
    wrapped.fill()
    before = bodies(wrapped)
    tails = rows(wrapped.bridge.database, "SELECT substring(sealed FROM 62) AS body FROM casework.payload ORDER BY 1")
    assert {name: set(counts) for name, counts in under(wrapped).items()} == {name: {1} for name in world.PLACES}

    assert "has version 2" in wrapped.done("rotate", "--authority", STOCKPORT)
    refused = wrapped.run("retire", "--authority", STOCKPORT, "--version", "1")
    assert (refused.exit_code, "not an hour old" in refused.output) == (2, True)
    later(wrapped, folder)
    refused = wrapped.run("retire", "--authority", STOCKPORT, "--version", "1")
    assert (refused.exit_code, "rows lie under version 1" in refused.output) == (1, True)
    assert all(f"{name} 1" in refused.output for name in world.PLACES)

    assert "9 wrapped anew" in wrapped.done("rewrap", "--authority", STOCKPORT)
    assert under(wrapped) == {name: {2: 1} for name in world.PLACES}
    assert under(wrapped, SALFORD)["payload.sealed"] == {1: 1}
    assert "0 wrapped anew" in wrapped.done("rewrap", "--authority", STOCKPORT)

    assert "Version 1 of E08000007 is gone" in wrapped.done("retire", "--authority", STOCKPORT, "--version", "1")
    assert bodies(wrapped) == before
    start = "CASE get_byte(sealed, 0) WHEN 1 THEN 62 ELSE 64 END"
    query = f"SELECT substring(sealed FROM {start}) AS body FROM casework.payload ORDER BY 1"
    assert rows(wrapped.bridge.database, query) == tails


def test_what_lies_beside_the_records_opens_after_it_too(wrapped: World) -> None:
    """Feedback and consent, supervision, sketches and the digest of what was sent, each through its own way."""
    wrapped.fill()
    wrapped.done("rotate", "--authority", STOCKPORT)
    wrapped.done("rewrap", "--authority", STOCKPORT)
    bridge = wrapped.bridge
    extract = bridge.casework.get(
        "/v1/evaluation-extract?from=2026Q1&to=2026Q4", headers=bridge.headers(STOCKPORT, "evaluation:read")
    )
    assert extract.get_json()["feedback"][0]["answers"]
    (kept,) = rows(bridge.database, "SELECT id FROM casework.supervision")
    opened = bridge.casework.get(
        f"/v1/reflective-supervisions/{kept['id']}", headers=bridge.headers(STOCKPORT, "supervision:read")
    )
    assert opened.get_json()["notes"]
    again = bridge.post(example("wise", submission_id="S-1", young_person__la_child_id="STK0000001"))
    assert again.status_code == 200
    next_one = example("wise", submission_id="S-9", young_person__la_child_id="STK0000001")
    assert bridge.post(next_one).status_code == 201


def test_under_load_nothing_is_lost_and_nothing_stays_under_the_old_key(wrapped: World) -> None:
    stop, answers = threading.Event(), []

    def post() -> None:
        while not stop.is_set():
            answers.append(wrapped.post(100 + len(answers)))

    wrapped.post(99)  # the token, before there are two threads
    writer = threading.Thread(target=post)
    writer.start()
    try:
        eventually(lambda: len(answers) > 10)
        wrapped.done("rotate", "--authority", STOCKPORT)
        eventually(lambda: under(wrapped)["payload.sealed"].get(2))
        wrapped.done("rewrap", "--authority", STOCKPORT)
        seen = len(answers)
        eventually(lambda: len(answers) > seen + 5)
    finally:
        stop.set()
        writer.join()
    assert set(answers) == {201}
    assert "0 wrapped anew" in wrapped.done("rewrap", "--authority", STOCKPORT)
    left = under(wrapped)
    assert {name: set(counts) for name, counts in left.items() if counts} == {
        name: {2}
        for name in (
            "payload.sealed",
            "third_party.sealed",
            "submission.sealed_digest",
            "sketch.sketch",
            "review.sealed_person",
        )
    }
    assert set(bodies(wrapped)) == {"S-99", *(f"S-{100 + number}" for number in range(len(answers)))}


def test_stopped_on_the_way_it_goes_on_and_passes_by_what_others_hold(
    wrapped: World, folder: Path, master: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.rewrap.BATCH", 2)
    for number in range(1, 8):
        wrapped.post(number)
    wrapped.done("rotate", "--authority", STOCKPORT)
    rewrapper = Rewrapper(engines("wise_keeper"), KeyRing(folder, [MasterKeyFile(master)]))

    class Stopped(Exception):
        pass

    def stop(_rows: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rewrapper.rewrap(STOCKPORT, stop)
    assert under(wrapped)["payload.sealed"] == {1: 5, 2: 2}
    with wrapped.bridge.database.as_admin() as admin, admin.transaction():
        admin.execute("SELECT FROM casework.payload WHERE casework.key_version(sealed) = 1 LIMIT 1 FOR UPDATE")
        assert rewrapper.rewrap(STOCKPORT).left == 1  # still held
        assert under(wrapped)["payload.sealed"] == {1: 1, 2: 6}
    assert rewrapper.rewrap(STOCKPORT).left == 0
    assert under(wrapped)["payload.sealed"] == {2: 7}


def test_what_no_key_opens_is_left_alone_and_told(wrapped: World) -> None:
    wrapped.fill()
    with wrapped.bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.payload SET sealed = '\\x01' || sealed WHERE authority = %s", [STOCKPORT])
        admin.execute("UPDATE casework.supervision SET sealed = '\\x07' || sealed")
    before = rows(wrapped.bridge.database, "SELECT sealed FROM casework.payload ORDER BY 1")
    wrapped.done("rotate", "--authority", STOCKPORT)
    ended = wrapped.run("rewrap", "--authority", STOCKPORT)
    assert (ended.exit_code, "2 are not under the newest version" in ended.output) == (1, True)
    assert rows(wrapped.bridge.database, "SELECT sealed FROM casework.payload ORDER BY 1") == before
    assert under(wrapped)["supervision.sealed"] == {"unknown": 1}


def test_a_backup_from_before_opens_with_a_copy_of_the_file_that_has_the_version(
    wrapped: World, folder: Path, tmp_path: Path, master: Path
) -> None:
    wrapped.fill()
    (backup,) = rows(
        wrapped.bridge.database, "SELECT submission_id, sealed FROM casework.payload WHERE authority = %s", STOCKPORT
    )
    subject, sealed = str(backup["submission_id"]), bytes(backup["sealed"])
    wrapped.done("rotate", "--authority", STOCKPORT)
    wrapped.done("rewrap", "--authority", STOCKPORT)
    assert wrapped.bridge.vault.open(STOCKPORT, subject, sealed)
    (tmp_path / "copy").mkdir()
    for path in folder.glob("*.json"):
        (tmp_path / "copy" / path.name).write_bytes(path.read_bytes())
    later(wrapped, folder, SETTLED + timedelta(minutes=1))
    wrapped.done("retire", "--authority", STOCKPORT, "--version", "1")
    with pytest.raises(NeedsHuman, match="body_unreadable"):
        KeyedVault(KeyRing(folder, [MasterKeyFile(master)])).open(STOCKPORT, subject, sealed)
    assert KeyedVault(KeyRing(tmp_path / "copy", [MasterKeyFile(master)])).open(STOCKPORT, subject, sealed)


def test_how_it_stands_is_told_for_programs_too(wrapped: World, master: Path) -> None:
    wrapped.done("rotate", "--authority", STOCKPORT)
    told = json.loads(wrapped.done("status", "--authority", STOCKPORT, "--json"))
    name = MasterKeyFile(master).name
    files = [{"kind": kind, "under": name, "versions": [1, 2]} for kind in ("records", "third-parties")]
    assert told == {STOCKPORT: {"files": files, "rows": {place: {} for place in world.PLACES}}}


def test_the_master_key_is_replaced_without_a_stop(wrapped: World, tmp_path: Path, master: Path) -> None:
    assert wrapped.post(1) == 201
    now = master_file(tmp_path / "now.key")
    moved = {"WISE_MASTER_KEY_FILE": str(now), "WISE_FORMER_MASTER_KEY_FILE": str(master)}
    both = World(wrapped.bridge, {**wrapped.environ, **moved})
    assert "20 key files are under the master key of now" in both.done("rotate-master")
    alone = World(wrapped.bridge, {**wrapped.environ, "WISE_MASTER_KEY_FILE": str(now)})
    assert f"under the master key: {MasterKeyFile(now).name}" in alone.done("status", "--authority", STOCKPORT)
    former = wrapped.run("rotate", "--authority", STOCKPORT)
    assert (former.exit_code, "No keys for this authority" in former.output) == (2, True)


def test_commands_say_what_is_missing(wrapped: World) -> None:
    bare = World(wrapped.bridge, {"WISE_DATABASE_URL": wrapped.environ["WISE_DATABASE_URL"]})
    ended = bare.run("status")
    assert (ended.exit_code, "WISE_KEYS_DIR" in ended.output) == (2, True)
    plain = World(wrapped.bridge, {"WISE_KEYS_DIR": wrapped.environ["WISE_KEYS_DIR"]})
    ended = plain.run("wrap")
    assert (ended.exit_code, "WISE_MASTER_KEY_FILE" in ended.output) == (2, True)
    ended = wrapped.run("rotate", "--authority", "E08000099")
    assert (ended.exit_code, "E08000099" in ended.output) == (2, True)
