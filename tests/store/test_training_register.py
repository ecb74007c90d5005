"""The training register's rows: one authority never meets another's, and nobody meets what is not their work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from service.domain.training.record import TrainingRecord
from service.domain.training.standing import Trained
from service.ports.training import Outcome
from service.store.audit_trail import AuditTrail
from service.store.tables.training import training_record as table
from service.store.training import TrainingRows
from service.store.training_desk import TrainingStore, TrainingTrail
from tests.store.conftest import Engines
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.servers import Database

Desk = Callable[[str], TrainingStore]
SCHEMAS = {"casework", "central", "training"}


def attendance(authority: str = STOCKPORT, **said: Any) -> TrainingRecord:
    """A record of which these fields were said, beside those it cannot be without."""
    record = TrainingRecord(
        authority=authority,
        professional_ref="sw-21",
        course="wise_core",
        attended_on=date(2026, 3, 2),
        delivered_by="hub",
        said=frozenset(said) | {"delivered_by"},
    )
    return replace(record, **said)


@pytest.fixture
def desk(engines: Engines) -> Desk:
    """The register as a role keeps it."""
    trails = {"wise_intake": AuditTrail, "wise_training": TrainingTrail}
    return lambda role: TrainingStore(engines(role), trails[role])


@pytest.fixture
def two(desk: Desk) -> None:
    """The same attendance in two authorities, registered by the Hub."""
    taken = desk("wise_training").register([attendance(), attendance(SALFORD)], tenant=None, by="wb-hub")
    assert [each.outcome for each in taken] == [Outcome.REGISTERED] * 2


def be(connection: Connection, authority: str) -> None:
    connection.execute(text("SELECT set_config('wise.authority', :authority, true)"), {"authority": authority})


def seen(connection: Connection) -> list[str]:
    """The authorities of the rows that can be seen, by Core, by text and by count, which must agree."""
    found = sorted(connection.scalars(select(table.c.authority)))
    assert sorted(connection.scalars(text("SELECT authority FROM training.record"))) == found
    assert connection.scalar(select(func.count()).select_from(table)) == len(found)
    return found


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("role", ["wise_intake", "wise_delivery", "wise_owner"])
def test_a_role_sees_one_authoritys_register_and_none_without_one(engines: Engines, role: str) -> None:
    with engines(role).begin() as connection:
        assert seen(connection) == []
        for authority in (STOCKPORT, SALFORD):
            be(connection, authority)
            assert seen(connection) == [authority]
        for nobody in ("", "hub", "%", "E0800000_"):
            be(connection, nobody)
            assert seen(connection) == []


@pytest.mark.usefixtures("two")
def test_the_hubs_trainers_see_the_whole_register(engines: Engines) -> None:
    with engines("wise_training").begin() as connection:
        assert seen(connection) == [SALFORD, STOCKPORT]
        assert [len(TrainingRows(connection, each).of("sw-21")) for each in (None, SALFORD)] == [2, 1]


def test_an_authority_registers_for_nobody_else(engines: Engines) -> None:
    with engines("wise_intake").begin() as connection:
        be(connection, STOCKPORT)
        with pytest.raises(ProgrammingError, match="violates row-level security policy"):
            TrainingRows(connection, None).add(attendance(SALFORD), by="wb-1")


@pytest.mark.usefixtures("two")
def test_an_authority_changes_nobody_elses(database: Database, engines: Engines) -> None:
    with engines("wise_intake").begin() as connection:
        be(connection, STOCKPORT)
        changed = connection.execute(text("UPDATE training.record SET revoked_on = '2026-09-01'")).rowcount
    found = rows(database, "SELECT authority, revoked_on FROM training.record ORDER BY authority")
    assert (changed, [each["revoked_on"] for each in found]) == (1, [None, date(2026, 9, 1)])


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("role", ["wise_intake", "wise_training"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE training.record SET attended_on = '2020-01-01'",
        "UPDATE training.record SET professional_ref = 'sw-22'",
        "UPDATE training.record SET authority = 'E08000006'",
        "UPDATE training.record SET course = 'other'",
        "UPDATE training.record SET registered_by = 'x'",
        "DELETE FROM training.record",
        "TRUNCATE training.record",
        "SELECT 1 FROM training.audit",
        "UPDATE training.audit SET actor = 'x'",
    ],
)
def test_who_keeps_it_can_not_rewrite_it(engines: Engines, role: str, change: str) -> None:
    with engines(role).begin() as connection:
        be(connection, STOCKPORT)
        with pytest.raises(ProgrammingError, match="permission denied for table"):
            connection.execute(text(change))


def tables_of(database: Database, *schemas: str) -> list[str]:
    found = rows(
        database,
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname = ANY(%s)",
        list(schemas),
    )
    return [each["name"] for each in found]


def assert_kept_out(database: Database, role: str, tables: list[str]) -> None:
    """From reading, writing and counting alike."""
    url = database.url(role).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        for place in tables:
            for statement in (f"SELECT 1 FROM {place}", f"DELETE FROM {place}", f"INSERT INTO {place} DEFAULT VALUES"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                    connection.execute(statement)


@pytest.mark.usefixtures("two")
def test_the_hubs_analysts_have_no_way_to_the_register(database: Database) -> None:
    tables = tables_of(database, "training")
    assert {"training.record", "training.audit"} <= set(tables)
    assert_kept_out(database, "wise_central", tables)


def test_the_hubs_trainers_have_no_way_to_anything_else(database: Database) -> None:
    tables = tables_of(database, *SCHEMAS - {"training"})
    assert {"casework.submission", "casework.payload", "casework.audit", "central.fact"} <= set(tables)
    assert_kept_out(database, "wise_training", tables)


def test_the_worker_reads_the_register_and_writes_none_of_it(engines: Engines) -> None:
    with engines("wise_delivery").begin() as connection:
        be(connection, STOCKPORT)
        assert TrainingRows(connection, STOCKPORT).of("sw-21") == ()
        with pytest.raises(ProgrammingError, match="permission denied for table record"):
            TrainingRows(connection, STOCKPORT).add(attendance(), by="x")


def test_what_a_rule_reads(desk: Desk, engines: Engines) -> None:
    sent = [
        attendance(valid_until=date(2027, 3, 2)),
        attendance(course="nwg_foundation", revoked_on=date(2026, 8, 1)),
        attendance(professional_ref="sw-22"),
        attendance(professional_ref="SW-21"),
    ]
    desk("wise_intake").register(sent, tenant=STOCKPORT, by="wb-1")
    with engines("wise_delivery").begin() as connection:
        be(connection, STOCKPORT)
        found = TrainingRows(connection, STOCKPORT).of("sw-21")
    assert set(found) == {
        Trained("wise_core", date(2026, 3, 2), valid_until=date(2027, 3, 2)),
        Trained("nwg_foundation", date(2026, 3, 2), revoked_on=date(2026, 8, 1)),
    }


def entries(database: Database, trail: str) -> list[tuple[str, str, dict[str, Any]]]:
    found = rows(database, f"SELECT actor, action, detail FROM {trail} ORDER BY id")
    return [(each["actor"], each["action"], each["detail"]) for each in found]


@pytest.mark.parametrize(
    ("role", "tenant", "trail"),
    [
        ("wise_intake", STOCKPORT, "casework.audit"),
        ("wise_training", None, "training.audit"),
    ],
)
def test_every_change_is_in_its_own_sides_trail(
    database: Database, desk: Desk, role: str, tenant: str | None, trail: str
) -> None:
    for sent in (attendance(), attendance(), attendance(revoked_on=date(2026, 9, 1)), attendance(mode="other")):
        desk(role).register([sent], tenant=tenant, by="wb-1")
    assert entries(database, trail) == [
        ("wb-1", "training_registered", {"course": "wise_core", "changed": ""}),
        ("wb-1", "training_updated", {"course": "wise_core", "changed": "revoked_on"}),
    ]
    assert [entries(database, each) for each in {"casework.audit", "training.audit"} - {trail}] == [[]]
    subject = rows(database, f"SELECT authority, subject_id FROM {trail} LIMIT 1")
    kept = rows(database, "SELECT authority, id::text AS subject_id FROM training.record")
    assert subject == kept


def test_the_trainers_trail_is_only_ever_added_to(database: Database, desk: Desk) -> None:
    desk("wise_training").register([attendance()], tenant=None, by="wb-hub")
    for change in ("UPDATE training.audit SET actor = 'x'", "DELETE FROM training.audit", "TRUNCATE training.audit"):
        with pytest.raises(psycopg.Error, match="only ever added to"), database.as_admin() as admin:
            admin.execute(change)
    assert len(entries(database, "training.audit")) == 1


def test_two_lists_at_once_register_each_attendance_once(database: Database, desk: Desk) -> None:
    """In opposite orders, and each twice: the unique key decides, and neither waits for the other in a ring."""
    sent = [attendance(professional_ref=f"sw-{number}") for number in range(40)]
    kept = desk("wise_training")
    with ThreadPoolExecutor(4) as pool:
        lists = [sent, sent[::-1], sent, sent[::-1]]
        taken = list(pool.map(lambda each: kept.register(each, tenant=None, by="wb-hub"), lists))
    outcomes = [each.outcome for one in taken for each in one]
    assert (outcomes.count(Outcome.REGISTERED), outcomes.count(Outcome.REPLAYED)) == (40, 120)
    assert rows(database, "SELECT count(*) AS n FROM training.record") == [{"n": 40}]
    for one, registered in zip(lists, taken, strict=True):
        by_worker = {each.professional_ref: result.id for each, result in zip(one, registered, strict=True)}
        assert by_worker == {
            each["professional_ref"]: each["id"] for each in rows(database, "SELECT * FROM training.record")
        }


def test_what_fails_registers_nothing_of_the_list(database: Database, desk: Desk) -> None:
    with pytest.raises(DBAPIError):
        desk("wise_intake").register([attendance(), attendance(course="nowhere")], tenant=STOCKPORT, by="wb-1")
    assert rows(database, "SELECT * FROM training.record") == []
    assert entries(database, "casework.audit") == []


def test_a_page_follows_the_order_of_registration(desk: Desk) -> None:
    kept = desk("wise_training")
    for number in (3, 1, 2):
        kept.register([attendance(professional_ref=f"sw-{number}")], tenant=None, by="wb-hub")
    everything: dict[str, Any] = {"tenant": None, "professional_ref": None, "course": None, "limit": 2}
    first = kept.page(**everything, after=None)
    second = kept.page(**everything, after=(first[-1].registered_at, first[-1].id))
    assert [each.record.professional_ref for each in (*first, *second)] == ["sw-3", "sw-1", "sw-2"]
    assert kept.page(**everything, after=(second[-1].registered_at, second[-1].id)) == []
    assert kept.page(**everything | {"tenant": SALFORD}, after=(first[0].registered_at, uuid4())) == []
