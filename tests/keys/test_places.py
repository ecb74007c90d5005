"""Every column of bytes is either sealed, keyed or known to tell nothing; none is forgotten when a key is replaced."""

from __future__ import annotations

import re
from uuid import UUID

import psycopg
import pytest

from service.store.sealed_places import PLACES
from tests.architecture.project import ROOT
from tests.keys import world
from tests.store.rows import rows
from tests.support.servers import Database

KEYED = {
    "submission.content_digest", "submission.child_key", "submission.meeting_key", "review.child_key",
    "delivery.child_key", "batch.content_digest", "feedback.content_digest", "supervision.content_digest",
    "legal_hold.child_key",
}  # fmt: skip
"""By HMAC under the authority's index key."""
OTHERS = {
    "client.secret_digest", "assertion_used.jti_digest", "audit_link.digest", "audit_checkpoint.digest",
    "audit_cut.digest", "staff_session.digest", "staff_session.issuer_session", "sign_in_used.digest",
    "sign_in_link.digest",
}  # fmt: skip
"""Of random secrets, and of the trail, which holds nothing personal."""


def columns(database: Database, *types: str) -> set[str]:
    query = (
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns"
        " WHERE table_schema = 'casework' AND data_type = ANY(%s)"
    )
    return {each["name"] for each in rows(database, query, list(types))}


def test_every_column_of_bytes_has_its_place(session_database: Database) -> None:
    sealed = {place.name for place in PLACES}
    assert sealed == world.PLACES
    assert columns(session_database, "bytea") == sealed | KEYED | OTHERS


def test_the_keepers_role_can_take_away_no_row(session_database: Database) -> None:
    for table in {place.table for place in PLACES}:
        may = rows(
            session_database, "SELECT has_table_privilege('wise_keeper', %s, 'DELETE, INSERT')", f"casework.{table}"
        )
        assert may == [{"has_table_privilege": False}]


VERSIONS = [
    (None, None), (b"", None), (b"\x00", None), (b"\x01\x02", None), (b"\x01\x02\x03", 1), (b"\x02\x00\x02", 2),
    (b"\x02\x01\x00rest", 256), (b"\x02\xff\xff", 65535), (b"\x03\x00\x02", None),
]  # fmt: skip


@pytest.mark.parametrize(("sealed", "version"), VERSIONS)
def test_the_database_reads_the_version_as_we_do(
    session_database: Database, sealed: bytes | None, version: int | None
) -> None:
    with session_database.as_admin() as admin:
        assert admin.execute("SELECT casework.key_version(%s::bytea)", [sealed]).fetchone() == (version,)


def test_the_keeper_sees_no_authority_it_does_not_act_for(database: Database) -> None:
    with database.as_admin() as admin:
        admin.execute(
            "INSERT INTO casework.submission (id, authority, sender_ref, client_id, record_type, kind, schema_version,"
            " template_version, content_digest, child_key, completed_on, warnings)"
            " VALUES (%s, 'E08000007', 'A', 'c', 'wise_assessment', 'new', '1', '1', '', '', now(), '[]')",
            [UUID(int=1)],
        )
    url = database.url("wise_keeper").replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT id FROM casework.submission").fetchall() == []
        connection.execute("SELECT set_config('wise.authority', 'E08000007', true)")
        assert connection.execute("SELECT id FROM casework.submission").fetchall() == [(UUID(int=1),)]


CLEAR_COLUMNS = (
    "SELECT table_schema, table_name, column_name FROM information_schema.columns"
    " WHERE table_schema IN ('casework', 'training') AND table_name NOT IN ('alembic_version')"
    " AND data_type IN ('text', 'jsonb', 'ARRAY', 'character varying') AND column_name <> 'authority'"
)


def test_every_column_of_words_is_on_the_page_about_what_lies_in_clear(session_database: Database) -> None:
    _, _, page = (ROOT / "docs" / "encryption.md").read_text().partition("## What lies in clear")
    told = {
        (table, column)
        for table, columns in re.findall(r"^\| `([\w.]+)` \| ([^|]*) \|", page, re.MULTILINE)
        for column in re.findall(r"`(\w+)`", columns)
    }
    there = {
        (f"{each['table_schema']}.{each['table_name']}".removeprefix("casework."), each["column_name"])
        for each in rows(session_database, CLEAR_COLUMNS)
    }
    assert told == there
