"""Somebody with every power over the database changes the trail; an outsider with files alone names the place."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from service.adapters.checkpoints import FolderWay, read_signer
from service.domain.trail.entry import FIRST, digest, entry_of
from service.store.checkpoints import CheckpointRows
from service.usecases.checkpoints import Checkpointer
from tests.audit.conftest import Scene
from tests.support.bridge import OLDHAM, STOCKPORT

ID_AT = "(SELECT audit_id FROM casework.audit_link WHERE authority = 'E08000007' AND position = %s)"


@pytest.fixture
def kept(scene: Scene) -> Scene:
    """Twelve entries, with checkpoints at 4, 8 and 12; another authority beside it."""
    for _ in range(3):
        scene.keep(4)
    scene.keep(3, OLDHAM)
    return scene


def make_anew(scene: Scene, above: int) -> None:
    """All links above a position computed again over what the entries say now: the chain agrees with itself."""
    scene.tamper("DELETE FROM casework.audit_link WHERE authority = %s AND position > %s", STOCKPORT, above)
    scene.sealer().look()


def test_what_nobody_touched_is_what_it_was(kept: Scene) -> None:
    assert kept.verify() == set()
    assert kept.verify(authority=OLDHAM) == set()


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'client:somebody-else'", "action = 'copy_made'", "at = at - interval '1 microsecond'",
        "at = 'infinity'", "subject_id = 's-99'", "subject_type = 'hold'", "detail = detail || '{\"number\": 7}'",
        "detail = '{}'",
    ],
)  # fmt: skip
def test_a_changed_entry(kept: Scene, change: str) -> None:
    kept.tamper(f"UPDATE casework.audit SET {change} WHERE id = {ID_AT}", 6)
    assert kept.verify() == {("changed", 6, 6)}


def test_every_change_is_found_and_not_only_the_first(kept: Scene) -> None:
    for position in (2, 6, 11):
        kept.tamper(f"UPDATE casework.audit SET actor = 'x' WHERE id = {ID_AT}", position)
    kept.tamper(f"DELETE FROM casework.audit WHERE id = {ID_AT}", 9)
    assert kept.verify() == {("changed", 2, 2), ("changed", 6, 6), ("entry_gone", 9, 9), ("changed", 11, 11)}


def test_an_entry_given_to_another_authority(kept: Scene) -> None:
    kept.tamper(f"UPDATE casework.audit SET authority = %s WHERE id = {ID_AT}", OLDHAM, 5)
    assert kept.verify() == {("entry_gone", 5, 5)}


def test_a_deleted_entry_and_its_link(kept: Scene) -> None:
    kept.tamper(f"DELETE FROM casework.audit WHERE id = {ID_AT}", 6)
    kept.tamper("DELETE FROM casework.audit_link WHERE authority = %s AND position = 6", STOCKPORT)
    assert kept.verify() == {("positions_gone", 6, 6)}


def test_a_deleted_entry_with_the_gap_closed(kept: Scene) -> None:
    """The place shows in the chain, and the checkpoints after it no longer fit."""
    kept.tamper(f"DELETE FROM casework.audit WHERE id = {ID_AT}", 6)
    kept.tamper("DELETE FROM casework.audit_link WHERE authority = %s AND position = 6", STOCKPORT)
    for position in range(7, 13):
        kept.tamper(
            "UPDATE casework.audit_link SET position = %s WHERE authority = %s AND position = %s",
            position - 1, STOCKPORT, position,
        )  # fmt: skip
    found = kept.verify()
    assert {("rewritten", 5, 8), ("cut_off", 12, 12)} <= found
    assert [first for wrong, first, _ in found if wrong in ("changed", "order")] == [6]


@pytest.mark.parametrize("last", [11, 8, 1, 0])
def test_the_end_cut_off(kept: Scene, last: int) -> None:
    kept.tamper(f"DELETE FROM casework.audit WHERE authority = %s AND id > coalesce({ID_AT}, 0)", STOCKPORT, last)
    kept.tamper("DELETE FROM casework.audit_link WHERE authority = %s AND position > %s", STOCKPORT, last)
    assert kept.verify() == {("cut_off", last + 1, 12)}


def test_what_came_after_the_last_checkpoint_can_be_cut_off_unseen(kept: Scene) -> None:
    """The limit of it, as docs/audit.md says: as much as comes between two checkpoints."""
    kept.add(2)
    kept.sealer().look()
    kept.tamper("DELETE FROM casework.audit WHERE authority = %s AND subject_id IN ('s-0', 's-1') AND id > ALL ("
                "SELECT audit_id FROM casework.audit_link WHERE position <= 12)", STOCKPORT)  # fmt: skip
    kept.tamper("DELETE FROM casework.audit_link WHERE authority = %s AND position > 12", STOCKPORT)
    assert kept.verify() == set()


def test_two_entries_in_each_others_place(kept: Scene) -> None:
    link = "SELECT audit_id FROM casework.audit_link WHERE authority = %s AND position = %s"
    ((third,),), ((tenth,),) = (kept.rows(link, STOCKPORT, position) for position in (3, 10))
    for position, entry in ((3, -1), (10, third), (3, tenth)):
        kept.tamper(
            "UPDATE casework.audit_link SET audit_id = %s WHERE authority = %s AND position = %s",
            entry, STOCKPORT, position,
        )  # fmt: skip
    assert kept.verify() == {("order", 3, 3), ("order", 10, 10)}


def test_two_links_in_each_others_place(kept: Scene) -> None:
    for position, to in ((6, 99), (7, 6), (99, 7)):
        kept.tamper("UPDATE casework.audit_link SET position = %s WHERE authority = %s AND position = %s",
                    to, STOCKPORT, position)  # fmt: skip
    found = kept.verify()
    assert {first for wrong, first, _ in found if wrong == "order"} == {6, 7, 8}
    assert {wrong for wrong, *_ in found} == {"order"}


def test_a_whole_chain_made_anew(kept: Scene) -> None:
    """Every digest agrees; only who kept the checkpoints elsewhere can tell, and between which of them."""
    kept.tamper(f"UPDATE casework.audit SET actor = 'client:innocent' WHERE id = {ID_AT}", 6)
    make_anew(kept, 0)
    assert kept.verify() == {("rewritten", 5, 12)}


def test_a_chain_made_anew_with_checkpoints_by_somebody_elses_key(kept: Scene, tmp_path: Path) -> None:
    kept.tamper(f"DELETE FROM casework.audit WHERE id = {ID_AT}", 6)
    make_anew(kept, 0)
    kept.tamper("DELETE FROM casework.audit_checkpoint")
    kept.tamper("DELETE FROM casework.checkpoint_sending")
    forged = tmp_path / "forged.pem"
    forged.write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))
    rows, folder = CheckpointRows(kept.engine("wise_keeper")), FolderWay(kept.folder)
    Checkpointer(rows, read_signer(forged), [folder], lambda: [STOCKPORT], timedelta(0)).look()
    assert kept.verify() == {("rewritten", 5, 8), ("cut_off", 12, 12), ("signature", 4, 4)}


def test_the_keeper_signs_nothing_over_a_chain_made_anew(kept: Scene) -> None:
    before = kept.checkpoints().read_bytes()
    kept.tamper(f"UPDATE casework.audit SET actor = 'x' WHERE id = {ID_AT}", 6)
    make_anew(kept, 0)
    kept.keep(1)
    assert kept.checkpoints().read_bytes() == before
    trouble = "SELECT authority, way, trouble FROM casework.checkpoint_sending WHERE failing_since IS NOT NULL"
    assert kept.rows(trouble) == [(STOCKPORT, "chain", "chain_changed")]


def test_lines_of_an_export_in_another_order_or_gone(kept: Scene) -> None:
    file = kept.export()
    head, *lines, end = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([head, *lines[:4], lines[5], lines[4], *lines[6:], end]))
    assert {wrong for wrong, *_ in kept.verify(file)} == {"positions_gone", "order"}
    file.write_bytes(b"".join([head, *lines[:5], *lines[6:], end]))
    assert kept.verify(file) == {("positions_gone", 6, 6), ("export_cut", 0, 0)}
    file.write_bytes(b"".join([head, *lines[:6]]))
    assert kept.verify(file) == {("cut_off", 7, 12), ("export_cut", 0, 0)}
    file.write_bytes(b"".join([head, *lines[:6], b"{nothing\n", *lines[7:], end]))
    assert kept.verify(file) == {("line_unreadable", 8, 8), ("positions_gone", 7, 7), ("export_cut", 0, 0)}


def test_checkpoints_that_were_written_by_somebody_else(kept: Scene) -> None:
    file = kept.checkpoints()
    first, second, third = file.read_text().splitlines(keepends=True)
    forged = json.loads(third)
    forged["says"]["digest"] = "00" * 32
    file.write_text(first + second + json.dumps(forged) + "\n")
    assert kept.verify() == {("signature", 3, 3)}
    head, body, signature = json.loads(third)["checkpoint"].split(".")
    file.write_text(first + second + json.dumps(forged | {"checkpoint": f"{head}.{body}.{signature[::-1]}"}) + "\n")
    assert kept.verify() == {("signature", 3, 3)}
    file.write_text(first + third)
    assert kept.verify() == {("checkpoint_gone", 4, 12)}
    file.write_text(first + second[:40] + "\n" + second + third + third)
    assert kept.verify() == set()
    file.write_text(first + second[:40] + "\n" + third)
    assert kept.verify() == {("line_unreadable", 2, 2), ("checkpoint_gone", 4, 12)}
    file.write_text("")
    assert kept.verify() == {("no_checkpoint", 0, 0)}


def test_the_digest_is_what_the_page_says(kept: Scene) -> None:
    """Worked out here from the lines of an export with nothing of the service but hashing."""
    before = FIRST
    for raw in kept.export().read_bytes().splitlines()[1:-1]:
        line = json.loads(raw)
        written = json.dumps(line["entry"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        before = sha256(before + written).digest()
        assert before.hex() == line["digest"]
        assert digest(FIRST, entry_of(line["entry"])) == sha256(FIRST + written).digest()
