"""What was delivered is looked up again only when two people want it; a thousand by mistake make no new record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest

from service.domain.delivery import State
from service.domain.orders import Because
from service.errors import NotPossible, NotThere
from service.ports import ReviewTask
from service.ports.orders import Officer, Order, Wanted
from service.usecases.orders.approve import decide
from service.usecases.orders.reopen import ask_to_reopen
from service.usecases.orders.replay_many import list_many, replay_many
from tests.orders.conftest import ANN, BEN, Office, because
from tests.store.rows import row, rows, superuser
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.fake_case_system import Entry
from tests.support.records import example
from tests.usecases.desk import assert_conserved

GONE = because(Because.NOT_FOUND_THERE)


def delivered(office: Office, **changes: object) -> UUID:
    delivery = office.work.accept(**changes)
    office.work.deliver(delivery)
    assert row(office.work.database, delivery)["state"] == "delivered"
    return delivery


def asked(office: Office, delivery: UUID, by: Officer = ANN) -> Order:
    return ask_to_reopen(office.orders, STOCKPORT, office.reference(delivery), by, GONE)


def test_asking_alone_changes_nothing(office: Office) -> None:
    delivery = delivered(office)
    order = asked(office, delivery)
    assert (order.done_at, order.outcome) == (None, None)
    assert row(office.work.database, delivery)["state"] == "delivered"
    assert asked(office, delivery).id == order.id
    with pytest.raises(NotPossible, match="Another officer has asked"):
        asked(office, delivery, BEN)


def test_a_second_officer_approves_and_it_is_looked_up(office: Office) -> None:
    delivery = delivered(office)
    number = row(office.work.database, delivery)["record_number"]
    order = asked(office, delivery)
    (done,) = decide(office.orders, STOCKPORT, order.id, BEN, approve=True)
    assert (done.outcome, done.approver) == ("unknown", BEN)
    assert done.detail["number_before"] == number
    found = row(office.work.database, delivery)
    assert (found["state"], found["delivered_at"], found["record_number"]) == ("unknown", None, None)
    settled = office.work.deliver(delivery)
    assert settled is not None
    assert (settled.state, settled.record_number) == (State.DELIVERED, number)
    assert office.work.place.called("submit") == 1
    assert_conserved(office.work)
    (again,) = decide(office.orders, STOCKPORT, order.id, BEN, approve=True)
    assert again.outcome == "unknown"
    assert row(office.work.database, delivery)["state"] == "delivered"


def test_what_is_gone_there_is_sent_again_under_the_same_reference(office: Office) -> None:
    delivery = delivered(office)
    reference = office.reference(delivery)
    del office.work.place.filed[reference]
    decide(office.orders, STOCKPORT, asked(office, delivery).id, BEN, approve=True)
    for state in (State.UNKNOWN, State.READY, State.DELIVERED):
        assert office.work.again(delivery).state is state
    assert office.work.place.records(reference) == 1


@pytest.mark.parametrize(
    "second",
    [
        ANN,
        replace(ANN, client="wb-other"),
        replace(ANN, by="STK-OFF-1", client="wb-other"),
        replace(BEN, client="wb-ann"),
    ],
)
def test_the_second_is_another_person_through_another_client(office: Office, second: Officer) -> None:
    delivery = delivered(office)
    order = asked(office, delivery)
    with pytest.raises(NotPossible, match="Who asked for it cannot approve it"):
        decide(office.orders, STOCKPORT, order.id, second, approve=True)
    assert row(office.work.database, delivery)["state"] == "delivered"


def as_the_web_process(office: Office, statement: str, *values: object) -> None:
    with psycopg.connect(office.work.database.url("wise_intake").replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('wise.authority', %s, true)", (STOCKPORT,))
        connection.execute(statement, values)


def test_the_database_wants_two_people_as_well(office: Office) -> None:
    delivery = delivered(office)
    reopen = "UPDATE casework.delivery SET state = 'unknown', delivered_at = NULL WHERE id = %s"
    with pytest.raises(psycopg.errors.CheckViolation, match="two people"):
        as_the_web_process(office, reopen, delivery)
    order = asked(office, delivery)
    with pytest.raises(psycopg.errors.CheckViolation, match="two people"):
        as_the_web_process(office, reopen, delivery)
    for by, through in (("stk-off-1", "wb-ben"), (" STK-off-1", "wb-ben"), ("stk-off-2", "wb-ann")):
        approve = "UPDATE casework.officer_order SET approved_by = %s, approved_through = %s, approved_at = now()"
        with pytest.raises(psycopg.errors.CheckViolation, match="two_"):
            as_the_web_process(office, f"{approve} WHERE id = %s", by, through, order.id)


def test_no_is_said_by_anybody_and_is_an_end(office: Office) -> None:
    delivery = delivered(office)
    order = asked(office, delivery)
    (declined,) = decide(office.orders, STOCKPORT, order.id, ANN, approve=False)
    assert (declined.outcome, declined.approver) == ("declined", None)
    (still,) = decide(office.orders, STOCKPORT, order.id, BEN, approve=True)
    assert still.outcome == "declined"
    assert row(office.work.database, delivery)["state"] == "delivered"
    assert asked(office, delivery).id != order.id


def test_what_was_asked_long_ago_is_asked_again(office: Office) -> None:
    delivery = delivered(office)
    order = asked(office, delivery)
    superuser(office.work.database).execute("UPDATE casework.officer_order SET asked_at = now() - interval '8 days'")
    with pytest.raises(NotPossible, match="Ask again"):
        decide(office.orders, STOCKPORT, order.id, BEN, approve=True)
    assert asked(office, delivery, BEN).id != order.id


def test_an_order_of_another_authority_is_missing(office: Office) -> None:
    order = asked(office, delivered(office))
    for authority, number in ((SALFORD, order.id), (STOCKPORT, uuid4())):
        with pytest.raises(NotThere):
            decide(office.orders, authority, number, BEN, approve=True)


def test_a_record_that_was_withdrawn_or_corrected_is_not_reopened(office: Office) -> None:
    record = example("wise")
    delivery = delivered(office)
    order = asked(office, delivery)
    office.work.accept(
        submission_id="c-1", submission_kind="correction", supersedes_submission_id=record["submission_id"]
    )
    with pytest.raises(NotPossible, match="A correction took its place"):
        asked(office, delivery)
    (done,) = decide(office.orders, STOCKPORT, order.id, BEN, approve=True)
    assert done.outcome == "refused"
    assert row(office.work.database, delivery)["state"] == "delivered"


THOUSAND = """
WITH made AS (
  INSERT INTO casework.submission (id, authority, sender_ref, client_id, record_type, kind, schema_version,
    template_version, content_digest, child_key, completed_on, warnings)
  SELECT gen_random_uuid(), 'E08000007', 'many-' || n, 'test', 'wise_assessment', 'new', '1.0', '1', 'd',
    decode(lpad(n::text, 8, '0'), 'escape'), '2026-09-14', '[]' FROM generate_series(1, 1000) AS n
  RETURNING id, child_key, sender_ref)
