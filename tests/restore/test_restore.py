"""After a backup was restored: nothing is sent before somebody has looked, nothing twice, and what is gone is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.errors import ConfigurationFault
from service.store.restore import Mark, Tide
from service.usecases.references import reference_of
from tests.restore.house import House, counted_at
from tests.store.rows import rows, superuser
from tests.support.bridge import STOCKPORT

EARLY, LATE = [f"EARLY-{n}" for n in range(4)], [f"LATE-{n}" for n in range(3)]
TODAY = datetime.now(ZoneInfo("Europe/London")).date()
BY = ("--by", "stk-ops-1")


def back_up_and_go_on(house: House, back_up: Callable[[], Path]) -> Path:
    """A backup between what was delivered and what was delivered since."""
    assert [house.send(name) for name in EARLY[:2]] == [201, 201]
    house.deliver()
    assert [house.send(name) for name in EARLY[2:]] == [201, 201]
    house.desk.casework.worker_seen(house.desk.worker)
    backup = back_up()
    house.deliver()
    assert [house.send(name) for name in LATE] == [201, 201, 201]
    house.desk.raiser(TODAY).raise_due()
    house.deliver()
    assert house.states() == {"delivered": 14}
    assert (counted_at(house), counted_at(house, "task")) == (7, 7)
    return backup


def go_through(house: House) -> None:
    """The guide, step by step, with senders that send everything again."""
    house.desk.raiser(TODAY).raise_due()
    house.deliver()
    assert house.mode() == "reconcile_first"
    assert counted_at(house) == 7
    told = house.command("status")
    assert told.exit_code == 1
    assert "Nothing is sent" in told.output
    assert house.command("finish", *BY).exit_code == 2
    looked = house.command("look", *BY)
    assert looked.exit_code == 0, looked.output
    assert house.mode() == "look_first"
    house.deliver()
    (first, *others) = LATE
    assert [house.send(name) for name in (*EARLY, *others)] == [200, 200, 200, 200, 201, 201]
    house.desk.raiser(TODAY).raise_due()
    house.deliver()
    done = house.command("finish", *BY, "--nothing-was-shredded")
    assert done.exit_code == 0, done.output
    assert house.send(first) == 201  # late, when everything is as usual
    assert house.send("NEW") == 201
    house.desk.raiser(TODAY).raise_due()
    house.deliver()


def assert_nothing_twice(house: House) -> None:
    assert set(house.there().values()) == {1}
    assert counted_at(house) == len(EARLY) + len(LATE) + 1
    assert counted_at(house, "task") == len(EARLY) + len(LATE) + 1
    assert house.states() == {"delivered": 2 * (len(EARLY) + len(LATE) + 1)}
    assert house.mode() == "usual"
    assert house.command("status").exit_code == 0


def test_a_dump_restored_into_a_new_database(house: House) -> None:
    backup = back_up_and_go_on(house, house.dump)
    house.restore_dump(backup)
    go_through(house)
    assert_nothing_twice(house)


def test_a_dump_restored_under_a_running_worker(house: House) -> None:
    """The worker's connections go on; the database itself says that it is another."""
    backup = back_up_and_go_on(house, house.dump)
    house.restore_dump_in_place(backup)
    assert house.desk.deliverer.claim(STOCKPORT, 50) == []
    house.tide.look(house.engine)
    go_through(house)
    assert_nothing_twice(house)


def test_a_copy_of_the_clusters_files(house: House) -> None:
    """Byte for byte the same cluster: only who was there before can know."""
    backup = back_up_and_go_on(house, house.copy_files)
    house.tide.look(house.engine)
    house.restore_files(backup)
    go_through(house)
    assert_nothing_twice(house)


def test_a_mark_in_a_file_outlives_the_worker(house: House, tmp_path: Path) -> None:
    house.tide = Tide(tmp_path / "tide.json")
    backup = back_up_and_go_on(house, house.copy_files)
    house.tide.look(house.engine)
    house.restore_files(backup)
    house.tide = Tide(tmp_path / "tide.json")
    house.let_connections_go()
    go_through(house)
    assert_nothing_twice(house)


def test_without_a_mark_it_is_begun_by_hand(house: House) -> None:
    backup = back_up_and_go_on(house, house.copy_files)
    house.restore_files(backup)
    house.tide = Tide()
    house.let_connections_go()
    begun = house.command("begin", *BY, "--reason", "disk lost", "--backup-at", "2026-09-14T02:00:00+0100")
    assert begun.exit_code == 0, begun.output
    go_through(house)
    assert_nothing_twice(house)


def test_the_gap_names_every_client_and_holds_everything_that_is_gone(house: House) -> None:
    backup = back_up_and_go_on(house, house.dump)
    received = [each["received_at"] for each in rows(house.database, LATE_ONES)]
    manifest = house.folder / "manifest.json"
    manifest.write_text(house.bridge.get(f"/v1/manifests/{TODAY}", STOCKPORT).text)
    house.restore_dump(backup)
    house.desk.deliverer.claim(STOCKPORT, 50)
    found = house.status("--manifest", str(manifest))
    assert found["gone"] == {STOCKPORT: LATE}
    assert found["mode"] == "reconcile_first"
    assert {gap["authority"] for gap in found["gaps"]} == {STOCKPORT}
    for gap in found["gaps"]:
        begins, ends = datetime.fromisoformat(gap["begins"]), datetime.fromisoformat(gap["ends"])
        assert all(begins <= moment <= ends for moment in received)
        assert ends - begins < timedelta(minutes=10)


LATE_ONES = "SELECT received_at FROM casework.submission WHERE sender_ref ~ '^LATE'"


