"""The dispatcher: it finds its work without being told, gives every lane its turn, and outlives what it depends on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from service.domain.delivery import State
from service.domain.delivery.breaker import Hold
from service.tasks.chore import Chore
from service.tasks.dispatcher import SHARE, Dispatcher
from service.usecases.each import each_by_itself
from tests.store.rows import row, rows, superuser
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.fake_case_system import Place, Told, WorkerDied
from tests.support.waiting import eventually
from tests.usecases.desk import Desk, states

RARELY = 60.0
"""Seconds between sweeps where a test looks at what is found without one."""


@contextmanager
def running(desk: Desk, *, seconds: float = 0.05, threads: int = 8, chores: list[Chore] | None = None) -> Iterator[Any]:
    dispatcher = Dispatcher(
        desk.deliverer, desk.casework, desk.lanes, chores=chores or (), seconds=seconds, threads=threads
    )
    dispatcher.start()
    try:
        yield dispatcher
    finally:
        desk.place.go_on.set()
        dispatcher.stop()


def accept(desk: Desk, number: int, name: str = "wise") -> UUID:
    child = {"wise": f"STK{number:07}", "rise": f"SLF-{number:06}"}[name]
    return desk.accept(name, submission_id=f"{name}-{number}", young_person__la_child_id=child)


def many(desk: Desk, number: int, name: str = "wise") -> list[UUID]:
    return [accept(desk, each, name) for each in range(number)]


def all_delivered(desk: Desk, number: int) -> Callable[[], bool]:
    return lambda: states(desk) == {"delivered": number}


def place_of(desk: Desk, authority: str, place: Place) -> Place:
    """One authority's own place, apart from the others'."""
    adapter = desk.lanes[authority].adapter
    adapter.case_system = adapter.documents = place.connect()  # type: ignore[misc]
    return place


def test_whatever_waited_is_delivered_without_a_word_from_anybody(desk: Desk) -> None:
    many(desk, 12)
    many(desk, 6, "rise")
    with running(desk, seconds=RARELY):
        eventually(all_delivered(desk, 18), seconds=30)
    assert desk.place.called("submit") == 18


def test_what_comes_later_is_found_by_the_sweep_when_nobody_says_so(desk: Desk) -> None:
    with running(desk, seconds=0.2):
        time.sleep(0.5)
        accept(desk, 1)
        eventually(all_delivered(desk, 1), seconds=20)


def test_a_word_is_enough_and_needs_no_sweep(desk: Desk) -> None:
    with running(desk, seconds=RARELY) as dispatcher:
        eventually(lambda: rows(desk.database, "SELECT 1 FROM casework.lane WHERE swept_at IS NOT NULL"), seconds=20)
        time.sleep(0.5)
        accept(desk, 1)
        dispatcher.look_now(STOCKPORT)
        eventually(all_delivered(desk, 1), seconds=20)


def test_being_told_to_sweep_is_as_good_as_the_time_for_it(desk: Desk) -> None:
    with running(desk, seconds=RARELY) as dispatcher:
        eventually(lambda: rows(desk.database, "SELECT 1 FROM casework.lane WHERE swept_at IS NOT NULL"), seconds=20)
        time.sleep(0.5)
        accept(desk, 1)
        dispatcher.look_everywhere()
        eventually(all_delivered(desk, 1), seconds=20)


def test_of_one_young_person_the_records_go_one_after_the_other(desk: Desk) -> None:
    wanted = [desk.accept(submission_id=f"S-{number}") for number in range(5)]
    order: list[str] = []
    desk.place.during = lambda call: order.append(call) if call == "submit" else None
    with running(desk, seconds=RARELY):
        eventually(all_delivered(desk, 5), seconds=30)
    sent = [reference for call, reference in desk.place.calls if call == "submit"]
    assert sent == [row(desk.database, each)["reference"] for each in wanted]


def test_lanes_take_turns(desk: Desk) -> None:
    """One thread, two long lanes: neither waits for the other's end."""
    many(desk, 10)
    many(desk, 10, "rise")
    with running(desk, seconds=RARELY, threads=1):
        eventually(all_delivered(desk, 20), seconds=40)
    sent = [reference for call, reference in desk.place.calls if call == "submit"]
    lane_of = {each["reference"]: each["authority"] for each in rows(desk.database, "SELECT * FROM casework.delivery")}
    lanes = [lane_of[each] for each in sent]
    for authority in (STOCKPORT, SALFORD):
        assert 3 <= lanes[:10].count(authority) <= 7


