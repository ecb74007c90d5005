"""A process with an old copy of a key file is refused by the database: nothing accepted, nothing lost."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.adapters.master import MasterKeyFile
from service.domain.alarm_kinds import Kind
from service.domain.alarms import judge_lane
from service.errors import StaleKey
from service.store.engine import short_lived_engine
from service.store.key_changes import SETTLED
from service.store.key_floor import GRACE, KeyLedger
from service.store.keys import KeyRing
from service.store.pulse import PulseRows
from service.store.rewrap import Rewrapper
from service.store.sealed_places import PLACES, Place
from service.store.vault import KeyedVault
from tests.api.test_feedback import FULL as FEEDBACK
from tests.api.test_supervision import FULL as SUPERVISION
from tests.keys.conftest import Engines
from tests.keys.test_rotation import bodies, under
from tests.keys.world import World, aged, in_a_hurry, later
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example
from tests.support.waiting import eventually

TRAIL = "SELECT authority, actor, action, detail FROM casework.audit WHERE subject_type = 'key' ORDER BY id"


@pytest.fixture
def wrapped(wrapped: World, monkeypatch: pytest.MonkeyPatch) -> World:
    in_a_hurry(monkeypatch, LOOK=0.1)
    return wrapped


@pytest.fixture
def folder(wrapped: World) -> Path:
    return wrapped.bridge.keys_dir


@pytest.fixture
def stale(wrapped: World, tmp_path: Path, master: Path) -> Iterator[World]:
    """A second casework web over the same database, whose copy of the key files never changes."""
    old = tmp_path / "old"
    shutil.copytree(wrapped.bridge.keys_dir, old)
    bridge = wrapped.bridge
    own = Bridge(bridge.database, bridge.broker_url, bridge.config_dir, old, also={"master_key_file": master})
    yield World(own, {**wrapped.environ, "WISE_KEYS_DIR": str(old)})
    own.close()


def answer(at: World, number: int) -> Any:
    child = f"STK{number:07}"
    return at.bridge.post(example("wise", submission_id=f"S-{number}", young_person__la_child_id=child))


def test_nothing_of_a_stale_process_is_taken_and_nothing_is_lost(wrapped: World, stale: World, folder: Path) -> None:
    assert answer(stale, 1).status_code == 201
    wrapped.done("rotate", "--authority", STOCKPORT)
    assert answer(stale, 2).status_code == 201  # within the grace it is taken, and wrapped anew later
    later(wrapped, folder)
    before = rows(wrapped.bridge.database, "SELECT count(*) FROM casework.submission")

    refused = answer(stale, 3)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "old copy of this authority's key file" in refused.get_json()["detail"]
    assert "STK" not in refused.get_data(as_text=True)
    assert rows(wrapped.bridge.database, "SELECT count(*) FROM casework.submission") == before
    for table in ("payload", "delivery", "review", "sketch"):
        assert rows(wrapped.bridge.database, f"SELECT count(*) FROM casework.{table}")[0]["count"] == 2
    assert answer(wrapped, 3).status_code == 201
    assert answer(stale, 1).status_code == 200  # what was kept is known, whoever is asked

    wrapped.done("rewrap", "--authority", STOCKPORT)
    wrapped.done("retire", "--authority", STOCKPORT, "--version", "1")
    assert set(bodies(wrapped)) == {"S-1", "S-2", "S-3"}


def test_under_load_every_accepted_record_opens_with_the_newest_file_alone(
    wrapped: World, stale: World, folder: Path, master: Path, tmp_path: Path
) -> None:
    stop, answers = threading.Event(), {"fresh": [], "stale": []}  # type: ignore[var-annotated]

    def post(name: str, at: World, first: int) -> None:
        while not stop.is_set():
            number = first + len(answers[name])
            answers[name].append((number, at.post(number)))

    assert (wrapped.post(1), stale.post(2)) == (201, 201)  # the tokens, before there are threads
    writers = [
        threading.Thread(target=post, args=("fresh", wrapped, 1000)),
        threading.Thread(target=post, args=("stale", stale, 5000)),
    ]
    for writer in writers:
        writer.start()
    try:
        eventually(lambda: min(map(len, answers.values())) > 3)
        wrapped.done("rotate", "--authority", STOCKPORT)
        eventually(lambda: under(wrapped)["payload.sealed"].get(2))
        later(wrapped, folder)
        eventually(lambda: [status for _, status in answers["stale"]][-3:] == [503] * 3)
        wrapped.done("rewrap", "--authority", STOCKPORT)
        wrapped.done("retire", "--authority", STOCKPORT, "--version", "1")
        seen = len(answers["fresh"]), len(answers["stale"])
        eventually(lambda: len(answers["fresh"]) > seen[0] + 3 and len(answers["stale"]) > seen[1] + 3)
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    assert {status for _, status in answers["fresh"]} == {201}
    assert {status for _, status in answers["stale"]} == {201, 503}
    accepted = {f"S-{number}" for sent in answers.values() for number, status in sent if status == 201}
    assert set(bodies(wrapped)) == accepted | {"S-1", "S-2"}
    newest = KeyedVault(KeyRing(folder, [MasterKeyFile(master)]))
    for each in rows(wrapped.bridge.database, "SELECT submission_id, sealed FROM casework.payload"):
        assert newest.open(STOCKPORT, str(each["submission_id"]), bytes(each["sealed"]))


def test_feedback_and_supervision_are_refused_as_well(wrapped: World, stale: World, folder: Path) -> None:
    wrapped.done("rotate", "--authority", STOCKPORT)
    later(wrapped, folder)
    headers = stale.bridge.headers(STOCKPORT)
    for path, body in (("/v1/feedback", FEEDBACK), ("/v1/reflective-supervisions", SUPERVISION)):
        assert stale.bridge.casework.post(path, json=body, headers=headers).status_code == 503
    counted = "SELECT (SELECT count(*) FROM casework.feedback) + (SELECT count(*) FROM casework.supervision) AS n"
    assert rows(wrapped.bridge.database, counted) == [{"n": 0}]


def test_every_sealed_place_keeps_to_the_floor(wrapped: World, folder: Path) -> None:
    """By a superuser, whom no policy binds: only the triggers are left."""
    wrapped.fill()
    wrapped.done("rotate", "--authority", STOCKPORT)
    later(wrapped, folder)
    with wrapped.bridge.database.as_admin() as admin:
        for place in PLACES:
            keeps_to_the_floor(admin, place)


WRITTEN = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'casework' AND table_name = %s"
    " AND is_generated = 'NEVER' ORDER BY ordinal_position"
)


def keeps_to_the_floor(admin: psycopg.Connection[Any], place: Place) -> None:
    table, mine = f"casework.{place.table}", f"WHERE authority = '{STOCKPORT}' AND {place.column} IS NOT NULL"
    change = f"UPDATE {table} SET {place.column} = %s {mine}"
    columns = [name for (name,) in admin.execute(WRITTEN, [place.table])]
    taken = ", ".join(f"(jsonb_populate_record(t, %(given)s)).{name}" for name in columns)
    copy = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table} t {mine}"
    kept = admin.execute(f"SELECT {place.column} FROM {table} {mine}").fetchone()
    assert kept is not None
    another = {"given": '{"id": "00000000-0000-4000-8000-000000000001"}'}
    for statement, given in ((change, [b"\x01" + bytes(70)]), (copy, another)):
        with pytest.raises(psycopg.Error) as refused:
            admin.execute(statement, given)
        assert refused.value.sqlstate == "WB001", place.name
    admin.execute(change, [bytes(kept[0])])  # what stays as it is may lie under any version
    admin.execute(change, [b"\x02\x00\x02" + bytes(70)])
    admin.execute(change, [b"\x00"])


def test_the_triggers_are_on_every_sealed_column_and_no_other(wrapped: World) -> None:
    query = (
        "SELECT tgrelid::regclass::text || '.' || attname AS name FROM pg_trigger"
        " JOIN pg_attribute ON attrelid = tgrelid AND attnum = ANY (tgattr)"
        " WHERE right(tgname, 18) = 'keeps_to_the_floor'"
    )
    found = {each["name"] for each in rows(wrapped.bridge.database, query)}
    assert found == {f"casework.{place.name}" for place in PLACES}


def test_another_authority_has_a_floor_of_its_own(wrapped: World, stale: World, folder: Path) -> None:
    wrapped.done("rotate", "--authority", STOCKPORT)
    later(wrapped, folder)
    assert stale.post(1, "rise") == 201  # Salford's
    assert answer(stale, 2).status_code == 503


def test_it_is_an_alarm_that_names_the_authority_and_the_kind_of_process(
    wrapped: World, stale: World, folder: Path, engines: Engines
) -> None:
    def found() -> list[tuple[Kind, str]]:
        pulse = PulseRows(engines("wise_delivery")).of_lane(STOCKPORT, in_use=True)
        return [(each.kind, each.subject) for each in judge_lane(pulse, workers_here=False)]

    wrapped.done("rotate", "--authority", STOCKPORT)
    later(wrapped, folder)
    assert answer(wrapped, 1).status_code == 201
    assert (Kind.STALE_KEY, "casework") not in found()
    assert answer(stale, 2).status_code == 503
    assert (Kind.STALE_KEY, "casework") in found()
    salford = PulseRows(engines("wise_delivery")).of_lane(SALFORD, in_use=True)
    assert salford.stale_keys == {}
    with wrapped.bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.stale_key SET last_at = last_at - interval '16 minutes'")
    assert (Kind.STALE_KEY, "casework") not in found()


def test_retire_waits_for_the_floor_and_sets_one_where_there_is_none(wrapped: World, folder: Path) -> None:
    wrapped.fill()
    wrapped.done("rotate", "--authority", STOCKPORT)
    wrapped.done("rewrap", "--authority", STOCKPORT)
    aged(folder, SETTLED)  # the files are an hour old, the floor is not
    refused = wrapped.run("retire", "--authority", STOCKPORT, "--version", "1")
    assert (refused.exit_code, "for 17 minutes" in refused.output) == (2, True)

    with wrapped.bridge.database.as_admin() as admin:
        admin.execute("ALTER TABLE casework.key_floor DISABLE TRIGGER key_floor_is_append_only")
        admin.execute("DELETE FROM casework.key_floor")  # as if it had been rotated by an older version of the service
        admin.execute("ALTER TABLE casework.key_floor ENABLE TRIGGER key_floor_is_append_only")
    refused = wrapped.run("retire", "--authority", STOCKPORT, "--version", "1")
    assert (refused.exit_code, "for 17 minutes" in refused.output) == (2, True)
    later(wrapped, folder, GRACE + timedelta(seconds=60))
    aged(folder, SETTLED)
    assert "for 1 minutes" in wrapped.run("retire", "--authority", STOCKPORT, "--version", "1").output
    later(wrapped, folder)
    wrapped.done("retire", "--authority", STOCKPORT, "--version", "1")


def test_commands_with_an_old_folder_change_nothing(wrapped: World, stale: World, folder: Path) -> None:
    wrapped.fill()
    wrapped.done("rotate", "--authority", STOCKPORT)
    refused = stale.run("rotate", "--authority", STOCKPORT)
    assert (refused.exit_code, "old copy" in refused.output) == (2, True)
    wrapped.done("rotate", "--authority", STOCKPORT)
    shutil.copy(folder / f"{STOCKPORT}.json", stale.bridge.keys_dir)  # one file of two
    later(wrapped, folder)
    before = under(wrapped)
    for words in (("rewrap",), ("retire", "--version", "1")):
        refused = stale.run(*words, "--authority", STOCKPORT)
        assert refused.exit_code == 2, refused.output
    assert "old copy" in stale.run("rewrap", "--authority", STOCKPORT).output
    assert under(wrapped) == before


def test_wrapping_to_a_version_below_the_floor_is_refused(
    wrapped: World, folder: Path, tmp_path: Path, master: Path, engines: Engines
) -> None:
    wrapped.fill()
    wrapped.done("rotate", "--authority", STOCKPORT)
    shutil.copytree(folder, tmp_path / "between")
    wrapped.done("rotate", "--authority", STOCKPORT)
    later(wrapped, folder)
    before = under(wrapped)
    old = Rewrapper(engines("wise_keeper"), KeyRing(tmp_path / "between", [MasterKeyFile(master)]))
    with pytest.raises(StaleKey):
        old.rewrap(STOCKPORT)
    assert under(wrapped) == before


def test_what_is_done_to_keys_stands_in_the_trail(wrapped: World, folder: Path) -> None:
    wrapped.fill()
    wrapped.done("rotate", "--authority", STOCKPORT)
    wrapped.done("rewrap", "--authority", STOCKPORT)
    later(wrapped, folder)
    wrapped.done("retire", "--authority", STOCKPORT, "--version", "1")
    assert [(each["action"], each["detail"]) for each in rows(wrapped.bridge.database, TRAIL)] == [
        ("key_rotated", {"version": 2}),
        ("keys_rewrapped", {"rows": 9, "left": 0}),
        ("key_retired", {"version": 1}),
    ]
    wrapped.done("rotate-master")
    noted = [each for each in rows(wrapped.bridge.database, TRAIL) if each["action"] == "master_key_rotated"]
    assert len(noted) == len({each["authority"] for each in noted}) == len(list(folder.glob("E????????.json")))
    assert {each["actor"] for each in noted} == {"keeper"}


def test_a_rotation_that_cannot_be_noted_is_not_made(wrapped: World, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.glob("*.json")}
    away = World(wrapped.bridge, {**wrapped.environ, "WISE_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:1/x"})
    for words in (("rotate", "--authority", STOCKPORT), ("rotate-master",)):
        assert away.run(*words).exit_code == 2
    assert {path.name: path.read_bytes() for path in folder.glob("*.json")} == before


def test_the_keeper_notes_nothing_else(wrapped: World, engines: Engines) -> None:
    with (
        pytest.raises(Exception, match="no entry about keys"),
        short_lived_engine(wrapped.bridge.database.url("wise_keeper")) as engine,
    ):
        KeyLedger(engine).note(STOCKPORT, "copy_made")
    assert rows(wrapped.bridge.database, TRAIL) == []
