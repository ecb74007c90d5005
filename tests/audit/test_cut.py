"""The beginning of a trail goes after six years, at a signed checkpoint; nothing else does, and outsiders can tell."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from service.adapters.checkpoints import FolderWay, read_signer
from service.cli import main
from service.domain.trail.checkpoint import Checkpoint
from service.domain.trail.entry import digest, entry_of
from service.errors import NotPossible
from service.ports.ends import TrailEnd
from service.ports.trail import Signs
from service.store.checkpoints import CheckpointRows
from service.store.ends import TrailEnds
from service.store.engine import make_engine
from service.store.tenant import act_for
from service.usecases.checkpoints import Checkpointer
from service.usecases.ends import TrailCutter
from tests.audit.conftest import Scene
from tests.audit.test_tampering import ID_AT
from tests.support.bridge import OLDHAM, STOCKPORT

YEARS = timedelta(days=7 * 366)
HOLD = (
    "INSERT INTO casework.legal_hold (hold, event, authority, scope, reason, by)"
    " VALUES (gen_random_uuid(), 'asked', %s, 'authority', 'court', 'stk-law-1')"
)
UNSEALED = (
    "UPDATE casework.audit AS a SET at = at - %s WHERE NOT EXISTS"
    " (SELECT FROM casework.audit_link AS l WHERE l.audit_id = a.id)"
)


@dataclass
class Earlier:
    """Signs as if it were so much earlier."""

    signs: Signs
    by: timedelta

    def sign(self, checkpoint: Checkpoint) -> str:
        moment = datetime.fromisoformat(checkpoint.at).astimezone(UTC) - self.by
        return self.signs.sign(replace(checkpoint, at=moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")))


def old(scene: Scene, entries: int, by: timedelta = YEARS, authority: str = STOCKPORT) -> None:
    """Entries of long ago, sealed and under a checkpoint of then that is outside."""
    scene.add(entries, authority)
    scene.tamper(UNSEALED, by)
    scene.sealer().look()
    signs = Earlier(read_signer(scene.keys / "audit-signing.pem"), by)
    rows, folder = CheckpointRows(scene.engine("wise_keeper")), FolderWay(scene.folder)
    before = scene.rows(
        "SELECT coalesce(max(position), 0) FROM casework.audit_checkpoint WHERE authority = %s", authority
    )
    Checkpointer(rows, signs, [folder], lambda: [authority], timedelta(0)).look()
    aged = "UPDATE casework.audit_checkpoint SET at = at - %s WHERE authority = %s AND position > %s"
    scene.tamper(aged, by, authority, before[0][0])


def cutter(scene: Scene) -> TrailCutter:
    return TrailCutter(TrailEnds(scene.engine("wise_purge")), lambda: [STOCKPORT, OLDHAM])


def positions(scene: Scene, authority: str = STOCKPORT) -> list[int]:
    found = scene.rows("SELECT position FROM casework.audit_link WHERE authority = %s ORDER BY position", authority)
    return [position for (position,) in found]


@pytest.fixture
def aged(scene: Scene) -> Scene:
    """Positions 1 to 8 are older than six years, with checkpoints at 4 and 8; 9 to 12 are not."""
    old(scene, 4)
    old(scene, 4)
    scene.keep(4)
    return scene


@pytest.fixture
def cut(aged: Scene) -> Scene:
    """The same, cut; and the entry that says so sealed as position 13."""
    assert cutter(aged).look() == 8
    aged.keep(0)
    return aged


def test_it_is_cut_at_the_last_checkpoint_of_six_years_ago(cut: Scene) -> None:
    assert positions(cut) == [9, 10, 11, 12, 13]
    assert cut.rows("SELECT count(*) FROM casework.audit WHERE authority = %s", STOCKPORT) == [(5,)]
    (note,) = cut.rows("SELECT position, entries, digest FROM casework.audit_cut")
    (signed,) = cut.rows("SELECT digest FROM casework.audit_checkpoint WHERE position = 8")
    assert note == (8, 8, signed[0])
    told = cut.rows("SELECT actor, detail FROM casework.audit WHERE action = 'trail_cut'")
    assert told == [("purge", {"position": 8, "entries": 8})]


def test_what_is_left_is_what_it_was(cut: Scene) -> None:
    assert cut.verify() == set()
    done = cut.run("verify", "--authority", STOCKPORT)
    assert (done.exit_code, "5 entries are what they were" in done.output) == (0, True)
    assert "begins behind position 8" in done.output
    cut.keep(3)
    assert cut.verify() == set()


def test_cut_twice_is_cut_once(cut: Scene) -> None:
    assert cutter(cut).look() == 0
    assert cutter(cut).run(STOCKPORT) == (TrailEnd(0), 0)
    assert positions(cut) == [9, 10, 11, 12, 13]


def test_it_is_cut_again_when_more_is_old(scene: Scene) -> None:
    old(scene, 4)
    old(scene, 4, timedelta(days=5 * 366))
    scene.keep(4)
    assert [cutter(scene).look(), cutter(scene).look()] == [4, 0]
    scene.keep(0)
    assert scene.verify() == set()


def test_no_entry_goes_a_day_too_early(scene: Scene) -> None:
    """Six years in London's calendar, counted from the checkpoint."""
    now = datetime.now(UTC)
    six = now.replace(year=now.year - 6, day=min(now.day, 28))
    old(scene, 3, now - six - timedelta(days=1))
    scene.keep(1)
    assert cutter(scene).look() == 0