def test_a_lane_whose_system_hangs_starves_no_other(desk: Desk) -> None:
    many(desk, 3 * SHARE)
    many(desk, 6, "rise")
    abroad = place_of(desk, SALFORD, Place())
    desk.place.tell("submit", *[Told.SLOW] * 3 * SHARE)
    with running(desk, threads=8):
        eventually(lambda: abroad.called("submit") == 6, seconds=30)
        assert desk.place.called("submit") == desk.lanes[STOCKPORT].in_flight_max == 4
        desk.place.go_on.set()
        eventually(all_delivered(desk, 3 * SHARE + 6), seconds=60)
    desk.place.filed |= abroad.filed


def test_two_processes_keep_within_the_authoritys_limit_together(desk: Desk) -> None:
    many(desk, 24)
    most, lock = [0, 0], threading.Lock()

    def during(call: str) -> None:
        if call == "submit":
            with lock:
                most[0] += 1
                most[1] = max(most)
            time.sleep(0.03)
            with lock:
                most[0] -= 1

    desk.place.during = during
    with running(desk, seconds=0.2, threads=8):
        desk.worker = uuid4()
        with running(desk, seconds=0.2, threads=8):
            eventually(all_delivered(desk, 24), seconds=60)
    assert 2 <= most[1] <= 4
    assert desk.place.called("submit") == 24


def die_at(desk: Desk, wanted: UUID) -> None:
    """A worker takes it, and is never heard of again."""
    desk.worker = uuid4()
    desk.casework.worker_seen(desk.worker)
    desk.place.tell("verify_person", Told.DIES_BEFORE)
    with pytest.raises(WorkerDied):
        desk.deliver(wanted)
    desk.time_passes(wanted)
    superuser(desk.database).execute("UPDATE casework.worker SET seen_at = now() - interval '1 minute'")
    desk.worker = uuid4()


def test_what_a_silent_worker_held_waits_until_it_is_known_whether_it_is_gone(desk: Desk) -> None:
    """After an outage of the database every worker was silent, and none of them died."""
    wanted = accept(desk, 1)
    die_at(desk, wanted)
    with running(desk, seconds=RARELY) as dispatcher:
        time.sleep(1)
        assert row(desk.database, wanted)["attempts"] == 1
        superuser(desk.database).execute("UPDATE casework.worker SET seen_at = now()")  # it was only slow
        dispatcher.look_now(STOCKPORT)
        eventually(all_delivered(desk, 1), seconds=20)
    assert row(desk.database, wanted)["deaths"] == 0
    assert row(desk.database, wanted)["attempts"] == 2


def test_what_a_dead_worker_had_in_its_hands_is_worked_on_with_nothing_beside_it(desk: Desk) -> None:
    suspects = [accept(desk, number) for number in range(3)]
    for each in suspects:
        die_at(desk, each)
    superuser(desk.database).execute("UPDATE casework.delivery SET deaths = 1, state = 'ready', lease_until = NULL")
    beside: list[int] = []

    def during(_call: str) -> None:
        count = "SELECT count(*) AS n FROM casework.delivery WHERE state = 'in_flight'"
        with desk.database.as_admin() as connection:
            ((number,),) = connection.execute(count).fetchall()
        beside.append(int(number))

    desk.place.during = during
    with running(desk, seconds=0.2):
        eventually(all_delivered(desk, 3), seconds=30)
        assert set(beside) == {1}
        desk.place.during = lambda _call: None
        accept(desk, 9)
        eventually(all_delivered(desk, 4), seconds=30)


