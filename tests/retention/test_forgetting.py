"""What is left of a record goes 12 months after its body: whole, with its versions, and not while it is needed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import event

from service.domain.london import quarter_of
from service.domain.retention import STAYS_MEANING, Remains, Stays
from service.store.conservation import balances
from service.store.engine import make_engine
from service.usecases.ends import Left
from tests.retention.conftest import House
from tests.retention.test_shredding import as_role
from tests.store.rows import rows
from tests.support.bridge import STOCKPORT
from tests.support.records import example

TABLES = ("submission", "delivery", "review", "hold", "sketch", "payload", "third_party")
OTHER = {"young_person__la_child_id": "STK7000001"}


def left(house: House, receipt: UUID) -> dict[str, int]:
    """How many rows each table has of a record; nothing where it has none."""
    column = {"submission": "id"}
    counted = {
        table: len(
            rows(
                house.desk.database,
                f"SELECT FROM casework.{table} WHERE {column.get(table, 'submission_id')} = %s",
                receipt,
            )
        )
        for table in TABLES
    }
    return {table: count for table, count in counted.items() if count}


def forget(house: House) -> Left:
    return house.forgetter.run(STOCKPORT)


def test_it_goes_whole_and_its_ids_stay(house: House) -> None:
    gone, young = house.ended(), house.ended(months=11, submission_id="YOUNG", **OTHER)
    (task,) = rows(house.desk.database, "SELECT id FROM casework.delivery WHERE submission_id = %s", gone)
    assert forget(house).forgotten == 1
    assert left(house, gone) == {}
    assert left(house, young) != {}
    assert rows(house.desk.database, "SELECT FROM casework.attempt WHERE delivery_id = %s", task["id"]) == []
    noted = rows(house.desk.database, "SELECT subject_id, kind FROM casework.forgotten WHERE submission_id = %s", gone)
    assert {(str(gone), "submission"), (str(task["id"]), "delivery")} < {tuple(each.values()) for each in noted}
    assert {each["kind"] for each in noted} == {"submission", "delivery", "review"}
    assert len(rows(house.desk.database, "SELECT FROM casework.shredded WHERE submission_id = %s", gone)) == 1
    (told,) = rows(house.desk.database, "SELECT * FROM casework.audit WHERE action = 'record_forgotten'")
    assert (told["subject_id"], told["detail"]) == (str(gone), {"versions": 1})


def test_what_was_told_of_its_review_goes_too_and_a_clock_it_stopped_stays_stopped(house: House) -> None:
    gone, other = house.ended(), house.ended(months=11, submission_id="YOUNG", **OTHER)
    house.change(
        "INSERT INTO casework.reminder (authority, review_id, channel, stage)"
        " SELECT authority, id, 'tray', 'due' FROM casework.review WHERE submission_id = ANY (%s)",
        [gone, other],
    )
    house.change("UPDATE casework.review SET status = 'closed', closed_by = %s WHERE submission_id = %s", gone, other)
    assert forget(house).forgotten == 1
    (stays,) = rows(house.desk.database, "SELECT r.status, r.closed_by FROM casework.reminder JOIN casework.review AS r"
                    " ON r.id = review_id")  # fmt: skip
    assert stays == {"status": "closed", "closed_by": None}


def test_done_twice_is_done_once(house: House) -> None:
    house.ended()
    assert [forget(house).forgotten, forget(house).forgotten, house.forgetter.look()] == [1, 0, 0]


def test_several_at_once_forget_each_once(house: House) -> None:
    for number in range(6):
        house.ended(submission_id=f"N-{number}", young_person__la_child_id=f"STK{7000000 + number}")
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: forget(house).forgotten, range(3)))
    assert sum(done) == 6


NEEDED: dict[Stays, str] = {
    Stays.HELD: "INSERT INTO casework.hold (id, authority, submission_id, rule, pointer)"
    " SELECT gen_random_uuid(), authority, id, 'T-1', '/x' FROM casework.submission WHERE id = %s",
    Stays.REVIEW_OPEN: "UPDATE casework.review SET status = 'open', closed_at = NULL WHERE submission_id = %s",
    Stays.LEGAL_HOLD: "INSERT INTO casework.legal_hold (hold, event, authority, scope, submission_id, reason, by)"
    " SELECT gen_random_uuid(), 'asked', authority, 'submission', id, 'court', 'stk-law-1' FROM casework.submission"
    " WHERE id = %s",
    Stays.OPEN: "UPDATE casework.delivery SET state = 'needs_human', delivered_at = NULL WHERE submission_id = %s",
    Stays.ORDERED: "INSERT INTO casework.officer_order (id, authority, action, delivery_id, by, through, reason)"
    " SELECT gen_random_uuid(), authority, 'reopen', id, 'stk-1', 'wb-1', 'looks_wrong' FROM casework.delivery"
    " WHERE submission_id = %s",
    Stays.COUNTED: "UPDATE casework.submission SET fact = jsonb_set(fact, '{quarter}', to_jsonb(to_char(now()"
    " - interval '1 year', 'YYYY\"Q\"Q'))) WHERE id = %s",
    Stays.HAS_BODY: "INSERT INTO casework.payload (submission_id, authority, sealed)"
    " SELECT id, authority, '\\x00' FROM casework.submission WHERE id = %s",
}


@pytest.mark.parametrize("why", list(Stays))
def test_what_has_a_reason_stays(house: House, why: Stays) -> None:
    receipt = house.ended(months=70)
    house.change(NEEDED[why], receipt)
    found = forget(house)
    assert (found.forgotten, found.due, dict(found.stays)) == (0, 0, {why: 1})
    assert left(house, receipt) != {}
    assert house.forgetter.records.forget(STOCKPORT, receipt) == 0, "the database looks again"


def test_a_dry_run_says_it_and_changes_nothing(house: House) -> None:
    receipt = house.ended()
    assert (house.forgetter.dry_run(STOCKPORT).due, house.forgetter.dry_run(STOCKPORT).forgotten) == (1, 0)
    told = house.purge("run", "--dry-run")
    assert "1 records would be forgotten" in told.output
    assert left(house, receipt) != {}
    (found,) = json.loads(house.purge("run", "--authority", STOCKPORT, "--json").stdout)
    assert found["records"] == {"due": 1, "forgotten": 1, "stays": {}}
    assert left(house, receipt) == {}


def test_before_its_successor_is_out_of_every_release_it_stays(house: House) -> None:
    """A correction of the later one would not find any more what stood before it."""
    first = house.ended(months=40)
    second = house.delivered(submission_id="SECOND")
    house.change("UPDATE casework.review SET status = 'done' WHERE submission_id IN (%s, %s)", first, second)
    assert dict(forget(house).stays) == {Stays.COUNTED: 1}
    house.change(
        "UPDATE casework.submission SET fact = jsonb_set(fact, '{quarter}', '\"2024Q1\"') WHERE id = %s", second
    )
    assert forget(house).forgotten == 1
    assert (left(house, first), house.has_body(second)) == ({}, True)


def test_versions_end_together(house: House) -> None:
    first, again = versions(house)
    house.pass_months(first, 30)
    house.pass_months(again, 11)
    assert forget(house).forgotten == 0
    house.pass_months(again, 10)
    assert forget(house).forgotten == 1
    assert (left(house, first), left(house, again)) == ({}, {})
    entries = rows(house.desk.database, "SELECT detail FROM casework.audit WHERE action = 'record_forgotten'")
    assert [each["detail"] for each in entries] == [{"versions": 2}] * 2


def versions(house: House) -> tuple[UUID, UUID]:
    """A record and its correction, both delivered and shredded."""
    first = house.delivered()
    again = house.delivered(
        submission_id="AGAIN",
        submission_kind="correction",
        supersedes_submission_id=example("wise")["submission_id"],
    )
    assert house.run() == 2
    house.change("UPDATE casework.review SET status = 'done' WHERE submission_id IN (%s, %s)", first, again)
    return first, again


@pytest.mark.parametrize("at", ["SELECT casework.forget_record", "INSERT INTO casework.audit"])
def test_broken_off_in_the_middle_nothing_of_it_happened(house: House, at: str) -> None:
    receipt = house.ended()
    before = left(house, receipt)
    engine = make_engine(house.desk.database.url("wise_purge"))

    def cut(connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(at):
            raise ConnectionResetError

    event.listen(engine, "before_cursor_execute", cut)
    with pytest.raises(ConnectionResetError):
        forget(House(house.desk, engine, house.config_dir))
    engine.dispose()
    assert left(house, receipt) == before
    assert forget(house).forgotten == 1


def test_the_books_balance_without_it(house: House) -> None:
    house.ended()
    owner = make_engine(house.desk.database.url("wise_owner"))
    since = date(2024, 1, 1)
    assert forget(house).forgotten == 1
    assert [each.difference for each in balances(owner, [STOCKPORT], since)] == []
    owner.dispose()


def test_who_saw_it_is_told_for_as_long_as_the_trail_is_there(house: House) -> None:
    receipt = house.ended()
    forget(house)
    where = f"/v1/submissions/{receipt}/access"
    answer = house.bridge.casework.get(where, headers=house.bridge.headers(STOCKPORT, "audit:read"))
    actions = [each["action"] for each in answer.get_json()["access"]]
    assert (actions[0], actions[-1]) == ("record_received", "access_reported")
    assert {"delivery_delivered", "body_shredded", "record_forgotten"} <= set(actions)


def test_sent_again_it_is_a_new_record(house: House) -> None:
    receipt = house.ended()
    assert house.bridge.post(example("wise")).status_code == 200
    forget(house)
    answer = house.bridge.post(example("wise"))
    assert (answer.status_code, answer.get_json()["receipt_id"] != str(receipt)) == (201, True)


def test_with_its_orders_and_after_its_hold(house: House) -> None:
    """An order that is done goes with its record; a hold that was lifted stays, and is no way back to it."""
    receipt = house.ended()
    house.change(NEEDED[Stays.ORDERED], receipt)
    house.change("UPDATE casework.officer_order SET done_at = now(), outcome = 'refused'")
    house.change(NEEDED[Stays.LEGAL_HOLD], receipt)
    house.change(
        "INSERT INTO casework.legal_hold (hold, event, authority, by) SELECT hold, 'lifted', authority, 'stk-law-2'"
        " FROM casework.legal_hold"
    )
    assert forget(house).forgotten == 1
    assert rows(house.desk.database, "SELECT FROM casework.officer_order") == []
    assert len(rows(house.desk.database, "SELECT FROM casework.legal_hold")) == 2


DELETED = [
    "DELETE FROM casework.submission WHERE id = %s",
    "DELETE FROM casework.delivery WHERE submission_id = %s",
    "DELETE FROM casework.officer_order WHERE delivery_id IN"
    " (SELECT id FROM casework.delivery WHERE submission_id = %s)",
]


@pytest.mark.parametrize("statement", DELETED)
def test_not_even_the_owner_takes_away_what_is_not_noted(house: House, statement: str) -> None:
    receipt = house.ended()
    house.change(NEEDED[Stays.ORDERED], receipt)
    house.change("DELETE FROM casework.attempt")
    with pytest.raises(psycopg.errors.CheckViolation, match=r"once that is noted|an order is kept"):
        as_role(house, "wise_owner", statement, receipt)


NOTE = (
    "INSERT INTO casework.forgotten (authority, subject_id, submission_id, kind) SELECT authority, id::text, id,"
    " 'submission' FROM casework.submission WHERE id = %s"
)


@pytest.mark.parametrize("why", [Stays.OPEN, Stays.LEGAL_HOLD, Stays.HAS_BODY])
def test_not_even_the_owner_notes_what_may_not_go(house: House, why: Stays) -> None:
    receipt = house.ended(months=70)
    house.change(NEEDED[why], receipt)
    with pytest.raises(psycopg.errors.CheckViolation, match="a year after its body"):
        as_role(house, "wise_owner", NOTE, receipt)


def test_not_even_the_owner_notes_it_before_its_day(house: House) -> None:
    receipt = house.ended(months=12)
    with pytest.raises(psycopg.errors.CheckViolation, match="a year after its body"):
        as_role(house, "wise_owner", NOTE, receipt)
    house.change("UPDATE casework.shredded SET at = at - interval '1 day'")
    as_role(house, "wise_owner", NOTE, receipt)


def test_nothing_is_forgotten_during_a_restore(house: House) -> None:
    receipt = house.ended()
    house.change("UPDATE casework.bridge SET mode = 'look_first'")
    assert house.forgetter.look() == 0
    assert house.forgetter.records.forget(STOCKPORT, receipt) == 0


def test_every_reason_has_words_and_they_come_in_order() -> None:
    assert set(STAYS_MEANING) == set(Stays)
    left_at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    remains = Remains(UUID(int=1), 1, left_at, frozenset({Stays.LEGAL_HOLD}))
    assert remains.stays(date(2027, 11, 23)) == (Stays.HAS_BODY, Stays.LEGAL_HOLD)
    assert remains.stays(date(2027, 11, 24)) == (Stays.LEGAL_HOLD,)


def test_a_record_of_this_quarter_is_counted(house: House) -> None:
    receipt = house.ended()
    changed = "UPDATE casework.submission SET fact = jsonb_set(fact, '{quarter}', to_jsonb(%s::text)) WHERE id = %s"
    house.change(changed, quarter_of(datetime.now(UTC).date()), receipt)
    assert dict(forget(house).stays) == {Stays.COUNTED: 1}
