"""What the simulation relies on, asked of both stores in the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.domain.delivery import Reason, State
from service.domain.delivery.breaker import Hold
from service.domain.delivery.failures import Weight
from service.errors import Unavailable
from service.ports import Claim, Claimer, Held, NewDelivery, Settlement
from tests.simulation.conformance.both import Store
from tests.store.rows import AUDIT, LEASE, RECEIPT, new_delivery, new_review, new_submission
from tests.support.bridge import SALFORD, STOCKPORT

WORKER = Claimer(uuid4(), LEASE)
OTHER = Claimer(uuid4(), LEASE)


def record(store: Store, child: bytes = b"child", authority: str = STOCKPORT, **changes: Any) -> NewDelivery:
    submission = new_submission(child)
    delivery = new_delivery(submission, **changes)
    with store.intake.transaction(authority) as tx:
        assert tx.submissions.add(submission)
        tx.deliveries.add(delivery)
    return delivery


def claims(store: Store, *, limit: int = 9, most: int = 9, claimer: Claimer = WORKER) -> list[Claim]:
    with store.casework.transaction(STOCKPORT) as tx:
        return tx.deliveries.claim(claimer, in_flight_max=most, limit=limit)


def sending(store: Store, claim: Claim) -> Held:
    with store.casework.transaction(STOCKPORT) as tx:
        return tx.deliveries.sending(claim, lease=LEASE, connector="lcs", version="1", profile_digest="p")


def settle(store: Store, claim: Claim, settlement: Settlement = RECEIPT) -> bool:
    with store.casework.transaction(STOCKPORT) as tx:
        return tx.deliveries.settle(claim, settlement, AUDIT, in_flight_max=9)


def test_nothing_waits_is_not_now(store: Store) -> None:
    def next_due() -> timedelta | None:
        with store.casework.transaction(STOCKPORT) as tx:
            return tx.deliveries.next_due()

    assert next_due() is None
    record(store)
    assert next_due() == timedelta(0)
    claims(store)
    assert timedelta(seconds=20) < (next_due() or timedelta(0)) <= LEASE


def state(store: Store, delivery: NewDelivery) -> str:
    return next(row["state"] for row in store.table("delivery") if row["id"] == delivery.id)


def put_off(**changes: Any) -> Settlement:
    return replace(Settlement(State.RETRY, Reason.UNAVAILABLE, due_in=timedelta(seconds=60), failures=1), **changes)


def test_one_claim_wins_and_counts(store: Store) -> None:
    delivery = record(store)

    (first,) = claims(store)

    assert (first.id, first.fence, first.attempt) == (delivery.id, 1, 1)
    assert claims(store) == []


def test_a_lapsed_lease_is_taken_over_with_a_new_fence(store: Store) -> None:
    record(store)
    (first,) = claims(store)
    store.time_passes(31)

    (second,) = claims(store, claimer=OTHER)

    assert (second.fence, second.attempt, second.lapses, second.deaths) == (2, 2, 1, 0)
    assert sending(store, first) is Held.LOST
    assert not settle(store, first)
    assert settle(store, second)


def test_an_earlier_record_of_the_same_child_goes_first(store: Store) -> None:
    first, second = record(store), record(store)
    other = record(store, b"another")

    taken = claims(store)

    assert {each.id for each in taken} == {first.id, other.id}
    settle(store, next(each for each in taken if each.id == first.id))
    assert [each.id for each in claims(store)] == [second.id]


def test_what_may_have_arrived_is_looked_up(store: Store) -> None:
    record(store)
    (claim,) = claims(store)
    assert sending(store, claim) is Held.YES
    unknown = Settlement(State.UNKNOWN, Reason.NO_CLEAR_ANSWER, due_in=timedelta(seconds=60), may_have_arrived=True)
    assert settle(store, claim, unknown)

    assert claims(store) == []
    store.time_passes(61)
    (again,) = claims(store)

    assert again.may_have_arrived
    assert [row["phase"] for row in store.table("attempt") if row["number"] == 2] == ["looking_up"]


def test_a_lane_takes_as_many_as_it_allows(store: Store) -> None:
    for child in (b"1", b"2", b"3"):
        record(store, child)

    assert len(claims(store, most=2)) == 2
    assert claims(store, most=2) == []


@pytest.mark.parametrize(("hold", "takes"), [(Hold.PAUSED, 0), (Hold.STOPPED, 0), (Hold.NONE, 1)])
def test_a_person_holds_a_lane(store: Store, hold: Hold, takes: int) -> None:
    record(store)
    with store.intake.transaction(STOCKPORT) as tx:
        assert tx.lane.hold(hold, by="officer", reason="test") is (hold is not Hold.NONE)

    assert len(claims(store)) == takes


def test_stopped_after_the_claim_nothing_leaves(store: Store) -> None:
    record(store)
    (claim,) = claims(store)
    with store.intake.transaction(STOCKPORT) as tx:
        tx.lane.hold(Hold.STOPPED, by="officer", reason="test")

    assert sending(store, claim) is Held.LANE_CLOSED


def test_a_closed_lane_lets_one_try_when_it_has_cooled(store: Store) -> None:
    for child in (b"1", b"2", b"3"):
        record(store, child)
    first, second, _ = claims(store)
    settle(store, first, put_off(weight=Weight.CLOSES))

    assert sending(store, second) is Held.LANE_CLOSED
    assert claims(store) == []
    store.time_passes(31)
    (probe,) = claims(store)
    assert probe.probing
    assert claims(store) == []
    assert sending(store, probe) is Held.YES


@pytest.mark.parametrize("lane_is_well", [False, True])
def test_a_lane_that_is_not_well_is_asked_about_what_is_in_doubt_first(store: Store, lane_is_well: bool) -> None:
    for child in (b"1", b"2", b"3"):
        record(store, child)
    doubted, failing = claims(store, limit=2)
    assert sending(store, doubted) is Held.YES
    unknown = Settlement(State.UNKNOWN, Reason.NO_CLEAR_ANSWER, due_in=timedelta(seconds=20), may_have_arrived=True)
    assert settle(store, doubted, unknown)
    settle(store, failing, put_off(weight=Weight.NOTHING if lane_is_well else Weight.CLOSES))
    store.time_passes(31)

    (next_one,) = claims(store, limit=1)

    assert (next_one.id == doubted.id) is not lane_is_well


def test_asked_to_wait_a_lane_waits(store: Store) -> None:
    for child in (b"1", b"2"):
        record(store, child)
    (claim,) = claims(store, limit=1)
    settle(store, claim, put_off(weight=Weight.SLOW_DOWN, lane_waits=timedelta(seconds=40)))

    assert claims(store) == []
    store.time_passes(41)
    assert len(claims(store)) == 1


def test_what_a_dead_worker_held_is_taken_alone(store: Store) -> None:
    record(store)
    store.casework.worker_seen(WORKER.worker)
    store.casework.worker_seen(OTHER.worker)
    claims(store)
    store.time_passes(31)
    store.casework.worker_seen(OTHER.worker)
    judge = replace(OTHER, judging=True)

    assert claims(store, claimer=judge) == []
    with store.casework.transaction(STOCKPORT) as tx:
        assert tx.deliveries.any_to_be_claimed_alone(judge)
    (taken,) = claims(store, claimer=replace(judge, alone=True))
    assert (taken.deaths, taken.lapses) == (1, 1)


def test_what_a_silent_worker_held_is_left_until_its_end_is_sure(store: Store) -> None:
    record(store)
    store.casework.worker_seen(WORKER.worker)
    claims(store)
    store.time_passes(31)

    assert claims(store, claimer=OTHER) == []
    assert claims(store, claimer=replace(OTHER, alone=True)) == []
    store.casework.worker_seen(WORKER.worker)
    (taken,) = claims(store, claimer=OTHER)
    assert (taken.deaths, taken.lapses) == (0, 1)


def test_a_worker_takes_up_again_what_it_lost_itself(store: Store) -> None:
    record(store)
    store.casework.worker_seen(WORKER.worker)
    claims(store)
    store.time_passes(31)

    (taken,) = claims(store)
    assert (taken.deaths, taken.lapses) == (0, 1)


def test_a_worker_that_said_it_ended_is_not_dead(store: Store) -> None:
    record(store)
    store.casework.worker_seen(WORKER.worker)
    claims(store)
    store.casework.worker_ended(WORKER.worker)
    store.time_passes(31)

    (taken,) = claims(store, claimer=replace(OTHER, judging=True))

    assert (taken.deaths, taken.lapses) == (0, 1)


def _break_off(store: Store) -> None:
    submission = new_submission()
    with store.intake.transaction(STOCKPORT) as tx:
        tx.submissions.add(submission)
        tx.deliveries.add(new_delivery(submission))
        raise Unavailable("broken off")


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(Unavailable):
        _break_off(store)

    assert store.table("submission") == store.table("delivery") == []


def test_another_authority_sees_nothing(store: Store) -> None:
    delivery = record(store)

    with store.intake.transaction(SALFORD) as tx:
        assert tx.deliveries.get(delivery.id) is None
        assert tx.submissions.get(delivery.submission_id) is None
        assert tx.deliveries.of_submission(delivery.submission_id) == []


def _same_reference(store: Store) -> None:
    first = record(store, b"1")
    record(store, b"2", reference=first.reference)


def _held_and_aside(store: Store) -> None:
    delivery = record(store)
    (claim,) = claims(store)
    sending(store, claim)
    settle(store, claim, Settlement(State.RETRY, Reason.UNAVAILABLE, may_have_arrived=True))
    assert delivery


def _two_reviews(store: Store) -> None:
    submission = new_submission()
    with store.intake.transaction(STOCKPORT) as tx:
        tx.submissions.add(submission)
        tx.reviews.open_next(new_review(submission))
        tx.reviews.open_next(new_review(submission))


@pytest.mark.parametrize("deed", [_same_reference, _held_and_aside, _two_reviews])
def test_the_database_refuses(store: Store, deed: Callable[[Store], None]) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - whatever it is called there
        deed(store)

    assert not isinstance(refused.value, (Unavailable, AssertionError))


@pytest.mark.parametrize("after", [State.SUPERSEDED, State.CANCELLED])
def test_what_was_never_sent_is_set_aside_and_stays_there(store: Store, after: State) -> None:
    delivery = record(store)
    with store.intake.transaction(STOCKPORT) as tx:
        assert tx.deliveries.set_aside(delivery.id, after)
        assert not tx.deliveries.release(delivery.id)

    assert state(store, delivery) == after.value
    assert claims(store) == []
