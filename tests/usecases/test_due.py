"""What may be claimed: whatever is due, in every lane, whether or not anybody was told of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from uuid import UUID

import pytest

from service.domain.delivery import State
from tests.store.rows import change, row, rows
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.fake_case_system import Told, WorkerDied
from tests.support.records import example
from tests.usecases.desk import Desk


def other_child(desk: Desk, number: int) -> UUID:
    return desk.accept(submission_id=f"S-{number}", young_person__la_child_id=f"STK{number:07}")


def test_everything_due_is_found_in_every_lane(desk: Desk) -> None:
    lost = {desk.accept(name) for name in ("wise", "rise", "nwg", "oldham")}
    assert desk.due() == lost
    assert desk.due() == lost
    for each in lost:
        desk.deliver(each)
    assert desk.due() == set()


@pytest.mark.parametrize("state", ["ready", "retry", "unknown"])
def test_what_waits_is_found_when_its_time_has_come(desk: Desk, state: str) -> None:
    wanted = desk.accept()
    change(desk.database, wanted, f"state = '{state}', due_at = now() + interval '30 seconds'")
    assert desk.due() == set()
    change(desk.database, wanted, "due_at = now() - interval '400 days'")
    assert desk.due() == {wanted}


def test_what_a_dead_worker_left_is_found_when_its_lease_has_ended(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.DIES_AFTER)
    with pytest.raises(WorkerDied):
        desk.deliver(wanted)
    assert desk.due() == set()
    desk.time_passes(wanted)
    assert desk.due() == {wanted}


@pytest.mark.parametrize("state", ["needs_human", "delivered", "superseded", "cancelled"])
def test_what_waits_for_nobody_of_ours_is_left_alone(desk: Desk, state: str) -> None:
    change(desk.database, desk.accept(), f"state = '{state}', record_number = 'R1'")
    assert desk.due() == set()


def test_what_stands_behind_an_earlier_record_is_not_found(desk: Desk) -> None:
    first, second = desk.accept(), desk.accept(submission_id="S-2")
    third = other_child(desk, 3)
    assert desk.due() == {first, third}
    desk.deliver(first)
    assert desk.due() == {second, third}


def test_what_a_lane_gives_is_what_may_be_claimed_one_by_one(desk: Desk) -> None:
    """About every state and time."""
    states = [state for state in State if state is not State.DELIVERED]
    made = {}
    for number, state in enumerate(states):
        for late, seconds in enumerate((-60, 60)):
            made[other_child(desk, 2 * number + late)] = (state, seconds)
    for delivery_id, (state, seconds) in made.items():
        moment = f"now() + interval '{seconds} seconds'"
        lease = moment if state is State.IN_FLIGHT else "NULL"
        change(desk.database, delivery_id, f"state = '{state.value}', due_at = {moment}, lease_until = {lease}")
    found = desk.due()
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
    found = desk.due()
    assert len(found) == 252
    assert abroad in found
    assert row(desk.database, abroad)["authority"] == SALFORD


def test_the_longest_due_comes_first(desk: Desk) -> None:
    made = [other_child(desk, number) for number in range(3)]
    for minutes, each in zip((2, 3, 1), made, strict=True):
        change(desk.database, each, f"due_at = now() - interval '{minutes} minutes'")
    found = [claim.id for _ in made for claim in desk.deliverer.claim(STOCKPORT, 1)]
    assert found == [made[1], made[0], made[2]]


@pytest.fixture
def nobody() -> Iterator[str]:
    """A broker's address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


@pytest.mark.parametrize("broker", ["nobody", "none"])
def test_a_record_is_accepted_while_the_broker_is_away_and_found(
    bridge: Bridge, nobody: str, desk: Desk, broker: str
) -> None:
    alone = Bridge(bridge.database, nobody if broker == "nobody" else "", bridge.config_dir, bridge.keys_dir)
    answer = alone.casework.post("/v1/wise-assessments", json=example("wise"), headers=alone.headers(STOCKPORT))
    alone.close()
    assert answer.status_code == 201, answer.text
    (kept,) = rows(desk.database, "SELECT id FROM casework.delivery")
    assert desk.due() == {kept["id"]}
