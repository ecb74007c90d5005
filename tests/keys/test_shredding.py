"""What is left of a record whose keys were taken away: the row, and nothing that opens."""

from __future__ import annotations

from uuid import uuid4

import pytest

from service.errors import NeedsHuman
from service.store.shred import NOTHING, shred
from service.store.tenant import act_for
from tests.keys.conftest import Engines
from tests.keys.world import World
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.records import example


@pytest.fixture
def filled(wrapped: World) -> World:
    wrapped.fill()
    return wrapped


def test_a_records_sealed_material_is_gone_and_its_row_stays(filled: World, engines: Engines) -> None:
    database = filled.bridge.database
    (kept,) = rows(database, "SELECT * FROM casework.submission WHERE authority = %s", STOCKPORT)
    with engines("wise_keeper").begin() as connection:
        act_for(connection, STOCKPORT)
        assert shred(connection, STOCKPORT, "submission", kept["id"])
        assert shred(connection, STOCKPORT, "submission", kept["id"])
    (left,) = rows(database, "SELECT * FROM casework.submission WHERE authority = %s", STOCKPORT)
    assert left == kept | {"sealed_digest": None}
    for table, column in (("payload", "sealed"), ("third_party", "sealed"), ("sketch", "sketch")):
        (row,) = rows(database, f"SELECT {column} AS sealed FROM casework.{table} WHERE authority = %s", STOCKPORT)
        assert bytes(row["sealed"]) == NOTHING
    with pytest.raises(NeedsHuman):
        filled.bridge.vault.open(STOCKPORT, str(kept["id"]), NOTHING)
    assert rows(
        database, "SELECT length(sealed) > 100 AS whole FROM casework.payload WHERE authority = %s", SALFORD
    ) == [{"whole": True}]


def test_the_young_persons_next_record_is_taken_all_the_same(filled: World, engines: Engines) -> None:
    (kept,) = rows(filled.bridge.database, "SELECT id FROM casework.submission WHERE authority = %s", STOCKPORT)
    with engines("wise_keeper").begin() as connection:
        act_for(connection, STOCKPORT)
        shred(connection, STOCKPORT, "submission", kept["id"])
    record = example("wise", submission_id="S-5", young_person__la_child_id="STK0000001")
    assert filled.bridge.post(record).status_code == 201


def test_feedback_and_supervision_as_well(filled: World, engines: Engines) -> None:
    database = filled.bridge.database
    with engines("wise_keeper").begin() as connection:
        act_for(connection, STOCKPORT)
        for subject in ("feedback", "supervision"):
            (kept,) = rows(database, f"SELECT id FROM casework.{subject}")
            assert shred(connection, STOCKPORT, subject, kept["id"])
    assert rows(database, "SELECT sealed, sealed_consent FROM casework.feedback") == [
        {"sealed": NOTHING, "sealed_consent": NOTHING}
    ]
    assert rows(database, "SELECT sealed FROM casework.supervision") == [{"sealed": NOTHING}]


def test_another_authoritys_record_is_not_there_for_it(filled: World, engines: Engines) -> None:
    (kept,) = rows(filled.bridge.database, "SELECT id FROM casework.submission WHERE authority = %s", SALFORD)
    with engines("wise_keeper").begin() as connection:
        act_for(connection, STOCKPORT)
        assert not shred(connection, STOCKPORT, "submission", kept["id"])
        assert not shred(connection, STOCKPORT, "submission", uuid4())
    (body,) = rows(filled.bridge.database, "SELECT sealed FROM casework.payload WHERE authority = %s", SALFORD)
    assert bytes(body["sealed"]) != NOTHING


def test_what_was_shredded_holds_up_no_rotation(filled: World, engines: Engines) -> None:
    (kept,) = rows(filled.bridge.database, "SELECT id FROM casework.submission WHERE authority = %s", STOCKPORT)
    with engines("wise_keeper").begin() as connection:
        act_for(connection, STOCKPORT)
        shred(connection, STOCKPORT, "submission", kept["id"])
    filled.done("rotate", "--authority", STOCKPORT)
    assert "5 wrapped anew" in filled.done("rewrap", "--authority", STOCKPORT)
    assert "shredded" in filled.done("status", "--authority", STOCKPORT)