def test_a_second_death_sends_it_to_a_person(desk: Desk) -> None:
    wanted, other = accept(desk, 1), accept(desk, 2)
    die_at(desk, wanted)
    superuser(desk.database).execute("UPDATE casework.delivery SET deaths = 1 WHERE id = %s", (wanted,))
    with running(desk, seconds=0.1):
        eventually(lambda: states(desk) == {"delivered": 1, "needs_human": 1}, seconds=30)
    kept = row(desk.database, wanted)
    assert (kept["state"], kept["reason"]) == ("needs_human", "stops_workers")
    assert row(desk.database, other)["state"] == "delivered"


def test_it_says_that_it_is_there_while_a_suspect_hangs(desk: Desk) -> None:
    """Otherwise others would take it for dead, and the suspect for what killed it."""
    wanted = accept(desk, 1)
    superuser(desk.database).execute("UPDATE casework.delivery SET deaths = 1 WHERE id = %s", (wanted,))
    desk.place.tell("submit", Told.SLOW)
    seen = "SELECT seen_at FROM casework.worker WHERE id = %s"
    with running(desk, seconds=0.1):
        eventually(lambda: desk.place.called("submit"), seconds=30)
        (before,) = rows(desk.database, seen, desk.worker)
        eventually(lambda: rows(desk.database, seen, desk.worker)[0]["seen_at"] > before["seen_at"], seconds=5)
        assert row(desk.database, wanted)["state"] == "in_flight"


def test_suspects_that_are_slow_hold_no_lane_up_for_longer_than_one_of_them(desk: Desk) -> None:
    many(desk, 4)
    superuser(desk.database).execute("UPDATE casework.delivery SET deaths = 1")
    abroad, order, number = place_of(desk, SALFORD, Place()), list[str](), count(1)

    def slow(call: str) -> None:
        if call == "submit":
            order.append("suspect")
            accept(desk, next(number), "rise")
            time.sleep(0.5)

    desk.place.during = slow
    abroad.during = lambda call: order.append("abroad") if call == "submit" else None
    with running(desk, seconds=0.1):
        eventually(all_delivered(desk, 8), seconds=60)
    assert order == ["suspect", "abroad"] * 4
    desk.place.filed |= abroad.filed


@pytest.mark.parametrize("suspect", [True, False], ids=["a suspect", "what is under way before it"])
def test_a_call_that_hangs_holds_up_no_other_lane(desk: Desk, suspect: bool) -> None:
    abroad = place_of(desk, SALFORD, Place())
    wanted = accept(desk, 1)
    if suspect:
        superuser(desk.database).execute("UPDATE casework.delivery SET deaths = 1")
    desk.place.tell("submit", Told.SLOW)
    with running(desk, seconds=0.2):
        eventually(lambda: desk.place.called("submit"), seconds=30)
        if not suspect:
            after = accept(desk, 2)
            superuser(desk.database).execute("UPDATE casework.delivery SET deaths = 1 WHERE id = %s", (after,))
            eventually(lambda: row(desk.database, after)["state"] == "delivered", seconds=10)
        other = accept(desk, 1, "rise")
        eventually(lambda: row(desk.database, other)["state"] == "delivered", seconds=10)
        assert row(desk.database, wanted)["state"] == "in_flight"
        desk.place.go_on.set()
        eventually(lambda: row(desk.database, wanted)["state"] == "delivered", seconds=20)
    desk.place.filed |= abroad.filed


@contextmanager
def database_away(desk: Desk) -> Iterator[None]:
    """Nobody gets in, and whoever is in is put out."""
    admin = psycopg.connect(desk.database.admin.replace("+psycopg", ""), autocommit=True)
    name = desk.database.name
    try:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'wise_delivery'",
            (name,),
        )
        yield
    finally:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        admin.close()


