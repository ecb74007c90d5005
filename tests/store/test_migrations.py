"""The migrations make what the tables say, up, down, again, twice and at the same time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError

from service.central.tables import metadata as central
from service.domain.alarm_kinds import Kind
from service.domain.codes import CONSENT
from service.domain.delivery import Phase, State
from service.domain.fact import CODES
from service.domain.participation.feedback import GIVEN_BY
from service.domain.participation.supervision import MODES
from service.domain.training.record import COURSES, DELIVERED_BY
from service.errors import Unavailable
from service.store.engine import make_engine
from service.store.migrate import MIGRATIONS, migrate
from service.store.tables import metadata as casework
from service.store.tables.training import training_metadata as training
from tests.store.rows import rows
from tests.store.spare import spare_database
from tests.support.servers import Database
from tests.support.waiting import eventually

LOCK = "SELECT pg_advisory_lock(hashtext('wise-bridge migrate'))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('wise-bridge migrate'))"
WAITING = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture
def spare(session_database: Database) -> Iterator[Database]:
    with spare_database(session_database) as database:
        yield database


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def ours(thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return not (kind == "table" and name == "alembic_version")


def differences(database: Database) -> list[Any]:
    """What alembic would still change."""
    engine = create_engine(database.url("wise_owner"))
    options = {
        "include_schemas": True,
        "include_object": ours,
        "include_name": lambda name, kind, _: kind != "schema" or name in ("casework", "central", "training"),
        "compare_type": True,
        "compare_server_default": True,
        "target_metadata": [casework, central, training],
    }
    try:
        with engine.connect() as connection:
            return list(
                compare_metadata(MigrationContext.configure(connection, opts=options), [casework, central, training])
            )
    finally:
        engine.dispose()


def downgrade(database: Database) -> None:
    engine = make_engine(database.url("wise_owner"))
    try:
        with engine.begin() as connection:
            command.downgrade(config(connection), "base")
    finally:
        engine.dispose()


def tables(database: Database) -> set[str]:
    found = rows(
        database,
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables"
        " WHERE schemaname IN ('casework', 'central', 'training')",
    )
    return {each["name"] for each in found}


def shape(database: Database) -> list[dict[str, Any]]:
    """Columns, constraints, indexes, policies, triggers and privileges, as PostgreSQL itself words them."""
    return rows(
        database,
        """
        SELECT 'column' AS kind, table_schema || '.' || table_name AS place, column_name || ' ' || data_type || ' '
            || is_nullable || ' ' || coalesce(column_default, '') AS what
          FROM information_schema.columns WHERE table_schema IN ('casework', 'central', 'training')
        UNION ALL SELECT 'constraint', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace::regnamespace::text IN ('casework', 'central', 'training')
        UNION ALL SELECT 'index', schemaname || '.' || tablename, indexdef
          FROM pg_indexes WHERE schemaname IN ('casework', 'central', 'training')
        UNION ALL SELECT 'policy', schemaname || '.' || tablename, policyname || cmd || roles::text
          || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
        UNION ALL SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid)
          FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'relation', oid::regclass::text, coalesce(relacl::text, '') || relrowsecurity
          || relforcerowsecurity FROM pg_class
          WHERE relnamespace::regnamespace::text IN ('casework', 'central', 'training')
        ORDER BY 1, 2, 3
        """,
    )


def test_the_migrated_database_is_what_the_tables_say(session_database: Database) -> None:
    assert differences(session_database) == []


def test_the_comparison_sees_a_change(spare: Database) -> None:
    migrate(spare.url("wise_owner"))
    with spare.as_admin() as admin:
        admin.execute("ALTER TABLE casework.delivery ALTER note DROP NOT NULL")
        admin.execute("DROP INDEX central.ix_fact_quarter")
    assert len(differences(spare)) == 2


def checks(database: Database, table: str, column: str) -> set[str]:
    """The words a check lets through."""
    (found,) = rows(
        database,
        "SELECT pg_get_constraintdef(oid) AS words FROM pg_constraint WHERE conname = %s",
        f"ck_{table}_{column}",
    )
    return set(re.findall(r"'([^']*)'::text", found["words"]))


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("delivery", "state", set(State)),
        ("alarm", "kind", set(Kind)),
        ("delivery", "kind", {"record", "review_task", "retraction"}),
        ("attempt", "phase", set(Phase)),
        ("review", "status", {"open", "done", "superseded", "paused", "closed"}),
        *(("fact", name, set(codes)) for name, codes in CODES.items()),
        ("feedback", "given_by", set(GIVEN_BY)),
        ("feedback", "consent", set(CONSENT)),
        ("supervision", "mode", set(MODES)),
        ("record", "course", set(COURSES)),
        ("record", "delivered_by", set(DELIVERED_BY)),
    ],
)
def test_a_check_lets_through_what_the_code_knows(
    session_database: Database, table: str, column: str, words: set[str]
) -> None:
    assert checks(session_database, table, column) == words


def test_down_to_nothing_and_up_again(spare: Database) -> None:
    migrate(spare.url("wise_owner"))
    before = shape(spare)
    assert len(before) > 100
    downgrade(spare)
    assert tables(spare) == {"casework.alembic_version"}
    migrate(spare.url("wise_owner"))
    assert differences(spare) == []
    assert shape(spare) == before


def test_what_somebody_said_is_not_lost_by_going_back(spare: Database) -> None:
    """The owner sees no authority's rows while their guard is forced; the migration has to look all the same."""
    migrate(spare.url("wise_owner"))
    with spare.as_admin() as admin:
        admin.execute(
            "INSERT INTO casework.feedback (id, authority, sender_ref, client_id, content_digest, given_by, given_on,"
            " sealed_consent, sealed) VALUES (gen_random_uuid(), 'E08000007', 'F1', 'c', '', 'carer', now(), '', '')"
        )
    before = shape(spare)
    with pytest.raises(DBAPIError, match="going back would lose it"):
        downgrade(spare)
    assert shape(spare) == before
    assert rows(spare, "SELECT count(*) AS n FROM casework.feedback") == [{"n": 1}]


