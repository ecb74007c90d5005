"""One delivery held, replayed, superseded, cancelled, marked as delivered: by the table, once, and in the trail."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest

from service.domain.delivery import Reason, State
from service.domain.faults import Fault, Findings
from service.domain.orders import Action, Because
from service.errors import Invalid, NotPossible, NotThere
from service.ports import Ability
from service.ports.orders import Item, Seen
from service.usecases.orders.cancel import cancel
from service.usecases.orders.evidence import mark_delivered
from service.usecases.orders.hold import hold
from service.usecases.orders.look import inspect
from service.usecases.orders.replay import replay
from service.usecases.orders.supersede import supersede
from tests.orders.conftest import ANN, BEN, Office, because
from tests.store.rows import change, row, rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.fake_case_system import Place, Told
from tests.support.records import example
from tests.usecases.desk import QUIET, assert_conserved

SEEN = Seen("2026-004711", "D-9", "stk-admin-1", "2026-11-20T10:00:00+00:00")
PUT_RIGHT = because(Because.PUT_RIGHT)


def refused(office: Office, reason: Reason = Reason.CONTENT_REFUSED) -> UUID:
    """A record that the case system did not want; nothing of it is there for certain is not known."""
    delivery = office.work.accept()
    office.work.place.refusal = reason
    office.work.place.tell("verify_person", Told.REFUSED)
    office.work.deliver(delivery)
    assert row(office.work.database, delivery)["state"] == "needs_human"
    return delivery


def doubtful(office: Office) -> UUID:
    """Something may have arrived, and the case system then refuses to say: for a person."""
    delivery = office.work.accept()
    office.work.place.tell("submit", Told.LOST_REPLY)
    office.work.deliver(delivery)
    office.work.place.refusal = Reason.CONTRADICTION
    office.work.place.tell("look_up", Told.REFUSED)
    office.work.again(delivery)
    found = row(office.work.database, delivery)
    assert (found["state"], found["may_have_arrived"]) == ("needs_human", True)
    return delivery


def blind(office: Office) -> UUID:
    """Something may have arrived where nobody can be asked."""
    office.work.use(Place(abilities=frozenset(Ability) - {Ability.LOOKS_UP}))
    delivery = office.work.accept()
    office.work.place.tell("submit", Told.LOST_REQUEST)
    office.work.deliver(delivery)
    office.work.again(delivery)
    found = row(office.work.database, delivery)
    assert (found["state"], found["reason"], found["may_have_arrived"]) == ("needs_human", "not_supported", True)
    return delivery


def trail(office: Office, action: str) -> list[dict[str, object]]:
    found = rows(office.work.database, "SELECT * FROM casework.audit WHERE action = %s ORDER BY id", action)
    return [each["detail"] | {"actor": each["actor"], "about": each["subject_id"]} for each in found]


def test_a_held_delivery_waits_until_it_is_replayed(office: Office) -> None:
    delivery = office.work.accept()
    reference = office.reference(delivery)
    held = hold(office.orders, STOCKPORT, reference, ANN, because(Because.ASKED_FOR, "SD-1204"))
    assert (held.state, held.reason) == (State.NEEDS_HUMAN, Reason.HELD_BY_OFFICER)
    assert office.work.due() == set()
    let_go = replay(office.orders, STOCKPORT, reference, ANN, because(Because.SETTLED))
    assert (let_go.state, let_go.reason) == (State.READY, Reason.WAITING)
    assert office.wakeups.lanes[-1] == STOCKPORT
    settled = office.work.deliver(delivery)
    assert settled is not None
    assert settled.state is State.DELIVERED
    assert_conserved(office.work)


def test_who_why_and_what_came_of_it_stand_in_the_order_and_in_the_trail(office: Office) -> None:
    delivery = office.work.accept()
    hold(office.orders, STOCKPORT, office.reference(delivery), ANN, because(Because.ASKED_FOR, "SD-1204"))
    (order,) = inspect(office.orders, STOCKPORT, office.reference(delivery)).orders
    assert (order.action, order.officer, order.outcome) == (Action.HOLD, ANN, "needs_human")
    assert (order.grounds.because, order.grounds.ticket) == (Because.ASKED_FOR, "SD-1204")
    (entry,) = trail(office, "delivery_held")
    assert entry["actor"] == "client:wb-ann"
    assert entry["about"] == str(delivery)
    assert (entry["by"], entry["because"], entry["ticket"]) == ("stk-off-1", "asked_for", "SD-1204")
    assert (entry["order"], entry["before"], entry["after"]) == (str(order.id), "ready", "needs_human")


def test_what_may_have_arrived_is_looked_up_before_it_is_sent_again(office: Office) -> None:
    delivery = doubtful(office)
    replayed = replay(office.orders, STOCKPORT, office.reference(delivery), ANN, PUT_RIGHT)
    assert (replayed.state, replayed.may_have_arrived) == (State.UNKNOWN, True)
    settled = office.work.deliver(delivery)
    assert settled is not None
    assert settled.state is State.DELIVERED
    assert office.work.place.called("submit") == 1
    assert_conserved(office.work)


def test_a_replay_of_what_is_not_there_sends_it_under_the_same_reference(office: Office) -> None:
    office.work.place.tell("submit", Told.LOST_REQUEST)
    delivery = office.work.accept()
    office.work.deliver(delivery)
    reference = office.reference(delivery)
    hold(office.orders, STOCKPORT, reference, ANN, because(Because.LOOKS_WRONG))
    assert replay(office.orders, STOCKPORT, reference, ANN, PUT_RIGHT).state is State.UNKNOWN
    for state in (State.UNKNOWN, State.READY, State.DELIVERED):  # asked twice, a quiet period apart
        assert office.work.again(delivery).state is state
    assert office.work.place.records(reference) == 1
    assert QUIET > 0


def test_a_replay_wipes_the_slate(office: Office) -> None:
    delivery = refused(office, Reason.PERSON_NOT_FOUND)
    change(office.work.database, delivery, "failures = 7, lapses = 5, deaths = 2, note = 'x'")
    replay(office.orders, STOCKPORT, office.reference(delivery), ANN, PUT_RIGHT)
    found = row(office.work.database, delivery)
    assert (found["failures"], found["lapses"], found["deaths"], found["note"]) == (0, 0, 0, "")
    assert office.work.deliver(delivery) is not None
    assert row(office.work.database, delivery)["state"] == "delivered"


@pytest.mark.parametrize("verb", [hold, cancel])
def test_asked_twice_it_is_done_once(office: Office, verb: Callable[..., Item]) -> None:
    delivery = office.work.accept()
    why = because(Because.ASKED_FOR)
    first, second = (verb(office.orders, STOCKPORT, office.reference(delivery), ANN, why) for _ in range(2))
    assert first.state is second.state
    assert len(rows(office.work.database, "SELECT FROM casework.officer_order")) == 1
    action = {"hold": "delivery_held", "cancel": "delivery_cancelled"}[verb.__name__]
    assert len(trail(office, action)) == 1


def test_the_refusal_is_the_tables_sentence(office: Office) -> None:
    delivery = office.work.accept()
    reference = office.reference(delivery)
    with pytest.raises(NotPossible, match="It waits its turn and needs no help"):
        replay(office.orders, STOCKPORT, reference, ANN, PUT_RIGHT)
    office.work.deliver(delivery)
    for verb in (hold, cancel):
        with pytest.raises(NotPossible, match="It was delivered"):
            verb(office.orders, STOCKPORT, reference, ANN, because(Because.ASKED_FOR))
    assert rows(office.work.database, "SELECT FROM casework.officer_order") == []


def test_what_a_worker_holds_is_left_to_it(office: Office) -> None:
    delivery = office.work.accept()
    assert office.work.claim(delivery, STOCKPORT)
    for verb in (hold, cancel, replay):
        with pytest.raises(NotPossible, match="A worker is at it"):
            verb(office.orders, STOCKPORT, office.reference(delivery), ANN, because(Because.ASKED_FOR))


def test_what_is_another_authoritys_is_missing(office: Office) -> None:
    reference = office.reference(office.work.accept())
    told = []
    for authority, name in ((SALFORD, reference), (STOCKPORT, "WB-NONE")):
        with pytest.raises(NotThere) as problem:
            hold(office.orders, authority, name, ANN, because(Because.ASKED_FOR))
        told.append(problem.value.detail)
    assert told[0] == told[1]


def test_marked_as_delivered_with_what_was_seen(office: Office) -> None:
    delivery = doubtful(office)
    done = mark_delivered(
        office.orders, STOCKPORT, office.reference(delivery), ANN, because(Because.SEEN_THERE), seen=SEEN
    )
    assert (done.state, done.record_number, done.document_number) == (State.DELIVERED, "2026-004711", "D-9")
    found = row(office.work.database, delivery)
    assert found["evidence"]["seen_by"] == "stk-admin-1"
    assert found["evidence"]["seen_at"] == "2026-11-20T10:00:00+00:00"
    assert found["delivered_at"] is not None
    (entry,) = trail(office, "delivery_evidenced")
    assert entry["after"] == "delivered"


def test_two_young_people_never_have_one_number(office: Office) -> None:
    first = refused(office)
    mark_delivered(office.orders, STOCKPORT, office.reference(first), ANN, because(Because.SEEN_THERE), seen=SEEN)
    office.work.place.tell("verify_person", Told.REFUSED)
    second = office.work.accept(submission_id="second", young_person__la_child_id="STK0000418")
    office.work.deliver(second)
    with pytest.raises(Invalid) as problem:
        mark_delivered(office.orders, STOCKPORT, office.reference(second), ANN, because(Because.SEEN_THERE), seen=SEEN)
    assert problem.value.faults[0].pointer == "/record_number"
    assert row(office.work.database, second)["state"] == "needs_human"


def test_what_may_be_there_is_not_set_aside_before_somebody_looked(office: Office) -> None:
    reference = office.reference(doubtful(office))
    with pytest.raises(NotPossible, match="Look there first"):
        cancel(office.orders, STOCKPORT, reference, ANN, because(Because.NOT_NEEDED))
    done = cancel(office.orders, STOCKPORT, reference, ANN, because(Because.NOT_NEEDED), not_there=True)
    assert done.state is State.CANCELLED


def test_where_nobody_can_be_asked_a_person_looks_and_it_goes_again(office: Office) -> None:
    delivery = blind(office)
    reference = office.reference(delivery)
    sent = replay(office.orders, STOCKPORT, reference, ANN, because(Because.NOT_FOUND_THERE), not_there=True)
    assert (sent.state, sent.may_have_arrived) == (State.READY, False)
    office.work.deliver(delivery)
    assert row(office.work.database, delivery)["state"] == "delivered"
    assert office.work.place.records(reference) == 1


def test_where_the_case_system_can_be_asked_a_person_does_not_answer_for_it(office: Office) -> None:
    reference = office.reference(doubtful(office))
    with pytest.raises(NotPossible, match="can be asked"):
        replay(office.orders, STOCKPORT, reference, ANN, because(Because.NOT_FOUND_THERE), not_there=True)


def test_a_training_hold_is_released_and_not_replayed(office: Office) -> None:

    findings = Findings(holds=(Fault("/assessor", "T1", "d", "f"),))
    receipt = office.work.receive(example("wise"), findings).receipt_id
    reference = office.reference(office.work.delivery_of(receipt))
    with pytest.raises(NotPossible, match="Release the hold"):
        replay(office.orders, STOCKPORT, reference, ANN, PUT_RIGHT)


def test_only_a_correction_supersedes(office: Office) -> None:
    delivery = doubtful(office)
    reference, why = office.reference(delivery), because(Because.CORRECTED)
    with pytest.raises(NotPossible, match="No correction names this record"):
        supersede(office.orders, STOCKPORT, reference, ANN, why, not_there=True)
    record = example("wise")
    correction = office.work.accept(
        submission_id="c-1", submission_kind="correction", supersedes_submission_id=record["submission_id"]
    )
    assert office.item(delivery).corrected
    assert office.item(correction).behind == reference
    assert supersede(office.orders, STOCKPORT, reference, ANN, why, not_there=True).state is State.SUPERSEDED
    assert office.item(correction).behind is None
    assert office.work.deliver(correction) is not None


def as_the_web_process(office: Office, delivery: UUID, assignments: str) -> None:
    url = office.work.database.url("wise_intake").replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('wise.authority', %s, true)", (STOCKPORT,))
        connection.execute(f"UPDATE casework.delivery SET {assignments} WHERE id = %s", (delivery,))


def test_the_database_itself_wants_the_order(office: Office) -> None:
    """A web process that was taken over still cannot say that something was delivered, or send it twice."""
    delivery = doubtful(office)
    delivered = "state = 'delivered', record_number = '1', delivered_at = now()"
    with pytest.raises(psycopg.errors.CheckViolation, match="without the evidence"):
        as_the_web_process(office, delivery, delivered)
    with pytest.raises(psycopg.errors.CheckViolation, match="looked up"):
        as_the_web_process(office, delivery, "state = 'ready', may_have_arrived = false")


def test_only_the_worker_says_how_its_attempt_ended(office: Office) -> None:
    delivery = office.work.accept()
    assert office.work.claim(delivery, STOCKPORT)
    with pytest.raises(psycopg.errors.CheckViolation, match="only the worker"):
        as_the_web_process(office, delivery, "state = 'needs_human'")


@pytest.mark.parametrize(
    "change",
    ["by = 'x'", "reason = 'x'", "done_at = NULL, outcome = NULL", "outcome = 'cancelled'", "approved_by = 'x'"],
)
def test_an_order_is_kept_as_it_was_given(office: Office, change: str) -> None:
    hold(office.orders, STOCKPORT, office.reference(office.work.accept()), ANN, because(Because.ASKED_FOR))
    with office.work.database.as_admin() as admin, pytest.raises(psycopg.errors.CheckViolation):
        admin.execute(f"UPDATE casework.officer_order SET {change}")
    for statement in ("DELETE FROM casework.officer_order", "TRUNCATE casework.officer_order"):
        with office.work.database.as_admin() as admin, pytest.raises(psycopg.errors.CheckViolation, match="is kept"):
            admin.execute(statement)


def test_inspected_without_opening_anything(office: Office) -> None:
    first = doubtful(office)
    second = office.work.accept(submission_id="second")
    found = inspect(office.orders, STOCKPORT, office.reference(first))
    assert [(each.number, each.phase, each.outcome) for each in found.tries] == [
        (1, "ended", "unknown"),
        (2, "ended", "needs_human"),
    ]
    assert found.item.connector == "mosaic"
    assert found.item.profile_digest == office.work.lanes[STOCKPORT].adapter.profile_digest
    possible = {action for action, judged in found.can.items() if hasattr(judged, "after")}
    assert possible == {Action.REPLAY, Action.EVIDENCE}
    assert inspect(office.orders, STOCKPORT, office.reference(second)).item.behind == office.reference(first)
    assert BEN != ANN


def test_eight_at_once_are_one_order(office: Office) -> None:
    delivery = office.work.accept()
    reference = office.reference(delivery)

    def ask(_: int) -> State:
        return hold(office.orders, STOCKPORT, reference, ANN, because(Because.ASKED_FOR)).state

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {State.NEEDS_HUMAN}
    assert len(rows(office.work.database, "SELECT FROM casework.officer_order")) == 1
    assert len(trail(office, "delivery_held")) == 1