def test_the_newest_checkpoint_and_what_is_not_outside_stay(scene: Scene) -> None:
    old(scene, 4)
    assert cutter(scene).look() == 0
    scene.keep(1)
    scene.tamper("UPDATE casework.checkpoint_sending SET position = 0")
    assert cutter(scene).look() == 0
    scene.tamper("UPDATE casework.checkpoint_sending SET position = 5")
    assert cutter(scene).look() == 4


def test_under_a_legal_hold_nothing_goes(aged: Scene) -> None:
    aged.tamper(HOLD, STOCKPORT)
    before, gone = cutter(aged).run(STOCKPORT)
    assert (before, gone) == (TrailEnd(0, 8, "legal_hold"), 0)
    assert len(positions(aged)) == 12


def test_the_trail_of_a_record_that_is_here_stays(scene: Scene) -> None:
    old(scene, 4)
    scene.tamper(
        "INSERT INTO casework.submission (id, authority, sender_ref, client_id, record_type, kind, schema_version,"
        " template_version, content_digest, child_key, completed_on, warnings, received_at)"
        " VALUES ('00000000-0000-4000-8000-000000000007', %s, 'A', 'c', 'wise_assessment', 'new', '1', '1', '', '',"
        " now() - %s, '[]', now() - %s)",
        STOCKPORT, YEARS, YEARS,
    )  # fmt: skip
    scene.add(1)
    scene.tamper("UPDATE casework.audit SET subject_id = '00000000-0000-4000-8000-000000000007' WHERE id = ("
                 "SELECT max(id) FROM casework.audit)")  # fmt: skip
    old(scene, 3)
    scene.keep(1)
    assert cutter(scene).dry_run(STOCKPORT) == TrailEnd(4, 4, "record_here")
    assert cutter(scene).look() == 4
    assert positions(scene)[0] == 5
    scene.keep(0)
    assert scene.verify() == set()


def test_another_authoritys_trail_is_not_touched(aged: Scene) -> None:
    old(aged, 3, authority=OLDHAM)
    aged.keep(2, OLDHAM)
    assert cutter(aged).run(STOCKPORT)[1] == 8
    assert positions(aged, OLDHAM) == [1, 2, 3, 4, 5]


def test_nothing_is_cut_during_a_restore(aged: Scene) -> None:
    aged.tamper("UPDATE casework.bridge SET mode = 'look_first'")
    assert cutter(aged).look() == 0
    with pytest.raises(NotPossible):
        cutter(aged).run(STOCKPORT)
    assert TrailEnds(aged.engine("wise_purge")).cut(STOCKPORT) == 0


