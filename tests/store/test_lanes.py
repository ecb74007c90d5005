"""Lanes: who is let try after an outage, what a pause and a stop let through, what a system that asks for time gets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.central.facts import FactDoor
from service.domain.delivery import Reason, State
from service.domain.delivery.breaker import Hold
from service.domain.delivery.failures import Weight
from service.errors import Unavailable
from service.ports import Casework, Claim, Held, LaneView, Settlement
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from tests.store.rows import (
    AUDIT,
    CLAIMER,
    LEASE,
    RECEIPT,
    attempts,
    change,
    claim,
    claimed,
    lapse,
    record,
    row,
    superuser,
)
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.servers import Database

LIMIT = 8
ANSWERED = replace(RECEIPT, weight=Weight.ANSWERED)
DOWN = Settlement(State.RETRY, Reason.UNREACHABLE, failures=1, weight=Weight.COUNTS)
SHUT = replace(DOWN, reason=Reason.SIGN_IN_REFUSED, weight=Weight.CLOSES)
THROTTLED = replace(DOWN, reason=Reason.THROTTLED, weight=Weight.SLOW_DOWN)
OURS = Settlement(State.NEEDS_HUMAN, Reason.MAPPING_INCOMPLETE, weight=Weight.NOTHING)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def many(intake: Casework, number: int, authority: str = STOCKPORT) -> list[UUID]:
    return [record(intake, authority, child=n.to_bytes(2, "big")).id for n in range(number)]


def batch(store: Casework, limit: int = 100, in_flight_max: int = LIMIT, authority: str = STOCKPORT) -> list[Claim]:
    with store.transaction(authority) as tx:
        return tx.deliveries.claim(CLAIMER, in_flight_max=in_flight_max, limit=limit)


def one(store: Casework) -> Claim:
    (taken,) = batch(store, limit=1)
    return taken


def ends(store: Casework, held: Claim, settlement: Settlement) -> None:
    with store.transaction(held.authority) as tx:
        assert tx.deliveries.settle(held, settlement, AUDIT, in_flight_max=LIMIT)


def may_send(store: Casework, held: Claim) -> Held:
    with store.transaction(held.authority) as tx:
        return tx.deliveries.sending(held, lease=LEASE, connector="lcs", version="1", profile_digest="p")


def view(store: Casework, authority: str = STOCKPORT) -> LaneView:
    with store.transaction(authority) as tx:
        return tx.lane.view()


def person(intake: Casework, hold: Hold, authority: str = STOCKPORT) -> bool:
    """Through the web process, as an officer's word comes."""
    with intake.transaction(authority) as tx:
        return tx.lane.hold(hold, by="officer.one", reason="fictional")


def opens(store: Casework, settlement: Settlement = SHUT) -> None:
    ends(store, one(store), settlement)


def cools(database: Database) -> None:
    """The time for which it was opened, or was asked to stay away, is over."""
    superuser(database).execute(
        "UPDATE casework.lane SET quiet_until = now() - interval '1 second',"
        " open_until = CASE WHEN open_for > 0 THEN now() - interval '1 second' END"
    )


