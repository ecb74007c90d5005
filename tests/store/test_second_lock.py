"""Where the database's row security is gone, our own lock still keeps authorities apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update
from sqlalchemy.sql import ClauseElement

from service import store as package
from service.central.facts import FactDoor
from service.ports import NewSubmission
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from service.store.second_lock import OtherAuthority, named
from service.store.tables import OF_AUTHORITIES, alarm, attempt, audit, delivery, metadata, submission
from service.store.tenant import act_for
from tests.store.rows import AUDIT, new_delivery, new_submission
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.servers import Database

STORE = Path(package.__file__).parent
IN_TEXT = re.compile(
    rf"\b(FROM|JOIN|UPDATE|INTO)\s+casework\.({'|'.join(sorted(each.name for each in OF_AUTHORITIES))})\b"
)
PUT_TOGETHER = {"JOIN casework.submission s ON s.id = r."}
"""A piece of a statement (`rewrap.py`) that names the authority elsewhere."""
APART = {
    "alarm", "alarm_told", "client", "profile_event", "profile_version", "refused_address", "sign_in_failure", "staff",
    "staff_session", "sign_in_link",
}  # fmt: skip
"""They have an authority, and are read for all of them."""


@pytest.fixture
def above_the_law(database: Database) -> Iterator[Engine]:
    """A superuser's engine: no policy holds for it."""
    engine = make_engine(database.admin.rsplit("/", 1)[0] + f"/{database.name}")
    yield engine
    engine.dispose()


@pytest.fixture
def kept(above_the_law: Engine) -> dict[str, NewSubmission]:
    """A record of each of two authorities, alike wherever they can be."""
    store, made = CaseworkStore(above_the_law, FactDoor), {}
    for authority in (STOCKPORT, SALFORD):
        made[authority] = new_submission(sender_ref="A-1")
        with store.transaction(authority) as tx:
            assert tx.submissions.add(made[authority])
            tx.deliveries.add(new_delivery(made[authority], reference="WB-SAME"))
            tx.audit.add(AUDIT)
    return made


def of(authority: str, statement: ClauseElement, engine: Engine) -> None:
    with engine.begin() as connection:
        act_for(connection, authority)
        connection.execute(statement)  # type: ignore[call-overload]


def test_no_policy_holds_here(above_the_law: Engine, kept: dict[str, NewSubmission]) -> None:
    """Otherwise the tests below would show the first lock, and not the second."""
    with above_the_law.begin() as connection:
        act_for(connection, STOCKPORT)
        assert connection.scalar(text("SELECT count(*) FROM casework.submission")) == len(kept)


@pytest.mark.parametrize(
    "statement",
    [
        select(submission.c.id),
        select(submission.c.id).where(submission.c.authority == SALFORD),
        select(func.count()).select_from(submission),
        select(submission.c.id).where((submission.c.authority == STOCKPORT) | (submission.c.authority == SALFORD)),
        select(submission.alias("another").c.id),
        select(select(submission.c.id).subquery().c.id),
        update(submission).values(version=2),
        update(delivery).where(delivery.c.authority == SALFORD).values(note=""),
        delete(attempt),
        insert(audit).values(authority=SALFORD, actor="a", action="b", subject_type="c", subject_id="d", detail={}),
        insert(audit).values(actor="a", action="b", subject_type="c", subject_id="d", detail={}),
    ],
    ids=str,
)
def test_a_statement_that_does_not_name_ones_own_authority_is_refused(
    statement: ClauseElement, above_the_law: Engine, kept: dict[str, NewSubmission]
) -> None:
    with pytest.raises(OtherAuthority):
        of(STOCKPORT, statement, above_the_law)


@pytest.mark.parametrize(
    "statement",
    [
        select(submission.c.id).where(submission.c.authority == STOCKPORT),
        update(submission).where(submission.c.authority == STOCKPORT).values(version=2),
        select(alarm.c.id),
        text("SELECT 1"),
    ],
    ids=str,
)
def test_one_that_does_is_not(statement: ClauseElement, above_the_law: Engine, kept: dict[str, NewSubmission]) -> None:
    of(STOCKPORT, statement, above_the_law)


def test_whoever_acts_for_nobody_is_refused(above_the_law: Engine) -> None:
    with above_the_law.begin() as connection, pytest.raises(OtherAuthority):
        connection.execute(select(submission.c.id).where(submission.c.authority == STOCKPORT))


def test_the_next_who_borrows_the_connection_acts_for_nobody(database: Database) -> None:
    engine = make_engine(database.url("wise_intake"), pool_size=1)
    mine = select(submission.c.id).where(submission.c.authority == STOCKPORT)

    def used(connection: Connection) -> int | None:
        return connection.scalar(select(func.pg_backend_pid()))

    with engine.begin() as connection:
        act_for(connection, STOCKPORT)
        connection.execute(mine)
        first = used(connection)
    with engine.begin() as connection:
        assert used(connection) == first
        with pytest.raises(OtherAuthority):
            connection.execute(mine)
    engine.dispose()


def test_the_stores_own_reading_finds_no_other_authoritys_record(
    above_the_law: Engine, kept: dict[str, NewSubmission]
) -> None:
    mine, other = kept[STOCKPORT], kept[SALFORD]
    with CaseworkStore(above_the_law, FactDoor).transaction(STOCKPORT) as tx:
        assert tx.submissions.get(mine.id) is not None
        assert tx.submissions.get(other.id) is None
        found = tx.submissions.by_sender_ref("A-1")
        assert found is not None
        assert found.id == mine.id
        assert tx.submissions.get(uuid4()) is None


def test_every_table_with_an_authority_is_on_one_of_the_two_lists() -> None:
    """A new table is locked, or says why not."""
    with_one = {each.name for each in metadata.tables.values() if each.schema == "casework" and "authority" in each.c}

    assert with_one == {each.name for each in OF_AUTHORITIES} | APART


def test_what_is_put_together_once_is_looked_at_once() -> None:
    assert named(select(submission.c.id).where(submission.c.authority == STOCKPORT))
    assert named(select(alarm.c.id))
    assert not named(select(submission.c.id))


def texts() -> Iterator[tuple[str, str]]:
    """Statements that are written out, with their file: our lock cannot look into them."""
    for file in sorted(STORE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            said = "".join(str(each.value) for each in parts if isinstance(each, ast.Constant))
            if IN_TEXT.search(said):
                yield file.name, " ".join(said.split())


def test_statements_that_are_written_out_name_the_authority_too() -> None:
    found = list(texts())

    assert len(found) > 10
    assert [each for each in found if "authority" not in each[1] and each[1] not in PUT_TOGETHER] == []
