"""The sweep finds whatever is due, in every lane; the broker may be away all day."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from service.domain.delivery import State
from service.tasks.broker import make_celery
from service.tasks.wakeup import CeleryWakeup
from tests.store.rows import change, row, rows
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.fake_case_system import Told, WorkerDied
from tests.support.records import example
from tests.usecases.desk import Desk

PROMPTLY = 1.5


def woken(desk: Desk) -> set[UUID]:
    """Whom one sweep wakes."""
    desk.wakeups.ids.clear()
    count = desk.sweeper().sweep()
    assert count == len(desk.wakeups.ids) == len(set(desk.wakeups.ids))
    return {UUID(each) for each in desk.wakeups.ids}


def other_child(desk: Desk, number: int) -> UUID:
    return desk.accept(submission_id=f"S-{number}", young_person__la_child_id=f"STK{number:07}")


def test_everything_due_is_found_in_every_lane(desk: Desk) -> None:
    lost = {desk.accept(name) for name in ("wise", "rise", "nwg", "oldham")}
    assert woken(desk) == lost
    assert woken(desk) == lost
    for each in lost:
        desk.deliver(each)
    assert woken(desk) == set()


@pytest.mark.parametrize("state", ["ready", "retry", "unknown"])
def test_what_waits_is_found_when_its_time_has_come(desk: Desk, state: str) -> None:
    wanted = desk.accept()
    change(desk.database, wanted, f"state = '{state}', due_at = now() + interval '30 seconds'")
    assert woken(desk) == set()
    change(desk.database, wanted, "due_at = now() - interval '400 days'")
    assert woken(desk) == {wanted}


def test_what_a_dead_worker_left_is_found_when_its_lease_has_ended(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.DIES_AFTER)
    with pytest.raises(WorkerDied):
        desk.deliver(wanted)
    assert woken(desk) == set()
    desk.time_passes(wanted)
    assert woken(desk) == {wanted}


@pytest.mark.parametrize("state", ["needs_human", "delivered", "superseded", "cancelled"])
def test_what_waits_for_nobody_of_ours_is_left_alone(desk: Desk, state: str) -> None:
    change(desk.database, desk.accept(), f"state = '{state}', record_number = 'R1'")
    assert woken(desk) == set()


def test_what_stands_behind_an_earlier_record_is_not_woken(desk: Desk) -> None:
    first, second = desk.accept(), desk.accept(submission_id="S-2")
    third = other_child(desk, 3)
    assert woken(desk) == {first, third}
    desk.deliver(first)
    assert woken(desk) == {second, third}


def test_what_a_sweep_finds_can_be_claimed_and_what_it_leaves_cannot(desk: Desk) -> None:
    """The sweep and the claim agree about every state and time."""
    states = [state for state in State if state is not State.DELIVERED]
    made = {}
    for number, state in enumerate(states):
        for late, seconds in enumerate((-60, 60)):
            made[other_child(desk, 2 * number + late)] = (state, seconds)
    for delivery_id, (state, seconds) in made.items():
        moment = f"now() + interval '{seconds} seconds'"
        change(desk.database, delivery_id, f"state = '{state.value}', due_at = {moment}, lease_until = {moment}")
    found = woken(desk)
    assert found == {each for each in made if desk.claim(each, STOCKPORT)}
    assert {made[each][0] for each in found} == {State.READY, State.RETRY, State.UNKNOWN, State.IN_FLIGHT}


def test_a_long_lane_hides_no_other(desk: Desk) -> None:
    with desk.database.as_admin() as admin:
        desk.accept()
        admin.execute(
            "INSERT INTO casework.delivery (id, authority, kind, submission_id, reference, child_key, state, reason)"
            " SELECT gen_random_uuid(), authority, kind, submission_id, n, sha256(n::text::bytea), state, reason"
            " FROM casework.delivery, generate_series(1, 250) AS n"
        )
    abroad = desk.accept("rise")
    found = woken(desk)
    assert len(found) == 201
    assert abroad in found
    assert row(desk.database, abroad)["authority"] == SALFORD


def test_the_longest_due_comes_first(desk: Desk) -> None:
    made = [other_child(desk, number) for number in range(3)]
    for minutes, each in zip((2, 3, 1), made, strict=True):
        change(desk.database, each, f"due_at = now() - interval '{minutes} minutes'")
    desk.sweeper().sweep()
    assert desk.wakeups.ids[-3:] == [str(made[1]), str(made[0]), str(made[2])]


@pytest.fixture
def nobody() -> Iterator[str]:
    """A broker's address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


@pytest.fixture
def deaf() -> Iterator[str]:
    """A broker's address where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.mark.timeout(30)
@pytest.mark.parametrize(("broker_url", "seconds"), [("nobody", 1.5), ("deaf", 4.0)])
def test_a_broker_that_is_away_holds_nobody_up(
    request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str], broker_url: str, seconds: float
) -> None:
    app = make_celery(request.getfixturevalue(broker_url), sweep_seconds=1, reviews_seconds=1)
    wakeup, began = CeleryWakeup(app), time.monotonic()
    for _ in range(50):
        wakeup.look_now(str(uuid4()))
    assert time.monotonic() - began < seconds
    said = capfd.readouterr()
    assert (said.out + said.err).count("wakeup_failed") == 1
    assert "Traceback" not in said.out + said.err
    app.close()


def test_a_record_is_accepted_while_the_broker_is_away_and_swept_up(bridge: Bridge, nobody: str, desk: Desk) -> None:
    alone = Bridge(bridge.database, nobody, bridge.config_dir, bridge.keys_dir)
    headers, began = alone.headers(STOCKPORT), time.monotonic()
    answer = alone.casework.post("/v1/wise-assessments", json=example("wise"), headers=headers)
    took = time.monotonic() - began
    alone.close()
    assert answer.status_code == 201, answer.text
    assert took < PROMPTLY
    (kept,) = rows(desk.database, "SELECT id FROM casework.delivery")
    assert woken(desk) == {kept["id"]}


def test_a_sweep_over_an_absent_broker_ends_quietly(desk: Desk, nobody: str) -> None:
    desk.accept()
    app = make_celery(nobody, sweep_seconds=1, reviews_seconds=1)
    desk.wakeups = CeleryWakeup(app)
    assert desk.sweeper().sweep() == 1
    app.close()
