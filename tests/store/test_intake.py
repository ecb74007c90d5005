"""A record is kept in one statement: all of it or nothing, once, and with the young person's clock moved on."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from service.configuration import policies
from service.domain.faults import Findings
from service.domain.subjects import sketches_of
from service.domain.text.copies import packed, sketch
from service.errors import NeedsHuman, Unavailable
from service.ports import AuditEntry
from service.ports.intake import NewRecord, Question
from service.store.casework import CaseworkStore
from service.usecases.incoming import Incoming, delivery_of, review_of, submission_of
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example
from tests.support.servers import Database

TABLES = ("submission", "payload", "third_party", "sketch", "delivery", "review", "audit")


@pytest.fixture
def store(bridge: Bridge) -> CaseworkStore:
    return bridge.store("wise_intake")


def new_record(bridge: Bridge, *, ended: bool = False, **changes: Any) -> NewRecord:
    policy = policies(bridge.config_dir)[STOCKPORT]
    incoming = Incoming(example("wise", **changes), Findings(), "wise_assessment", policy, "test")
    new = submission_of(incoming, bridge.vault, None)
    entry = AuditEntry("client:test", "record_received", "submission", str(new.id), {"version": 1})
    return NewRecord(new, delivery_of(incoming, new), None if ended else review_of(incoming, new, bridge.vault), entry)


def counts(database: Database) -> dict[str, int]:
    with database.as_admin() as connection:
        found = {}
        for table in TABLES:
            (found[table],) = connection.execute(f"SELECT count(*) FROM casework.{table}").fetchone() or (0,)
        (found["fact"],) = connection.execute("SELECT count(*) FROM central.fact").fetchone() or (0,)
    return found


def clocks(database: Database) -> list[tuple[Any, ...]]:
    with database.as_admin() as connection:
        query = "SELECT anchor_on, status FROM casework.review ORDER BY anchor_on, status"
        return [(anchor.isoformat(), status) for anchor, status in connection.execute(query)]


def test_everything_is_there_at_once(bridge: Bridge, database: Database, store: CaseworkStore) -> None:
    new = new_record(bridge)

    received_at = store.keep(STOCKPORT, new)

    assert isinstance(received_at, datetime) and received_at.tzinfo is not None
    assert counts(database) == dict.fromkeys((*TABLES, "fact"), 1)
    with store.transaction(STOCKPORT) as tx:
        kept = tx.submissions.get(new.submission.id)
        assert kept is not None and kept.received_at == received_at
        assert (kept.child_key, kept.content_digest) == (new.submission.child_key, new.submission.content_digest)
        assert (kept.warnings, kept.fact) == ([], new.submission.fact)
        (delivery,) = tx.deliveries.of_submission(new.submission.id)
        assert (delivery.id, delivery.reference, delivery.state) == (new.delivery.id, new.delivery.reference, "ready")
        body = bridge.vault.open(STOCKPORT, str(new.submission.id), tx.submissions.sealed_body(new.submission.id))
    assert json.loads(body)["submission_id"] == new.submission.sender_ref


def test_an_id_is_kept_once_and_the_second_leaves_nothing(
    bridge: Bridge, database: Database, store: CaseworkStore
) -> None:
    assert store.keep(STOCKPORT, new_record(bridge)) is not None
    before = counts(database)

    assert store.keep(STOCKPORT, new_record(bridge)) is None
    assert counts(database) == before
    assert store.keep(STOCKPORT, new_record(bridge, submission_id="SK-another")) is None
    assert counts(database) == before
    another = {"submission_id": "SK-another", "young_person__la_child_id": "STK0000418"}
    assert store.keep(STOCKPORT, new_record(bridge, **another)) is not None


def test_of_many_first_records_of_one_person_one_is_kept(
    bridge: Bridge, database: Database, store: CaseworkStore
) -> None:
    """The others have an earlier one by then, and go the way on which the facts of both are put right."""
    news = [new_record(bridge, submission_id=f"SK-{number}") for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda new: store.keep(STOCKPORT, new), news))

    assert sum(each is not None for each in kept) == 1
    assert counts(database) == dict.fromkeys((*TABLES, "fact"), 1)


@pytest.mark.parametrize("gone", ["withdrawn_by", "superseded_by", "fact"])
def test_an_earlier_record_that_is_not_counted_is_none(
    bridge: Bridge, database: Database, store: CaseworkStore, gone: str
) -> None:
    earlier = new_record(bridge)
    if gone == "fact":
        earlier = replace(earlier, submission=replace(earlier.submission, fact=None))
    assert store.keep(STOCKPORT, earlier) is not None
    if gone != "fact":
        with database.as_admin() as admin:
            admin.execute(f"UPDATE casework.submission SET {gone} = id".encode())
    assert store.keep(STOCKPORT, new_record(bridge, submission_id="SK-another")) is not None


def test_of_many_at_once_one_is_kept(bridge: Bridge, database: Database, store: CaseworkStore) -> None:
    news = [new_record(bridge) for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda new: store.keep(STOCKPORT, new), news))

    assert sum(each is not None for each in kept) == 1
    assert counts(database) == dict.fromkeys((*TABLES, "fact"), 1)


def test_what_the_database_refuses_leaves_nothing_and_is_our_fault(
    bridge: Bridge, database: Database, store: CaseworkStore
) -> None:
    new = new_record(bridge)
    with pytest.raises(DBAPIError) as caught:
        store.keep(STOCKPORT, replace(new, submission=replace(new.submission, version=0)))
    assert caught.value.orig is not None and caught.value.orig.sqlstate == "23514"
    assert "SK-" not in str(caught.value)
    assert sum(counts(database).values()) == 0
    assert store.keep(STOCKPORT, new) is not None


def test_a_connection_that_broke_is_said_and_the_next_works(bridge: Bridge, database: Database) -> None:
    store = bridge.store("wise_intake")
    nothing = Question("wise_assessment", None, None, None, None)
    store.look_up(STOCKPORT, nothing)
    with database.as_admin() as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'wise_intake'")
    said = 0
    for _ in range(20):
        try:
            name = uuid4().hex[:8]
            changes = {"submission_id": f"SK-{name}", "young_person__la_child_id": f"STK{name}"}
            store.keep(STOCKPORT, new_record(bridge, **changes))
        except Unavailable:
            said += 1
    assert said <= 4
    assert counts(database)["submission"] == 20 - said


def test_the_clock_moves_on_and_never_back(bridge: Bridge, database: Database, store: CaseworkStore) -> None:
    """Here with records that count for nothing: a young person with one that counts is not kept in one go."""

    def keep(name: str, **changes: Any) -> datetime | None:
        new = new_record(bridge, submission_id=name, **changes)
        return store.keep(STOCKPORT, replace(new, submission=replace(new.submission, fact=None)))

    for number, day in enumerate(("2026-09-01", "2026-10-01", "2026-08-01")):
        assert keep(f"SK-{number}", completed_on=day) is not None
    assert clocks(database) == [("2026-08-01", "superseded"), ("2026-09-01", "done"), ("2026-10-01", "open")]

    assert keep("SK-end", ended=True) is not None
    assert {status for _, status in clocks(database)} == {"superseded", "done", "closed"}


def test_what_is_known_is_of_this_authority_and_young_person(bridge: Bridge, store: CaseworkStore) -> None:
    new = new_record(bridge)
    store.keep(STOCKPORT, new)
    asked = Question("wise_assessment", "stk-sw-21", new.submission.child_key, new.submission.sender_ref, None)

    found = store.look_up(STOCKPORT, asked)
    assert [each.course for each in found.training] == ["wise_core"]
    assert found.training[0].attended_on == date(2025, 3, 3)
    assert new.review is not None and found.review_due_on == new.review.due_on
    assert found.sketches == new.submission.sketches[""] and found.sent_before and found.named is None

    named = store.look_up(STOCKPORT, replace(asked, names=new.submission.sender_ref)).named
    assert named is not None and named.id == new.submission.id
    for other in (replace(asked, child_key=b"other"), replace(asked, record_type="rise_meeting_output")):
        assert store.look_up(STOCKPORT, other).sketches is None
    elsewhere = store.look_up("E08000006", replace(asked, names=new.submission.sender_ref))
    assert (elsewhere.training, elsewhere.sketches, elsewhere.sent_before, elsewhere.named) == ((), None, False, None)


def test_sketches_are_sealed_for_their_young_person(bridge: Bridge) -> None:
    """Without the key no guess can be tried, and what is kept of one is of no use for another."""
    new = new_record(bridge).submission
    sealed, mine = new.sketches[""], sketches_of(new.child_key)
    text = example("wise")["analysis_narrative"]

    assert sketch(text)[1:33] not in sealed and b"/analysis_narrative" not in sealed
    assert sketch(text) in bridge.vault.open(STOCKPORT, mine, sealed)
    assert packed({}) == b"" and new.sketches.keys() == {""}
    for authority, subject in ((STOCKPORT, sketches_of(b"other")), ("E08000006", mine)):
        with pytest.raises(NeedsHuman):
            bridge.vault.open(authority, subject, sealed)
