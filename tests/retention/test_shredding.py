"""Bodies go when they may, whole and once; what is open, held or asked for stays, however old it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from service.domain.orders import Because
from service.domain.retention import Keep
from service.errors import NotPossible
from service.ports.orders import Grounds, Officer
from service.store.engine import make_engine
from service.store.orders import OfficerOrderStore
from service.usecases.orders.desk import OrderDesk
from service.usecases.orders.reopen import ask_to_reopen
from tests.retention.conftest import House
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT

GONE = {"payload": 0, "third_party": 0, "sketch": 0}


def trail(house: House, action: str) -> list[dict[str, object]]:
    return rows(house.desk.database, "SELECT * FROM casework.audit WHERE action = %s ORDER BY id", action)


def test_it_goes_after_the_window_and_not_a_day_before(house: House) -> None:
    young, old = house.delivered(days=29), house.delivered(submission_id="OLD", young_person__la_child_id="STK7000001")
    assert house.left(old) == {"payload": 1, "third_party": 1, "sketch": 1}
    assert house.run() == 1
    assert (house.has_body(young), house.has_body(old)) == (True, False)
    assert house.left(old) == GONE
    (kept,) = rows(house.desk.database, "SELECT * FROM casework.submission WHERE id = %s", old)
    assert (kept["sealed_digest"], kept["purge_after"]) == (None, None)
    (told,) = trail(house, "body_shredded")
    assert (told["subject_id"], told["authority"], told["actor"]) == (str(old), STOCKPORT, "purge")
    assert told["detail"] == {"payload": 1, "third_party": 1, "sketch": 1, "days": 30}


def test_done_twice_is_done_once(house: House) -> None:
    house.delivered()
    assert [house.run(), house.run(), house.purger.look()] == [1, 0, 0]
    assert len(trail(house, "body_shredded")) == 1


def test_another_authoritys_body_is_not_touched(house: House) -> None:
    other = house.delivered("rise")
    assert house.run(STOCKPORT) == 0
    assert house.has_body(other)
    assert house.run(SALFORD) == 1


KEEPING: dict[Keep, str] = {
    Keep.UNPROVEN: "UPDATE casework.delivery SET evidence = 'null' WHERE submission_id = %s",
    Keep.HELD: "INSERT INTO casework.hold (id, authority, submission_id, rule, pointer)"
    " SELECT gen_random_uuid(), authority, id, 'T-1', '/x' FROM casework.submission WHERE id = %s",
    Keep.REVIEW_TO_COME: "UPDATE casework.review SET raised_at = NULL, sealed_person = NULL WHERE submission_id = %s",
    Keep.LEGAL_HOLD: "INSERT INTO casework.legal_hold (hold, event, authority, scope, submission_id, reason, by)"
    " SELECT gen_random_uuid(), 'asked', authority, 'submission', id, 'court', 'stk-law-1' FROM casework.submission"
    " WHERE id = %s",
}
OPEN = ["ready", "in_flight", "retry", "unknown", "needs_human"]


def assert_stays(house: House, receipt: UUID, why: Keep) -> None:
    counts = house.purger.run(STOCKPORT)
    assert (counts.shredded, counts.due, dict(counts.keeps)) == (0, 0, {why: 1})
    assert house.has_body(receipt)


@pytest.mark.parametrize("why", KEEPING)
def test_what_has_a_reason_stays(house: House, why: Keep) -> None:
    receipt = house.delivered(days=4000)
    house.change(KEEPING[why], receipt)
    assert_stays(house, receipt, why)


@pytest.mark.parametrize("state", OPEN)
def test_what_is_open_stays(house: House, state: str) -> None:
    receipt = house.delivered(days=4000)
    house.change(
        "UPDATE casework.delivery SET state = %s, delivered_at = NULL, record_number = NULL, document_number = NULL,"
        " may_have_arrived = %s, lease_until = CASE WHEN %s THEN now() END,"
        " held_by = CASE WHEN %s THEN gen_random_uuid() END WHERE submission_id = %s",
        state,
        state not in ("ready", "retry"),
        state == "in_flight",
        state == "in_flight",
        receipt,
    )
    assert_stays(house, receipt, Keep.OPEN)


def test_what_somebody_wants_sent_again_stays(house: House) -> None:
    receipt = house.delivered(days=4000)
    desk = orders(house)
    ask_to_reopen(desk, STOCKPORT, reference(house, receipt), Officer("stk-off-1", "wb-ann"), GROUNDS)
    assert_stays(house, receipt, Keep.REOPENING)


def test_beside_an_open_record_of_the_same_young_person_it_stays(house: House) -> None:
    receipt = house.delivered(days=4000)
    later = house.desk.accept(submission_id="LATER")
    counts = house.purger.run(STOCKPORT)
    assert (counts.shredded, counts.keeps[Keep.SIBLING_OPEN]) == (0, 1)
    assert house.has_body(receipt)
    house.desk.deliver(later)
    assert house.run() == 1
    assert not house.has_body(receipt)


def test_sketches_stay_as_long_as_any_body_of_the_young_person(house: House) -> None:
    first, second = house.delivered(), house.delivered(submission_id="SECOND", days=3)
    assert house.run() == 1
    assert house.left(first) == GONE | {"sketch": 1}
    house.pass_days(second, 30)
    assert house.run() == 1
    assert [house.left(first), house.left(second)] == [GONE, GONE]


def test_without_a_profile_nothing_goes(house: House) -> None:
    with pytest.raises(NotPossible, match="no profile"):
        house.purger.run("E99999999")


def test_a_dry_run_says_it_and_changes_nothing(house: House) -> None:
    due, waiting = house.delivered(), house.delivered(submission_id="W", young_person__la_child_id="STK7000001", days=5)
    counts = house.purger.dry_run(STOCKPORT)
    assert (counts.due, counts.waiting, counts.shredded) == (1, 1, 0)
    assert house.has_body(due) and house.has_body(waiting)
    marks = rows(house.desk.database, "SELECT purge_after FROM casework.submission WHERE purge_after IS NOT NULL")
    assert marks == []


def many(house: House, count: int) -> list[UUID]:
    return [
        house.delivered(submission_id=f"N-{n}", young_person__la_child_id=f"STK{7000000 + n}") for n in range(count)
    ]


def test_several_at_once_shred_each_body_once(house: House) -> None:
    receipts = many(house, 12)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: house.run(), range(4)))
    assert sum(done) == 12
    assert not any(map(house.has_body, receipts))
    assert len(trail(house, "body_shredded")) == 12


def test_stopped_between_the_mark_and_the_shredding_it_is_judged_anew(house: House) -> None:
    held, free = many(house, 2)
    assert house.purger.mark(STOCKPORT).due == 2
    house.change(KEEPING[Keep.LEGAL_HOLD], held)
    assert not house.purger.bodies.shred(STOCKPORT, held, 30)
    assert house.run() == 1
    assert (house.has_body(held), house.has_body(free)) == (True, False)
    marked = rows(house.desk.database, "SELECT id FROM casework.submission WHERE purge_after IS NOT NULL")
    assert marked == []


@pytest.mark.parametrize(
    "at", ["INSERT INTO casework.shredded", "DELETE FROM casework.payload", "INSERT INTO casework.audit"]
)
def test_broken_off_in_the_middle_nothing_of_it_happened(house: House, at: str) -> None:
    receipt = house.delivered()
    engine = make_engine(house.desk.database.url("wise_purge"))

    def cut(connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(at):
            raise ConnectionResetError

    event.listen(engine, "before_cursor_execute", cut)
    broken = House(house.desk, engine, house.config_dir)
    with pytest.raises(ConnectionResetError):
        broken.run()
    engine.dispose()
    assert house.has_body(receipt)
    assert house.left(receipt) == {"payload": 1, "third_party": 1, "sketch": 1}
    assert house.run() == 1
    assert not house.has_body(receipt)


GROUNDS = Grounds(Because.NOT_FOUND_THERE)


def orders(house: House) -> OrderDesk:
    engine = make_engine(house.desk.database.url("wise_intake"))
    house.bridge._closing.append(engine.dispose)
    return OrderDesk(OfficerOrderStore(engine), house.desk.wakeups)


def reference(house: House, receipt: UUID) -> str:
    (found,) = rows(house.desk.database, "SELECT reference FROM casework.delivery WHERE submission_id = %s", receipt)
    return str(found["reference"])


def test_what_was_shredded_is_not_reopened(house: House) -> None:
    receipt = house.delivered()
    assert house.run() == 1
    with pytest.raises(NotPossible, match="was shredded"):
        ask_to_reopen(orders(house), STOCKPORT, reference(house, receipt), Officer("stk-off-1", "wb-ann"), GROUNDS)


def as_role(house: House, role: str, statement: str, *values: object) -> None:
    """One statement, acting for Stockport, with every trigger on."""
    with psycopg.connect(house.desk.database.url(role).replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('wise.authority', %s, true)", [STOCKPORT])
        connection.execute(statement, values)


def test_the_database_lets_no_body_go_that_is_not_noted(house: House) -> None:
    receipt = house.delivered()
    statement = "DELETE FROM casework.payload WHERE submission_id = %s"
    with pytest.raises(psycopg.errors.CheckViolation, match="only once that is noted"):
        as_role(house, "wise_purge", statement, receipt)


NOTE = "INSERT INTO casework.shredded (authority, submission_id, why, days) VALUES (%s, %s, 'test', 0)"


def test_the_database_notes_nothing_open(house: House) -> None:
    delivery = house.desk.accept()
    (found,) = rows(house.desk.database, "SELECT submission_id FROM casework.delivery WHERE id = %s", delivery)
    with pytest.raises(psycopg.errors.CheckViolation, match="what is open is not shredded"):
        as_role(house, "wise_purge", NOTE, STOCKPORT, found["submission_id"])


def test_the_database_notes_nothing_under_a_legal_hold(house: House) -> None:
    receipt = house.delivered()
    house.change(KEEPING[Keep.LEGAL_HOLD], receipt)
    with pytest.raises(psycopg.errors.CheckViolation, match="under a legal hold"):
        as_role(house, "wise_purge", NOTE, STOCKPORT, receipt)


def test_the_database_reopens_nothing_shredded(house: House) -> None:
    """Also with an order that two people gave before it was shredded."""
    receipt = house.delivered()
    house.run()
    house.change(
        "INSERT INTO casework.officer_order (id, authority, action, delivery_id, by, through, reason, approved_by,"
        " approved_through, approved_at) SELECT gen_random_uuid(), authority, 'reopen', id, 'stk-1', 'wb-1',"
        " 'looks_wrong', 'stk-2', 'wb-2', now() FROM casework.delivery WHERE submission_id = %s",
        receipt,
    )
    reopened = "UPDATE casework.delivery SET state = 'unknown', delivered_at = NULL, reason = 'asked_again'"
    with pytest.raises(psycopg.errors.CheckViolation, match="without its body is not sent again"):
        as_role(house, "wise_intake", f"{reopened} WHERE submission_id = %s", receipt)


def test_an_unknown_record_is_no_body(house: House) -> None:
    assert not house.purger.bodies.shred(STOCKPORT, uuid4(), 30)


def test_the_role_reads_nothing_that_is_sealed(house: House) -> None:
    house.delivered()
    for table, column in (("payload", "sealed"), ("third_party", "sealed"), ("sketch", "sketch")):
        with house.engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.exec_driver_sql(f"SELECT {column} FROM casework.{table}")
