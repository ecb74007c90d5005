"""Every committed entry gets one link, without gaps, whoever seals and however transactions end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.ports import AuditEntry
from service.store.audit_trail import AuditTrail
from service.store.tenant import act_for
from service.store.trail import ChainRows
from service.usecases.sealing import BACK_SECONDS, BATCH, FROM_THE_BEGINNING_SECONDS, Floor, Sealer
from tests.audit.conftest import Scene
from tests.support.bridge import OLDHAM, STOCKPORT

LINKS = "SELECT position, audit_id FROM casework.audit_link WHERE authority = %s ORDER BY position"
ENTRY = AuditEntry("client:late", "record_received", "submission", "late")


def test_each_authority_has_a_chain_of_its_own(scene: Scene) -> None:
    scene.add(3)
    scene.add(2, OLDHAM)
    assert scene.sealer().look() == 5
    assert scene.sealer().look() == 0
    assert [position for position, _ in scene.rows(LINKS, STOCKPORT)] == [1, 2, 3]
    assert [position for position, _ in scene.rows(LINKS, OLDHAM)] == [1, 2]


def test_an_entry_that_is_committed_late_comes_behind_and_is_not_forgotten(scene: Scene) -> None:
    """Its number is the lowest of all; a sealer that has long come further finds it."""
    sealer = scene.sealer()
    with scene.engine("wise_intake").begin() as slow:
        act_for(slow, STOCKPORT)
        AuditTrail(slow, STOCKPORT).add(ENTRY)
        scene.add(2)
        assert sealer.look() == 2
    assert sealer.look() == 1
    ids = [entry for _, entry in scene.rows(LINKS, STOCKPORT)]
    assert ids == [*sorted(ids)[1:], min(ids)]
    assert scene.sealer().look() == 0


def test_what_was_rolled_back_leaves_no_gap(scene: Scene) -> None:
    scene.add(1)
    with scene.engine("wise_intake").connect() as connection:
        act_for(connection, STOCKPORT)
        AuditTrail(connection, STOCKPORT).add(ENTRY)
        connection.rollback()
    scene.add(1)
    scene.keep(1)
    assert [position for position, _ in scene.rows(LINKS, STOCKPORT)] == [1, 2, 3]
    assert scene.verify() == set()


def test_many_keepers_at_once_while_entries_come(scene: Scene) -> None:
    """Whichever gets the lock seals; none seals twice, and nothing is left."""
    with ThreadPoolExecutor(8) as pool:
        adding = [pool.submit(scene.add, 25) for _ in range(4)]
        sealing = [pool.submit(scene.sealer().look) for _ in range(40)]
        for each in (*adding, *sealing):
            each.result()
    scene.sealer().look()
    assert [position for position, _ in scene.rows(LINKS, STOCKPORT)] == list(range(1, 101))
    scene.checkpointer().look()
    assert scene.verify() == set()


def test_a_long_trail_is_sealed_batch_by_batch(scene: Scene) -> None:
    scene.tamper(
        "INSERT INTO casework.audit (authority, actor, action, subject_type, subject_id, detail)"
        " SELECT %s, 'client:test', 'record_received', 'submission', n::text, '{}' FROM generate_series(1, %s) AS n",
        STOCKPORT, 2 * BATCH + 1,
    )  # fmt: skip
    assert ChainRows(scene.engine("wise_keeper")).seal(STOCKPORT, 0, BATCH).count == BATCH
    assert scene.sealer().look() == BATCH + 1


def test_looks_begin_where_no_transaction_can_still_be_and_once_an_hour_at_the_beginning() -> None:
    floor = Floor(0)
    floor.note(0, 10)
    floor.note(BACK_SECONDS - 1, 20)
    assert floor.above == 0
    floor.note(BACK_SECONDS, 30)
    assert floor.above == 10
    floor.note(BACK_SECONDS * 2, 40)
    assert floor.above == 30
    assert not floor.begins_anew(FROM_THE_BEGINNING_SECONDS - 1)
    assert floor.begins_anew(FROM_THE_BEGINNING_SECONDS)


def test_what_came_to_light_after_a_very_long_time_is_found_within_the_hour(scene: Scene) -> None:
    clock = [0.0]
    sealer = Sealer(ChainRows(scene.engine("wise_keeper")), lambda: [STOCKPORT], lambda: clock[0])
    with scene.engine("wise_intake").begin() as slow:
        act_for(slow, STOCKPORT)
        AuditTrail(slow, STOCKPORT).add(ENTRY)
        scene.add(2)
        for clock[0] in (0.0, BACK_SECONDS, BACK_SECONDS + 1):
            sealer.look()
    assert sealer.look() == 0
    clock[0] = FROM_THE_BEGINNING_SECONDS
    assert sealer.look() == 1


@pytest.mark.parametrize("table", ["audit_link", "audit_checkpoint"])
@pytest.mark.parametrize(
    "statement", ["UPDATE casework.{} SET position = 9", "DELETE FROM casework.{}", "TRUNCATE casework.{}"]
)
def test_the_owner_cannot_change_a_link_or_a_checkpoint(scene: Scene, table: str, statement: str) -> None:
    scene.keep(2)
    with scene.engine("wise_owner").connect() as connection:
        act_for(connection, STOCKPORT)
        with pytest.raises(DBAPIError, match="only ever added to"):
            connection.execute(text(statement.format(table)))
