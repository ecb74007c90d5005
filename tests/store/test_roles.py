"""What each process's role may touch, listed completely: a new grant fails here until somebody adds it on purpose."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from tests.store.conftest import Engines
from tests.store.role_grants import (
    CASEWORK,
    EXPECTED,
    KEPT,
    KEYS,
    OF_ALL,
    PEOPLE,
    REFUSED,
    RELEASES,
    RUNTIME,
    SEALED,
    SIGN_IN,
    TENANT_TABLES,
    TRAINING,
)
from tests.store.rows import rows
from tests.support.servers import Database

GRANTS = """
WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('casework', 'central', 'training')),
     entries (place, owner, acl) AS (
  SELECT 'schema ' || nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner))
    FROM pg_namespace JOIN ours USING (oid, nspname)
  UNION ALL SELECT nspname || '.' || relname, relowner,
      coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, relowner))
    FROM pg_class JOIN ours ON ours.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT nspname || '.' || relname || '.' || attname, relowner, attacl
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN ours ON ours.oid = relnamespace
    WHERE attacl IS NOT NULL
  UNION ALL SELECT nspname || '.' || proname || '()', proowner, coalesce(proacl, acldefault('f', proowner))
    FROM pg_proc JOIN ours ON ours.oid = pronamespace
  UNION ALL SELECT nspname || '.' || typname || ' (type)', typowner, typacl
    FROM pg_type JOIN ours ON ours.oid = typnamespace WHERE typacl IS NOT NULL
)
SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS role, place,
       string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ' ' ORDER BY privilege_type) AS may
