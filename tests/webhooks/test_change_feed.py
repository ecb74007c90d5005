"""The change feed: in order, each once in a run, and nothing passed over however transactions overlap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.dialects import postgresql

from service.domain.delivery import Reason, State
from service.ports import Settlement
from service.ports.changes import Place
from service.store.casework import CaseworkStore
from service.store.changes import ChangeFeedRows, ChangeRows, changes_between
from service.store.manual import tenant
from tests.store.rows import change, claimed, record, rows, settle, superuser
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.servers import Database
from tests.webhooks.conftest import Engines

AWAITED = Settlement(State.UNKNOWN, Reason.AWAITING_RECEIPT, may_have_arrived=True)
PERSON = Settlement(State.NEEDS_HUMAN, Reason.DOB_MISMATCH)


@pytest.fixture
def feed(engines: Engines) -> ChangeFeedRows:
    return ChangeFeedRows(engines("wise_intake"))


@contextmanager
def overlapping(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """A worker's transaction that begins here and ends when the test says so."""
    with psycopg.connect(database.url("wise_delivery").replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('wise.authority', %s, true)", (STOCKPORT,))
        yield connection


def hold(connection: psycopg.Connection[Any], delivery_id: UUID) -> None:
    done = connection.execute(
        "UPDATE casework.delivery SET state = 'needs_human', reason = 'dob_mismatch' WHERE id = %s", (delivery_id,)
    )
    assert done.rowcount == 1


def read_all(feed: ChangeFeedRows, after: Place | None, limit: int = 2) -> tuple[list[UUID], Place]:
    """One run, page by page."""
    found: list[UUID] = []
    while True:
        page = feed.read(STOCKPORT, after, limit)
        assert page is not None
        found += [each.id for each in page.deliveries]
        after = page.place
        if not page.more:
            return found, after


def test_a_transaction_that_commits_late_is_not_missed(
    intake: CaseworkStore, feed: ChangeFeedRows, database: Database
) -> None:
    """The earlier number commits after the later one was read: a cursor that had moved on would pass it over."""
    slow, quick = record(intake, child=b"1"), record(intake, child=b"2")
    _, place = read_all(feed, None)
    with overlapping(database) as early, overlapping(database) as late:
        hold(early, slow.id)
        hold(late, quick.id)
        late.commit()
        seen, between = read_all(feed, place)
        assert seen == []  # not before everything older has ended
        early.commit()
    seen, _ = read_all(feed, between)
    assert seen == [slow.id, quick.id]


def test_a_look_up_that_learns_nothing_is_not_a_change_and_never_seen_half_way(
    intake: CaseworkStore, store: CaseworkStore, feed: ChangeFeedRows
) -> None:
    delivery = record(intake)
    settle(store, claimed(store, delivery.id), AWAITED)
    page = feed.read(STOCKPORT, None, 9)
    assert page
    assert [each.state for each in page.deliveries] == [State.UNKNOWN]
    held = claimed(store, delivery.id)
    half_way, anew = feed.read(STOCKPORT, page.place, 9), feed.read(STOCKPORT, None, 9)
    assert half_way
    assert anew
    assert (half_way.deliveries, [each.state for each in anew.deliveries]) == ([], [State.UNKNOWN])
    settle(store, held, AWAITED)
    assert read_all(feed, page.place)[0] == []
    settle(store, claimed(store, delivery.id), replace(AWAITED, reason=Reason.RECEIPT_OVERDUE))
    seen, place = read_all(feed, page.place)
    assert seen == [delivery.id]
    settle(store, claimed(store, delivery.id), PERSON)
    assert read_all(feed, place)[0] == [delivery.id]


def test_what_is_sent_and_then_doubted_is_a_change_each_time(
    intake: CaseworkStore, store: CaseworkStore, feed: ChangeFeedRows
) -> None:
    """Nobody had been told `unknown` before: that it was in flight was news, and so is that it ended."""
    delivery = record(intake)
    settle(store, claimed(store, delivery.id), Settlement(State.RETRY, Reason.UNAVAILABLE))
    _, place = read_all(feed, None)
    held = claimed(store, delivery.id)
    page = feed.read(STOCKPORT, place, 9)
    assert page
    assert [each.state for each in page.deliveries] == [State.IN_FLIGHT]
    settle(store, held, Settlement(State.UNKNOWN, Reason.UNAVAILABLE, may_have_arrived=True))
    assert read_all(feed, page.place)[0] == [delivery.id]


def test_one_that_is_rolled_back_holds_nothing_up(
    intake: CaseworkStore, feed: ChangeFeedRows, database: Database
) -> None:
    slow, quick = record(intake, child=b"1"), record(intake, child=b"2")
    _, place = read_all(feed, None)
    with overlapping(database) as early, overlapping(database) as late:
        hold(early, slow.id)
        hold(late, quick.id)
        late.commit()
        early.rollback()
    assert read_all(feed, place)[0] == [quick.id]


def test_whatever_overlaps_with_whatever_each_change_comes_and_none_twice_in_a_run(
    intake: CaseworkStore, feed: ChangeFeedRows, database: Database
) -> None:
    """Eight transactions, begun in one order and committed in others, with a reader between any two steps."""
    for order in ((7, 0, 6, 1, 5, 2, 4, 3), (3, 4, 2, 5, 1, 6, 0, 7), (0, 1, 2, 3, 7, 6, 5, 4)):
        made = [record(intake, child=bytes([n])) for n in range(8)]
        _, place = read_all(feed, None)
        told: list[UUID] = []
        working = [psycopg.connect(database.url("wise_delivery").replace("+psycopg", "")) for _ in made]
        for connection, delivery in zip(working, made, strict=True):
            connection.execute("SELECT set_config('wise.authority', %s, true)", (STOCKPORT,))
            hold(connection, delivery.id)
        for number in order:
            working[number].commit()
            working[number].close()
            seen, place = read_all(feed, place, limit=1)
            told += seen
        assert told == [delivery.id for delivery in made]
        superuser(database).execute("DELETE FROM casework.delivery")


def test_state_reason_and_number_are_changes_and_a_lease_is_not(
    intake: CaseworkStore, store: CaseworkStore, feed: ChangeFeedRows, database: Database
) -> None:
    delivery = record(intake)
    _, place = read_all(feed, None)
    held = claimed(store, delivery.id)
    seen, place = read_all(feed, place)
    assert seen == [delivery.id]
    with overlapping(database) as worker:
        worker.execute("UPDATE casework.delivery SET lease_until = now() + interval '1 hour', note = 'x'")
        worker.commit()
    assert read_all(feed, place)[0] == []
    settle(store, held)
    assert read_all(feed, place)[0] == [delivery.id]


def test_what_changes_while_a_run_is_read_comes_once_in_it_or_in_the_next(
    intake: CaseworkStore, store: CaseworkStore, feed: ChangeFeedRows
) -> None:
    made = [record(intake, child=bytes([n])) for n in range(4)]
    first = feed.read(STOCKPORT, None, 2)
    assert first is not None
    assert first.more
    for delivery in (made[0], made[3]):  # one was served in this run already, the other not yet
        settle(store, claimed(store, delivery.id), PERSON)
    rest, place = read_all(feed, first.place)
    assert [each.id for each in first.deliveries] + rest == [made[0].id, made[1].id, made[2].id]
    assert read_all(feed, place)[0] == [made[0].id, made[3].id]


def test_a_delivery_is_told_as_it_stands_now(intake: CaseworkStore, store: CaseworkStore, feed: ChangeFeedRows) -> None:
    delivery = record(intake)
    place = feed.now(STOCKPORT)
    settle(store, claimed(store, delivery.id))
    page = feed.read(STOCKPORT, place, 9)
    assert page is not None
    assert [(each.state, each.record_number) for each in page.deliveries] == [(State.DELIVERED, "R1")]


def test_another_authoritys_changes_are_not_there(intake: CaseworkStore, feed: ChangeFeedRows) -> None:
    record(intake, SALFORD)
    assert read_all(feed, None)[0] == []


def test_a_place_of_another_history_is_none_of_this_database(
    intake: CaseworkStore, feed: ChangeFeedRows, database: Database
) -> None:
    record(intake)
    place = feed.now(STOCKPORT)
    assert feed.read(STOCKPORT, place, 9) is not None
    superuser(database).execute("UPDATE casework.bridge SET since = now() + interval '1 second'")
    assert feed.read(STOCKPORT, place, 9) is None


def test_a_place_that_is_still_to_come_is_none_of_this_database(feed: ChangeFeedRows) -> None:
    """As after going back to a backup of the same cluster: its numbers have not been given out again yet."""
    place = feed.now(STOCKPORT)
    ahead = Place(place.history, place.changed_in + 1_000_000, place.last)
    assert feed.read(STOCKPORT, ahead, 9) is None
    assert feed.read(STOCKPORT, Place(place.history, 1, place.last, until=ahead.changed_in), 9) is None


def test_restored_into_another_cluster_nothing_stays_out_of_sight(
    intake: CaseworkStore, feed: ChangeFeedRows, engines: Engines, database: Database
) -> None:
    """There, transactions are counted anew: what the old cluster numbered may lie far ahead."""
    ahead, usual = record(intake, child=b"1"), record(intake, child=b"2")
    change(database, ahead.id, "changed_in = changed_in + 1000000000")
    assert read_all(feed, None)[0] == [usual.id]
    with tenant(engines("wise_owner"), STOCKPORT) as connection:
        assert ChangeRows(connection, STOCKPORT).begin_anew() == 1
    assert read_all(feed, None)[0] == [usual.id, ahead.id]


def test_reading_is_one_walk_along_the_index_however_much_is_stored(intake: CaseworkStore, database: Database) -> None:
    delivery = record(intake)
    admin = superuser(database)
    admin.execute(
        "INSERT INTO casework.delivery (id, authority, kind, submission_id, reference, child_key, state, reason,"
        " changed_in) SELECT gen_random_uuid(), %s, 'record', %s, 'WB-' || n, 'c', 'cancelled', 'waiting', n"
        " FROM generate_series(1, 20000) n",
        (STOCKPORT, delivery.submission_id),
    )
    admin.execute("ANALYZE casework.delivery")
    query = changes_between(STOCKPORT, Place("h", 15_000, UUID(int=0)), 19_000, 51)
    written = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    plan = [next(iter(each.values())) for each in rows(database, f"EXPLAIN {written}")]
    assert any("Index Scan using ix_delivery_changed on delivery " in line for line in plan)
    assert not any("Sort" in line or "Seq Scan on delivery " in line for line in plan)