def test_broken_off_in_the_middle_nothing_of_it_happened(aged: Scene) -> None:
    engine = make_engine(aged.database.url("wise_purge"))

    def break_off(connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO casework.audit"):
            raise ConnectionResetError

    event.listen(engine, "before_cursor_execute", break_off)
    with pytest.raises(ConnectionResetError):
        TrailEnds(engine).cut(STOCKPORT)
    engine.dispose()
    assert (len(positions(aged)), aged.verify()) == (12, set())
    assert cutter(aged).look() == 8


def as_owner(scene: Scene, statement: str) -> None:
    with scene.engine("wise_owner").begin() as connection:
        act_for(connection, STOCKPORT)
        connection.execute(text(statement))


@pytest.mark.parametrize("position", [9, 10, 12])
def test_not_even_the_owner_deletes_an_entry_or_a_link_behind_the_cut(cut: Scene, position: int) -> None:
    entry = ID_AT.replace("%s", str(position))
    for statement in (
        f"DELETE FROM casework.audit WHERE id = {entry}",
        f"DELETE FROM casework.audit_link WHERE authority = 'E08000007' AND position = {position}",
    ):
        with pytest.raises(DBAPIError, match="only ever added to"):
            as_owner(cut, statement)


NOTE = (
    "INSERT INTO casework.audit_cut (authority, position, digest, entries) SELECT authority, position, {}, 1"
    " FROM casework.audit_link WHERE authority = 'E08000007' AND position = {}"
)


@pytest.mark.parametrize(("digest", "position"), [("digest", 6), ("digest", 12), ("decode('00', 'hex')", 8)])
def test_not_even_the_owner_notes_another_cut(aged: Scene, digest: str, position: int) -> None:
    with pytest.raises(DBAPIError, match="at a checkpoint of six years ago"):
        as_owner(aged, NOTE.format(digest, position))


def test_not_even_the_owner_notes_a_cut_under_a_legal_hold(aged: Scene) -> None:
    aged.tamper(HOLD, STOCKPORT)
    with pytest.raises(DBAPIError, match="under no legal hold"):
        as_owner(aged, NOTE.format("digest", 8))


@pytest.mark.parametrize("statement", ["UPDATE casework.audit_cut SET position = 12", "DELETE FROM casework.audit_cut"])
def test_a_cut_is_not_changed(cut: Scene, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"):
        as_owner(cut, statement)


def moved(scene: Scene, to: int) -> None:
    """Somebody with every power takes away the beginning up to there, and notes it as a cut."""
    scene.tamper(f"DELETE FROM casework.audit WHERE id <= {ID_AT} AND authority = %s", to, STOCKPORT)
    scene.tamper(
        "UPDATE casework.audit_cut SET position = %s, digest = (SELECT digest FROM casework.audit_link"
        " WHERE authority = %s AND position = %s) WHERE authority = %s", to, STOCKPORT, to, STOCKPORT,
    )  # fmt: skip
    scene.tamper("DELETE FROM casework.audit_link WHERE authority = %s AND position <= %s", STOCKPORT, to)


def test_a_cut_that_was_moved_to_a_younger_checkpoint_is_found(cut: Scene) -> None:
    moved(cut, 12)
    assert cut.verify() == {("cut_early", 1, 12)}


def test_a_cut_that_was_moved_to_where_no_checkpoint_is_is_found(cut: Scene) -> None:
    moved(cut, 10)
    assert cut.verify() == {("cut_unsigned", 1, 10)}


def test_a_beginning_that_was_taken_away_without_a_cut_is_found(aged: Scene) -> None:
    aged.tamper(f"DELETE FROM casework.audit WHERE id <= {ID_AT} AND authority = %s", 8, STOCKPORT)
    aged.tamper("DELETE FROM casework.audit_link WHERE authority = %s AND position <= 8", STOCKPORT)
    assert aged.verify() == {("positions_gone", 1, 8), ("rewritten", 1, 8)}


def test_the_first_entry_behind_the_cut_is_found_when_it_was_changed(cut: Scene) -> None:
    cut.tamper(f"UPDATE casework.audit SET actor = 'x' WHERE id = {ID_AT}", 9)
    assert cut.verify() == {("changed", 9, 9)}


def test_the_first_entry_behind_the_cut_is_found_when_it_is_gone(cut: Scene) -> None:
    cut.tamper(f"DELETE FROM casework.audit WHERE id = {ID_AT}", 9)
    assert cut.verify() == {("entry_gone", 9, 9)}
    cut.tamper("DELETE FROM casework.audit_link WHERE authority = %s AND position = 9", STOCKPORT)
    assert cut.verify() == {("positions_gone", 9, 9)}


def test_a_chain_made_anew_behind_the_cut_is_found(cut: Scene) -> None:
    """Over the digest that stands in the cut, and over another."""
    cut.tamper(f"UPDATE casework.audit SET actor = 'x' WHERE id = {ID_AT}", 9)
    ids = cut.rows("SELECT audit_id FROM casework.audit_link WHERE authority = %s AND position > 8", STOCKPORT)
    before: bytes = cut.rows("SELECT digest FROM casework.audit_cut")[0][0]
    entries = [json.loads(line)["entry"] for line in cut.export().read_bytes().splitlines()[1:-1]]
    for position, (entry, (audit_id,)) in enumerate(zip(entries, ids, strict=True), 9):
        before = digest(before, entry_of(entry))
        changed = "UPDATE casework.audit_link SET digest = %s WHERE authority = %s AND audit_id = %s AND position = %s"
        cut.tamper(changed, before, STOCKPORT, audit_id, position)
    assert cut.verify() == {("rewritten", 9, 13)}
    cut.tamper("UPDATE casework.audit_cut SET digest = decode(repeat('00', 32), 'hex')")
    assert cut.verify() == {("changed", 9, 9), ("rewritten", 9, 13)}


def test_an_export_that_claims_another_cut_is_found(cut: Scene) -> None:
    file = cut.export()
    head, *lines = file.read_bytes().splitlines(keepends=True)
    said = json.loads(head)
    assert (said["cut"]["position"], len(said["cut"]["checkpoint"].split("."))) == (8, 3)
    for change, wrong in ((12, "cut_unsigned"), (4, "positions_gone")):
        file.write_bytes(
            json.dumps(said | {"cut": said["cut"] | {"position": change}}).encode() + b"\n" + b"".join(lines)
        )
        assert wrong in {each for each, *_ in cut.verify(file)}
    file.write_bytes(json.dumps({key: said[key] for key in ("form", "authority")}).encode() + b"\n" + b"".join(lines))
    assert cut.verify(file) == {("positions_gone", 1, 8), ("rewritten", 1, 8)}
    file.write_bytes(json.dumps(said | {"cut": said["cut"] | {"digest": "00"}}).encode() + b"\n" + b"".join(lines))
    assert CliRunner().invoke(main, ["audit", "verify", "--export", str(file)]).exit_code == 2


def test_where_the_file_of_checkpoints_was_begun_anew_the_export_brings_its_own(cut: Scene) -> None:
    file = cut.checkpoints()
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[2:]))
    assert cut.verify() == set()
    file.write_text("".join(lines[3:]))
    assert cut.verify() == set()
    export = cut.export()
    forged = export.read_text().replace('"checkpoint":"eyJ', '"checkpoint":"fyJ', 1)
    export.write_text(forged)
    assert cut.verify(export) == {("cut_unsigned", 1, 8)}