def test_migrations_are_numbered_and_have_one_head() -> None:
    scripts = ScriptDirectory.from_config(config())
    revisions = [script.revision for script in scripts.walk_revisions()][::-1]
    files = sorted(file.name for file in (MIGRATIONS / "versions").glob("*.py"))
    assert len(scripts.get_heads()) == 1
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert [name[:5] for name in files] == [f"{revision}_" for revision in revisions]


def test_migrating_twice_changes_nothing_and_loses_nothing(spare: Database) -> None:
    migrate(spare.url("wise_owner"))
    before = shape(spare)
    with spare.as_admin() as admin:
        admin.execute("INSERT INTO central.fact VALUES ('2026Q3', 'E08000007', 'nwg_assessment', 'at_risk')")
    migrate(spare.url("wise_owner"))
    assert shape(spare) == before
    assert rows(spare, "SELECT count(*) AS n FROM central.fact") == [{"n": 1}]


def test_two_starts_at_once_take_turns(spare: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [spare.url("wise_owner")] * 4))
    assert differences(spare) == []
    assert rows(spare, "SELECT count(*) AS n FROM casework.alembic_version") == [{"n": 1}]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections that wait less long than those of a service."""

    def made(url: str, **_: Any) -> Any:
        return create_engine(url, connect_args={"options": "-c lock_timeout=150 -c statement_timeout=300"})

    monkeypatch.setattr("service.store.engine.make_engine", made)


@pytest.mark.usefixtures("impatient")
def test_the_second_start_waits_for_the_first_however_long(spare: Database) -> None:
    """Longer than a request would wait for a lock."""
    with ThreadPoolExecutor(1) as pool, spare.as_admin() as first:
        first.execute(LOCK)
        second = pool.submit(migrate, spare.url("wise_owner"))
        eventually(lambda: second.done() or rows(spare, WAITING), seconds=5)
        time.sleep(0.5)
        waited = not second.done()
        first.execute(UNLOCK)
        second.result(timeout=10)
    assert waited
    assert "casework.delivery" in tables(spare)


@pytest.mark.usefixtures("impatient")
def test_a_change_that_waited_too_long_for_a_table_is_tried_again(spare: Database) -> None:
    migrate(spare.url("wise_owner"), "0015")
    with ThreadPoolExecutor(1) as pool, spare.as_admin() as service:
        service.execute("BEGIN; LOCK TABLE casework.delivery IN ACCESS SHARE MODE")
        changing = pool.submit(migrate, spare.url("wise_owner"))
        time.sleep(0.5)  # longer than a change waits
        waited = not changing.done()
        service.execute("ROLLBACK")
        changing.result(timeout=10)
    assert waited
    assert differences(spare) == []


@pytest.mark.usefixtures("impatient")
def test_a_change_gives_up_for_a_service_that_does_not_let_go(spare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.store.migrate.REST_SECONDS", 0.01)
    migrate(spare.url("wise_owner"), "0015")
    with spare.as_admin() as service:
        service.execute("BEGIN; LOCK TABLE casework.delivery IN ACCESS SHARE MODE")
        with pytest.raises(Unavailable, match="did not let go of a table in 5 tries"):
            migrate(spare.url("wise_owner"))
    assert rows(spare, "SELECT version_num FROM casework.alembic_version") == [{"version_num": "0015"}]


def test_a_migration_that_fails_leaves_nothing_half_made(spare: Database) -> None:
    with spare.as_admin() as admin:
        admin.execute("CREATE SCHEMA central AUTHORIZATION wise_owner; CREATE TABLE central.fact ()")
    with pytest.raises(Exception, match="already exists"):
        migrate(spare.url("wise_owner"))
    assert tables(spare) == {"central.fact"}