def test_what_was_held_at_the_backup_is_looked_up_when_it_is_let_go(house: House) -> None:
    assert house.send("HELD") == 201
    hold = "state = 'needs_human', reason = 'training_not_found'"
    superuser(house.database).execute(f"UPDATE casework.delivery SET {hold}")
    backup = house.dump()
    (held,) = rows(house.database, "SELECT id FROM casework.delivery")
    with house.desk.intake.transaction(STOCKPORT) as tx:
        assert tx.deliveries.release(held["id"])
    house.deliver()
    assert (counted_at(house), house.states()) == (1, {"delivered": 1})
    house.restore_dump(backup)
    house.deliver()
    assert house.command("look", *BY).exit_code == 0
    assert house.states() == {"needs_human": 1}
    assert house.command("finish", *BY, "--nothing-was-lost").exit_code == 0
    with house.desk.intake.transaction(STOCKPORT) as tx:
        assert tx.deliveries.release(held["id"])
    assert house.states() == {"unknown": 1}
    house.deliver()
    assert (counted_at(house), house.states()) == (1, {"delivered": 1})


def test_what_is_not_there_is_sent_under_the_same_reference(house: House) -> None:
    assert house.send("A") == 201
    backup = house.dump()
    house.restore_dump(backup)
    house.deliver()
    assert house.command("look", *BY).exit_code == 0
    (row,) = rows(house.database, "SELECT state, reason, reference, may_have_arrived FROM casework.delivery")
    assert (row["state"], row["reason"], row["may_have_arrived"]) == ("unknown", "restored", True)
    house.deliver()
    assert house.there() == {row["reference"]: 1}
    entries = rows(house.database, "SELECT action FROM casework.audit WHERE subject_type <> 'client' ORDER BY id")
    trail = [each["action"] for each in entries]
    assert trail[:2] == ["record_received", "delivery_unknown"]


def test_a_planned_move_goes_on_at_once(house: House) -> None:
    house.send("A")
    house.restore_dump(house.dump())
    house.deliver()
    assert house.mode() == "reconcile_first"
    done = house.command("finish", *BY, "--nothing-was-lost")
    assert done.exit_code == 0, done.output
    house.deliver()
    house.send("B")
    assert house.states() == {"delivered": 1, "ready": 1}


def test_a_second_restore_is_noticed_too(house: House) -> None:
    """Even of a backup from before the first one, which knows of none."""
    backup = house.copy_files()
    house.send("A")
    house.tide.look(house.engine)
    for _ in range(2):
        house.restore_files(backup)
        house.tide.look(house.engine)
        assert house.mode() == "reconcile_first"
        for step in (("look", *BY), ("finish", *BY, "--nothing-was-shredded")):
            done = house.command(*step)
            assert done.exit_code == 0, done.output
        house.tide.look(house.engine)
        assert house.mode() == "usual"


def test_a_crash_is_no_restore(house: House) -> None:
    house.send("A")
    house.tide.look(house.engine)
    house.let_connections_go()
    house.server.stop()
    house.server.start()
    house.tide.look(house.engine)
    assert house.mode() == "usual"
    house.deliver()
    assert house.states() == {"delivered": 1}


@pytest.mark.parametrize("words", [("look", *BY), ("finish", *BY)])
def test_steps_out_of_order_change_nothing(house: House, words: tuple[str, ...]) -> None:
    house.send("A")
    refused = house.command(*words)
    assert refused.exit_code == 2, refused.output
    assert (house.mode(), house.states()) == ("usual", {"ready": 1})


def test_authorities_without_an_answer_are_for_people(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where people type, our own database is all there is to ask, and it is the one that forgot."""
    from service.commands import restore

    monkeypatch.setattr(restore, "needs", lambda _connector: {"confirmations"})
    house.send("A")
    assert house.command("begin", *BY, "--reason", "test").exit_code == 0
    assert house.command("look", *BY).exit_code == 0
    house.send("B")
    assert house.states() == {"needs_human": 2}
    assert rows(house.database, "SELECT DISTINCT reason FROM casework.delivery") == [{"reason": "restored"}]


@pytest.mark.parametrize("content", ["", "{}", '{"identity": "x", "epoch": "y", "lsn": "0/0"}', '{"identity": "x"}'])
def test_a_mark_that_cannot_be_read_stops_the_start(tmp_path: Path, content: str) -> None:
    (tmp_path / "tide").write_text(content)
    with pytest.raises(ConfigurationFault, match="WISE_TIDE_FILE"):
        Tide(tmp_path / "tide")


def test_places_of_the_log_are_in_order() -> None:
    places = ["0/0", "0/FFFFFFFF", "1/0", "A/1", "10/0"]
    assert sorted(places, key=lambda lsn: Mark("x", 0, lsn).place()) == places
    assert Mark("x", 1, "0/0").place() > Mark("x", 0, "F/0").place()


def test_references_are_the_same_for_the_same_and_say_nothing() -> None:
    one = reference_of(b"key", "record", "A-1")
    assert one == reference_of(b"key", "record", "A-1")
    others = {
        reference_of(b"kez", "record", "A-1"),
        reference_of(b"key", "retraction", "A-1"),
        reference_of(b"key", "record", "A-2"),
    }
    assert len(others | {one}) == 4
    assert one.startswith("WB-")
    assert len(one) == 27


def test_the_mark_only_rises(house: House, tmp_path: Path) -> None:
    tide = Tide(tmp_path / "tide")
    seen = []
    for _ in range(3):
        superuser(house.database).execute("SELECT pg_switch_wal(), txid_current()")
        tide.look(house.engine)
        seen.append(json.loads((tmp_path / "tide").read_text())["lsn"])
    assert sorted(seen, key=lambda lsn: Mark("x", 0, lsn).place()) == seen
