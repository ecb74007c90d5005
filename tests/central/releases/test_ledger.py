"""The ledger: nobody changes it unseen, and the database itself refuses what the commands refuse."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta, timezone
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, Executable, insert, select, text
from sqlalchemy.exc import DBAPIError

from service.central.releases.chain import entry_of
from service.central.releases.desk import ReleaseDesk
from service.central.tables import build_approval, ledger
from service.errors import NotPossible
from service.store.engine import short_lived_engine
from service.store.migrate import MIGRATIONS, migrate
from tests.central.releases.conftest import MakeDesk, Put
from tests.central.releases.made import NEXT, Q4, cohort, fact, fails, maker
from tests.central.releases.test_desk import ANN, BEN, released
from tests.support.servers import Database

Engines = Callable[[str], Engine]


@pytest.fixture
def two(desk: MakeDesk, put: Put) -> ReleaseDesk:
    """With two releases published."""
    put(cohort())
    released(desk())
    put(Counter({fact(quarter=NEXT): 20}))
    released(desk(), NEXT)
    return desk()


def tampered(unchecked: Database, statement: str) -> None:
    """As somebody would who may do everything and puts the guards to rest."""
    with unchecked.as_admin() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(statement)


SAY_60 = "convert_to(replace(convert_from(content, 'UTF8'), '\"value\":30', '\"value\":60'), 'UTF8')"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE central.build SET content = {SAY_60} WHERE after = 0", "Entry 1 .*bytes are not those"),
        (
            f"UPDATE central.build SET content = {SAY_60}, digest = encode(sha256({SAY_60}), 'hex') WHERE after = 0",
            "Entry 1 .*does not say what is kept beside it",
        ),
        ("UPDATE central.build SET facts = '\\x7b7d' WHERE after = 1", "Entry 2 .*facts are not those"),
        ("UPDATE central.build_audit SET report = '\\x7b7d'", "Entry 1 .*audit is not the one"),
        ("UPDATE central.build_approval SET approved_by = 'Somebody Else'", "Entry 1 .*does not say"),
        ("DELETE FROM central.build_approval", "Entry 1 .*does not say"),
        ("UPDATE central.ledger SET published_by = 'Somebody Else' WHERE number = 2", "Entry 2 .*does not say"),
        ("UPDATE central.ledger SET entry = '\\x7b7d' WHERE number = 2", "Entry 2 .*not the one that its hash names"),
        ("UPDATE central.ledger SET hash = repeat('0', 64), entry = ''  WHERE number = 1", "Entry 1 .*its hash names"),
        ("DELETE FROM central.ledger WHERE number = 1", "Entry 2 .*does not follow"),
        ("UPDATE central.build SET quarter = '2024Q4' WHERE after = 1", "Entry 2 .*does not say"),
    ],
)
def test_verify_says_the_first_fault(two: ReleaseDesk, unchecked: Database, statement: str, said: str) -> None:
    assert two.verify() is None
    tampered(unchecked, statement)
    fault = two.verify()
    assert fault is not None
    assert re.match(said, fault), fault


def test_nothing_is_made_from_a_damaged_ledger(two: ReleaseDesk, unchecked: Database) -> None:
    tampered(unchecked, "DELETE FROM central.ledger WHERE number = 1")
    with pytest.raises(NotPossible, match="The ledger is damaged"):
        replace(two, today=lambda: date(2027, 1, 1)).build("2026Q2", by=ANN)


def test_an_approved_build_that_was_changed_is_not_published(desk: MakeDesk, put: Put, unchecked: Database) -> None:
    put(cohort())
    steps = desk()
    steps.build(Q4, by=ANN)
    steps.audit(Q4)
    steps.approve(Q4, by=BEN, digest=steps.standing(Q4).build.digest)
    tampered(unchecked, f"UPDATE central.build SET content = {SAY_60}, digest = encode(sha256({SAY_60}), 'hex')")
    with pytest.raises(NotPossible, match="is not what was approved: its audit did not pass, or is of another build"):
        steps.publish(Q4, by=BEN)


def refused(engines: Engines, statement: Executable, said: str) -> None:
    with pytest.raises(DBAPIError, match=said), engines("wise_release").begin() as connection:
        connection.execute(statement)


def test_the_database_itself_wants_two_persons_and_a_passed_audit(desk: MakeDesk, put: Put, engines: Engines) -> None:
    put(cohort())
    unaudited = desk().build(Q4, by=ANN)
    refused(engines, insert(build_approval).values(build_id=unaudited.id, approved_by=BEN), "after its audit passed")
    failing = desk(maker(audit=fails))
    failing.audit(Q4)
    refused(engines, insert(build_approval).values(build_id=unaudited.id, approved_by=BEN), "after its audit passed")
    good = desk().build(Q4, by=ANN)
    desk().audit(Q4)
    refused(engines, insert(build_approval).values(build_id=good.id, approved_by=ANN.upper()), "somebody else")
    with pytest.raises(NotPossible, match=r"The database refuses this: .*somebody else"):
        desk().rows.approve(good.id, ANN)


def entry(two: ReleaseDesk, **changes: Any) -> Executable:
    """A copy of the last entry, as the next one."""
    last = two.rows.ledger()[-1]
    values = {
        "number": 3,
        "quarter": "2026Q2",
        "build_id": last.standing.id,
        "entry": b"x",
        "previous": last.hash,
        "hash": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",  # pragma: allowlist secret
        "published_by": BEN,
        "published_at": last.published_at,
    }
    return insert(ledger).values(**values | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": 2}, "entered after the last one"),
        ({"number": 4}, "entered after the last one"),
        ({"previous": "0" * 64}, "entered after the last one"),
        ({"quarter": NEXT}, "later release is published already"),
        ({"quarter": "2025Q1"}, "later release is published already"),
        ({}, "only an approved build that follows on the last"),
    ],
)
def test_the_database_itself_keeps_the_chain(
    two: ReleaseDesk, engines: Engines, changes: dict[str, Any], said: str
) -> None:
    refused(engines, entry(two, **changes), said)


def test_a_digest_is_of_its_bytes(two: ReleaseDesk, engines: Engines) -> None:
    with engines("wise_release").connect() as connection:
        (first,) = connection.execute(select(ledger.c.hash).limit(1)).one()
    assert len(first) == 64
    copied = (
        "INSERT INTO central.build (quarter, catalogue, catalogue_digest, after, content, digest, facts, facts_digest,"
        " built_by) SELECT quarter, catalogue, catalogue_digest, after, {}, digest, {}, facts_digest, built_by"
        " FROM central.build LIMIT 1"
    )
    refused(engines, text(copied.format("'x'", "facts")), "ck_build_digest")
    refused(engines, text(copied.format("content", "'x'")), "ck_build_facts_digest")


def test_the_proof_does_not_depend_on_the_time_zone_of_who_reads(two: ReleaseDesk) -> None:
    for entered in two.rows.ledger():
        elsewhere = entered.published_at.astimezone(timezone(timedelta(hours=1)))
        made = entry_of(entered.standing, entered.number, entered.previous, entered.published_by, elsewhere)
        assert made == entered.entry


def test_going_back_does_not_lose_what_was_published(two: ReleaseDesk, database: Database) -> None:
    """What one step down of the migrations would do, which are as a whole tried elsewhere."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with short_lived_engine(database.url("wise_owner")) as engine, engine.connect() as connection:
        config.attributes["connection"] = connection
        with pytest.raises(DBAPIError, match="releases were published; going back would lose them"):
            command.downgrade(config, "0017")
    migrate(database.url("wise_owner"))  # the later steps went back before this one refused; the next test needs them
    assert len(two.rows.ledger()) == 2