def test_it_outlives_the_database(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    wanted = accept(desk, 1)
    desk.place.tell("verify_person", Told.UNREACHABLE)
    with running(desk, seconds=0.2):
        eventually(lambda: row(desk.database, wanted)["state"] == "retry", seconds=20)
        with database_away(desk):
            time.sleep(1.5)
        desk.time_passes(wanted)
        eventually(all_delivered(desk, 1), seconds=30)
    said = capfd.readouterr()
    assert "dispatch_failed" in said.out + said.err
    assert "Traceback" not in said.out + said.err


def test_a_chore_that_fails_for_some_authorities_is_told_of_each(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    def fail(authority: str) -> int:
        if authority == SALFORD:
            raise ValueError("a word nobody may read")
        return 1

    chores = [Chore("tried", lambda: each_by_itself([SALFORD, STOCKPORT], fail), RARELY)]
    said = ""
    with running(desk, seconds=RARELY, chores=chores):
        deadline = time.monotonic() + 20
        while "some_failed" not in said and time.monotonic() < deadline:
            time.sleep(0.05)
            heard = capfd.readouterr()
            said += heard.out + heard.err
    lines = [line for line in said.splitlines() if "tried" in line]
    assert [("dispatch_failed" in line, SALFORD in line) for line in lines] == [(True, True), (False, False)]
    assert "ValueError" in lines[0]
    assert "nobody may read" not in said


def test_an_outage_of_the_database_makes_it_new_again_as_a_judge(desk: Desk) -> None:
    with running(desk, seconds=0.2) as dispatcher:
        eventually(dispatcher._is_judging, seconds=20)
        with database_away(desk):
            eventually(lambda: not dispatcher._is_judging(), seconds=20)
        eventually(dispatcher._is_judging, seconds=20)


def test_a_stopped_lane_is_left_alone_and_goes_on_when_it_is_let_go(desk: Desk) -> None:
    many(desk, 5)
    with desk.intake.transaction(STOCKPORT) as tx:
        tx.lane.hold(Hold.STOPPED, by="officer.one", reason="fictional")
    abroad = accept(desk, 1, "rise")
    with running(desk, seconds=0.1):
        eventually(lambda: row(desk.database, abroad)["state"] == "delivered", seconds=20)
        time.sleep(0.5)
        assert states(desk) == {"ready": 5, "delivered": 1}
        with desk.intake.transaction(STOCKPORT) as tx:
            tx.lane.hold(Hold.NONE, by="officer.one", reason="fictional")
        eventually(all_delivered(desk, 6), seconds=30)


def test_while_a_case_system_is_away_hardly_anybody_spends_an_attempt_and_all_arrive_after(desk: Desk) -> None:
    many(desk, 30)
    desk.place.reachable = False
    with running(desk, seconds=0.1):
        eventually(lambda: rows(desk.database, "SELECT 1 FROM casework.lane WHERE open_for > 0"), seconds=20)
        time.sleep(1)
        (spent,) = rows(desk.database, "SELECT sum(attempts) AS n FROM casework.delivery")
        assert spent["n"] <= 5 + 4
        desk.place.reachable = True
        everything = [each["id"] for each in rows(desk.database, "SELECT id FROM casework.delivery")]
        desk.time_passes(*everything)
        eventually(all_delivered(desk, 30), seconds=60)


def test_a_lane_out_of_reach_is_tried_again_without_waiting_for_the_sweep(desk: Desk) -> None:
    many(desk, 30)
    desk.place.reachable = False
    with running(desk, seconds=RARELY):
        eventually(lambda: rows(desk.database, "SELECT 1 FROM casework.lane WHERE openings > 1"), seconds=RARELY / 2)
        desk.place.reachable = True
        eventually(lambda: states(desk).get("delivered", 0) > 10, seconds=RARELY / 2)


def test_stopping_waits_for_what_is_under_way_and_takes_no_more(desk: Desk) -> None:
    many(desk, 6)
    desk.place.tell("submit", *[Told.SLOW] * 6)
    with running(desk, seconds=0.1, threads=2) as dispatcher:
        eventually(lambda: desk.place.called("submit") == 2, seconds=20)
        stopping = threading.Thread(target=dispatcher.stop)
        stopping.start()
        stopping.join(0.5)
        assert stopping.is_alive()
        desk.place.go_on.set()
        stopping.join(20)
        assert not stopping.is_alive()
    assert states(desk) == {"delivered": 2, "ready": 4}
    assert rows(desk.database, "SELECT ended_at IS NOT NULL AS ended FROM casework.worker") == [{"ended": True}]


def test_what_is_not_done_in_time_is_left_to_its_lease_and_no_end_is_noted(desk: Desk) -> None:
    wanted = accept(desk, 1)
    desk.place.tell("submit", Told.SLOW)
    with running(desk, seconds=0.1) as dispatcher:
        eventually(lambda: desk.place.called("submit") == 1, seconds=20)
        dispatcher.stop(seconds=0.3)
        assert row(desk.database, wanted)["state"] == "in_flight"
        assert rows(desk.database, "SELECT ended_at IS NOT NULL AS ended FROM casework.worker") == [{"ended": False}]
        desk.place.go_on.set()
        eventually(all_delivered(desk, 1), seconds=20)


class Surprising(Place):
    """Its connection fails in a way that nobody foresaw, with words of a record in the message."""

    def next_for(self, call: str, reference: str) -> Told:
        if call == "verify_person" and self.called("verify_person") == 0:
            super().next_for(call, reference)
            raise RuntimeError("Nan Biscuit's own words")
        return super().next_for(call, reference)


def test_a_fault_of_ours_stops_nobody_and_its_words_are_not_logged(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.use(Surprising())
    many(desk, 3)
    with running(desk, seconds=0.1):
        eventually(lambda: states(desk).get("delivered") == 2, seconds=20)
        (left,) = rows(desk.database, "SELECT id FROM casework.delivery WHERE state = 'in_flight'")
        desk.time_passes(left["id"])
        eventually(all_delivered(desk, 3), seconds=20)
    said = capfd.readouterr()
    assert "RuntimeError" in said.out + said.err
    assert "Biscuit" not in said.out + said.err


def test_chores_are_done_in_their_rhythm_and_one_that_fails_stops_neither_others_nor_lanes(desk: Desk) -> None:
    done: list[str] = []

    def fails() -> int:
        done.append("fails")
        raise RuntimeError

    chores = [
        Chore("often", lambda: len(done.append("often") or ()), 0.05),
        Chore("fails", fails, 0.05),
        Chore("once", lambda: len(done.append("once") or ()), RARELY),
    ]
    accept(desk, 1)
    with running(desk, seconds=0.05, chores=chores):
        eventually(lambda: done.count("often") >= 3 and done.count("fails") >= 3, seconds=20)
        eventually(all_delivered(desk, 1), seconds=20)
    assert done.count("once") == 1


def test_a_chore_that_hangs_holds_no_lane_up(desk: Desk) -> None:
    go_on = threading.Event()
    accept(desk, 1)
    with running(desk, seconds=0.1, chores=[Chore("hangs", lambda: int(go_on.wait(30)), RARELY)]):
        eventually(all_delivered(desk, 1), seconds=20)
        go_on.set()


def test_every_lane_in_use_is_seen_to_be_swept(desk: Desk) -> None:
    with running(desk, seconds=RARELY):
        swept = "SELECT authority FROM casework.lane WHERE swept_at > now() - interval '1 minute'"
        eventually(lambda: {each["authority"] for each in rows(desk.database, swept)} == set(desk.lanes), seconds=20)


def test_a_lane_that_comes_into_use_while_it_runs_is_served(desk: Desk) -> None:
    abroad = accept(desk, 1, "rise")
    lane = desk.lanes.pop(SALFORD)
    with running(desk, seconds=0.1):
        time.sleep(0.5)
        assert row(desk.database, abroad)["state"] == State.READY.value
        desk.lanes[SALFORD] = lane
        eventually(all_delivered(desk, 1), seconds=20)
