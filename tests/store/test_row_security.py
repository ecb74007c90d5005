"""One authority never meets another's rows, whatever the statement: Core, text, count, update, delete, insert."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, delete, event, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from service.central.facts import FactDoor
from service.central.tables import fact
from service.ports import NewDelivery
from service.store import second_lock, tables
from service.store.casework import CaseworkStore
from service.store.clients import ClientRows
from service.store.engine import make_engine
from tests.store.conftest import Engines
from tests.store.rows import AUDIT, claimed, new_delivery, new_review, new_submission, rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.facts import a_fact
from tests.support.servers import Database

TENANT_TABLES = ("submission", "payload", "review", "delivery", "attempt", "audit")
READABLE = {
    "wise_owner": TENANT_TABLES,
    "wise_intake": ("submission", "review", "delivery", "attempt"),
    "wise_delivery": ("submission", "payload", "review", "delivery", "attempt"),
}
WRITABLE = {
    "wise_owner": TENANT_TABLES,
    "wise_intake": ("submission", "payload", "review", "delivery", "audit"),
    "wise_delivery": ("delivery", "attempt", "audit"),
}


def first_lock_alone(engine: Engine) -> Engine:
    """Without our own lock (test_second_lock.py), so that what is seen is the database's."""
    if event.contains(engine, "before_execute", second_lock.look):
        event.remove(engine, "before_execute", second_lock.look)
    return engine


@pytest.fixture
def engines(engines: Engines) -> Engines:
    return lambda role: first_lock_alone(engines(role))


@pytest.fixture
def two(intake: CaseworkStore, store: CaseworkStore) -> dict[str, NewDelivery]:
    """A row in every table for each of two authorities, alike wherever they can be."""
    made = {}
    for authority in (STOCKPORT, SALFORD):
        submission = new_submission(sender_ref="A-1")
        made[authority] = new_delivery(submission, reference="WB-SAME")
        with intake.transaction(authority) as tx:
            assert tx.submissions.add(submission)
            tx.deliveries.add(made[authority])
            tx.reviews.open_next(new_review(submission))
            tx.audit.add(AUDIT)
        claimed(store, made[authority].id, authority)
    return made


def be(connection: Connection, setting: str, value: str | UUID) -> None:
    connection.execute(text("SELECT set_config(:setting, :value, true)"), {"setting": setting, "value": str(value)})


def authorities(connection: Connection, table: str) -> list[str]:
    """Of the rows that can be seen, by Core, by text and by count, which must agree."""
    core = tables.metadata.tables[f"casework.{table}"]
    found = list(connection.scalars(select(core.c.authority)))
    assert list(connection.scalars(text(f"SELECT authority FROM casework.{table}"))) == found
    assert connection.scalar(select(func.count()).select_from(core)) == len(found)
    return found


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("role", READABLE)
def test_a_role_sees_one_authoritys_rows_and_none_without_one(engines: Engines, role: str) -> None:
    readable = READABLE[role]
    with engines(role).begin() as connection:
        assert [authorities(connection, table) for table in readable] == [[]] * len(readable)
        for authority in (STOCKPORT, SALFORD, STOCKPORT):
            be(connection, "wise.authority", authority)
            assert [authorities(connection, table) for table in readable] == [[authority]] * len(readable)
        for nobody in ("", "E08000001", "%", "E0800000_", "E08000007 "):
            be(connection, "wise.authority", nobody)
            assert [authorities(connection, table) for table in readable] == [[]] * len(readable)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("role", READABLE)
def test_the_next_borrower_of_a_connection_starts_without_an_authority(database: Database, role: str) -> None:
    engine = first_lock_alone(make_engine(database.url(role), pool_size=1))
    seen = []
    for ending in ("commit", "rollback", "commit"):
        with engine.connect() as connection:
            seen.append((connection.scalar(text("SELECT pg_backend_pid()")), authorities(connection, "submission")))
            be(connection, "wise.authority", STOCKPORT)
            assert authorities(connection, "submission") == [STOCKPORT]
            getattr(connection, ending)()
            assert authorities(connection, "submission") == []
    engine.dispose()
    assert seen == seen[:1] * 3


