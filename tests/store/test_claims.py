"""Claiming: one worker at a time, in order per child, within the lane's limit, counted before the work."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.domain.delivery import CLAIMABLE, TERMINAL, State
from service.ports import Casework, Claim
from tests.store.rows import (
    CLAIMER,
    attempts,
    change,
    claim,
    claimed,
    lapse,
    record,
    row,
    sending,
    settle,
    task,
)
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.servers import Database

WORKERS = 30
OPEN = [state for state in State if state not in TERMINAL]


def put(database: Database, held: Claim, state: State) -> None:
    number = "'R1'" if state is State.DELIVERED else "NULL"
    lease = "lease_until" if state is State.IN_FLIGHT else "NULL"
    change(database, held.id, f"state = '{state.value}', record_number = {number}, lease_until = {lease}")


def test_one_of_thirty_workers_gets_it(database: Database, intake: Casework, store: Casework) -> None:
    wanted, together = record(intake).id, threading.Barrier(WORKERS)

    def work(_: int) -> Claim | None:
        together.wait(10)
        return claim(store, wanted)

    with ThreadPoolExecutor(WORKERS) as pool:
        claims = [each for each in pool.map(work, range(WORKERS)) if each]
    assert len(claims) == 1
    assert attempts(database, wanted) == [(1, "claimed", None)]
    assert (row(database, wanted)["fence"], row(database, wanted)["attempts"]) == (1, 1)


def test_one_of_thirty_workers_takes_over_a_lapsed_lease(database: Database, intake: Casework, store: Casework) -> None:
    wanted, together = record(intake).id, threading.Barrier(WORKERS)
    claimed(store, wanted)
    lapse(database, wanted)

    def work(_: int) -> Claim | None:
        together.wait(10)
        return claim(store, wanted)

    with ThreadPoolExecutor(WORKERS) as pool:
        (taken,) = [each for each in pool.map(work, range(WORKERS)) if each]
    assert (taken.fence, taken.lapses) == (2, 1)


def test_a_claim_is_counted_before_any_work(database: Database, intake: Casework, store: Casework) -> None:
    delivery = record(intake)
    held = claimed(store, delivery.id)
    assert (held.reference, held.attempt, held.fence, held.may_have_arrived) == (delivery.reference, 1, 1, False)
    assert held.since_first_sent is None
    kept = row(database, delivery.id)
    assert (kept["state"], kept["attempts"]) == ("in_flight", 1)
    assert 25 < (kept["lease_until"] - kept["changed_at"]).total_seconds() <= 30
    assert attempts(database, delivery.id) == [(1, "claimed", None)]


def test_a_claim_that_is_rolled_back_never_was(database: Database, intake: Casework, store: Casework) -> None:
    delivery = record(intake)

    def fail() -> None:
        with store.transaction(STOCKPORT) as tx:
            assert tx.deliveries.claim(CLAIMER, in_flight_max=1, limit=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (row(database, delivery.id)["state"], attempts(database, delivery.id)) == ("ready", [])


def test_what_may_have_arrived_is_claimed_for_looking_up(database: Database, intake: Casework, store: Casework) -> None:
    delivery = record(intake)
    assert sending(store, claimed(store, delivery.id))
    change(database, delivery.id, "first_sent_at = now() - interval '90 seconds'")
    lapse(database, delivery.id)
    again = claimed(store, delivery.id)
    assert again.may_have_arrived
    assert again.since_first_sent is not None
    assert 89 < again.since_first_sent.total_seconds() < 95
    assert attempts(database, delivery.id) == [(1, "sending", None), (2, "looking_up", None)]


@pytest.mark.parametrize("state", sorted(CLAIMABLE))
def test_what_waits_is_claimed_when_it_is_due_and_not_before(
    database: Database, intake: Casework, store: Casework, state: State
) -> None:
    delivery = record(intake)
    change(database, delivery.id, f"state = '{state.value}', due_at = now() + interval '1 minute'")
    assert claim(store, delivery.id) is None
    assert row(database, delivery.id)["attempts"] == 0
    change(database, delivery.id, "due_at = now()")
    assert claim(store, delivery.id)


@pytest.mark.parametrize("state", [State.NEEDS_HUMAN, *sorted(TERMINAL)])
def test_what_is_a_persons_or_done_is_never_claimed(
    database: Database, intake: Casework, store: Casework, state: State
) -> None:
    delivery = record(intake)
    put(database, claimed(store, delivery.id), state)
    assert claim(store, delivery.id) is None


def test_a_held_delivery_is_nobody_elses_until_its_lease_ends(
    database: Database, intake: Casework, store: Casework
) -> None:
    delivery = record(intake)
    fences = []
    for lapses in range(4):
        held = claimed(store, delivery.id)
        assert held.lapses == lapses
        fences.append(held.fence)
        assert claim(store, delivery.id) is None
        lapse(database, delivery.id)
    assert fences == [1, 2, 3, 4]
    assert row(database, delivery.id)["attempts"] == 4


@pytest.mark.parametrize("state", OPEN)
def test_an_earlier_open_record_of_the_same_child_goes_first(
    database: Database, intake: Casework, store: Casework, state: State
) -> None:
    first, second = record(intake), record(intake)
    put(database, claimed(store, first.id), state)
    assert claim(store, second.id) is None
    assert row(database, second.id)["attempts"] == 0


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_an_earlier_record_that_is_done_lets_the_next_go(
    database: Database, intake: Casework, store: Casework, state: State
) -> None:
    first, second = record(intake), record(intake)
    put(database, claimed(store, first.id), state)
    assert claim(store, second.id)


def test_a_later_record_does_not_hold_up_an_earlier_one(intake: Casework, store: Casework) -> None:
    first, _second = record(intake), record(intake)
    assert claim(store, first.id)


def test_other_children_and_other_authorities_do_not_wait(intake: Casework, store: Casework) -> None:
    claimed(store, record(intake).id)
    assert claim(store, record(intake, child=b"another").id)
    assert claim(store, record(intake, SALFORD).id, SALFORD)


def test_a_review_task_waits_for_no_record_and_holds_none_up(intake: Casework, store: Casework) -> None:
    first = record(intake)
    raised = task(intake, store)
    assert claim(store, raised.id)
    assert claim(store, first.id)
    assert claim(store, record(intake).id) is None


def test_a_record_does_not_wait_for_an_earlier_task(intake: Casework, store: Casework) -> None:
    claimed(store, task(intake, store).id)
    assert claim(store, record(intake).id)


def test_a_full_lane_takes_no_more(database: Database, intake: Casework, store: Casework) -> None:
    first, second, third = (record(intake, child=bytes([number])) for number in range(3))
    abroad = record(intake, SALFORD)
    held = claim(store, first.id, in_flight_max=2)
    assert held
    assert claim(store, second.id, in_flight_max=2)
    assert claim(store, third.id, in_flight_max=2) is None
    assert claim(store, abroad.id, SALFORD, in_flight_max=1)
    assert row(database, third.id)["attempts"] == 0
    settle(store, held)
    assert claim(store, third.id, in_flight_max=2)


def test_a_lane_stays_within_its_limit_when_thirty_workers_claim_at_once(intake: Casework, store: Casework) -> None:
    wanted = [record(intake, child=bytes([number])).id for number in range(WORKERS)]
    together = threading.Barrier(WORKERS)

    def work(number: int) -> Claim | None:
        together.wait(10)
        return claim(store, wanted[number], in_flight_max=4)

    with ThreadPoolExecutor(WORKERS) as pool:
        assert len([each for each in pool.map(work, range(WORKERS)) if each]) == 4


def test_a_lapsed_lease_takes_no_room(database: Database, intake: Casework, store: Casework) -> None:
    gone, next_one = record(intake, child=b"1"), record(intake, child=b"2")
    claimed(store, gone.id)
    assert claim(store, next_one.id, in_flight_max=1) is None
    lapse(database, gone.id)
    assert claim(store, next_one.id, in_flight_max=1)


def test_a_claim_stays_in_its_lane(intake: Casework, store: Casework) -> None:
    delivery = record(intake)
    assert claim(store, delivery.id, SALFORD) is None
    with store.transaction(SALFORD) as tx:
        assert tx.deliveries.claim(CLAIMER, in_flight_max=100, limit=100) == []
    assert claimed(store, delivery.id).authority == STOCKPORT
