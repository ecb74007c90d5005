"""Telling: signed, thin, at least once under one id, and nobody holds up anybody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.domain.delivery import Reason, State
from service.domain.webhooks import REFUSALS_MAX, PausedFor
from service.errors import NotPossible, Unavailable
from service.ports import NewDelivery, Settlement
from service.ports.webhooks import Answer
from service.tasks.beside import beside
from service.usecases.each import SomeFailedError
from tests.store.rows import actions, claimed, record, rows, settle, superuser
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.refusing import refusing
from tests.support.waiting import eventually
from tests.webhooks.receiver import Receiver
from tests.webhooks.scene import Scene, listen

UNKNOWN = Settlement(State.UNKNOWN, Reason.AWAITING_RECEIPT, may_have_arrived=True)
PERSON = Settlement(State.NEEDS_HUMAN, Reason.DOB_MISMATCH)
RETRY = Settlement(State.RETRY, Reason.UNAVAILABLE)


def test_a_delivery_is_told_with_ids_and_states_alone(scene: Scene) -> None:
    delivery = scene.delivered()
    assert scene.teller.look() == 1
    (heard,) = scene.receiver.heard
    assert heard.message == {
        "type": "delivery.delivered",
        "timestamp": heard.message["timestamp"],
        "data": {
            "receipt_id": str(delivery.submission_id),
            "reference": delivery.reference,
            "kind": "record",
            "state": "delivered",
            "reason": None,
        },
    }
    assert heard.signed_by(scene.secret)
    assert heard.path == "/hooks/stockport?key=in-the-address"
    assert heard.headers["content-type"] == "application/json"
    assert abs(int(heard.headers["webhook-timestamp"]) - time.time()) < 10
    assert scene.teller.look() == 0


@pytest.mark.parametrize(
    ("settlement", "kind", "reason"),
    [
        (PERSON, "delivery.needs_human", "dob_mismatch"),
        (UNKNOWN, "delivery.unknown", "awaiting_receipt"),
    ],
)
def test_what_needs_somebody_is_told_with_its_reason(
    scene: Scene, settlement: Settlement, kind: str, reason: str
) -> None:
    settle(scene.store, claimed(scene.store, record(scene.intake).id), settlement)
    scene.teller.look()
    (heard,) = scene.receiver.heard
    assert heard.signed_by(scene.secret)
    assert (heard.message["type"], heard.message["data"]["reason"]) == (kind, reason)


@pytest.mark.parametrize("state", ["superseded", "cancelled"])
def test_what_is_set_aside_is_told(scene: Scene, state: str) -> None:
    delivery = record(scene.intake)
    with scene.intake.transaction(STOCKPORT) as tx:
        assert tx.deliveries.set_aside(delivery.id, State(state))
    scene.teller.look()
    assert scene.receiver.messages == [(f"delivery.{state}", delivery.reference)]


@pytest.mark.parametrize("failing", [STOCKPORT, SALFORD])
def test_an_authority_that_fails_keeps_no_others_systems_from_being_told(
    scene: Scene, receivers: Callable[[], Receiver], failing: str
) -> None:
    abroad = receivers()
    listen(scene.desk, abroad, SALFORD)
    for authority, child in ((STOCKPORT, b"1"), (SALFORD, b"2")):
        held = claimed(scene.store, record(scene.intake, authority, child).id, authority)
        settle(scene.store, held, PERSON)
    with refusing(scene.database, "webhook", failing), pytest.raises(SomeFailedError) as caught:
        scene.teller.look()
    assert list(caught.value.failed) == [failing]
    assert [len(scene.receiver.heard), len(abroad.heard)] == ([0, 1] if failing == STOCKPORT else [1, 0])


def test_waiting_and_being_sent_are_the_bridges_own_business(scene: Scene) -> None:
    settle(scene.store, claimed(scene.store, record(scene.intake).id), RETRY)
    scene.teller.look()
    assert scene.receiver.heard == []


def test_looking_up_again_and_again_is_told_once(scene: Scene) -> None:
    delivery = record(scene.intake)
    for _ in range(3):
        settle(scene.store, claimed(scene.store, delivery.id), UNKNOWN)
        scene.teller.look()
    settle(scene.store, claimed(scene.store, delivery.id), replace(UNKNOWN, reason=Reason.RECEIPT_OVERDUE))
    scene.teller.look()
    settle(scene.store, claimed(scene.store, delivery.id))
    scene.teller.look()
    assert [each.message["data"]["reason"] for each in scene.receiver.heard] == [
        "awaiting_receipt",
        "receipt_overdue",
        None,
    ]


def test_needing_a_person_again_is_told_again(scene: Scene) -> None:
    delivery = record(scene.intake)
    for _ in range(2):
        settle(scene.store, claimed(scene.store, delivery.id), PERSON)
        scene.teller.look()
        with scene.store.transaction(STOCKPORT) as tx:
            tx.deliveries.release(delivery.id)
    assert scene.receiver.messages == [("delivery.needs_human", delivery.reference)] * 2
    assert len({each.id for each in scene.receiver.heard}) == 2


def test_another_authority_is_told_nothing_of_it(scene: Scene, receivers: Callable[[], Receiver]) -> None:
    other = receivers()
    listen(scene.desk, other, SALFORD)
    scene.delivered()
    scene.teller.look()
    assert other.heard == []


def test_nothing_from_before_it_was_made_is_told(scene: Scene, receivers: Callable[[], Receiver]) -> None:
    later = receivers()
    scene.delivered()
    listen(scene.desk, later)
    after = scene.delivered(b"2")
    scene.teller.look()
    assert later.messages == [("delivery.delivered", after.reference)]


def test_one_that_is_away_is_told_later_under_the_same_id(scene: Scene) -> None:
    scene.delivered()
    scene.receiver.says(503)
    for _ in range(3):
        scene.teller.look()
        assert scene.teller.look() == 0  # it is left alone for a while
        scene.time_passes()
    assert scene.endpoint.failures == 3
    scene.receiver.says(200)
    scene.teller.look()
    assert len(scene.receiver.heard) == 4
    assert len({(each.id, each.body) for each in scene.receiver.heard}) == 1
    assert all(each.signed_by(scene.secret) for each in scene.receiver.heard)
    assert (scene.endpoint.failures, scene.endpoint.failing_since, scene.endpoint.waiting) == (0, None, 0)


def test_an_address_that_is_away_is_tried_with_one_message_and_not_with_each(scene: Scene) -> None:
    made = [scene.delivered(bytes([n])) for n in range(5)]
    scene.receiver.says(500)
    scene.teller.look()
    assert len(scene.receiver.heard) == 1
    scene.receiver.says(204)
    scene.time_passes()
    scene.teller.look()
    assert scene.receiver.messages[1:] == [("delivery.delivered", each.reference) for each in made]


def test_one_message_that_is_refused_does_not_hold_up_the_others(scene: Scene) -> None:
    refused, *others = [scene.delivered(bytes([n])) for n in range(3)]
    scene.receiver.answer = lambda heard: (400 if refused.reference.encode() in heard.body else 200, {}, b"")
    scene.teller.look()
    assert [reference for _, reference in scene.receiver.messages] == [
        refused.reference,
        *[each.reference for each in others],
    ]
    assert scene.endpoint.failing_since is None
    assert scene.endpoint.waiting == 1
    scene.time_passes("4 days")
    scene.teller.look()
    assert (scene.endpoint.paused_for, scene.endpoint.waiting) == (None, 1)


def refuse(scene: Scene, *refused: NewDelivery, tries: int = REFUSALS_MAX) -> None:
    """Tried so many times, an hour apart."""
    references = [each.reference.encode() for each in refused]
    scene.receiver.answer = lambda heard: (413 if any(each in heard.body for each in references) else 200, {}, b"")
    for _ in range(tries):
        scene.teller.look()
        scene.time_passes()


def test_a_message_that_is_refused_again_and_again_is_given_up_and_the_others_go_on(scene: Scene) -> None:
    refused, taken = scene.delivered(b"1"), scene.delivered(b"2")
    refuse(scene, refused, tries=REFUSALS_MAX - 1)
    assert (scene.endpoint.waiting, scene.endpoint.given_up, scene.endpoint.given_up_answer) == (1, 0, None)
    refuse(scene, refused, tries=1)
    view = scene.endpoint
    assert (view.paused_for, view.waiting, view.given_up, view.given_up_answer) == (None, 0, 1, "413")
    (noted,) = rows(scene.database, "SELECT detail FROM casework.audit WHERE action = 'webhook_message_given_up'")
    assert noted["detail"] == {"message": scene.receiver.heard[0].id, "answer": "413"}
    later = scene.delivered(b"3")
    scene.receiver.heard.clear()
    refuse(scene, refused)
    assert scene.receiver.messages == [("delivery.delivered", later.reference)]
    assert taken.reference != later.reference


def test_the_only_message_there_is_is_given_up_too(scene: Scene) -> None:
    refuse(scene, scene.delivered())
    assert (scene.endpoint.given_up, scene.endpoint.paused_for) == (1, None)


def test_one_that_refuses_whatever_it_is_sent_is_paused_and_nothing_is_given_up(scene: Scene) -> None:
    refuse(scene, scene.delivered(b"1"), scene.delivered(b"2"), tries=71)
    assert (scene.endpoint.paused_for, scene.endpoint.given_up) == (None, 0)
    scene.time_passes()
    scene.teller.look()
    assert (scene.endpoint.paused_for, scene.endpoint.given_up, scene.endpoint.waiting) == (
        PausedFor.NOT_ANSWERING,
        0,
        2,
    )
    assert actions(scene.database)[-1] == "webhook_paused"


def test_what_was_given_up_is_told_again_when_somebody_lets_it_go_on(scene: Scene) -> None:
    refused = scene.delivered()
    refuse(scene, refused)
    scene.receiver.says(200)
    scene.receiver.heard.clear()
    assert scene.teller.look() == 0
    scene.desk.resume(STOCKPORT, 1, by="stk-int-1")
    scene.teller.look()
    assert scene.receiver.messages == [("delivery.delivered", refused.reference)]
    assert (scene.endpoint.given_up, scene.endpoint.waiting) == (0, 0)
    with pytest.raises(NotPossible):
        scene.desk.resume(STOCKPORT, 1, by="stk-int-1")


def test_what_was_given_up_is_forgotten_in_the_end(scene: Scene) -> None:
    refuse(scene, scene.delivered())
    scene.time_passes("13 days")
    assert (scene.teller.forget(), scene.endpoint.given_up) == (0, 1)
    scene.time_passes("1 day")
    assert (scene.teller.forget(), scene.endpoint.given_up) == (1, 0)


def test_after_three_days_it_is_paused_and_nothing_is_lost(scene: Scene) -> None:
    first = scene.delivered()
    scene.receiver.says(404)
    scene.teller.look()
    scene.time_passes("71 hours")
    scene.teller.look()
    assert scene.endpoint.paused_for is None
    scene.time_passes("1 hour")
    scene.teller.look()
    assert (scene.endpoint.paused_for, scene.endpoint.paused_by) == (PausedFor.NOT_ANSWERING, "bridge")
    assert actions(scene.database)[-1] == "webhook_paused"
    scene.receiver.heard.clear()
    second = scene.delivered(b"2")
    scene.time_passes("30 days")
    assert scene.teller.look() == 0
    scene.receiver.says(200)
    scene.desk.resume(STOCKPORT, 1, by="stk-int-1")
    scene.teller.look()
    assert scene.receiver.messages == [("delivery.delivered", each.reference) for each in (first, second)]


def test_gone_is_believed(scene: Scene) -> None:
    scene.delivered()
    scene.receiver.says(410)
    scene.teller.look()
    scene.time_passes()
    assert scene.teller.look() == 0
    assert scene.endpoint.paused_for is PausedFor.GONE
    assert len(scene.receiver.heard) == 1
    (noted,) = rows(scene.database, "SELECT actor, detail FROM casework.audit WHERE action = 'webhook_paused'")
    assert noted == {"actor": "bridge", "detail": {"reason": "gone"}}


def test_it_waits_as_long_as_it_is_asked_to_but_not_for_ever(scene: Scene) -> None:
    scene.delivered()
    for asked, least, most in (("600", 590, 601), ("999999", 800, 3601)):
        scene.receiver.says(429, Retry_After=asked)
        scene.teller.look()
        query = "SELECT extract(epoch FROM quiet_until - now())::int AS left FROM casework.webhook"
        (waits,) = rows(scene.database, query)
        assert least < waits["left"] < most
        scene.time_passes()


def test_a_redirect_is_not_followed(scene: Scene, receivers: Callable[[], Receiver]) -> None:
    elsewhere = receivers()
    scene.receiver.says(307, Location=elsewhere.url)
    scene.delivered()
    scene.teller.look()
    assert elsewhere.heard == []
    assert scene.endpoint.failures == 1


def test_an_answer_is_not_read_however_long_it_is(scene: Scene) -> None:
    scene.receiver.answer = lambda _heard: (
        200,
        {"Content-Type": "application/json", "Content-Length": "1" + "0" * 12},
        b"{",
    )
    scene.delivered()
    scene.teller.look()
    assert scene.endpoint.waiting == 0


def test_a_worker_that_ends_between_sending_and_noting_it_leaves_it_to_be_told_again(scene: Scene) -> None:
    scene.delivered()
    post = scene.teller.post

    class Ended(BaseException):
        pass

    def and_ends(*args: Any) -> Answer:
        post(*args)
        raise Ended

    with pytest.raises(Ended):
        replace(scene.teller, post=and_ends).look()
    assert scene.teller.look() == 0  # while its lease lasts, nobody else is at this address
    scene.time_passes()
    scene.teller.look()
    assert len(scene.receiver.heard) == 2
    assert len({each.id for each in scene.receiver.heard}) == 1


def test_the_place_in_the_feed_and_the_messages_are_written_together_or_not_at_all(scene: Scene) -> None:
    """The database goes away while they are written: what was read is read again."""
    delivery = scene.delivered()
    admin = superuser(scene.database)
    admin.execute("SET session_replication_role = DEFAULT")
    admin.execute(
        "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$;"
        " CREATE TRIGGER away BEFORE UPDATE OF changed_in ON casework.webhook FOR EACH ROW EXECUTE FUNCTION away()"
    )
    try:
        with pytest.raises(SomeFailedError) as caught:
            scene.teller.look()
    finally:
        admin.execute("DROP TRIGGER away ON casework.webhook; DROP FUNCTION away()")
        admin.execute("SET session_replication_role = replica")
    assert [type(each) for each in caught.value.failed.values()] == [Unavailable]
    assert rows(scene.database, "SELECT FROM casework.webhook_message") == []
    scene.time_passes()
    scene.teller.look()
    assert scene.receiver.messages == [("delivery.delivered", delivery.reference)]


def test_two_workers_are_never_at_one_address_together(scene: Scene) -> None:
    for n in range(6):
        scene.delivered(bytes([n]))
    scene.receiver.delay = 0.05
    workers = [threading.Thread(target=scene.teller.look) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len({each.id for each in scene.receiver.heard}) == len(scene.receiver.heard) == 6


def test_a_slow_receiver_holds_up_no_other_and_not_the_one_who_looks(
    scene: Scene, receivers: Callable[[], Receiver]
) -> None:
    quick = receivers()
    listen(scene.desk, quick)
    let_go = threading.Event()
    scene.receiver.answer = lambda _heard: (let_go.wait() and 204, {}, b"")
    scene.delivered()
    try:
        assert replace(scene.teller, beside=beside).look() == 2
        eventually(lambda: quick.heard and scene.receiver.heard)
        assert any(each.waiting for each in scene.desk.every(STOCKPORT))
    finally:
        let_go.set()
    eventually(lambda: all(each.waiting == 0 for each in scene.desk.every(STOCKPORT)))


def test_what_changes_while_it_is_away_takes_no_more_than_its_room(scene: Scene) -> None:
    """The rest waits in the feed. In the end all is told, in order."""
    delivery = record(scene.intake)
    superuser(scene.database).execute(
        "INSERT INTO casework.delivery (id, authority, kind, submission_id, reference, child_key, state, reason)"
        " SELECT gen_random_uuid(), %s, 'record', %s, 'WB-' || n, 'c', 'cancelled', 'waiting'"
        " FROM generate_series(1, 450) n",
        (STOCKPORT, delivery.submission_id),
    )
    scene.receiver.says(503)
    scene.teller.look()
    assert 0 < scene.endpoint.waiting <= 200  # as docs/webhooks.md says
    scene.time_passes()
    scene.teller.look()
    assert 0 < scene.endpoint.waiting <= 200  # as docs/webhooks.md says
    scene.receiver.says(200)
    scene.receiver.heard.clear()
    wanted = {f"WB-{n}" for n in range(1, 451)}
    for _ in range(10):  # a busy machine tells fewer of them in one look
        scene.time_passes()
        scene.teller.look()
        if {reference for _, reference in scene.receiver.messages} == wanted:
            break
    assert {reference for _, reference in scene.receiver.messages} == wanted
    assert scene.endpoint.waiting == 0


def test_while_a_secret_changes_both_are_good_and_then_the_new_one_alone(scene: Scene) -> None:
    new = scene.desk.rotate(STOCKPORT, 1, former_for=timedelta(hours=24), by="stk-int-1")
    scene.delivered()
    scene.teller.look()
    scene.time_passes("25 hours")
    scene.delivered(b"2")
    scene.teller.look()
    changing, changed = scene.receiver.heard
    assert changing.signed_by(scene.secret)
    assert changing.signed_by(new)
    assert changed.signed_by(new)
    assert not changed.signed_by(scene.secret)


def test_a_secret_that_is_no_secret_any_more_is_not_used_again(scene: Scene) -> None:
    new = scene.desk.rotate(STOCKPORT, 1, former_for=timedelta(0), by="stk-int-1")
    scene.delivered()
    scene.teller.look()
    (heard,) = scene.receiver.heard
    assert heard.signed_by(new)
    assert not heard.signed_by(scene.secret)


def test_what_cannot_be_opened_is_paused_and_said(scene: Scene) -> None:
    superuser(scene.database).execute("UPDATE casework.webhook SET sealed = 'x'")
    scene.delivered()
    scene.teller.look()
    assert scene.endpoint.paused_for is PausedFor.UNREADABLE
    assert scene.receiver.heard == []


def test_paused_by_a_person_it_goes_on_from_where_it_stood(scene: Scene) -> None:
    scene.desk.pause(STOCKPORT, 1, by="stk-int-1", reason="their server moves")
    delivery = scene.delivered()
    assert scene.teller.look() == 0
    scene.desk.resume(STOCKPORT, 1, by="stk-int-1")
    scene.teller.look()
    assert scene.receiver.messages == [("delivery.delivered", delivery.reference)]


def test_pausing_ends_a_turn_with_the_message_under_way(scene: Scene) -> None:
    for n in range(3):
        scene.delivered(bytes([n]))

    def pausing(_heard: object) -> tuple[int, dict[str, str], bytes]:
        scene.desk.pause(STOCKPORT, 1, by="stk-int-1", reason="enough")
        return 200, {}, b""

    scene.receiver.answer = pausing
    scene.teller.look()
    assert len(scene.receiver.heard) == 1
    assert scene.endpoint.waiting == 2


def test_after_a_restore_it_is_said_that_there_may_be_more_to_read(scene: Scene) -> None:
    delivery = scene.delivered()
    admin = superuser(scene.database)
    admin.execute("UPDATE casework.bridge SET mode = 'reconcile_first', since = now() + interval '1 second'")
    assert scene.teller.look() == 0
    admin.execute("UPDATE casework.bridge SET mode = 'look_first'")
    scene.teller.look()
    assert scene.receiver.messages == [("bridge.restored", None), ("delivery.delivered", delivery.reference)]
    assert scene.teller.look() == 0


def test_a_place_that_the_restored_database_has_not_reached_begins_anew(scene: Scene) -> None:
    superuser(scene.database).execute(
        "UPDATE casework.webhook SET history = 'another', changed_in = changed_in + 100000000"
    )
    scene.teller.look()
    delivery = scene.delivered()
    scene.teller.look()
    assert scene.receiver.messages == [("bridge.restored", None), ("delivery.delivered", delivery.reference)]


def test_what_was_told_long_ago_is_forgotten_and_what_was_not_is_kept(scene: Scene) -> None:
    scene.delivered()
    scene.teller.look()
    scene.time_passes("13 days")
    assert scene.teller.forget() == 0
    scene.receiver.says(503)
    scene.delivered(b"2")
    scene.teller.look()
    scene.time_passes("2 days")
    assert scene.teller.forget() == 1
    assert scene.endpoint.waiting == 1


def test_an_address_that_may_not_be_called_any_more_stands_in_the_trail_once_an_hour(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.delivered()
    monkeypatch.delenv("WISE_BRIDGE_ALLOW_LOOPBACK")
    entered = "SELECT authority, actor, subject_id, detail FROM casework.audit WHERE action = 'address_refused'"
    once = {
        "authority": STOCKPORT,
        "actor": "bridge",
        "subject_id": "1",
        "detail": {"reason": "address_never_allowed"},
    }
    for total, entries in ((1, 1), (2, 1), (3, 2)):
        if total == 3:
            superuser(scene.database).execute(
                "UPDATE casework.refused_address SET noted_at = now() - interval '1 hour'"
            )
        assert scene.teller.look() == 1
        assert rows(scene.database, entered) == [once] * entries
        assert rows(scene.database, "SELECT what, total FROM casework.refused_address") == [
            {"what": "webhook", "total": total}
        ]
        scene.time_passes()
    assert scene.receiver.heard == []