@pytest.mark.parametrize("role", ["wise_owner", "wise_delivery"])
def test_a_foreign_row_cannot_be_changed(engines: Engines, two: dict[str, NewDelivery], role: str) -> None:
    foreign = tables.delivery.c.id == two[SALFORD].id
    with engines(role).begin() as connection:
        be(connection, "wise.authority", STOCKPORT)
        changes = (
            update(tables.delivery).where(foreign).values(note="x"),
            update(tables.attempt).where(tables.attempt.c.authority == SALFORD).values(outcome="x"),
            text(f"UPDATE casework.delivery SET note = 'x' WHERE id = '{two[SALFORD].id}'"),
        )
        assert [connection.execute(each).rowcount for each in changes] == [0, 0, 0]
        assert connection.execute(update(tables.delivery).values(note="x")).rowcount == 1


def test_a_foreign_row_cannot_be_deleted_even_by_the_owner(engines: Engines, two: dict[str, NewDelivery]) -> None:
    with engines("wise_owner").begin() as connection:
        be(connection, "wise.authority", STOCKPORT)
        assert connection.execute(delete(tables.attempt)).rowcount == 1
        assert connection.execute(delete(tables.attempt).where(tables.attempt.c.authority == SALFORD)).rowcount == 0
        assert connection.execute(text("DELETE FROM casework.payload")).rowcount == 1
        be(connection, "wise.authority", SALFORD)
        assert authorities(connection, "attempt") == authorities(connection, "payload") == [SALFORD]


def assert_kept_out(
    connection: Connection, statement: str, foreign: str, words: str = "violates row-level security policy"
) -> None:
    with pytest.raises(DBAPIError, match=words):
        connection.execute(text(statement), {"foreign": foreign})
    connection.rollback()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("role", WRITABLE)
def test_a_row_for_another_authority_is_refused(engines: Engines, role: str) -> None:
    with engines(role).connect() as connection:
        for table in WRITABLE[role]:
            statement = f"INSERT INTO casework.{table} (authority) VALUES (:foreign)"
            assert_kept_out(connection, statement, SALFORD)
            be(connection, "wise.authority", STOCKPORT)
            assert_kept_out(connection, statement, SALFORD)
            be(connection, "wise.authority", SALFORD)
            with pytest.raises(IntegrityError):  # its own it may add, were it whole
                connection.execute(text(statement), {"foreign": SALFORD})
            connection.rollback()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("role", ["wise_owner", "wise_delivery"])
def test_a_row_cannot_be_moved_to_another_authority(engines: Engines, role: str) -> None:
    with engines(role).connect() as connection:
        for table in {"wise_owner": ("submission", "payload"), "wise_delivery": ("delivery", "attempt")}[role]:
            be(connection, "wise.authority", STOCKPORT)
            words = "what a delivery is about never changes" if table == "delivery" else "row-level security policy"
            assert_kept_out(connection, f"UPDATE casework.{table} SET authority = :foreign", SALFORD, words)


def test_a_used_id_of_another_authority_is_as_free_as_any(
    database: Database, intake: CaseworkStore, two: dict[str, NewDelivery]
) -> None:
    assert two[STOCKPORT].reference == two[SALFORD].reference
    with intake.transaction(STOCKPORT) as tx:
        assert tx.submissions.add(new_submission(sender_ref="A-1")) is False
        assert tx.submissions.add(new_submission(sender_ref="A-2")) is True
    with intake.transaction(SALFORD) as tx:
        assert tx.submissions.add(new_submission(sender_ref="A-2")) is True
    unique = (
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'casework' AND indexdef ~ 'UNIQUE' AND indexname !~ '^pk_'"
    )
    found = [each["indexdef"] for each in rows(database, unique) if "alembic" not in each["indexdef"]]
    assert len(found) >= 8
    assert all(re.search(r"\(authority[,)]", each) for each in found)