FROM entries, aclexplode(acl) WHERE grantee <> owner GROUP BY 1, 2
"""


def granted(database: Database) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for each in rows(database, GRANTS):
        found.setdefault(each["role"], {})[each["place"]] = each["may"]
    return found


def test_nobody_may_more_than_is_listed(session_database: Database) -> None:
    assert granted(session_database) == EXPECTED


def test_the_list_sees_a_new_grant(session_database: Database) -> None:
    with session_database.as_admin() as admin, admin.transaction(force_rollback=True):
        admin.execute("GRANT SELECT (id) ON casework.submission TO wise_central")
        admin.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA casework TO PUBLIC")
        found = {(role, place) for role, place, _ in admin.execute(GRANTS)}
    new = {("wise_central", "casework.submission.id"), ("PUBLIC", "casework.audit_id_seq")}
    assert new <= found
    assert not any(place in EXPECTED[role] for role, place in new)


def test_no_role_has_powers_of_its_own(session_database: Database) -> None:
    found = rows(
        session_database,
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolconfig"
        " FROM pg_roles WHERE rolname = ANY(%s)",
        [*RUNTIME, "wise_owner"],
    )
    assert {each.pop("rolname") for each in found} == {*RUNTIME, "wise_owner"}
    assert not any(any(each.values()) for each in found)


def test_no_role_is_a_member_of_another(session_database: Database) -> None:
    query = "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members WHERE member::regrole::text ~ %s"
    assert rows(session_database, query, "^wise") == []


def test_only_the_owner_owns_anything(session_database: Database) -> None:
    found = rows(
        session_database,
        """
        SELECT relowner::regrole::text AS owner FROM pg_class
          WHERE relnamespace IN ('casework'::regnamespace, 'central'::regnamespace, 'training'::regnamespace)
        UNION SELECT proowner::regrole::text FROM pg_proc
          WHERE pronamespace IN ('casework'::regnamespace, 'central'::regnamespace, 'training'::regnamespace)
        UNION SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname IN ('casework', 'central', 'training')
        UNION SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()
        """,
    )
    assert found == [{"owner": "wise_owner"}]


def test_nothing_is_granted_ahead(session_database: Database) -> None:
    assert rows(session_database, "SELECT * FROM pg_default_acl") == []


@pytest.mark.parametrize("role", RUNTIME)
def test_a_process_may_connect_and_make_nothing(session_database: Database, role: str) -> None:
    (found,) = rows(
        session_database,
        """
        SELECT has_database_privilege(%s, current_database(), 'CONNECT') AS connect,
               has_database_privilege(%s, current_database(), 'CREATE, TEMPORARY') AS database,
               has_schema_privilege(%s, 'casework', 'CREATE') OR has_schema_privilege(%s, 'central', 'CREATE')
                 OR has_schema_privilege(%s, 'training', 'CREATE') OR has_schema_privilege(%s, 'public', 'CREATE')
                 AS schema
        """,
        *[role] * 6,
    )
    assert found == {"connect": True, "database": False, "schema": False}


def test_every_casework_table_has_its_rows_guarded_and_forced(session_database: Database) -> None:
    found = rows(
        session_database,
        "SELECT oid::regclass::text AS place, relrowsecurity AND relforcerowsecurity AS guarded FROM pg_class"
        " WHERE relkind = 'r' AND relname <> 'alembic_version' AND relnamespace IN"
        " ('casework'::regnamespace, 'central'::regnamespace, 'training'::regnamespace)",
    )
    ours = [f"casework.{table}" for table in CASEWORK] + [f"training.{table}" for table in TRAINING] + ["central.fact"]
    guarded = dict.fromkeys(ours, True) | {f"casework.{table}": False for table in OF_ALL}
    guarded |= {f"central.{table}": False for table in (*RELEASES, "sending")}
    guarded |= {f"central.{table}": True for table in ("feed_key", "sign_in_failure", *PEOPLE)}
    assert {each["place"]: each["guarded"] for each in found} == guarded


def test_the_policies_are_these(session_database: Database) -> None:
    query = "SELECT schemaname || '.' || tablename, policyname, cmd, roles::text, permissive FROM pg_policies"
    found = rows(session_database, query)
    assert {tuple(each.values()) for each in found} == {
        *((f"casework.{table}", "own_authority", "ALL", "{public}", "PERMISSIVE") for table in TENANT_TABLES),
        *((f"training.{table}", "own_authority", "ALL", "{public}", "PERMISSIVE") for table in TRAINING),
        ("casework.key_floor", "own_authority", "ALL", "{wise_keeper}", "PERMISSIVE"),
        ("casework.client", "own_client", "SELECT", "{public}", "PERMISSIVE"),
        ("casework.client_key", "own_client", "SELECT", "{public}", "PERMISSIVE"),
        ("central.feed_key", "own_feed", "SELECT", "{wise_central}", "PERMISSIVE"),
        *(
            (table, "owner_manages", "ALL", "{wise_owner}", "PERMISSIVE")
            for table in (
                *(f"casework.{table}" for table in (*SIGN_IN, *REFUSED, *KEYS)),
                *(f"central.{table}" for table in ("feed_key", "sign_in_failure", *PEOPLE)),
            )
        ),
        ("central.fact", "hand_over", "INSERT", "{wise_intake}", "PERMISSIVE"),
        ("central.fact", "release_counts", "SELECT", "{wise_release}", "PERMISSIVE"),
        ("training.record", "hub_trains", "ALL", "{wise_training}", "PERMISSIVE"),
        ("training.audit", "hub_adds", "INSERT", "{wise_training}", "PERMISSIVE"),
    }


def execute(engines: Engines, role: str, statement: str) -> None:
    with engines(role).begin() as connection:
        connection.execute(text("SELECT set_config('wise.authority', 'E08000007', true)"))
        connection.execute(text(statement))


def assert_refused(engines: Engines, role: str, statement: str) -> None:
    """For want of a privilege, and not because a row is not its own."""
    with pytest.raises(ProgrammingError, match="permission denied for"):
        execute(engines, role, statement)


STATEMENTS = ("SELECT 1 FROM {}", "DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES", "LOCK TABLE {}")


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", [*CASEWORK, "alembic_version"])
def test_the_central_role_is_refused_everything_of_casework(engines: Engines, table: str, statement: str) -> None:
    assert_refused(engines, "wise_central", statement.format(f"casework.{table}"))


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("wise_intake", "UPDATE casework.payload SET sealed = ''"),
        ("wise_intake", "UPDATE casework.third_party SET sealed = ''"),
        ("wise_intake", "UPDATE casework.submission SET child_key = ''"),
        ("wise_intake", "UPDATE casework.sketch SET sketch = ''"),
        ("wise_intake", "SELECT 1 FROM casework.audit"),
        ("wise_intake", "SELECT 1 FROM central.fact"),
        ("wise_intake", "UPDATE casework.delivery SET fence = 1"),
        ("wise_intake", "UPDATE casework.delivery SET lease_until = NULL"),
        ("wise_intake", "UPDATE casework.officer_order SET by = 'x'"),
        ("wise_delivery", "SELECT 1 FROM casework.officer_order"),
        ("wise_intake", "UPDATE casework.feedback SET sealed = ''"),
        ("wise_intake", "UPDATE casework.supervision SET sealed = ''"),
        ("wise_delivery", "SELECT 1 FROM casework.sketch"),
        ("wise_delivery", "SELECT 1 FROM casework.feedback"),
        ("wise_delivery", "SELECT 1 FROM casework.supervision"),
        ("wise_delivery", "UPDATE casework.third_party SET sealed = ''"),
        ("wise_intake", "UPDATE casework.review SET raised_at = NULL"),
        ("wise_intake", "UPDATE casework.submission SET sender_ref = 'x'"),
        ("wise_delivery", "SELECT 1 FROM casework.client"),
        ("wise_delivery", "SELECT 1 FROM casework.audit"),
        ("wise_delivery", "SELECT 1 FROM central.fact"),
        ("wise_delivery", "UPDATE casework.payload SET sealed = ''"),
        ("wise_delivery", "UPDATE casework.review SET status = 'done'"),
        ("wise_delivery", "INSERT INTO casework.submission DEFAULT VALUES"),
        ("wise_delivery", "UPDATE casework.lane SET hold = 'stopped'"),
        ("wise_delivery", "UPDATE casework.bridge SET mode = 'usual'"),
        ("wise_intake", "UPDATE casework.lane SET open_for = 0"),
        ("wise_intake", "UPDATE casework.bridge SET mode = 'usual'"),
        ("wise_intake", "UPDATE casework.worker SET seen_at = now()"),
        ("wise_central", "SELECT 1 FROM central.fact"),
        ("wise_central", "INSERT INTO central.fact DEFAULT VALUES"),
        ("wise_central", "DELETE FROM central.fact"),
        *(("wise_central", f"SELECT 1 FROM central.{table}") for table in (*RELEASES, "sending")),
        *(("wise_courier", f"SELECT 1 FROM central.{table}") for table in (*RELEASES, "fact")),
        ("wise_courier", "INSERT INTO central.sending DEFAULT VALUES"),
        ("wise_courier", "UPDATE central.sending SET digest = ''"),
        ("wise_courier", "DELETE FROM central.sending"),
        ("wise_release", "UPDATE central.sending SET may_have_arrived = false"),
        ("wise_release", "DELETE FROM central.sending"),
        ("wise_central", "INSERT INTO central.pull (at) VALUES (now())"),
        ("wise_release", "INSERT INTO central.fact DEFAULT VALUES"),
        ("wise_release", "DELETE FROM central.fact"),
        ("wise_release", "INSERT INTO central.pull DEFAULT VALUES"),
        *(
            ("wise_keeper", f"SELECT 1 FROM casework.{table}")
            for table in CASEWORK
            if table not in {*KEPT, *SEALED, "key_floor"}
        ),
        ("wise_keeper", "UPDATE casework.key_floor SET least = 2"),
        ("wise_keeper", "SELECT casework.stale_keys()"),
        ("wise_intake", "INSERT INTO casework.key_floor VALUES ('E08000007', 2, now())"),
        ("wise_intake", "SELECT 1 FROM casework.key_floor"),
        ("wise_intake", "SELECT casework.note_keys('key_rotated', '{}')"),
        ("wise_delivery", "SELECT casework.note_stale_key()"),
        ("wise_keeper", "SELECT record_type FROM casework.submission"),
        ("wise_keeper", "SELECT given_by FROM casework.feedback"),
        ("wise_keeper", "SELECT mode FROM casework.supervision"),
        ("wise_keeper", "SELECT host FROM casework.webhook"),
        ("wise_keeper", "DELETE FROM casework.payload"),
        ("wise_keeper", "INSERT INTO casework.audit DEFAULT VALUES"),
        ("wise_keeper", "UPDATE casework.audit_link SET digest = ''"),
        ("wise_keeper", "UPDATE casework.audit_checkpoint SET statement = ''"),
        ("wise_intake", "INSERT INTO casework.audit_link DEFAULT VALUES"),
        ("wise_intake", "SELECT 1 FROM casework.audit_link"),
        *((role, "UPDATE central.pull SET at = now()") for role in RUNTIME),
        *((role, f"DELETE FROM central.{table}") for role in RUNTIME for table in RELEASES),
        *((role, f"TRUNCATE central.{table}") for role in RUNTIME for table in RELEASES),
        *(
            (role, f"DELETE FROM casework.{table}")
            for role in RUNTIME
            for table in CASEWORK
            if role != "wise_purge" or table not in ("payload", "third_party", "sketch")
        ),
        ("wise_purge", "SELECT sealed FROM casework.payload"),
        ("wise_purge", "SELECT sealed FROM casework.third_party"),
        ("wise_purge", "SELECT sketch FROM casework.sketch"),
        ("wise_purge", "SELECT sealed_digest FROM casework.submission"),
        ("wise_purge", "SELECT sender_ref FROM casework.submission"),
        ("wise_purge", "SELECT record_number FROM casework.delivery"),
        ("wise_purge", "UPDATE casework.delivery SET state = 'cancelled'"),
        ("wise_purge", "UPDATE casework.submission SET child_key = ''"),
        ("wise_purge", "UPDATE casework.shredded SET at = now()"),
        ("wise_purge", "UPDATE casework.legal_hold SET by = 'x'"),
        ("wise_purge", "UPDATE casework.feedback SET sealed = ''"),
        ("wise_purge", "UPDATE casework.supervision SET sealed = ''"),
        ("wise_purge", "SELECT 1 FROM casework.audit"),
        ("wise_purge", "INSERT INTO casework.audit_cut DEFAULT VALUES"),
        ("wise_purge", "INSERT INTO casework.forgotten DEFAULT VALUES"),
        ("wise_keeper", "SELECT casework.cut_trail()"),
        ("wise_keeper", "INSERT INTO casework.audit_cut DEFAULT VALUES"),
        ("wise_intake", "SELECT casework.forget_record(gen_random_uuid())"),
        ("wise_purge", "SELECT 1 FROM central.fact"),
        ("wise_intake", "INSERT INTO casework.shredded DEFAULT VALUES"),
        ("wise_intake", "SELECT by FROM casework.legal_hold"),
        ("wise_delivery", "INSERT INTO casework.legal_hold DEFAULT VALUES"),
        ("wise_keeper", "INSERT INTO casework.shredded DEFAULT VALUES"),
    ],
)
def test_a_process_is_refused_what_is_not_its_work(engines: Engines, role: str, statement: str) -> None:
    assert_refused(engines, role, statement)


def test_the_releasing_role_reads_the_facts(engines: Engines) -> None:
    execute(engines, "wise_release", "SELECT count(*) FROM central.fact")


def test_the_central_role_reads_what_was_published_and_notes_who_pulled_it(engines: Engines) -> None:
    execute(engines, "wise_central", "SELECT count(*) FROM central.published")
    execute(engines, "wise_central", "INSERT INTO central.pull (client_id, quarter, what) VALUES ('wb-1', '', 'menu')")


@pytest.mark.parametrize(
    "statement", ["UPDATE central.{} SET {} = {}", "DELETE FROM central.{}", "TRUNCATE central.{} CASCADE"]
)
@pytest.mark.parametrize("table", RELEASES)
def test_nobody_at_all_changes_what_was_released(
    database: Database, engines: Engines, table: str, statement: str
) -> None:
    column = {"pull": "client_id", "build": "built_by", "ledger": "published_by", "build_audit": "words"}
    name = column.get(table, "approved_by")
    with pytest.raises(DBAPIError, match="only ever added to"):
        execute(engines, "wise_owner", statement.format(table, name, name))
    with pytest.raises(psycopg.Error, match="only ever added to"), database.as_admin() as admin:
        admin.execute(statement.format(table, name, name))


@pytest.fixture
def trail(database: Database) -> Database:
    """With one entry."""
    entry = "INSERT INTO casework.audit (authority, actor, action, subject_type, subject_id, detail)"
    with database.as_admin() as admin:
        admin.execute(f"{entry} VALUES ('E08000007', 'a', 'b', 'c', 'd', '{{}}')")
    return database


CHANGES = ("UPDATE casework.audit SET actor = 'x'", "DELETE FROM casework.audit", "TRUNCATE casework.audit")


@pytest.mark.parametrize("statement", CHANGES)
def test_the_owner_can_only_add_to_the_audit_trail(trail: Database, engines: Engines, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"):
        execute(engines, "wise_owner", statement)
    assert rows(trail, "SELECT actor FROM casework.audit") == [{"actor": "a"}]


@pytest.mark.parametrize("statement", CHANGES)
def test_not_even_a_superuser_changes_the_trail_by_mistake(trail: Database, statement: str) -> None:
    with pytest.raises(psycopg.Error, match="only ever added to"), trail.as_admin() as admin:
        admin.execute(statement)
    assert rows(trail, "SELECT actor FROM casework.audit") == [{"actor": "a"}]


@pytest.mark.parametrize("role", RUNTIME)
def test_nobody_else_can_put_the_audits_guard_to_rest(engines: Engines, role: str) -> None:
    with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
        execute(engines, role, "ALTER TABLE casework.audit DISABLE TRIGGER audit_is_append_only")


def test_what_was_never_published_cannot_be_tried_through_the_view(database: Database) -> None:
    """Without a barrier a reader's own condition may be run on rows that the view leaves out."""
    with database.as_admin() as admin:
        found = admin.execute("SELECT reloptions FROM pg_class WHERE oid = 'central.published'::regclass").fetchone()
    assert found == (["security_barrier=true"],)
