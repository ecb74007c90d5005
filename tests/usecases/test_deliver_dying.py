"""Workers that die: whatever moment they choose, the row says how far it came, and the next one goes on from there."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from service.domain.delivery import Owner, Reason, State, owner_of
from service.ports import Claim, Settlement
from tests.store.rows import actions, attempts, row, superuser
from tests.support.bridge import STOCKPORT
from tests.support.fake_case_system import Told, WorkerDied
from tests.support.waiting import eventually
from tests.usecases.desk import Desk

pytestmark = pytest.mark.usefixtures("conserved")


def dies(desk: Desk, delivery_id: UUID, call: str, told: Told) -> None:
    desk.time_passes(delivery_id)
    desk.place.tell(call, told)
    with pytest.raises(WorkerDied):
        desk.deliver(delivery_id)


def calls(desk: Desk) -> list[str]:
    return [call for call, _ in desk.place.calls]


def test_dead_before_sending_means_simply_sending(desk: Desk) -> None:
    wanted = desk.accept()
    dies(desk, wanted, "verify_person", Told.DIES_AFTER)
    assert attempts(desk.database, wanted) == [(1, "claimed", None)]
    assert desk.deliver(wanted) is None
    assert desk.again(wanted).state is State.DELIVERED
    assert calls(desk) == ["verify_person", "verify_person", "submit"]
    assert row(desk.database, wanted)["attempts"] == 2


@pytest.mark.parametrize("told", [Told.DIES_BEFORE, Told.DIES_AFTER])
def test_dead_after_sending_began_means_looking_first(desk: Desk, told: Told) -> None:
    wanted = desk.accept()
    dies(desk, wanted, "submit", told)
    assert attempts(desk.database, wanted) == [(1, "sending", None)]
    assert desk.deliver(wanted) is None
    first = desk.again(wanted).state
    assert calls(desk) == ["verify_person", "submit", "look_up"]
    if told is Told.DIES_AFTER:
        assert first is State.DELIVERED
        return
    assert first is State.UNKNOWN
    assert [desk.again(wanted).state for _ in range(2)] == [State.READY, State.DELIVERED]


def test_a_real_lease_ends_by_itself(desk: Desk) -> None:
    desk.lease = timedelta(seconds=1)
    wanted = desk.accept()
    desk.place.tell("submit", Told.DIES_AFTER)
    with pytest.raises(WorkerDied):
        desk.deliver(wanted)
    died = time.monotonic()
    assert desk.deliver(wanted) is None
    settlement = eventually(lambda: desk.deliver(wanted), seconds=5)
    assert settlement.state is State.DELIVERED
    assert time.monotonic() - died > 0.8
    assert calls(desk) == ["verify_person", "submit", "look_up"]


def test_a_task_whose_worker_died_is_looked_up_too(desk: Desk) -> None:
    record = desk.accept()
    desk.deliver(record)
    kept = row(desk.database, record)
    desk.raiser(date(2026, 12, 14)).raise_due()
    raised = desk.raised()
    dies(desk, raised, "raise_task", Told.DIES_AFTER)
    assert desk.again(raised).state is State.DELIVERED
    assert calls(desk)[-2:] == ["raise_task", "look_up"]
    assert row(desk.database, record) == kept


def test_a_record_that_five_claims_left_without_an_outcome_is_for_a_person(desk: Desk) -> None:
    wanted = desk.accept()
    for _ in range(5):
        dies(desk, wanted, "verify_person", Told.DIES_BEFORE)
    assert_kept_apart(desk, wanted, desk.again(wanted), attempts_made=6)


def silent(desk: Desk) -> None:
    """The worker that stood at this desk is gone, and another comes."""
    desk.casework.worker_seen(desk.worker)
    superuser(desk.database).execute("UPDATE casework.worker SET seen_at = now() - interval '1 minute'")
    desk.worker = uuid4()


def judged(desk: Desk, delivery_id: UUID) -> Settlement | None:
    """One attempt by a process that may take another's silence for its end, with nothing beside it."""
    desk.time_passes(delivery_id)
    claims = desk.deliverer.claim(STOCKPORT, 1, judging=True, alone=True)
    assert [claim.id for claim in claims] == [delivery_id]
    return desk.deliverer.work(claims[0])


