"""The table of facts takes what the code knows, and what was in it before is restored as the code restores it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from psycopg.errors import CheckViolation, NotNullViolation, RaiseException
from sqlalchemy import Connection

from service.domain.fact import CODES, FIELDS, fact_from
from service.store.engine import make_engine
from service.store.migrate import MIGRATIONS, migrate
from tests.store.rows import rows
from tests.store.spare import spare_database
from tests.support.facts import GOOD, a_fact
from tests.support.servers import Database

OLD = [
    ("2026Q3", "E08000007", "wise_assessment", "at_risk"),
    ("2026Q2", "E08000007", "rise_meeting_output", "experiencing"),
    ("2026Q3", "E08000008", "nwg_assessment", "not_asked_by_this_record"),
]
NARROW = ("quarter", "authority", "record_type", "exploitation")
PUT = f"INSERT INTO central.fact ({', '.join(FIELDS)}) VALUES ({', '.join(['%s'] * len(FIELDS))})".encode()
PUT_NARROW = f"INSERT INTO central.fact ({', '.join(NARROW)}) VALUES (%s, %s, %s, %s)".encode()
RECORD = """
INSERT INTO casework.submission (id, authority, sender_ref, client_id, record_type, kind, schema_version,
    template_version, content_digest, child_key, completed_on, warnings, fact)
  VALUES (gen_random_uuid(), 'E08000007', %s, 'c', 'wise_assessment', 'new', '1.0', '', '', '', now(), '[]', %s)
"""


@pytest.fixture
def spare(session_database: Database) -> Iterator[Database]:
    with spare_database(session_database) as database:
        yield database


def facts(database: Database) -> list[dict[str, Any]]:
    return rows(database, f"SELECT {', '.join(FIELDS)} FROM central.fact ORDER BY 1, 2, 3")


def go_back(database: Database, to: str) -> None:
    def change(connection: Connection) -> None:
        made = Config()
        made.set_main_option("script_location", str(MIGRATIONS))
        made.attributes["connection"] = connection
        command.downgrade(made, to)

    engine = make_engine(database.url("wise_owner"))
    try:
        with engine.begin() as connection:
            change(connection)
    finally:
        engine.dispose()


@pytest.mark.parametrize("name", [*CODES, "quarter", "authority", "succeeded_in"])
@pytest.mark.parametrize("value", ["Nan Biscuit", "", None])
def test_the_table_itself_takes_codes_only(database: Database, name: str, value: str | None) -> None:
    with database.as_admin() as admin, pytest.raises((CheckViolation, NotNullViolation)):
        admin.execute(PUT, [*{**GOOD, name: value}.values()])


def test_the_table_takes_every_code(database: Database) -> None:
    """By itself: which go together, the fact says."""
    with database.as_admin() as admin:
        for name, codes in CODES.items():
            for code in codes:
                admin.execute(PUT, [*{**GOOD, name: code}.values()])
    assert len(facts(database)) == sum(map(len, CODES.values()))


def restored() -> list[dict[str, str]]:
    found = [asdict(fact_from(dict(zip(NARROW, each, strict=True)))) for each in OLD]
    return sorted(found, key=lambda each: (each["quarter"], each["authority"]))


def test_what_was_counted_before_is_restored(spare: Database) -> None:
    migrate(spare.url("wise_owner"), "0016")
    with spare.as_admin() as admin:
        for each in OLD:
            admin.execute(PUT_NARROW, each)
    migrate(spare.url("wise_owner"))
    assert facts(spare) == restored()


def test_a_process_of_the_version_before_may_go_on_for_a_while(database: Database) -> None:
    with database.as_admin() as admin:
        for each in OLD:
            admin.execute(PUT_NARROW, each)
    assert facts(database) == restored()


def test_going_back_keeps_the_four_fields(spare: Database) -> None:
    migrate(spare.url("wise_owner"))
    wide = asdict(a_fact())
    with spare.as_admin() as admin:
        admin.execute(PUT, [*wide.values()])
        admin.execute(PUT, [*restored()[-1].values()])
        admin.execute(RECORD, ("S-1", json.dumps(wide)))
        admin.execute(RECORD, ("S-2", None))
        admin.execute(
            "WITH made AS (INSERT INTO casework.alarm (authority, kind, owner, since)"
            " VALUES ('E08000007', 'fact_refused', 'o', now()) RETURNING id)"
            " INSERT INTO casework.alarm_told (alarm_id, channel, authority) SELECT id, 'mail', 'E08000007' FROM made"
        )
    go_back(spare, "0016")
    narrow = {name: wide[name] for name in NARROW}
    left = rows(spare, f"SELECT {', '.join(NARROW)} FROM central.fact ORDER BY authority")
    assert [tuple(each.values()) for each in left] == [tuple(narrow.values()), OLD[2]]
    kept = rows(spare, "SELECT fact FROM casework.submission ORDER BY sender_ref")
    assert [each["fact"] for each in kept] == [narrow, None]
    migrate(spare.url("wise_owner"))
    assert [fact_from(kept[0]["fact"])] == [
        fact_from(each) for each in facts(spare) if each["authority"] == "E08000007"
    ]


@pytest.mark.parametrize(
    "after", [None, {}, {"sex": "M"}, {"exploitation": "experiencing"}, {"quarter": "2026Q4"}, {"more": "x"}], ids=repr
)
def test_what_crossed_for_a_record_is_not_changed_behind_its_back(
    database: Database, after: dict[str, str] | None
) -> None:
    wide = asdict(a_fact())
    changed = None if after is None else json.dumps({**wide, **after} if after else {})
    with database.as_admin() as admin:
        admin.execute(RECORD, ("S-1", json.dumps(wide)))
        with pytest.raises(RaiseException):
            admin.execute("UPDATE casework.submission SET fact = %s", (changed,))


def test_what_depends_on_the_others_may_change(database: Database) -> None:
    with database.as_admin() as admin:
        admin.execute(RECORD, ("S-1", json.dumps(asdict(a_fact()))))
        later = asdict(a_fact(succeeded_in="2027Q1", exploitation_before="at_risk"))
        admin.execute("UPDATE casework.submission SET fact = %s", (json.dumps(later),))
    assert rows(database, "SELECT fact FROM casework.submission") == [{"fact": later}]
