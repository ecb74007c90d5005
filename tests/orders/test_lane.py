"""Pausing, stopping and going on, against the real dispatcher and a case system that takes its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from service.domain.delivery.breaker import Hold
from service.domain.orders import Action, Because
from service.ports import LaneView
from service.tasks.dispatcher import Dispatcher
from service.usecases.orders.look import lane
from service.usecases.orders.switch_lane import switch_lane
from tests.orders.conftest import ANN, Office, because
from tests.store.rows import row, rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.fake_case_system import Told
from tests.usecases.desk import assert_conserved, states

SWEEP = 0.3
DANGER, SETTLED = because(Because.DANGER), because(Because.SETTLED)


def stop(office: Office) -> LaneView:
    return switch_lane(office.orders, STOCKPORT, Action.STOP, ANN, DANGER)


def pause(office: Office) -> LaneView:
    return switch_lane(office.orders, STOCKPORT, Action.PAUSE, ANN, because(Because.MAINTENANCE))


def go_on(office: Office) -> LaneView:
    return switch_lane(office.orders, STOCKPORT, Action.GO_ON, ANN, SETTLED)


def records(office: Office, count: int) -> list[UUID]:
    return [
        office.work.accept(submission_id=f"s-{n}", young_person__la_child_id=f"STK00006{n:02}") for n in range(count)
    ]


@contextmanager
def working(office: Office) -> Iterator[Dispatcher]:
    made = Dispatcher(office.work.deliverer, office.work.casework, [STOCKPORT], seconds=SWEEP, threads=4)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def until(met: threading.Event, seconds: float = 60) -> None:
    assert met.wait(seconds)


@pytest.mark.parametrize("switch", [stop, pause])
def test_within_one_sweep_nothing_more_is_sent(office: Office, switch: object) -> None:
    """A storm of thirty, held after the first few, and let go on."""
    deliveries, some = records(office, 30), threading.Event()

    def slow(call: str) -> None:
        time.sleep(0.05)
        if call == "submit" and office.work.place.called("submit") >= 4:
            some.set()

    office.work.place.during = slow
    with working(office):
        until(some)
        switch(office)  # type: ignore[operator]
        begun, deadline = office.work.place.called("submit"), time.monotonic() + 5  # the product's own sweep
        while "in_flight" in states(office.work) and time.monotonic() < deadline:
            time.sleep(0.05)
        sent = office.work.place.called("submit")
        assert sent <= begun + office.work.lanes[STOCKPORT].in_flight_max  # a step that had begun is ended
        time.sleep(4 * SWEEP)
        assert office.work.place.called("submit") == sent
        assert sent < len(deliveries)
        go_on(office)
        office.work.place.during = lambda _call: None
        deadline = time.monotonic() + 60
        while states(office.work) != {"delivered": len(deliveries)} and time.monotonic() < deadline:
            time.sleep(SWEEP)
    assert states(office.work) == {"delivered": len(deliveries)}
    assert_conserved(office.work)


def test_stopped_between_two_steps_nothing_leaves(office: Office) -> None:
    (delivery,) = records(office, 1)
    office.work.place.during = lambda call: stop(office) and None if call == "verify_person" else None
    office.work.deliver(delivery)
    found = row(office.work.database, delivery)
    assert (found["state"], found["may_have_arrived"]) == ("ready", False)
    assert office.work.place.called("submit") == 0
    office.work.place.during = lambda _call: None
    assert office.work.due() == set()
    go_on(office)
    office.work.deliver(delivery)
    assert row(office.work.database, delivery)["state"] == "delivered"


def test_paused_what_may_have_arrived_is_still_looked_up(office: Office) -> None:
    doubtful, new = records(office, 2)
    office.work.place.tell("submit", Told.LOST_REPLY)
    office.work.deliver(doubtful)
    office.work.time_passes(doubtful)
    pause(office)
    assert office.work.due() == {doubtful}
    stop(office)
    assert office.work.due() == set()
    go_on(office)
    assert office.work.due() == {doubtful, new}


def test_one_authority_only(office: Office) -> None:
    stop(office)
    assert lane(office.orders, STOCKPORT).hold is Hold.STOPPED
    assert lane(office.orders, SALFORD).hold is Hold.NONE


def test_who_and_why_are_kept_and_the_same_again_changes_nothing(office: Office) -> None:
    for _ in range(2):
        view = stop(office)
        assert (view.hold, view.hold_by, view.hold_reason) == (Hold.STOPPED, "stk-off-1", "danger")
    go_on(office)
    kept = rows(office.work.database, "SELECT * FROM casework.officer_order ORDER BY asked_at")
    assert [(each["action"], each["outcome"], each["delivery_id"]) for each in kept] == [
        ("stop", "stopped", None),
        ("go_on", "open", None),
    ]
    trail = rows(office.work.database, "SELECT * FROM casework.audit WHERE subject_type = 'lane' ORDER BY id")
    assert [each["action"] for each in trail] == ["lane_stopped", "lane_open"]
    assert {each["actor"] for each in trail} == {"client:wb-ann"}
    assert office.wakeups.lanes == [STOCKPORT]