INSERT INTO casework.delivery (id, authority, kind, submission_id, reference, child_key, state, reason, attempts, fence,
  may_have_arrived, first_sent_at, connector, connector_version, profile_digest, record_number, delivered_at)
SELECT gen_random_uuid(), 'E08000007', 'record', id, 'WB-' || upper(sender_ref), child_key, 'delivered', 'waiting', 1,
  1, true, now(), 'mosaic', '1', 'p', 'R-' || sender_ref, now() FROM made
"""


def test_a_thousand_replayed_by_mistake_make_no_new_record_and_a_thousand_entries(office: Office) -> None:
    """Promise 16."""
    superuser(office.work.database).execute(THOUSAND)
    numbers = rows(office.work.database, "SELECT reference, record_number FROM casework.delivery")
    place = office.work.place
    for count, each in enumerate(numbers, 1):
        task = ReviewTask(each["reference"], STOCKPORT, "-", date(2026, 9, 14))
        place.filed[each["reference"]] = [Entry(task, count, each["record_number"])]
    wanted = Wanted(states=(State.DELIVERED,))
    listed = list_many(office.orders, STOCKPORT, wanted, 1000)
    assert (len(listed.listed), listed.matching) == (1000, 1000)
    done = replay_many(office.orders, STOCKPORT, wanted, ANN, GONE, limit=1000, expect=listed.digest)
    assert done.batch is not None
    (still,) = rows(office.work.database, "SELECT count(*) AS n FROM casework.delivery WHERE state = 'delivered'")
    assert still["n"] == 1000
    assert len(decide(office.orders, STOCKPORT, done.batch, BEN, approve=True)) == 1000
    office.work.lanes[STOCKPORT] = replace(office.work.lanes[STOCKPORT], in_flight_max=1000)
    claims = office.work.deliverer.claim(STOCKPORT, 1000)
    assert len(claims) == 1000
    for claim in claims:
        office.work.deliverer.work(claim)
    after = rows(
        office.work.database, "SELECT reference, record_number FROM casework.delivery WHERE state = 'delivered'"
    )
    assert sorted(map(str, after)) == sorted(map(str, numbers))
    assert place.called("submit") == 0
    assert sum(map(place.records, place.filed)) == 1000
    entries = rows(office.work.database, "SELECT subject_id FROM casework.audit WHERE action = 'delivery_reopened'")
    assert len(entries) == len({each["subject_id"] for each in entries}) == 1000