def test_a_record_at_which_two_workers_died_is_for_a_person(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("verify_person", Told.DIES_BEFORE, Told.DIES_BEFORE)
    with pytest.raises(WorkerDied):
        desk.deliver(wanted)
    silent(desk)
    with pytest.raises(WorkerDied):
        judged(desk, wanted)
    assert row(desk.database, wanted)["deaths"] == 1
    silent(desk)
    assert_kept_apart(desk, wanted, judged(desk, wanted), attempts_made=3)


def assert_kept_apart(desk: Desk, wanted: UUID, settlement: Settlement | None, *, attempts_made: int) -> None:
    """And in that last attempt nobody was asked anything. A person who lets it go on begins with a clean sheet."""
    assert settlement
    assert (settlement.state, settlement.reason) == (State.NEEDS_HUMAN, Reason.STOPS_WORKERS)
    assert owner_of(Reason.STOPS_WORKERS) is Owner.OPERATOR
    assert calls(desk) == ["verify_person"] * (attempts_made - 1)
    assert desk.place.filed == {}
    kept = row(desk.database, wanted)
    assert (kept["attempts"], kept["lapses"], kept["deaths"]) == (attempts_made, 0, 0)


def test_a_worker_that_ended_its_work_in_order_is_no_suspicion(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("verify_person", Told.DIES_BEFORE)
    with pytest.raises(WorkerDied):
        desk.deliver(wanted)
    silent(desk)
    superuser(desk.database).execute("UPDATE casework.worker SET ended_at = now()")
    settlement = judged(desk, wanted)
    assert settlement and settlement.state is State.DELIVERED
    assert row(desk.database, wanted)["deaths"] == 0


def test_a_record_that_stops_whoever_sends_it_is_for_a_person_too(desk: Desk) -> None:
    """Between two deaths the look-up works; that must not count as the record being harmless."""
    wanted = desk.accept()
    deaths = 0
    for _ in range(20):
        desk.place.tell("submit", Told.DIES_BEFORE)
        desk.time_passes(wanted)
        try:
            settlement = desk.deliver(wanted)
        except WorkerDied:
            deaths += 1
            continue
        finally:
            desk.place.heal()
        if settlement and settlement.state is State.NEEDS_HUMAN:
            break
    kept = row(desk.database, wanted)
    assert (deaths, kept["state"], kept["reason"]) == (5, "needs_human", "stops_workers")
    assert kept["may_have_arrived"]


def test_four_claims_without_an_outcome_do_not_stop_a_delivery(desk: Desk) -> None:
    wanted = desk.accept()
    for _ in range(4):
        dies(desk, wanted, "verify_person", Told.DIES_BEFORE)
    assert desk.again(wanted).state is State.DELIVERED


def test_a_paused_worker_that_wakes_late_changes_nothing(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.SLOW)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(desk.deliver, wanted)
        eventually(lambda: desk.place.filed)
        after = desk.again(wanted)
        before = row(desk.database, wanted)
        desk.place.go_on.set()
        assert late.result(timeout=10) is None
    assert after.state is State.DELIVERED
    assert row(desk.database, wanted) == before
    assert attempts(desk.database, wanted) == [(1, "ended", "late"), (2, "ended", "delivered")]
    assert actions(desk.database).count("delivery_delivered") == 1


def test_a_worker_that_was_overtaken_before_sending_sends_nothing(desk: Desk) -> None:
    wanted = desk.accept()
    holders: list[Claim | None] = []

    def overtake(call: str) -> None:
        if call == "verify_person":
            desk.place.during = lambda _: None
            desk.time_passes(wanted)
            holders.append(desk.claim(wanted, STOCKPORT))

    desk.place.during = overtake
    assert desk.deliver(wanted) is None
    assert holders[0] is not None
    assert desk.place.filed == {}
    assert row(desk.database, wanted)["state"] == "in_flight"
    assert desk.again(wanted).state is State.DELIVERED


@pytest.mark.parametrize("table", ["delivery", "audit"])
def test_an_outcome_that_cannot_be_kept_is_found_again(desk: Desk, table: str) -> None:
    """The record is there, but the database refuses to note it: all or nothing, and the look-up finds it."""
    wanted = desk.accept()
    trigger = f"BEFORE {'UPDATE' if table == 'delivery' else 'INSERT'} ON casework.{table}"
    when = "NEW.state = 'delivered'" if table == "delivery" else "NEW.action = 'delivery_delivered'"
    with desk.database.as_admin() as admin:
        admin.execute(
            "CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$"
        )
        admin.execute(f"CREATE TRIGGER no_room {trigger} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION public.full()")
        try:
            with pytest.raises(Exception, match="database cannot be reached"):
                desk.deliver(wanted)
        finally:
            admin.execute("DROP FUNCTION public.full() CASCADE")
    kept = row(desk.database, wanted)
    assert (kept["state"], kept["may_have_arrived"], kept["record_number"]) == ("in_flight", True, None)
    assert actions(desk.database) == ["record_received"]
    assert desk.again(wanted).state is State.DELIVERED
    assert calls(desk) == ["verify_person", "submit", "look_up"]