def test_the_store_answers_only_for_the_authority_it_was_asked_for(
    store: CaseworkStore, two: dict[str, NewDelivery]
) -> None:
    foreign = two[SALFORD]
    with store.transaction(STOCKPORT) as tx:
        assert tx.submissions.get(foreign.submission_id) is None
        assert tx.deliveries.of_submission(foreign.submission_id) == []
        assert tx.reviews.of_submission(foreign.submission_id) is None
        assert tx.submissions.get(two[STOCKPORT].submission_id) is not None


@pytest.mark.parametrize("named", ["wise.delivery", "wise.worker"])
def test_a_worker_that_says_no_authority_finds_nothing(
    engines: Engines, two: dict[str, NewDelivery], named: str
) -> None:
    """It works lane by lane: knowing an id, or being a worker, opens none."""
    with engines("wise_delivery").begin() as connection:
        be(connection, named, two[SALFORD].id)
        seen = [authorities(connection, table) for table in READABLE["wise_delivery"]]
        changed = connection.execute(update(tables.delivery).values(note="x")).rowcount
    assert (any(seen), changed) == (False, 0)


def test_a_lane_is_its_authoritys(engines: Engines, store: CaseworkStore) -> None:
    for authority in (STOCKPORT, SALFORD):
        with store.transaction(authority) as tx:
            tx.lane.swept()
    for role in ("wise_delivery", "wise_intake"):
        with engines(role).begin() as connection:
            assert authorities(connection, "lane") == []
            be(connection, "wise.authority", STOCKPORT)
            assert authorities(connection, "lane") == [STOCKPORT]


def test_a_process_reads_only_the_client_it_names(database: Database, engines: Engines) -> None:
    owner, clients = ClientRows(engines("wise_owner")), ClientRows(engines("wise_intake"))
    (first, _), (second, secret) = (
        owner.create(authority=authority, name="test", scopes=["records:read"]) for authority in (STOCKPORT, SALFORD)
    )
    found = clients.get(second)
    assert found is not None
    assert (found.authority, found.scopes, found.secret_matches(secret)) == (SALFORD, ["records:read"], True)
    assert clients.get("wb-nobody") is None
    assert secret.encode() not in found.secret_digest
    with engines("wise_intake").begin() as connection:
        assert list(connection.scalars(select(tables.client.c.client_id))) == []
        be(connection, "wise.client", first)
        assert list(connection.scalars(select(tables.client.c.client_id))) == [first]
        assert (
            list(connection.scalars(select(tables.client.c.client_id).where(tables.client.c.client_id == second))) == []
        )
    with database.as_admin() as admin:
        admin.execute("UPDATE casework.client SET revoked_at = now() WHERE client_id = %s", (second,))
    assert (clients.get(second), clients.get(first) is None) == (None, False)


def hand_over(engine: Engine, acting_for: str, handed: Any) -> None:
    with engine.begin() as connection:
        be(connection, "wise.authority", acting_for)
        FactDoor(connection).hand_over(handed)


def test_a_fact_is_handed_over_for_ones_own_authority_only(database: Database, engines: Engines) -> None:
    own = a_fact(authority=STOCKPORT)
    hand_over(engines("wise_intake"), STOCKPORT, own)
    with pytest.raises(ProgrammingError, match="violates row-level security policy"):
        hand_over(engines("wise_intake"), STOCKPORT, replace(own, authority=SALFORD))
    with pytest.raises(TypeError):
        hand_over(engines("wise_intake"), STOCKPORT, {"quarter": "2026Q3"})
    assert [each["authority"] for each in rows(database, "SELECT * FROM central.fact")] == [STOCKPORT]
    with engines("wise_release").begin() as connection:
        assert connection.scalar(select(func.count()).select_from(fact)) == 1