def at_once(times: int, do: Callable[[int], Any]) -> list[Any]:
    together = threading.Barrier(times)

    def work(number: int) -> Any:
        together.wait(10)
        return do(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


def test_a_lane_that_nobody_has_used_is_open(store: Casework) -> None:
    found = view(store)
    assert (found.hold, found.breaker.is_pristine, found.swept_at, found.in_flight) == (Hold.NONE, True, None, 0)


def test_what_closes_a_lane_lets_no_other_delivery_spend_an_attempt(intake: Casework, store: Casework) -> None:
    wanted = many(intake, 3)
    opens(store)
    assert batch(store) == []
    assert [claim(store, each) for each in wanted] == [None] * 3
    found = view(store)
    assert (found.open_reason, found.breaker.open_for) == (Reason.SIGN_IN_REFUSED, 30)
    assert found.open_until is not None
    assert found.opened_at is not None
    assert found.open_until - found.opened_at == timedelta(seconds=30)


def test_a_worker_that_stands_still_in_the_midst_of_claiming_holds_the_lane_up_no_longer_than_a_transaction(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 1)
    engine = make_engine(database.url("wise_delivery"), transaction_seconds=1)
    still = CaseworkStore(engine, FactDoor)
    taken: list[Claim] = []

    def stand_still() -> None:
        with still.transaction(STOCKPORT) as tx:
            tx.deliveries.claim(CLAIMER, in_flight_max=LIMIT, limit=1)
            taken.append(one(store))

    with pytest.raises(Unavailable):
        stand_still()
    engine.dispose()
    assert len(taken) == 1


def test_one_authoritys_breaker_is_not_anothers(intake: Casework, store: Casework) -> None:
    many(intake, 2)
    many(intake, 2, SALFORD)
    opens(store)
    assert len(batch(store, authority=SALFORD)) == 2


def test_five_failures_in_a_row_open_it(intake: Casework, store: Casework) -> None:
    many(intake, 6)
    for left in (4, 3, 2, 1, 0):
        ends(store, one(store), DOWN)
        assert view(store).breaker.is_open == (left == 0)
    assert batch(store) == []


def test_of_thirty_claimers_on_a_half_open_lane_one_is_let_try(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 20)
    opens(store)
    cools(database)
    taken = [claim for found in at_once(30, lambda _: batch(store)) for claim in found]
    assert [each.probing for each in taken] == [True]
    assert batch(store) == []


def test_the_one_that_is_let_try_may_send_and_its_answer_opens_the_lane_little_by_little(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 30)
    opens(store)
    cools(database)
    probe = one(store)
    assert may_send(store, probe) is Held.YES
    ends(store, probe, ANSWERED)
    seen = []
    for _ in range(4):
        going = batch(store)
        seen.append(len(going))
        for each in going[1:]:
            change(database, each.id, "state = 'ready', lease_until = NULL")
        ends(store, going[0], ANSWERED)
    assert seen == [1, 2, 4, 8]
    assert view(store).breaker.is_pristine


def test_the_one_that_is_let_try_and_fails_keeps_it_shut_for_longer(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 4)
    opens(store)
    for seconds in (60, 120):
        cools(database)
        opens(store, SHUT)
        assert view(store).breaker.open_for == seconds
        assert batch(store) == []


def test_one_that_was_let_try_and_found_nothing_out_lets_another(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 3)
    opens(store)
    cools(database)
    opens(store, OURS)
    assert one(store).probing


def test_a_worker_that_dies_as_it_was_let_try_does_not_shut_the_lane_for_ever(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 3)
    opens(store)
    cools(database)
    lapse(database, one(store).id)
    assert one(store).probing


def test_what_was_on_its_way_when_the_lane_closed_sends_nothing_more_and_counts_no_more(
    intake: Casework, store: Casework
) -> None:
    many(intake, 4)
    first, second, third = batch(store, limit=3)
    ends(store, first, SHUT)
    assert may_send(store, second) is Held.LANE_CLOSED
    before = view(store).breaker
    ends(store, second, DOWN)
    ends(store, third, ANSWERED)
    assert view(store).breaker == before


def test_paused_lets_only_look_ups_through(database: Database, intake: Casework, store: Casework) -> None:
    ready, doubtful, late = many(intake, 3)
    change(database, doubtful, "state = 'unknown', may_have_arrived = true")
    change(database, late, "state = 'retry'")
    assert person(intake, Hold.PAUSED)
    assert [each.id for each in batch(store)] == [doubtful]
    assert claim(store, ready) is None
    assert attempts(database, doubtful) == [(1, "looking_up", None)]
    assert person(intake, Hold.NONE)
    assert {each.id for each in batch(store)} == {ready, late}


def test_what_was_claimed_before_the_pause_is_finished(intake: Casework, store: Casework) -> None:
    many(intake, 1)
    held = one(store)
    person(intake, Hold.PAUSED)
    assert may_send(store, held) is Held.YES


def test_stopped_lets_nothing_through(database: Database, intake: Casework, store: Casework) -> None:
    _, doubtful = many(intake, 2)
    change(database, doubtful, "state = 'unknown', may_have_arrived = true")
    person(intake, Hold.STOPPED)
    assert batch(store) == []
    assert claim(store, doubtful) is None


@pytest.mark.parametrize("probing", [False, True])
def test_a_worker_between_two_steps_stops(database: Database, intake: Casework, store: Casework, probing: bool) -> None:
    many(intake, 2)
    if probing:
        opens(store)
        cools(database)
    held = one(store)
    assert held.probing is probing
    assert may_send(store, held) is Held.YES
    person(intake, Hold.STOPPED)
    assert may_send(store, held) is Held.LANE_CLOSED
    person(intake, Hold.NONE)
    assert may_send(store, held) is Held.YES


def test_who_lost_the_delivery_is_told_so_whatever_became_of_the_lane(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 1)
    late = one(store)
    lapse(database, late.id)
    one(store)
    person(intake, Hold.STOPPED)
    assert may_send(store, late) is Held.LOST


def test_a_persons_word_is_kept_with_who_and_why_and_said_once(intake: Casework, store: Casework) -> None:
    assert [person(intake, Hold.PAUSED) for _ in range(2)] == [True, False]
    found = view(store)
    assert (found.hold, found.hold_by, found.hold_reason) == (Hold.PAUSED, "officer.one", "fictional")
    assert found.hold_at is not None
    assert person(intake, Hold.NONE)
    assert view(store).hold_by == "officer.one"


def test_another_authoritys_hold_holds_nobody_here(intake: Casework, store: Casework) -> None:
    many(intake, 1)
    person(intake, Hold.STOPPED, SALFORD)
    assert len(batch(store)) == 1


def quiet_for(store: Casework) -> timedelta:
    found = view(store)
    assert found.quiet_until is not None
    return found.quiet_until - found.now


def test_a_case_system_that_asks_for_time_is_left_alone_for_it(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 4)
    ends(store, one(store), replace(THROTTLED, lane_waits=minutes(3)))
    assert minutes(2.9) < quiet_for(store) <= minutes(3)
    assert batch(store) == []
    cools(database)
    assert batch(store) != []


def test_after_the_time_it_asked_for_half_as_many_go_at_once(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 10)
    ends(store, one(store), replace(THROTTLED, lane_waits=minutes(3)))
    cools(database)
    assert len(batch(store)) == LIMIT // 2


def test_an_open_lane_stays_shut_as_long_as_the_case_system_asked(intake: Casework, store: Casework) -> None:
    many(intake, 2)
    opens(store, replace(SHUT, lane_waits=minutes(20)))
    found = view(store)
    assert found.open_until is not None
    assert found.open_until - found.now > minutes(19.9)


def test_one_that_is_let_try_and_is_asked_to_wait_keeps_the_others_away_each_time(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 10)
    opens(store)
    for _ in range(5):
        cools(database)
        opens(store, replace(THROTTLED, lane_waits=minutes(2)))
        assert batch(store) == []


@pytest.mark.parametrize(("mode", "claims"), [("usual", 3), ("look_first", 3), ("reconcile_first", 0)])
def test_after_a_restore_nothing_is_claimed_until_somebody_says_so(
    database: Database, intake: Casework, store: Casework, mode: str, claims: int
) -> None:
    wanted = many(intake, 3)
    superuser(database).execute("UPDATE casework.bridge SET mode = %s", (mode,))
    assert len(batch(store)) == claims
    assert {row(database, each)["attempts"] for each in wanted} == {int(claims > 0)}


def test_a_batch_takes_the_longest_due_first_and_no_more_than_it_may(
    database: Database, intake: Casework, store: Casework
) -> None:
    wanted = many(intake, 6)
    for number, each in enumerate(wanted):
        change(database, each, f"due_at = now() - interval '{number} minutes'")
    assert {each.id for each in batch(store, limit=2)} == set(wanted[4:])
    assert {each.id for each in batch(store, in_flight_max=3)} == {wanted[3]}
    assert batch(store, in_flight_max=3) == []


def test_a_batch_takes_one_record_of_a_young_person_and_that_the_first(intake: Casework, store: Casework) -> None:
    first, _second, _third = (record(intake, child=b"one").id for _ in range(3))
    other = record(intake, child=b"two").id
    assert {each.id for each in batch(store)} == {first, other}
    assert batch(store) == []


def test_thirty_claimers_of_batches_never_share_one_nor_pass_the_limit(
    database: Database, intake: Casework, store: Casework
) -> None:
    many(intake, 60)
    taken = [each.id for found in at_once(30, lambda _: batch(store, limit=5, in_flight_max=20)) for each in found]
    assert len(taken) == len(set(taken)) == 20
    assert all(attempts(database, each) == [(1, "claimed", None)] for each in taken)


def test_an_earlier_record_that_came_to_light_later_does_not_stop_the_lane(
    database: Database, intake: Casework, store: Casework
) -> None:
    """Two senders at once: the one that was numbered first is committed last, when the other is on its way already."""
    first, second = record(intake, child=b"one").id, record(intake, child=b"one").id
    bystander = record(intake, child=b"two").id
    change(database, first, "due_at = now() + interval '1 hour', state = 'cancelled'")
    held = claimed(store, second)
    change(database, first, "due_at = now(), state = 'ready'")
    assert [each.id for each in batch(store)] == [bystander]
    lapse(database, second)
    assert [each.id for each in batch(store)] == [second]
    assert may_send(store, held) is Held.LOST


def test_what_is_reopened_waits_for_a_later_record_that_is_on_its_way(
    database: Database, intake: Casework, store: Casework
) -> None:
    first, second = record(intake, child=b"one").id, record(intake, child=b"one").id
    ends(store, claimed(store, first), ANSWERED)
    later = claimed(store, second)
    change(database, first, "state = 'unknown', record_number = NULL, delivered_at = NULL")
    assert batch(store) == []
    ends(store, later, ANSWERED)
    assert [each.id for each in batch(store)] == [first]