def test_the_keeper_goes_on_behind_the_cut(cut: Scene) -> None:
    """The chain goes on from its newest link, and no checkpoint calls it another."""
    cut.keep(2)
    assert positions(cut)[-1] == 15
    trouble = "SELECT FROM casework.checkpoint_sending WHERE failing_since IS NOT NULL"
    assert cut.rows(trouble) == []
    assert cut.rows("SELECT max(position) FROM casework.audit_checkpoint WHERE authority = %s", STOCKPORT) == [(15,)]


def test_the_command_cuts_and_says_so(aged: Scene, config_dir: Path) -> None:
    environ = {"WISE_DATABASE_URL": aged.database.url("wise_purge")}
    words = ["purge", "run", "--config", str(config_dir)]
    told = CliRunner().invoke(main, [*words, "--dry-run"], env=environ)
    assert (told.exit_code, "8 entries of trails would be cut off" in told.output) == (0, True)
    assert len(positions(aged)) == 12
    done = json.loads(CliRunner().invoke(main, [*words, "--json"], env=environ).stdout)
    mine = next(each for each in done if each["authority"] == STOCKPORT)
    assert mine["trail"] == {"due": 8, "cut": 8, "waiting": 0, "why": None}
    assert "hub" in {each["authority"] for each in done}


def test_what_is_much_goes_step_by_step_and_each_step_at_a_checkpoint(aged: Scene) -> None:
    """Whatever comes between two steps, what is left is good."""
    body = aged.rows("SELECT pg_get_functiondef('casework.cut_trail()'::regprocedure)")[0][0]
    aged.tamper(body.replace("bigint := 20000", "bigint := 3"))
    try:
        ends = TrailEnds(aged.engine("wise_purge"))
        assert ends.cut(STOCKPORT) == 4
        aged.keep(0)
        assert aged.verify() == set()
        assert cutter(aged).run(STOCKPORT) == (TrailEnd(4), 4)
        aged.keep(0)
        assert (positions(aged)[0], aged.verify()) == (9, set())
    finally:
        aged.tamper(body)
